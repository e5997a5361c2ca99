"""`skypicket track`: a file of observations as a file of tracks."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import NamedTuple

from skypicket import formats
from skypicket.cli.console import note, progress, say, stderr_json, stdout_json
from skypicket.domain.codec import to_json
from skypicket.domain.contracts import Decoding, Entry, SourceDescription
from skypicket.domain.errors import InputError, UsageError
from skypicket.domain.sensors import Registration, Sensor
from skypicket.domain.tracks import TrackBatch
from skypicket.engine.sensor_file import read_sensors
from skypicket.engine.track_files import TrackWriter, writer_of
from skypicket.tracking.offline import OFFLINE, in_order, pictures, theatre_of
from skypicket.tracking.tracker import Tracker

SUFFIXES = (".jsonl", ".parquet")
_SHOWN_REJECTS = 20


class _Tally(NamedTuple):
    """What a run came to."""

    scans: int
    rows: int
    tracks: int


def track(observations: Path, *, sensors: Path, out: Path, json: bool = False) -> int:
    """Track a file of observations: one row per shown track and scan.

    Filtered: a row uses no later scan. Shown are confirmed and coasting tracks. Rows of the input
    that share sensor and time are one scan. A radar is taken to have looked all round in each, or,
    where each plot has its own time as the antenna turns, over the sector since the plot before.
    Where radars see the same objects, a line on stderr tells each one's errors in range, azimuth
    and time, and by how much its plots were put right in the end.
    Exit code 0: all rows were used; 1: some could not be read; 3: the file cannot be used.

    Args:
        observations: observation lines (.jsonl) or the same columns as .parquet.
        sensors: SENSORS.toml.
        out: the file to write, .jsonl or .parquet.
        json: print the summary as one JSON object.

    Example:
        skypicket track plots.jsonl --sensors SENSORS.toml --out tracks.parquet
    """
    if out.suffix not in SUFFIXES:
        raise UsageError(f"--out {out}: the name must end in {' or '.join(SUFFIXES)}.")
    known = read_sensors(sensors)
    decoding = _read(observations, known)
    batches = in_order(decoding.batches)
    tracker = Tracker(OFFLINE, known, theatre_of(known))
    shown = pictures(batches, known, tracker)
    times = len({int(batch.time_ns[0]) for batch in batches})
    with _opened(out) as writer:
        tally = _write(progress(shown, times, "tracking"), writer)
    for reject in decoding.rejects[:_SHOWN_REJECTS]:
        stderr_json(to_json(reject))
    if len(decoding.rejects) > _SHOWN_REJECTS:
        note(f"... and {len(decoding.rejects) - _SHOWN_REJECTS} more rows that cannot be read.")
    compared = [one for one in tracker.registrations() if one.comparison_count]
    summary = tally._asdict() | {"rejected": len(decoding.rejects), "out": str(out)}
    if json:
        stdout_json(to_json(summary | {"registrations": compared}))
    else:
        for one in compared:
            note(_registered(one))
        say(f"{out}: {tally.rows} rows of {tally.tracks} tracks after {tally.scans} scan times.")
    return 1 if decoding.rejects else 0


def _registered(one: Registration) -> str:
    """What a radar's common tracks told of its errors, in one line."""
    return (
        f"{one.sensor_id}: ranges {one.range_m:+.0f} ± {one.sigma_range_m:.0f} m, azimuths "
        f"{one.azimuth_deg:+.2f} ± {one.sigma_azimuth_deg:.2f}°, times {one.time_s:+.2f} ± "
        f"{one.sigma_time_s:.2f} s beside the other radars; put right by "
        f"{one.applied_range_m:+.0f} m, {one.applied_azimuth_deg:+.2f}°, "
        f"{one.applied_time_s:+.2f} s."
    )


def _read(path: Path, sensors: dict[str, Sensor]) -> Decoding:
    try:
        payload = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be opened: {error.strerror}.") from error
    decoder = formats.load("observations").decoder(
        SourceDescription(source=str(path), sensors=sensors, options={"parquet": True})
    )
    entry = Entry(sequence=1, kind="message", source=path.name, received_ns=0, payload=payload)
    decoding = decoder.decode(entry)
    if decoding.rejects and not decoding.batches:
        first = decoding.rejects[0]
        raise InputError(
            f"{path}: no row can be used; the first at byte {first.offset}: "
            f"{first.reason}: {first.detail}"
        )
    return decoding


def _opened(out: Path) -> AbstractContextManager[TrackWriter]:
    try:
        return closing(writer_of(out))
    except OSError as error:
        raise InputError(f"--out {out}: cannot be written: {error.strerror}.") from error


def _write(pictures: Iterable[TrackBatch], writer: TrackWriter) -> _Tally:
    scans, rows = 0, 0
    seen: set[int] = set()
    for picture in _counted(pictures, seen):
        writer.append(picture)
        scans += 1
        rows += len(picture)
    return _Tally(scans, rows, len(seen))


def _counted(pictures: Iterable[TrackBatch], seen: set[int]) -> Iterator[TrackBatch]:
    for picture in pictures:
        seen.update(picture.columns["track_key"].tolist())
        yield picture
