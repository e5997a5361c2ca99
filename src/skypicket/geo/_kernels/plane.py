"""The theatre plane point by point: ellipsoid → conformal sphere → stereographic plane.

Division by zero gives infinity here (the poles need it), never an exception.

`frame` holds, in this order, the constants of `TheatreFrame`: see `plane_constants`.
"""

import math

import numpy as np
from numba import njit

from skypicket.domain.noun import FloatColumn
from skypicket.geo._kernels.plane_constants import (
    COS_CHI0,
    DIAMETER,
    EXPONENT,
    LOG_C,
    LON0,
    SIN_CHI0,
)
from skypicket.geo.ellipsoid import ECCENTRICITY, ECCENTRICITY_SQUARED, SEMI_MAJOR_M
from skypicket.geo.ellipsoid import THIRD_FLATTENING as N3

# Geographic from conformal latitude, series in the third flattening to the sixth power:
# C. F. F. Karney, "On auxiliary latitudes", Survey Review 56 (2024), appendix A.
_C1 = N3 * (2 + N3 * (-2 / 3 + N3 * (-2 + N3 * (116 / 45 + N3 * (26 / 45 - N3 * 2854 / 675)))))
_C2 = N3**2 * (7 / 3 + N3 * (-8 / 5 + N3 * (-227 / 45 + N3 * (2704 / 315 + N3 * 2323 / 945))))
_C3 = N3**3 * (56 / 15 + N3 * (-136 / 35 + N3 * (-1262 / 105 + N3 * 73814 / 2835)))
_C4 = N3**4 * (4279 / 630 + N3 * (-332 / 35 - N3 * 399572 / 14175))
_C5 = N3**5 * (4174 / 315 - N3 * 144838 / 6237)
_C6 = N3**6 * 601676 / 22275


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def sphere(lat_deg: float, lon_deg: float, frame: FloatColumn) -> tuple[float, float, float, float]:
    """Sine and cosine of the latitude on the conformal sphere, and of the longitude difference."""
    s = math.sin(math.radians(lat_deg))
    es = ECCENTRICITY * s
    # Isometric latitude as one logarithm and one inverse hyperbolic tangent of a small number.
    psi = 0.5 * math.log((1.0 + s) / (1.0 - s)) - ECCENTRICITY * math.atanh(es)
    w = frame[EXPONENT] * psi + frame[LOG_C]
    e = math.exp(-abs(w))
    cos_chi = 2.0 * e / (1.0 + e * e)
    sin_chi = math.copysign((1.0 - e * e) / (1.0 + e * e), w)
    turn = lon_deg - frame[LON0]
    turn -= 360.0 * math.floor(turn / 360.0 + 0.5)
    lam = frame[EXPONENT] * math.radians(turn)
    return sin_chi, cos_chi, math.sin(lam), math.cos(lam)


@njit(cache=True, nogil=True, error_model="numpy")
def to_plane(
    lat_deg: FloatColumn,
    lon_deg: FloatColumn,
    frame: FloatColumn,
    east_m: FloatColumn,
    north_m: FloatColumn,
) -> None:
    """Fill `east_m` and `north_m`; NaN where the latitude is none."""
    s0, c0 = frame[SIN_CHI0], frame[COS_CHI0]
    for i in range(lat_deg.size):
        if not abs(lat_deg[i]) <= 90.0 or not abs(lon_deg[i]) < math.inf:
            east_m[i] = math.nan
            north_m[i] = math.nan
            continue
        s, c, sin_lam, cos_lam = sphere(lat_deg[i], lon_deg[i], frame)
        stretch = frame[DIAMETER] / (1.0 + s * s0 + c * c0 * cos_lam)
        east_m[i] = stretch * c * sin_lam
        north_m[i] = stretch * (s * c0 - c * s0 * cos_lam)


@njit(cache=True, nogil=True, error_model="numpy")
def to_geodetic(
    east_m: FloatColumn,
    north_m: FloatColumn,
    frame: FloatColumn,
    lat_deg: FloatColumn,
    lon_deg: FloatColumn,
) -> None:
    """Fill `lat_deg` and `lon_deg` (in [-180, 180)); NaN where the plane position is none."""
    s0, c0 = frame[SIN_CHI0], frame[COS_CHI0]
    for i in range(east_m.size):
        x = east_m[i] / frame[DIAMETER]
        y = north_m[i] / frame[DIAMETER]
        square = x * x + y * y
        if not square < 1e300:
            lat_deg[i] = math.nan
            lon_deg[i] = math.nan
            continue
        # The point on the unit sphere, first with the centre as pole, then turned upright.
        factor = 2.0 / (1.0 + square)
        up = factor - 1.0
        eastward = factor * x
        outward = up * c0 - factor * y * s0
        sin_chi = up * s0 + factor * y * c0
        cos_chi = math.sqrt(eastward * eastward + outward * outward)
        w = math.copysign(math.log((1.0 + abs(sin_chi)) / cos_chi), sin_chi)
        psi = (w - frame[LOG_C]) / frame[EXPONENT]
        e = math.exp(-abs(psi))
        cos_c = 2.0 * e / (1.0 + e * e)
        sin_c = math.copysign((1.0 - e * e) / (1.0 + e * e), psi)
        lat_deg[i] = math.degrees(math.atan2(sin_c, cos_c) + _latitude_excess(sin_c, cos_c))
        lon = frame[LON0] + math.degrees(math.atan2(eastward, outward)) / frame[EXPONENT]
        lon_deg[i] = lon - 360.0 * math.floor((lon + 180.0) / 360.0)


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _latitude_excess(sin_c: float, cos_c: float) -> float:
    """Geographic minus conformal latitude in radians, by Clenshaw summation of the series."""
    two_cos = 2.0 * (cos_c - sin_c) * (cos_c + sin_c)
    b6 = _C6
    b5 = _C5 + two_cos * b6
    b4 = _C4 + two_cos * b5 - b6
    b3 = _C3 + two_cos * b4 - b5
    b2 = _C2 + two_cos * b3 - b4
    b1 = _C1 + two_cos * b2 - b3
    return 2.0 * sin_c * cos_c * b1


@njit(cache=True, nogil=True, error_model="numpy")
def factors(
    lat_deg: FloatColumn,
    lon_deg: FloatColumn,
    frame: FloatColumn,
    scale: FloatColumn,
    convergence_deg: FloatColumn,
) -> None:
    """Fill the point scale, and what is added to a plane azimuth to make it true."""
    s0, c0 = frame[SIN_CHI0], frame[COS_CHI0]
    for i in range(lat_deg.size):
        if not abs(lat_deg[i]) < 90.0 or not abs(lon_deg[i]) < math.inf:
            scale[i] = math.nan
            convergence_deg[i] = math.nan
            continue
        s, c, sin_lam, cos_lam = sphere(lat_deg[i], lon_deg[i], frame)
        sine = math.sin(math.radians(lat_deg[i]))
        parallel = (
            SEMI_MAJOR_M
            * math.cos(math.radians(lat_deg[i]))
            / math.sqrt(1.0 - ECCENTRICITY_SQUARED * sine * sine)
        )
        stretch = frame[DIAMETER] / (1.0 + s * s0 + c * c0 * cos_lam)
        scale[i] = frame[EXPONENT] * c * stretch / parallel
        convergence_deg[i] = math.degrees(
            math.atan2(sin_lam * (s + s0), c * c0 + (1.0 + s * s0) * cos_lam)
        )


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def sphere_distance(x1: float, y1: float, x2: float, y2: float, diameter: float) -> float:
    """Metres along the conformal sphere between two plane positions (closed form)."""
    u1, v1, u2, v2 = x1 / diameter, y1 / diameter, x2 / diameter, y2 / diameter
    du, dv = u2 - u1, v2 - v1
    chord2 = (du * du + dv * dv) / ((1.0 + u1 * u1 + v1 * v1) * (1.0 + u2 * u2 + v2 * v2))
    return diameter * math.asin(min(1.0, math.sqrt(chord2)))


@njit(cache=True, nogil=True, error_model="numpy")
def sphere_distances(
    x1: FloatColumn, y1: FloatColumn, x2: FloatColumn, y2: FloatColumn, diameter: float
) -> FloatColumn:
    """`sphere_distance` over arrays of one length."""
    out = np.empty(x1.size)
    for i in range(x1.size):
        out[i] = sphere_distance(x1[i], y1[i], x2[i], y2[i], diameter)
    return out
