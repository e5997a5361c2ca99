"""A sensor's range, azimuth and elevation against geodetic positions, point by point.

Both ways go through earth-centred coordinates and the sensor's east, north, up. Division by zero
gives infinity or NaN here, never an exception.
"""

import math

from numba import njit

from skypicket.domain.noun import FloatColumn
from skypicket.geo.ellipsoid import ECCENTRICITY_SQUARED as E2
from skypicket.geo.ellipsoid import SEMI_MAJOR_M as A

_B = A * math.sqrt(1 - E2)  # semi-minor axis
_EP2 = E2 / (1 - E2)
_TOLERANCE_M = 1e-6
_ROUNDS = 12  # two or three suffice; a range that grazes the height needs more


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _centred(sine: float, cosine: float, lon: float, alt_m: float) -> tuple[float, float, float]:
    """Earth-centred coordinates of a position, by sine and cosine of its latitude."""
    prime = A / math.sqrt(1.0 - E2 * sine * sine)
    across = (prime + alt_m) * cosine
    return across * math.cos(lon), across * math.sin(lon), (prime * (1.0 - E2) + alt_m) * sine


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _latitude_and_height(x: float, y: float, z: float) -> tuple[float, float, float]:
    """Sine and cosine of the latitude, and the height, of earth-centred coordinates.

    B. R. Bowring, "The accuracy of geodetic latitude and height equations", Survey Review 28
    (1985), done twice: below a nanometre up to 1,000 km of height.
    """
    p = math.hypot(x, y)
    tan_u = A * z / (_B * p)  # first guess: the reduced latitude, height ignored
    for _ in range(2):
        norm = math.sqrt(1.0 + tan_u * tan_u)
        cos_u, sin_u = 1.0 / norm, tan_u / norm
        up = z + _EP2 * _B * sin_u * sin_u * sin_u
        out = p - E2 * A * cos_u * cos_u * cos_u
        tan_u = (_B / A) * up / out
    length = math.hypot(up, out)
    sine, cosine = up / length, out / length
    height = p * cosine + z * sine - A * math.sqrt(1.0 - E2 * sine * sine)
    return sine, cosine, height


@njit(cache=True, nogil=True, error_model="numpy")
def to_geodetic(
    sensor_lat: FloatColumn,
    sensor_lon: FloatColumn,
    sensor_alt: FloatColumn,
    range_m: FloatColumn,
    azimuth: FloatColumn,
    alt_m: FloatColumn,
    lat_deg: FloatColumn,
    lon_deg: FloatColumn,
    elevation_deg: FloatColumn,
) -> None:
    """Fill the position at slant range, azimuth and height; NaN where no such point exists."""
    for i in range(range_m.size):
        lat, lon = math.radians(sensor_lat[i]), math.radians(sensor_lon[i])
        s, c, sl, cl = math.sin(lat), math.cos(lat), math.sin(lon), math.cos(lon)
        x0, y0, z0 = _centred(s, c, lon, sensor_alt[i])
        sa, ca = math.sin(math.radians(azimuth[i])), math.cos(math.radians(azimuth[i]))
        # The horizontal direction of the azimuth, and up, in earth-centred axes.
        hx, hy, hz = -sa * sl - ca * s * cl, sa * cl - ca * s * sl, ca * c
        ux, uy, uz = c * cl, c * sl, s
        r = range_m[i]
        lat_deg[i] = lon_deg[i] = elevation_deg[i] = math.nan
        if not (0.0 <= r < math.inf and abs(sensor_lat[i]) <= 90.0):
            continue
        if not abs(alt_m[i] - sensor_alt[i]) <= r:
            continue
        # First guess on a sphere, then Newton's steps on the sine of the elevation.
        sphere = A + sensor_alt[i]
        rise = alt_m[i] - sensor_alt[i]
        sin_el = 0.0 if r == 0.0 else (rise - (r * r - rise * rise) / (2.0 * sphere)) / r
        for _ in range(_ROUNDS):
            sin_el = min(1.0, max(-1.0, sin_el))
            cos_el = math.sqrt(1.0 - sin_el * sin_el)
            x = x0 + r * (cos_el * hx + sin_el * ux)
            y = y0 + r * (cos_el * hy + sin_el * uy)
            z = z0 + r * (cos_el * hz + sin_el * uz)
            sine, cosine, height = _latitude_and_height(x, y, z)
            miss = alt_m[i] - height
            if abs(miss) < _TOLERANCE_M:
                lat_deg[i] = math.degrees(math.atan2(sine, cosine))
                lon_deg[i] = math.degrees(math.atan2(y, x))
                elevation_deg[i] = math.degrees(math.asin(sin_el))
                break
            p = math.hypot(x, y)
            nx, ny, nz = cosine * x / p, cosine * y / p, sine
            along = nx * hx + ny * hy + nz * hz
            slope = r * (nx * ux + ny * uy + nz * uz - along * sin_el / max(cos_el, 1e-9))
            sin_el += miss / slope


@njit(cache=True, nogil=True, error_model="numpy")
def from_geodetic(
    sensor_lat: FloatColumn,
    sensor_lon: FloatColumn,
    sensor_alt: FloatColumn,
    lat_deg: FloatColumn,
    lon_deg: FloatColumn,
    alt_m: FloatColumn,
    range_m: FloatColumn,
    azimuth_deg: FloatColumn,
    elevation_deg: FloatColumn,
) -> None:
    """Fill slant range, azimuth in [0, 360) and elevation; NaN where a latitude is none."""
    for i in range(lat_deg.size):
        if not (abs(sensor_lat[i]) <= 90.0 and abs(lat_deg[i]) <= 90.0):
            range_m[i] = azimuth_deg[i] = elevation_deg[i] = math.nan
            continue
        lat, lon = math.radians(sensor_lat[i]), math.radians(sensor_lon[i])
        s, c, sl, cl = math.sin(lat), math.cos(lat), math.sin(lon), math.cos(lon)
        x0, y0, z0 = _centred(s, c, lon, sensor_alt[i])
        there = math.radians(lat_deg[i])
        x, y, z = _centred(math.sin(there), math.cos(there), math.radians(lon_deg[i]), alt_m[i])
        dx, dy, dz = x - x0, y - y0, z - z0
        east = -sl * dx + cl * dy
        north = -s * (cl * dx + sl * dy) + c * dz
        up = c * (cl * dx + sl * dy) + s * dz
        ground = math.hypot(east, north)
        range_m[i] = math.hypot(ground, up)
        turn = math.degrees(math.atan2(east, north))
        turn = turn + 360.0 if turn < 0.0 else turn
        azimuth_deg[i] = 0.0 if turn >= 360.0 else turn
        elevation_deg[i] = math.degrees(math.atan2(up, ground))
