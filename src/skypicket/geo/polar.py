"""Where a sensor's range and azimuth lead, what it measures of a place, and how far it sees.

Azimuth is true, clockwise from north, in the horizontal plane of the sensor (of the vertical plane
that holds the object, not of the geodesic: they differ by 0.0001 degrees at 500 km). Range is
slant, in a straight line. Elevation is geometric: refraction is the caller's. Heights are above
the WGS 84 ellipsoid, except in `radio_horizon_m`. Arguments broadcast; NaN gives NaN.
"""

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from skypicket.domain.late import Late
from skypicket.domain.noun import FloatColumn
from skypicket.geo._arrays import flat
from skypicket.geo.frame import TheatreFrame

if TYPE_CHECKING:
    from skypicket.geo._kernels import polar as kernels
else:
    kernels = Late("skypicket.geo._kernels.polar")

MEAN_EARTH_RADIUS_M = 6_371_000.0
EARTH_RADIUS_FACTOR = 4 / 3  # ITU-R P.834, median refractivity gradient of -40 N-units per km


def polar_to_geodetic(  # noqa: PLR0913, PLR0917 - a position and a measurement are three each
    sensor_lat_deg: ArrayLike,
    sensor_lon_deg: ArrayLike,
    sensor_alt_m: ArrayLike,
    range_m: ArrayLike,
    azimuth_deg: ArrayLike,
    alt_m: ArrayLike,
) -> tuple[FloatColumn, FloatColumn]:
    """Latitude and longitude of an object at known height, seen at slant range and azimuth.

    Exact to a micrometre. NaN where the range is shorter than the difference of the heights (no
    such point), or so long that the height is not reached (beyond the earth's limb).

    >>> lat_deg, lon_deg = polar_to_geodetic(54.69, 25.28, 200.0, 80_000.0, 90.0, 1_000.0)
    >>> round(float(lat_deg), 4), round(float(lon_deg), 4)
    (54.6837, 26.5203)
    """
    shape, arrays = flat(sensor_lat_deg, sensor_lon_deg, sensor_alt_m, range_m, azimuth_deg, alt_m)
    lat_deg, lon_deg, _ = outcome = [np.empty_like(arrays[0]) for _ in range(3)]
    kernels.to_geodetic(*arrays, *outcome)
    return lat_deg.reshape(shape), lon_deg.reshape(shape)


def geodetic_to_polar(  # noqa: PLR0913, PLR0917 - two positions are three each
    sensor_lat_deg: ArrayLike,
    sensor_lon_deg: ArrayLike,
    sensor_alt_m: ArrayLike,
    lat_deg: ArrayLike,
    lon_deg: ArrayLike,
    alt_m: ArrayLike,
) -> tuple[FloatColumn, FloatColumn, FloatColumn]:
    """Slant range, azimuth in [0, 360) and elevation at which a sensor has a position.

    >>> range_m, azimuth_deg, elevation_deg = geodetic_to_polar(
    ...     54.69, 25.28, 200.0, 54.69, 26.28, 1_000.0)
    >>> round(float(range_m)), round(float(azimuth_deg), 3), round(float(elevation_deg), 3)
    (64497, 89.592, 0.422)
    """
    shape, arrays = flat(sensor_lat_deg, sensor_lon_deg, sensor_alt_m, lat_deg, lon_deg, alt_m)
    range_m, azimuth_deg, elevation_deg = outcome = [np.empty_like(arrays[0]) for _ in range(3)]
    kernels.from_geodetic(*arrays, *outcome)
    return range_m.reshape(shape), azimuth_deg.reshape(shape), elevation_deg.reshape(shape)


def azimuth_from_plane_deg(
    frame: TheatreFrame,
    sensor_lat_deg: ArrayLike,
    sensor_lon_deg: ArrayLike,
    east_m: ArrayLike,
    north_m: ArrayLike,
) -> FloatColumn:
    """True azimuth at a sensor of plane positions, in [0, 360).

    >>> frame = TheatreFrame(54.69, 25.28)
    >>> round(float(azimuth_from_plane_deg(frame, 54.69, 26.28, 0.0, 0.0)), 3)
    270.408
    """
    lat_deg, lon_deg = frame.to_geodetic(east_m, north_m)
    return geodetic_to_polar(sensor_lat_deg, sensor_lon_deg, 0.0, lat_deg, lon_deg, 0.0)[1]


def ground_range_m(range_m: ArrayLike, sensor_alt_m: ArrayLike, alt_m: ArrayLike) -> FloatColumn:
    """Metres along the earth below a slant range, for a height that is known or assumed.

    Spherical earth of the mean radius: within 0.4 % of the correction, which is itself a few
    metres at 100 km. NaN where the range is shorter than the difference of the heights. An object
    of unknown height between 0 and h lies between `ground_range_m(r, s, 0)` and `(r, s, h)`.

    >>> [round(float(ground_range_m(r, 200.0, 5_000.0))) for r in (5_000.0, 20_000.0, 100_000.0)]
    [1399, 19408, 99845]
    """
    slant, low, high = (np.asarray(v, np.float64) for v in (range_m, sensor_alt_m, alt_m))
    chord2 = slant**2 - (high - low) ** 2
    product = (MEAN_EARTH_RADIUS_M + low) * (MEAN_EARTH_RADIUS_M + high)
    with np.errstate(invalid="ignore"):
        metres = 2 * MEAN_EARTH_RADIUS_M * np.arcsin(np.sqrt(chord2 / (4 * product)))
    return np.asarray(metres)


def radio_horizon_m(antenna_amsl_m: ArrayLike, object_amsl_m: ArrayLike) -> FloatColumn:
    """How far along a smooth earth radio sees: both horizons added, heights below 0 taken as 0.

    The earth's radius is taken 4/3 larger for the bending of radio in the median atmosphere
    (ITU-R P.834). Hills, forest and ducts are not in it.

    >>> round(float(radio_horizon_m(25.0, 200.0)))
    78900
    """
    reach2 = 2 * EARTH_RADIUS_FACTOR * MEAN_EARTH_RADIUS_M
    heights = (np.maximum(np.asarray(h, np.float64), 0.0) for h in (antenna_amsl_m, object_amsl_m))
    return np.asarray(sum(math.sqrt(reach2) * np.sqrt(height) for height in heights))
