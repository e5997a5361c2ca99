"""A hash grid over the places of one look: which rows lie in a box."""

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from skypicket.tracking._kernels.tables import Floats, Ints

_LEAST_CELL_M = 200.0
_MOST_CELL_M = 50_000.0
_EAST_FACTOR = 73_856_093  # Teschner et al., "Optimized spatial hashing", VMV 2003
_NORTH_FACTOR = 19_349_663


class Grid(NamedTuple):
    """Chains of rows by hashed cell; `head` has a power of two of entries, -1 ends a chain."""

    cell_m: float
    head: Ints
    following: Ints
    column: Ints
    row: Ints


@njit(cache=True, nogil=True)
def build(place: Floats) -> Grid:
    """The grid over `place` (m, 3), cells about as large as the room that one row has."""
    count = place.shape[0]
    cell = _LEAST_CELL_M
    if count > 1:
        east, north = place[:, 0], place[:, 1]
        area = (east.max() - east.min()) * (north.max() - north.min())
        cell = min(max(math.sqrt(area / count), _LEAST_CELL_M), _MOST_CELL_M)
    size = 16
    while size < 2 * count:
        size *= 2
    head = np.full(size, -1, dtype=np.int64)
    following = np.empty(count, dtype=np.int64)
    column = np.empty(count, dtype=np.int64)
    row = np.empty(count, dtype=np.int64)
    for j in range(count - 1, -1, -1):  # backwards, so that chains run forwards
        column[j] = int(math.floor(place[j, 0] / cell))
        row[j] = int(math.floor(place[j, 1] / cell))
        slot = (column[j] * _EAST_FACTOR ^ row[j] * _NORTH_FACTOR) & (size - 1)
        following[j] = head[slot]
        head[slot] = j
    return Grid(cell, head, following, column, row)


@njit(cache=True, nogil=True)
def in_box(
    grid: Grid, place: Floats, centre: tuple[float, float], reach: tuple[float, float], out: Ints
) -> int:
    """Write the rows within `reach` of `centre` to `out`, return how many; order is fixed."""
    count = place.shape[0]
    found = 0
    # In floats: the cells of a box that is wider than the earth are more than an integer holds.
    cells = (2.0 * reach[0] / grid.cell_m + 1.0) * (2.0 * reach[1] / grid.cell_m + 1.0)
    if not cells <= count + 16:
        for j in range(count):
            if (
                abs(place[j, 0] - centre[0]) <= reach[0]
                and abs(place[j, 1] - centre[1]) <= reach[1]
            ):
                out[found] = j
                found += 1
        return found
    first_column = int(math.floor((centre[0] - reach[0]) / grid.cell_m))
    last_column = int(math.floor((centre[0] + reach[0]) / grid.cell_m))
    first_row = int(math.floor((centre[1] - reach[1]) / grid.cell_m))
    last_row = int(math.floor((centre[1] + reach[1]) / grid.cell_m))
    mask = grid.head.size - 1
    for column in range(first_column, last_column + 1):
        for row in range(first_row, last_row + 1):
            j = grid.head[(column * _EAST_FACTOR ^ row * _NORTH_FACTOR) & mask]
            while j >= 0:
                if (
                    grid.column[j] == column
                    and grid.row[j] == row
                    and abs(place[j, 0] - centre[0]) <= reach[0]
                    and abs(place[j, 1] - centre[1]) <= reach[1]
                ):
                    out[found] = j
                    found += 1
                j = grid.following[j]
    return found
