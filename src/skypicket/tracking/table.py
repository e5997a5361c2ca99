"""The track table: arrays that grow, rows that can be saved and put back bit by bit."""

import math
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from skypicket.domain.noun import Column, IntColumn
from skypicket.tracking._kernels.experience import CELLS, SUMS, Experience
from skypicket.tracking._kernels.tables import CONTRIBUTORS, FREE, MODES, Modes, Tracks

_FIRST_CAPACITY = 256
_SHAPES: dict[str, tuple[type, tuple[int, ...]]] = {
    "state": (np.float64, (6,)),
    "covariance": (np.float64, (6, 6)),
    "time_ns": (np.int64, ()),
    "existence": (np.float64, ()),
    "seen_existence": (np.float64, ()),
    "supports": (np.float64, ()),
    "patience_s": (np.float64, ()),
    "coast_s": (np.float64, ()),
    "support_ns": (np.int64, ()),
    "born_ns": (np.int64, ()),
    "key": (np.uint64, ()),
    "identity": (np.uint64, ()),
    "callsign": (np.uint64, ()),
    "life": (np.int8, ()),
    "basis": (np.int8, ()),
    "has_height": (np.int8, ()),
    "branched": (np.int8, ()),
    "missed": (np.int16, ()),
    "sensor": (np.int16, (CONTRIBUTORS,)),
    "sensor_ns": (np.int64, (CONTRIBUTORS,)),
    "sequence": (np.int64, (CONTRIBUTORS,)),
    "offset": (np.int64, (CONTRIBUTORS,)),
}
_MODE_SHAPES: dict[str, tuple[type, tuple[int, ...]]] = {
    "probability": (np.float64, (MODES,)),
    "state": (np.float64, (MODES, 6)),
    "covariance": (np.float64, (MODES, 6, 6)),
}


def _bytes(shapes: dict[str, tuple[type, tuple[int, ...]]]) -> int:
    return sum(np.dtype(kind).itemsize * math.prod(shape) for kind, shape in shapes.values())


ROW_BYTES, MODES_BYTES = _bytes(_SHAPES), _bytes(_MODE_SHAPES)


class Learned(NamedTuple):
    """What a radar's experience was before a look."""

    radar: int
    cells: IntColumn
    counts: Column
    sums: Column


class Undo(NamedTuple):
    """What takes steps back: rows as they were before, rows that began, and rows in use before.

    The modes are kept of those of the rows only that were branched, `branched`.
    """

    rows: IntColumn
    saved: Tracks
    branched: IntColumn
    modes: Modes
    begun: IntColumn
    used: int
    learned: tuple[Learned, ...]

    @property
    def size_bytes(self) -> int:
        """Memory that it takes, about."""
        own = len(self.rows) * ROW_BYTES + len(self.branched) * MODES_BYTES
        own += sum(24 * len(step.cells) + 8 * SUMS for step in self.learned)
        return own + 8 * len(self.begun) + 4_000


class Table:
    """Rows of tracks; `used` says up to where rows were ever taken."""

    def __init__(self, radars: int = 0) -> None:
        self.tracks, self.modes = _empty(_FIRST_CAPACITY)
        self.experience = Experience(np.zeros((radars, CELLS, 2)), np.zeros((radars, SUMS)))
        self.used = 0

    @property
    def size_bytes(self) -> int:
        """Memory that a copy of all rows in use takes, with what the radars' looks have taught."""
        branched = int(np.count_nonzero(self.tracks.branched[: self.used]))
        learned = self.experience.cells.nbytes + self.experience.sums.nbytes
        return self.used * ROW_BYTES + branched * MODES_BYTES + learned

    def reserve(self, rows: int) -> None:
        """Make room for so many rows beyond those in use; doubles, so that growth is rare."""
        capacity = len(self.tracks.life)
        if self.used + rows <= capacity:
            return
        while capacity < self.used + rows:
            capacity *= 2
        tracks, modes = _empty(capacity)
        for old, new in zip((*self.tracks, *self.modes), (*tracks, *modes), strict=True):
            new[: self.used] = old[: self.used]
        self.tracks, self.modes = tracks, modes

    def save(self, rows: IntColumn, radar: int, cells: IntColumn) -> Undo:
        """What puts the rows back, and those cells of a radar's experience, -1 for none."""
        saved = Tracks(*(column[rows] for column in self.tracks))
        branched = rows[saved.branched > 0]
        modes = Modes(*(column[branched] for column in self.modes))
        learned: tuple[Learned, ...] = ()
        if radar >= 0:
            own = self.experience
            step = Learned(radar, cells, own.cells[radar, cells], own.sums[radar].copy())
            learned = (step,)
        begun = np.zeros(0, dtype=np.int64)
        return Undo(rows, saved, branched, modes, begun, self.used, learned)

    def undo(self, step: Undo) -> None:
        """Take a step back: afterwards every row in use is bit for bit what it was before."""
        self.tracks.life[step.begun] = FREE
        for column, saved in zip(self.tracks, step.saved, strict=True):
            column[step.rows] = saved
        for column, saved in zip(self.modes, step.modes, strict=True):
            column[step.branched] = saved
        for before in reversed(step.learned):
            self.experience.cells[before.radar, before.cells] = before.counts
            self.experience.sums[before.radar] = before.sums
        self.used = step.used

    def packed(self) -> dict[str, object]:
        """The rows in use, for a snapshot."""
        branched = np.flatnonzero(self.tracks.branched[: self.used])
        tracks = zip(Tracks._fields, self.tracks, strict=True)
        modes = zip(Modes._fields, self.modes, strict=True)
        state: dict[str, object] = {"used": self.used}
        state |= {"cells": self.experience.cells, "sums": self.experience.sums}
        state |= {name: column[: self.used] for name, column in tracks}
        return state | {f"mode_{name}": column[branched] for name, column in modes}

    def unpack(self, state: dict[str, Column]) -> None:
        """Take up what `packed` gave."""
        (self.tracks, self.modes), self.used = _empty(_FIRST_CAPACITY), 0
        self.reserve(int(state["used"]))
        self.used = int(state["used"])
        self.experience = Experience(state["cells"].copy(), state["sums"].copy())
        for name, column in zip(Tracks._fields, self.tracks, strict=True):
            column[: self.used] = state[name]
        branched = np.flatnonzero(self.tracks.branched[: self.used])
        for name, column in zip(Modes._fields, self.modes, strict=True):
            column[branched] = state[f"mode_{name}"]

    def copy(self) -> "Table":
        """An independent table with the same rows."""
        twin = Table()
        twin.unpack(self.packed())  # type: ignore[arg-type]
        return twin


def merged(older: Undo, newer: Undo) -> Undo:
    """One step back over both: what the older one saved is what counts."""
    parts = (older.rows, older.begun, newer.rows, newer.begun)
    size = max(int(part.max(initial=-1)) for part in parts) + 1
    known = marked(np.concatenate([older.rows, older.begun]), size)
    fresh, branched = ~known[newer.rows], ~known[newer.branched]
    rows = np.concatenate([older.rows, newer.rows[fresh]])
    begun = marked(np.concatenate([older.begun, newer.begun]), size) & ~marked(rows, size)
    return Undo(
        rows,
        Tracks(*_joined(older.saved, newer.saved, fresh)),
        np.concatenate([older.branched, newer.branched[branched]]),
        Modes(*_joined(older.modes, newer.modes, branched)),
        np.flatnonzero(begun),
        older.used,
        _lessons(older.learned, newer.learned),
    )


def _lessons(older: tuple[Learned, ...], newer: tuple[Learned, ...]) -> tuple[Learned, ...]:
    """What every cell was before the older step, or before the newer where only that changed it."""
    known = {step.radar: step for step in older}
    for step in newer:
        before = known.get(step.radar)
        if before is None:
            known[step.radar] = step
            continue
        fresh = ~np.isin(step.cells, before.cells)
        known[step.radar] = before._replace(
            cells=np.concatenate([before.cells, step.cells[fresh]]),
            counts=np.concatenate([before.counts, step.counts[fresh]]),
        )
    return tuple(known[radar] for radar in sorted(known))


def _joined(older: Iterable[Column], newer: Iterable[Column], fresh: Column) -> Iterator[Column]:
    return (np.concatenate([a, b[fresh]]) for a, b in zip(older, newer, strict=True))


def marked(rows: IntColumn, rows_in_all: int) -> Column:
    """A mask of `rows_in_all` that is true at the rows; quicker than any sorting of them."""
    mask = np.zeros(rows_in_all, dtype=bool)
    mask[rows] = True
    return mask


def _empty(capacity: int) -> tuple[Tracks, Modes]:
    return Tracks(**_columns(_SHAPES, capacity)), Modes(**_columns(_MODE_SHAPES, capacity))


def _columns(shapes: dict[str, tuple[type, tuple[int, ...]]], capacity: int) -> dict[str, Column]:
    return {name: np.zeros((capacity, *shape), kind) for name, (kind, shape) in shapes.items()}
