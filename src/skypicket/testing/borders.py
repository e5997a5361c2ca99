"""A border that is a straight line, so that tests can be worked out by hand."""

from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from skypicket.domain.noun import Column, FloatColumn


class StraightBorder:
    """The home state lies west of the line `east = line_east_m`, the neighbour east of it.

    It answers as `skypicket.geo.borders.Borders` does, for every state code alike, and counts
    the positions that it was asked for.

    >>> StraightBorder().signed_distance_m("LTU", [-100.0, 30.0], [0.0, 0.0]).tolist()
    [100.0, -30.0]
    """

    SIGMA_M: ClassVar[float] = 50.0

    def __init__(self, line_east_m: float = 0.0, neighbour: str = "BLR") -> None:
        self.line_east_m, self.neighbour = line_east_m, neighbour
        self.asked = 0

    def signed_distance_m(self, _state: str, east_m: ArrayLike, _north_m: ArrayLike) -> FloatColumn:
        """Metres west of the line."""
        east = np.asarray(east_m, dtype=np.float64)
        self.asked += east.size
        return self.line_east_m - east

    def nearest(
        self, _state: str, east_m: ArrayLike, north_m: ArrayLike
    ) -> tuple[FloatColumn, FloatColumn, Column]:
        """The point of the line at the same north, and the neighbour."""
        east, north = np.asarray(east_m, dtype=np.float64), np.asarray(north_m, dtype=np.float64)
        return (
            np.full(east.shape, self.line_east_m),
            north.copy(),
            np.full(east.shape, self.neighbour, dtype="<U3"),
        )
