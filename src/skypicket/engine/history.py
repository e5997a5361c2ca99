"""Keeping what is shown, and looking back: ways of tracks, frames, and the picture of the past."""

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from skypicket.domain.errors import InputError, SkypicketError
from skypicket.domain.times import NS_PER_S
from skypicket.domain.tracks import TrackBatch
from skypicket.engine.picture import Picture
from skypicket.engine.settings import SystemSettings
from skypicket.engine.timeline import Mark, Timeline
from skypicket.store.history import History, Moment
from skypicket.store.moments import sequence_at
from skypicket.store.track_blocks import Columns

if TYPE_CHECKING:
    from skypicket.engine.runtime import Runtime

_log = structlog.get_logger("skypicket.history")
MOST_WAITING = 24  # moments that wait for the disk; more are left out, and that is counted
PASTS_KEPT = 8


class HistoryKeeper:
    """Hands what is shown to a thread of its own, which packs and writes it.

    A history that cannot be written is said in the log and counted in `left_out`, no more: the
    capture holds all that it was made from.
    """

    def __init__(self, state: Path, settings: SystemSettings) -> None:
        self._every_ns = round(settings.history_s * NS_PER_S)
        keep_s, most_bytes = settings.history_hours * 3_600.0, settings.history_mb * 1_000_000
        self.store = _opened(state / "history.sqlite", keep_s, most_bytes)
        self.timeline = Timeline(state / "system.record")
        self._capture = state / "capture"
        self._writer = ThreadPoolExecutor(1, "history")
        self._waiting: list[Future[None]] = []
        self._due_ns = 0
        self.left_out = 0
        self._pasts: dict[int, Picture] = {}

    def show(self, picture: Picture) -> None:
        """Keep the picture if it is time for it; called by the stage thread, returns at once."""
        tracks = picture.tracks
        if tracks is None or tracks.time_ns < self._due_ns:
            return
        self._due_ns = tracks.time_ns // self._every_ns * self._every_ns + self._every_ns
        self._waiting = [one for one in self._waiting if not one.done()]
        if len(self._waiting) >= MOST_WAITING:
            self.left_out += 1
            return
        moment = Moment(tracks=tracks, last_heard_ns=picture.last_heard_ns)
        self._waiting.append(self._writer.submit(self._add, moment))

    def close(self) -> None:
        """Write what waits, and let go of the file."""
        self._writer.submit(self._flush)
        self._writer.shutdown()
        self.store.close()

    def past(self, time_ns: int) -> Picture:
        """The picture as it was known at a time; the same object for the same time, lately.

        Raises:
            InputError: record or capture cannot be read.
        """
        found = self._pasts.get(time_ns)
        if found is None:
            found = self.timeline.at(sequence_at(self._capture, time_ns))
            moment = self.store.at(time_ns)
            if moment is not None:
                found.tracks = moment.tracks
                found.last_heard_ns = _newest(moment.last_heard_ns, found.last_heard_ns)
            found.time_ns, found.past = time_ns, True
            kept = {key: self._pasts[key] for key in list(self._pasts)[1 - PASTS_KEPT :]}
            self._pasts = kept | {time_ns: found}
        return found

    def _add(self, moment: Moment) -> None:
        try:
            self.store.add(moment)
        except SkypicketError as error:
            self.left_out += 1
            _log.warning("history_not_written", error=str(error))

    def _flush(self) -> None:
        try:
            self.store.flush()
        except SkypicketError as error:
            _log.warning("history_not_written", error=str(error))


def _opened(path: Path, keep_s: float, most_bytes: int) -> History:
    """The history; one that cannot be read is put aside, for it is no evidence."""
    try:
        return History(path, keep_s, most_bytes)
    except InputError as error:
        _log.warning("history_put_aside", error=str(error))
        for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
            part = path.with_name(name)
            if part.exists():
                part.replace(part.with_name(f"damaged-{name}"))
        return History(path, keep_s, most_bytes)


def _newest(first: dict[str, int], second: dict[str, int]) -> dict[str, int]:
    return {
        name: max(first.get(name, 0), second.get(name, 0)) for name in sorted({*first, *second})
    }


def history_of(runtime: "Runtime", track_key: int, from_ns: int, to_ns: int) -> Columns:
    """One track's way as it was shown between two times: columns of `WAY`, and `time_ns`."""
    return runtime.history.store.way(track_key, from_ns, to_ns)


def frame_at(runtime: "Runtime", time_ns: int) -> TrackBatch | None:
    """The tracks as they were shown last before or at a time; None before the first."""
    moment = runtime.history.store.at(time_ns)
    return None if moment is None else moment.tracks


def span(runtime: "Runtime") -> tuple[int, int]:
    """The first and the last time to which one can look back; both are now where there is none."""
    found = runtime.history.store.span()
    shown_ns = runtime.picture.time_ns or runtime.clock()
    newest_ns = shown_ns if found is None else max(runtime.picture.time_ns, found[1])
    return (newest_ns if found is None else found[0], newest_ns)


def marks_of(runtime: "Runtime") -> list[Mark]:
    """The raised alarms within the span.

    Raises:
        InputError: the record cannot be read.
    """
    from_ns, to_ns = span(runtime)
    return [mark for mark in runtime.history.timeline.marks() if from_ns <= mark.time_ns <= to_ns]


def state_at(runtime: "Runtime", time_ns: int) -> Picture:
    """The picture as it was known at a time: what the record said by then, and what was shown.

    Raises:
        InputError: record or capture cannot be read.
    """
    return runtime.history.past(time_ns)
