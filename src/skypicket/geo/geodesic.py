"""Geodesics of WGS 84: where one comes to by going straight on along the ellipsoid."""

from functools import cache
from typing import Any

import numpy as np

from skypicket.domain.noun import FloatColumn


@cache
def _wgs84() -> Any:
    from pyproj import Geod  # noqa: PLC0415 -- slow to import, and no start needs it

    return Geod(ellps="WGS84")


def moved(
    lat_deg: float, lon_deg: float, azimuth_deg: FloatColumn, distance_m: FloatColumn
) -> tuple[FloatColumn, FloatColumn]:
    """Latitudes and longitudes, in degrees, of the ends of geodesics from one place.

    >>> lat_deg, lon_deg = moved(55.0, 25.0, np.array([90.0]), np.array([10_000.0]))
    >>> round(float(lat_deg[0]), 4), round(float(lon_deg[0]), 4)
    (54.9999, 25.1563)
    """
    n = len(azimuth_deg)
    lon, lat, _ = _wgs84().fwd(np.full(n, lon_deg), np.full(n, lat_deg), azimuth_deg, distance_m)
    return lat, lon
