"""A capture once more, into files that hold no clock, path or run id."""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from types import TracebackType

import msgspec

from skypicket.domain.contracts import Entry
from skypicket.domain.errors import InputError
from skypicket.domain.incidents import Alarm
from skypicket.domain.noun import Noun
from skypicket.domain.tracks import TrackBatch
from skypicket.engine.captures import make_folder, open_capture
from skypicket.engine.kernels import make_ready
from skypicket.engine.pipeline import Pipeline, recorded
from skypicket.engine.track_files import writer_of
from skypicket.formats.geojson import Local, tracks_geojson
from skypicket.store.record import Record

ENTRIES_PER_BATCH = 1000
OUTPUTS = ("night.record", "tracks.parquet", "picture.geojson")


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """Counts of a replay: entries, erased entries, and recorded nouns by name."""

    entries: int
    erased: int
    said: dict[str, int]


class Replay:
    """Works through a capture batch by batch; `with` it, iterate `batches`, read `outcome`.

    Raises:
        InputError: there is no capture, or the folder holds an earlier replay.
    """

    def __init__(self, capture: Path, out: Path) -> None:
        make_ready()
        self._out = out
        self._files = ExitStack()
        self._capture = self._files.enter_context(open_capture(capture))
        for name in OUTPUTS:
            if (out / name).exists():
                self._files.close()
                raise InputError(f"{out / name} exists already. Name another folder, or remove it.")
        make_folder(out)
        self._record = Record.open(out / "night.record")
        self._files.callback(self._record.close)
        self._tracks = self._files.enter_context(closing(writer_of(out / "tracks.parquet")))
        self._pipeline = Pipeline()
        self._said: Counter[str] = Counter()
        self._entries = self._erased = 0
        self._last: TrackBatch | None = None
        self.alarms: dict[str, Alarm] = {}

    @property
    def batch_count(self) -> int:
        """How many batches there will be."""
        return -(-self._capture.head()[0] // ENTRIES_PER_BATCH)

    def batches(self) -> Iterator[int]:
        """Work through the capture; yields the sequence reached after each batch."""
        for entry in self._capture.entries():
            self._take(entry)
            if self._entries % ENTRIES_PER_BATCH == 0:
                yield entry.sequence
        self._finish()

    def _take(self, entry: Entry) -> None:
        said = self._pipeline.step(entry)
        self._entries += 1
        self._erased += entry.erased
        kept = [noun for noun in said if recorded(noun)]
        self._record.append(entry.sequence, kept)
        self._said.update(type(noun).__name__ for noun in kept)
        for noun in said:
            self._show(noun)

    def _show(self, noun: Noun) -> None:
        if isinstance(noun, TrackBatch) and noun.complete:
            self._tracks.append(noun)
            self._last = noun
        elif isinstance(noun, Alarm):
            self.alarms[noun.alarm_id] = noun

    def _finish(self) -> None:
        if self._last is not None:
            picture = tracks_geojson(self._last, Local.OPERATOR)
            (self._out / "picture.geojson").write_bytes(picture)

    @property
    def outcome(self) -> Outcome:
        """What it came to."""
        return Outcome(entries=self._entries, erased=self._erased, said=dict(self._said))

    def __enter__(self) -> "Replay":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._files.close()
