"""Late data, exactly: looks of the recent past are kept, taken back out and worked again in order.

Whatever the order of arrival, the track table ends as if every look in the window had come in the
canonical order. Each look that is absorbed leaves a checkpoint: the rows that it touched, as they
were. To take in a late look the newer ones are undone, newest first, and absorbed again. When the
checkpoints fill their memory, neighbouring ones grow together, the older ones more.
"""

from bisect import bisect, insort
from typing import Literal, NamedTuple

import numpy as np

from skypicket.domain.noun import IntColumn
from skypicket.domain.times import NS_PER_S
from skypicket.tracking._kernels.tables import FREE
from skypicket.tracking.config import TrackerConfig
from skypicket.tracking.filter import PoissonFilter
from skypicket.tracking.intake import Entry, Key
from skypicket.tracking.table import Table, Undo, marked, merged

Verdict = Literal["fresh", "duplicate", "too_late"]
# A checkpoint covers at most this many looks for one that came after it; the finest that fits.
_GROUP_SHARES = (0.25, 1.0, 4.0)
_FEWEST_GROUPS = 4  # in the window
_WHOLE_TABLES = 12
_THINNED = 0.75  # of the memory for checkpoints is in use after they were thinned out


class _Checkpoint(NamedTuple):
    """What takes the last `looks` looks before the next checkpoint back out."""

    looks: int
    step: Undo


class Place(NamedTuple):
    """A look in the ledger: its order, and how much of the window it takes."""

    key: Key
    milliscans: int


class Kept(NamedTuple):
    """The window's state: looks absorbed, looks that wait, and the ledger of both."""

    absorbed: list[Entry]
    held: list[Entry]
    ledger: list[Place]
    floor: Key | None
    waited: int


class Window:
    """The looks of the recent past around a filter, and the checkpoints between them."""

    def __init__(self, core: PoissonFilter, config: TrackerConfig) -> None:
        self._filter = core
        self._config = config
        self.absorbed: list[Entry] = []
        self.held: list[Entry] = []  # late, waiting until it is worth working the rest again
        self.ledger: list[Place] = []  # every look inside the window, absorbed or held
        self.floor: Key | None = None  # the newest look that has left the window
        self._milliscans = 0
        self._checkpoints: list[_Checkpoint] = []
        self._bytes = 0
        self._waited = 0  # looks absorbed since the oldest held one came
        self._touched: list[IntColumn] = []

    @property
    def newest_ns(self) -> int | None:
        """Time of the newest look, None before the first."""
        return self.ledger[-1].key.time_ns if self.ledger else None

    def verdict(self, key: Key) -> Verdict:
        """Whether a look of that key is news."""
        if self.floor is not None and key <= self.floor:
            return "too_late"
        at = bisect(self.ledger, key, key=lambda place: place.key)
        return "duplicate" if at and self.ledger[at - 1].key == key else "fresh"

    def take(self, entry: Entry) -> None:
        """Take a fresh look in: now, or, if much would have to be worked again, soon."""
        insort(self.ledger, Place(entry.key, entry.look.milliscans), key=lambda place: place.key)
        self._milliscans += entry.look.milliscans
        late_by = len(self.absorbed) - self._position(entry.key)
        if late_by == 0:
            self._absorb(entry)
        elif late_by <= self._config.eager_looks:
            self._work_again([entry])
        else:
            insort(self.held, entry, key=lambda entry: entry.key)
        if self.held:
            self._waited += 1
            if self._waited >= len(self.absorbed) - self._position(self.held[0].key):
                self.settle()
        self._let_go()

    def settle(self) -> None:
        """Take in every look that waits."""
        if self.held:
            held, self.held, self._waited = self.held, [], 0
            self._work_again(held)

    def clear(self) -> None:
        """Forget every look and every track."""
        table = self._filter.table
        table.tracks.life[: table.used] = FREE
        self.resume(Kept([], [], [], None, 0))
        self._touched = [np.arange(table.used)]

    def base(self) -> Table:
        """The table as it was before the oldest look that is kept."""
        table = self._filter.table.copy()
        for checkpoint in reversed(self._checkpoints):
            table.undo(checkpoint.step)
        return table

    def looks(self) -> list[Entry]:
        """Every look that is kept, also what waits, in order: what leads from the base to now."""
        return sorted([*self.absorbed, *self.held], key=lambda entry: entry.key)

    def kept(self) -> "Kept":
        """All state beside the table."""
        return Kept(self.absorbed, self.held, self.ledger, self.floor, self._waited)

    def resume(self, kept: "Kept") -> None:
        """Take up what was kept, onto the base that the filter's table holds already."""
        self._checkpoints, self._bytes = [], 0
        self.absorbed, self.held, self.ledger = [], kept.held, kept.ledger
        self.floor, self._waited = kept.floor, kept.waited
        self._milliscans = sum(place.milliscans for place in kept.ledger)
        for entry in kept.absorbed:
            self._absorb(entry)
        self._touched = []

    def touched(self) -> IntColumn:
        """Rows that changed since this was asked last, each once, ascending."""
        found, self._touched = self._touched, []
        rows = np.concatenate(found) if found else np.zeros(0, dtype=np.int64)
        return np.flatnonzero(marked(rows, int(rows.max(initial=-1)) + 1))

    def _position(self, key: Key) -> int:
        return bisect(self.absorbed, key, key=lambda entry: entry.key)

    def _absorb(self, entry: Entry) -> None:
        step = self._filter.absorb(entry.look)
        self.absorbed.append(entry)
        self._checkpoints.append(_Checkpoint(1, step))
        self._bytes += step.size_bytes
        self._touched += [step.rows, step.begun]
        if self._bytes > self._room:
            self._thin_out()

    def _work_again(self, late: list[Entry]) -> None:
        """Undo back to before the oldest of `late`, then absorb all in order."""
        position = self._position(late[0].key)
        while len(self.absorbed) > position:
            checkpoint = self._checkpoints.pop()
            self._filter.table.undo(checkpoint.step)
            self._bytes -= checkpoint.step.size_bytes
            late += self.absorbed[-checkpoint.looks :]
            del self.absorbed[-checkpoint.looks :]
        for entry in sorted(late, key=lambda entry: entry.key):
            self._absorb(entry)

    def _let_go(self) -> None:
        """Close the window behind looks that have left it; drop checkpoints that only hold such.

        What waits and would be left behind is taken in before.
        """
        limit_ns = self.ledger[-1].key.time_ns - round(self._config.window_s * NS_PER_S)
        most = round(self._config.window_scans * 1_000)
        gone = 0
        while self.ledger[gone].key.time_ns < limit_ns and self._milliscans > most:
            self._milliscans -= self.ledger[gone].milliscans
            gone += 1
        if not gone:
            return
        floor = self.floor = self.ledger[gone - 1].key
        del self.ledger[:gone]
        if self.held and self.held[0].key <= floor:
            self.settle()
        while self.absorbed[self._checkpoints[0].looks - 1].key <= floor:
            checkpoint = self._checkpoints.pop(0)
            self._bytes -= checkpoint.step.size_bytes
            del self.absorbed[: checkpoint.looks]

    def _thin_out(self) -> None:
        """Let neighbouring checkpoints grow together, oldest first, until a part of memory is free.

        A small part, so that no scan waits for much of it. Where that is not enough, older ones may
        cover more: a late look then costs more to take in.
        """
        limit = _THINNED * self._room
        for share in _GROUP_SHARES:
            if self._bytes > limit:
                self._group(share, limit)

    @property
    def _room(self) -> int:
        """Memory for checkpoints: what was set, and in a full sky enough for some whole tables."""
        return max(self._config.window_bytes, _WHOLE_TABLES * self._filter.table.size_bytes)

    def _group(self, share: float, limit: float) -> None:
        """Join neighbours that cover at most `share` of the looks since, down to `limit` bytes.

        None covers much of the window, since its looks are kept until the last of them may go.
        """
        kept: list[_Checkpoint] = []
        younger, most = len(self.absorbed), len(self.ledger) // _FEWEST_GROUPS
        for checkpoint in self._checkpoints:
            younger -= checkpoint.looks
            last = kept[-1] if kept else None
            over = self._bytes > limit
            looks = checkpoint.looks + (last.looks if last else 0)
            if last and over and looks <= min(share * younger, most):
                step = merged(last.step, checkpoint.step)
                self._bytes -= last.step.size_bytes + checkpoint.step.size_bytes - step.size_bytes
                kept[-1] = _Checkpoint(looks, step)
            else:
                kept.append(checkpoint)
        self._checkpoints = kept
