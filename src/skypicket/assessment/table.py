"""The memory of the assessment: one row per measured track that was shown, in a table."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from skypicket.domain.noun import Column, IntColumn
from skypicket.domain.tracks import CONTRIBUTORS

Rows = NDArray[Any]  # structured arrays of one of the types below

# Where and how a track was when it was last measured; lengths in metres of the theatre plane.
_MOTION = [
    ("at_ns", "<i8"),
    ("updated_ns", "<i8"),
    *((name, "<f8") for name in ("east", "north", "amsl", "v_east", "v_north")),
    *((name, "<f8") for name in ("s_east", "s_north", "corr", "s_up", "s_ve", "s_vn")),
    ("turn", "<f8"),  # degrees from plane north to true north there
    ("turn_ns", "<i8"),  # when that was asked
    ("exist_seen", "<f8"),  # P(real) then
]
# Where it was one to two of the pace windows ago, and since: the way made good between.
_PACE = [
    ("then_ns", "<i8"),
    *((name, "<f8") for name in ("then_east", "then_north")),
    ("later_ns", "<i8"),
    *((name, "<f8") for name in ("later_east", "later_north")),
    ("slow", "<i1"),
]
_CONTRIBUTORS = [
    ("c_sensor", "<i4", (CONTRIBUTORS,)),  # index into the stage's list of sensors, -1 for none
    ("c_time", "<i8", (CONTRIBUTORS,)),
    ("c_sequence", "<i8", (CONTRIBUTORS,)),
    ("c_offset", "<i8", (CONTRIBUTORS,)),
]
# Signed distance to the home border, where it was last asked for; the crossing; the height.
_BORDER = [
    *((name, "<f8") for name in ("d", "d_east", "d_north", "p_inside", "first_d")),
    ("out_ns", "<i8"),  # last seen outside, 0 for never; then the first place inside after it
    *((name, "<f8") for name in ("out_east", "out_north", "out_d")),
    ("in_ns", "<i8"),
    *((name, "<f8") for name in ("in_east", "in_north", "in_d")),
    ("high", "<i1"),
    ("entered_high", "<i1"),
    ("origin", "<i1"),  # Origin
]
CROSSING = ("x_ns", "x_east", "x_north", "x_sigma", "x_sigma_s")  # as in `incursion.Crossing`
_SAID = [
    ("a_due_ns", "<i8"),
    ("a_said_ns", "<i8"),  # 0: no approach stands
    ("a_crossing_ns", "<i8"),
    ("a_looked_ns", "<i8"),  # 0: not looked at, or not lately
    *((name, "<f8") for name in ("a_level", "a_p", "a_east", "a_north")),
    ("i_state", "<i1"),  # Standing
    ("i_p", "<f8"),
    ("i_d", "<f8"),
    ("i_slow", "<i1"),
    ("i_ns", "<i8"),  # when it was said last
    ("x_due_ns", "<i8"),  # when the crossing is looked at once more, 0: it was
    ("x_ns", "<i8"),  # the crossing; an unknown error of its time is NaN
    *((name, "<f8") for name in CROSSING[1:]),
]
TRACK = np.dtype(
    [
        ("key", "<u8"),
        ("first_ns", "<i8"),
        ("born_ns", "<i8"),
        ("linked", "<i1"),  # it continues a lost track already
        ("seen_ns", "<i8"),
        ("state", "<i1"),
        ("label", "<i4"),
        ("exist", "<f8"),  # P(real) now
        *_MOTION,
        *_PACE,
        *_CONTRIBUTORS,
        *_BORDER,
        *_SAID,
    ]
)

# A lost track: its row as it was, and what was said of the loss.
LOST = np.dtype(
    [
        *TRACK.descr,
        ("l_ns", "<i8"),
        ("l_abroad", "<i1"),
        ("l_p", "<f8"),
    ]
)


class Origin:
    """Whence a track came, as far as is known."""

    UNKNOWN = 0
    LOCAL = 1
    SEEN_ABROAD = 2
    BY_COURSE = 3  # first seen inside, and its course leads back over the border
    BY_LINK = 4  # it is a lost track that came from abroad


class Standing:
    """How an incursion stands with those who were told."""

    NONE = 0
    INSIDE = 1
    DOUBTFUL = 2
    LEFT = 3


class Table:
    """Rows of one structured type, sorted by their `key`, found by many keys at once.

    >>> table = Table(TRACK)
    >>> table.insert(np.array([7, 3], dtype=np.uint64))
    >>> table.find(np.array([3, 5, 7], dtype=np.uint64)).tolist()
    [0, -1, 1]
    """

    def __init__(self, dtype: "np.dtype[Any]") -> None:
        self.rows: Rows = np.zeros(0, dtype=dtype)
        self._keys: Column = np.zeros(0, dtype=np.uint64)

    def __len__(self) -> int:
        return len(self.rows)

    def find(self, keys: Column) -> IntColumn:
        """The row of each key, -1 where it is not in the table."""
        if not len(self.rows):
            return np.full(len(keys), -1, dtype=np.int64)
        place = np.minimum(np.searchsorted(self._keys, keys), len(self.rows) - 1)
        found: IntColumn = np.where(self._keys[place] == keys, place, -1).astype(np.int64)
        return found

    def insert(self, keys: Column) -> None:
        """Add zeroed rows for keys that are not in the table yet, each given once."""
        new = np.zeros(len(keys), dtype=self.rows.dtype)
        new["key"] = keys
        self.add(new)

    def add(self, rows: Rows) -> None:
        """Add whole rows, whose keys are not in the table yet."""
        joined = np.concatenate([self.rows, rows])
        self.replace(joined[np.argsort(joined["key"], kind="stable")])

    def remove(self, places: Column) -> Rows:
        """Take rows out (an index or boolean array), and return them in order of their keys."""
        gone = np.zeros(len(self.rows), dtype=bool)
        gone[places] = True
        taken = self.rows[gone]
        self.replace(self.rows[~gone])
        return taken

    def replace(self, rows: Rows) -> None:
        """Put other rows, sorted by key, in the place of all."""
        self.rows = rows
        self._keys = np.ascontiguousarray(rows["key"])

    def content(self) -> bytes:
        """All rows as bytes, for a snapshot."""
        return self.rows.tobytes()

    def restore(self, content: bytes) -> None:
        """Take up the rows of `content`."""
        self.replace(np.frombuffer(content, dtype=self.rows.dtype).copy())
