"""`skypicket decode`: a file of sensor bytes as observation lines."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from skypicket import formats
from skypicket.cli.console import progress, stderr_json, stdout_json
from skypicket.domain.codec import to_json
from skypicket.domain.contracts import Decoder, Decoding, Entry, Format, Reject, SourceDescription
from skypicket.domain.errors import InputError, UsageError
from skypicket.domain.observations import ObservationBatch
from skypicket.domain.sensors import Sensor
from skypicket.domain.times import NS_PER_DAY, parse_time
from skypicket.formats.observation_lines import observation_lines
from skypicket.formats.wrappers import Frame, frames

# A file is not live: no sectors to assemble over time, no clock to be ahead of; and one row per
# record means that a record without a position is one too.
FILE_OPTIONS: dict[str, dict[str, Any]] = {
    "asterix": {"sectors": False, "rows": "all"},
    "observations": {"parquet": True},
    "report": {"max_ahead_s": math.inf},
}
_TIME_OF_DAY = frozenset({"asterix"})  # formats that say no date


def decode(
    file: Path,
    *,
    format: str,  # noqa: A002 -- the word of the command line
    sensors: Path | None = None,
    date: str | None = None,
    json: bool = False,  # noqa: ARG001
) -> int:
    """Print the observations of a file of sensor bytes as JSON lines, in file order.

    Each record that cannot be read is a JSON line on stderr, with its reason and its byte offset
    in the file; so is a sensor's word that something is wrong, such as a jump in its time, which
    rejects nothing. Exit code 0: all of it was read; 1: something was not; 3: no such file.

    For example `skypicket decode --format asterix radar.pcap --sensors SENSORS.toml`, or
    `skypicket decode --format readsb-json aircraft.json > observations.jsonl`.

    Args:
        file: A plain file of messages, or a pcap or pcapng capture of UDP.
        format: asterix, readsb-json, acoustic, report, observations, or that of a plugin.
        sensors: SENSORS.toml; without it, every sensor is let in under its own name.
        date: Day of a plain file, such as 2025-07-28; 1970-01-01 if absent.
        json: Taken because every command takes it; what is printed is JSON lines anyway.

    Example:
        skypicket decode --format asterix radar.pcap --sensors SENSORS.toml
    """
    chosen = _format(format)
    decoder = chosen.decoder(
        SourceDescription(
            source=format,
            sensors={} if sensors is None else _sensors(sensors),
            options=FILE_OPTIONS.get(format, {}),
        )
    )
    start_ns = _midnight_ns(date) + (NS_PER_DAY // 2 if format in _TIME_OF_DAY else 0)
    parts = frames(_content(file), format)
    refused = 0
    for number, part in enumerate(progress(parts, None, "decoding"), 1):
        if isinstance(part, Reject):
            said = Decoding(rejects=(part,))
        else:
            said = _decoded(decoder, part, number, start_ns)
        for line in _lines(said.batches):
            stdout_json(line)
        for status in said.statuses:
            if status.state != "alive" or status.lost or status.restarted:
                stderr_json(to_json(status))
        for reject in said.rejects:
            stderr_json(to_json(msgspec.structs.replace(reject, source=format, sequence=number)))
        refused += len(said.rejects)
    return 1 if refused else 0


def _format(name: str) -> Format:
    if name not in formats.names():
        raise UsageError(
            f"There is no format {name!r}. The known ones are {', '.join(formats.names())}."
        )
    return formats.load(name)


def _sensors(path: Path) -> dict[str, Sensor]:
    from skypicket.engine.sensor_file import read_sensors  # noqa: PLC0415 -- slow, seldom needed

    return read_sensors(path)


def _midnight_ns(date: str | None) -> int:
    if date is None:
        return 0
    try:
        midnight_ns = parse_time(f"{date}T00:00:00Z")
    except InputError:
        midnight_ns = -1
    if midnight_ns < 0:
        raise UsageError(f"--date {date!r} is no day since 1970. Write it as 2025-07-28.")
    return midnight_ns


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise InputError(f"{file} cannot be opened: {error.strerror}.") from error


def _decoded(decoder: Decoder, frame: Frame, number: int, start_ns: int) -> Decoding:
    """What a message says, offsets counted in the file; receive times only if the file has them."""
    received_ns = start_ns if frame.received_ns is None else frame.received_ns
    decoding = decoder.decode(
        Entry(
            sequence=number,
            kind="message",
            source="",
            received_ns=received_ns,
            payload=frame.payload,
        )
    )
    batches = decoding.batches
    if frame.received_ns is None:
        batches = tuple(
            msgspec.structs.replace(batch, received_ns=0)
            if batch.received_ns == received_ns
            else batch
            for batch in batches
        )
    rejects = tuple(
        msgspec.structs.replace(reject, offset=frame.offset + reject.offset)
        for reject in decoding.rejects
    )
    return Decoding(batches=batches, statuses=decoding.statuses, rejects=rejects)


def _lines(batches: tuple[ObservationBatch, ...]) -> Iterator[bytes]:
    """The rows of all batches of a message, in the order of the message."""
    filled = [batch for batch in batches if len(batch)]
    if not filled:
        return
    text = b"".join(observation_lines(batch) for batch in filled).splitlines()
    order = np.argsort(np.concatenate([batch.offset for batch in filled]), kind="stable")
    for row in order.tolist():
        yield text[row]
