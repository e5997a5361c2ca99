"""Positions made coarse: the middle of a grid cell, with the error that this adds.

The grid is fixed to the Earth: rows of `coarsen_m` from the equator, columns of as many metres at
the middle of the row, so that the same place always falls into the same cell.
"""

import math
from typing import NamedTuple

import numpy as np

from skypicket.domain.noun import Column, FloatColumn

METRES_PER_DEG = 111_320.0  # of latitude; the cell only has to be about so large
_MOST_LATITUDE_DEG = 89.0  # columns stay wider than nothing


class CoarsePlaces(NamedTuple):
    """The middles of the cells, in degrees."""

    lat_deg: FloatColumn
    lon_deg: FloatColumn


def snapped(lat_deg: Column, lon_deg: Column, coarsen_m: float) -> CoarsePlaces:
    """The middles of the cells in which places lie, (n,).

    >>> places = snapped(np.array([54.6872, 54.6880]), np.array([25.2797, 25.2801]), 10_000)
    >>> places.lat_deg[0] == places.lat_deg[1], places.lon_deg[0] == places.lon_deg[1]
    (np.True_, np.True_)
    """
    height_deg = coarsen_m / METRES_PER_DEG
    row = np.floor(np.asarray(lat_deg, dtype=np.float64) / height_deg)
    middle_deg = np.clip((row + 0.5) * height_deg, -_MOST_LATITUDE_DEG, _MOST_LATITUDE_DEG)
    width_deg = height_deg / np.cos(np.radians(middle_deg))
    column = np.floor(np.asarray(lon_deg, dtype=np.float64) / width_deg)
    return CoarsePlaces(middle_deg, (column + 0.5) * width_deg)


def snapped_one(lat_deg: float, lon_deg: float, coarsen_m: float) -> tuple[float, float]:
    """The middle of the cell of one place."""
    places = snapped(np.array([lat_deg]), np.array([lon_deg]), coarsen_m)
    return float(places.lat_deg[0]), float(places.lon_deg[0])


def added_sigma_m(coarsen_m: float) -> float:
    """The error along one axis of a place somewhere in a cell, told as its middle.

    >>> round(added_sigma_m(1_000))
    289
    """
    return coarsen_m / math.sqrt(12.0)


def added_radius_m(coarsen_m: float) -> float:
    """How far a place can be from the middle of its cell."""
    return coarsen_m * math.sqrt(0.5)
