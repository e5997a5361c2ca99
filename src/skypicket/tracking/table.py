"""The track table: arrays that grow, rows that can be saved and put back bit by bit."""

from typing import NamedTuple

import numpy as np

from skypicket.domain.noun import Column, IntColumn
from skypicket.tracking._kernels.tables import CONTRIBUTORS, FREE, Tracks

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
    "missed": (np.int16, ()),
    "sensor": (np.int16, (CONTRIBUTORS,)),
    "sensor_ns": (np.int64, (CONTRIBUTORS,)),
    "sequence": (np.int64, (CONTRIBUTORS,)),
    "offset": (np.int64, (CONTRIBUTORS,)),
}
ROW_BYTES = sum(
    np.dtype(kind).itemsize * int(np.prod(shape, dtype=int)) for kind, shape in _SHAPES.values()
)


class Undo(NamedTuple):
    """What takes steps back: rows as they were before, rows that began, and rows in use before."""

    rows: IntColumn
    saved: Tracks
    begun: IntColumn
    used: int

    @property
    def size_bytes(self) -> int:
        """Memory that it takes, about."""
        return len(self.rows) * ROW_BYTES + 8 * len(self.begun) + 4_000


class Table:
    """Rows of tracks; `used` says up to where rows were ever taken."""

    def __init__(self) -> None:
        self.tracks = _empty(_FIRST_CAPACITY)
        self.used = 0

    def reserve(self, rows: int) -> None:
        """Make room for so many rows beyond those in use; doubles, so that growth is rare."""
        capacity = len(self.tracks.life)
        if self.used + rows <= capacity:
            return
        while capacity < self.used + rows:
            capacity *= 2
        grown = _empty(capacity)
        for old, new in zip(self.tracks, grown, strict=True):
            new[: self.used] = old[: self.used]
        self.tracks = grown

    def save(self, rows: IntColumn) -> Tracks:
        """Copies of the rows."""
        return Tracks(*(column[rows] for column in self.tracks))

    def undo(self, step: Undo) -> None:
        """Take a step back: afterwards every row in use is bit for bit what it was before."""
        self.tracks.life[step.begun] = FREE
        for column, saved in zip(self.tracks, step.saved, strict=True):
            column[step.rows] = saved
        self.used = step.used

    def packed(self) -> dict[str, object]:
        """The rows in use, for a snapshot."""
        columns = zip(Tracks._fields, self.tracks, strict=True)
        return {"used": self.used} | {name: column[: self.used] for name, column in columns}

    def unpack(self, state: dict[str, Column]) -> None:
        """Take up what `packed` gave."""
        self.tracks, self.used = _empty(_FIRST_CAPACITY), 0
        self.reserve(int(state["used"]))
        self.used = int(state["used"])
        for name, column in zip(Tracks._fields, self.tracks, strict=True):
            column[: self.used] = state[name]

    def copy(self) -> "Table":
        """An independent table with the same rows."""
        twin = Table()
        twin.unpack(self.packed())  # type: ignore[arg-type]
        return twin


def merged(older: Undo, newer: Undo) -> Undo:
    """One step back over both: what the older one saved is what counts."""
    parts = (older.rows, older.begun, newer.rows, newer.begun)
    size = max(int(part.max(initial=-1)) for part in parts) + 1
    fresh = ~marked(np.concatenate([older.rows, older.begun]), size)[newer.rows]
    rows = np.concatenate([older.rows, newer.rows[fresh]])
    saved = Tracks(
        *(np.concatenate([a, b[fresh]]) for a, b in zip(older.saved, newer.saved, strict=True))
    )
    begun = marked(np.concatenate([older.begun, newer.begun]), size) & ~marked(rows, size)
    return Undo(rows, saved, np.flatnonzero(begun), older.used)


def marked(rows: IntColumn, rows_in_all: int) -> Column:
    """A mask of `rows_in_all` that is true at the rows; quicker than any sorting of them."""
    mask = np.zeros(rows_in_all, dtype=bool)
    mask[rows] = True
    return mask


def _empty(capacity: int) -> Tracks:
    return Tracks(
        **{name: np.zeros((capacity, *shape), kind) for name, (kind, shape) in _SHAPES.items()}
    )
