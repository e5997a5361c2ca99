"""What was said lately of the tracks near the border, to see afterwards where they crossed it."""

import numpy as np

from skypicket.assessment.table import Rows, Table
from skypicket.domain.noun import Column, FloatColumn
from skypicket.domain.times import NS_PER_S
from skypicket.physics.smoothing import Estimates, SmoothedPath

KEPT = 32  # states of a track, the newest and others so far apart:
SPACING_S = 1.0
MOST = 1_024  # tracks; more than this have no trail until others have left
_FEWEST = 3  # states that show how a track flew
TRAIL = np.dtype(
    [
        ("key", "<u8"),
        ("count", "<i8"),  # of all states ever; the next one goes to `count % KEPT`
        ("time_ns", "<i8", (KEPT,)),
        ("state", "<f8", (KEPT, 4)),
        ("covariance", "<f8", (KEPT, 4, 4)),
        ("q_m2ps3", "<f8", (KEPT,)),
    ]
)


class Trails:
    """The newest states of each track, as they were said; memory for `MOST` tracks at most."""

    def __init__(self) -> None:
        self._table = Table(TRAIL)

    def __len__(self) -> int:
        return len(self._table)

    def add(self, keys: Column, time_ns: int, said: Estimates, q_m2ps3: FloatColumn) -> None:
        """Keep a state of each track: (m, 4) in the theatre plane at `time_ns`, each key once.

        What is said again of the same time takes the place of what was said before, and so does
        what comes within `SPACING_S` of the state before that one.
        """
        new = keys[self._table.find(keys) < 0][: MOST - len(self._table)]
        if new.size:
            self._table.insert(new)
        found = self._table.find(keys)
        kept = found >= 0
        places, rows = found[kept], self._table.rows
        count = rows["count"][places]
        last, before = (count - 1) % KEPT, (count - 2) % KEPT
        again = (count > 0) & (rows["time_ns"][places, last] == time_ns)
        age_ns = time_ns - rows["time_ns"][places, before]
        again |= (count > 1) & (age_ns < SPACING_S * NS_PER_S)
        slots = np.where(again, last, count % KEPT)
        rows["count"][places] += ~again
        rows["time_ns"][places, slots] = time_ns
        rows["state"][places, slots] = said.states[kept]
        rows["covariance"][places, slots] = said.covariances[kept]
        rows["q_m2ps3"][places, slots] = q_m2ps3[kept]

    def drop(self, keys: Column) -> None:
        """Forget tracks; those without a trail are passed over."""
        if not len(self._table):
            return
        places = self._table.find(keys)
        if (places >= 0).any():
            self._table.remove(places[places >= 0])

    def path(self, key: int) -> SmoothedPath | None:
        """How a track flew, smoothed; None where too little was said of it."""
        (place,) = self._table.find(np.array([key], dtype=np.uint64))
        if place < 0 or self._table.rows["count"][place] < _FEWEST:
            return None
        row: Rows = self._table.rows[place]
        held = np.argsort(row["time_ns"], kind="stable")[-min(int(row["count"]), KEPT) :]
        estimates = Estimates(*(row[name][held] for name in ("time_ns", "state", "covariance")))
        return SmoothedPath(estimates, np.repeat(row["q_m2ps3"][held][:, None], 2, axis=1))

    def content(self) -> bytes:
        """All state, for a snapshot."""
        return self._table.content()

    def restore(self, content: bytes) -> None:
        """Take up the state of `content`."""
        self._table.restore(content)


def plane_errors(columns: dict[str, Column], turn_deg: FloatColumn) -> FloatColumn:
    """The (n, 4, 4) covariances of places and velocities in the plane, from what a track says.

    `turn_deg` is the angle from plane north to true north. The columns are those of a
    `TrackBatch`, with `FILTER_COLUMNS`.
    """
    sigma = np.stack([columns[name] for name in _SIGMAS], axis=1)
    told = columns["motion_correlation"]
    covariance = np.ones((len(sigma), 4, 4))
    place = columns["correlation"]
    for (r, c), values in zip(_PAIRS, (place, *told.T), strict=True):
        covariance[:, r, c] = covariance[:, c, r] = values
    covariance *= sigma[:, :, None] * sigma[:, None, :]
    sine, cosine = np.sin(np.radians(turn_deg)), np.cos(np.radians(turn_deg))
    turn = np.zeros_like(covariance)
    for axis in (0, 2):
        turn[:, axis, axis] = turn[:, axis + 1, axis + 1] = cosine
        turn[:, axis, axis + 1], turn[:, axis + 1, axis] = -sine, sine
    turned = turn @ covariance @ np.swapaxes(turn, 1, 2)
    symmetric: FloatColumn = (turned + np.swapaxes(turned, 1, 2)) / 2
    return symmetric


_SIGMAS = ("sigma_east_m", "sigma_north_m", "sigma_east_mps", "sigma_north_mps")
_PAIRS = ((0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3))
