"""P(detect) and signal-to-noise ratio point by point. Division by zero gives infinity."""

import math

from numba import njit

from skypicket.domain.noun import FloatColumn

EARTH_RADIUS_M = 6_371_000.0
EFFECTIVE_RADIUS_M = 4.0 / 3.0 * EARTH_RADIUS_M  # ITU-R P.834: the standard atmosphere bends rays

# Indices into the constants of one sensor.
MODEL, MIN_RANGE, MAX_RANGE, GROUND, MAST = 0, 1, 2, 3, 4
FIRST, SECOND, THIRD = 5, 6, 7
EAST, NORTH, DIAMETER, LENGTH = 8, 9, 10, 11  # plane position; that of the frame's sphere
# MODEL: what FIRST, SECOND and THIRD are then.
CONSTANT = 0.0  # probability
RADAR = 1.0  # SNR at the anchor, anchor slant range, ln(Pfa)
ACOUSTIC = 2.0  # source level minus noise in dB, absorption in dB per metre


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def ground_range_m(east_m: float, north_m: float, sensor: FloatColumn) -> float:
    """Metres along the conformal sphere of the theatre plane (`TheatreFrame.distance_m`)."""
    u1, v1 = sensor[EAST] / sensor[DIAMETER], sensor[NORTH] / sensor[DIAMETER]
    u2, v2 = east_m / sensor[DIAMETER], north_m / sensor[DIAMETER]
    du, dv = u2 - u1, v2 - v1
    chord2 = (du * du + dv * dv) / ((1.0 + u1 * u1 + v1 * v1) * (1.0 + u2 * u2 + v2 * v2))
    chord2 = min(chord2, 1.0)  # against rounding; in this order a NaN passes
    return float(sensor[DIAMETER] * math.asin(math.sqrt(chord2)))


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def slant_m(ground_m: float, from_m: float, to_m: float) -> float:
    """Straight distance between two heights `ground_m` apart along a round earth."""
    rise = to_m - from_m
    half = math.sin(0.5 * ground_m / EARTH_RADIUS_M)
    return math.sqrt(
        rise * rise + 4.0 * (EARTH_RADIUS_M + from_m) * (EARTH_RADIUS_M + to_m) * half * half
    )


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def lowest_visible_m(ground_m: float, antenna_m: float) -> float:
    """Height above the antenna's ground below which the round earth hides an object."""
    beyond = ground_m - math.sqrt(2.0 * EFFECTIVE_RADIUS_M * antenna_m)
    if beyond <= 0.0:
        return 0.0
    return beyond * beyond / (2.0 * EFFECTIVE_RADIUS_M)


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _edge(clearance_m: float, width_m: float) -> float:
    """0 below -width, 1 above +width, smooth between."""
    x = 0.5 + 0.5 * clearance_m / width_m
    if x <= 0.0:
        return 0.0
    if x >= 1.0:
        return 1.0
    return x * x * (3.0 - 2.0 * x)


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _snr(ground_m: float, alt_m: float, strength: float, sensor: FloatColumn) -> float:
    """Radar: the ratio itself; acoustic: dB. `strength` is RCS over the anchor's, or extra dB."""
    distance = slant_m(ground_m, sensor[GROUND] + sensor[MAST], alt_m)
    if sensor[MODEL] == RADAR:
        near = sensor[SECOND] / distance
        return float(sensor[FIRST] * strength * near * near * near * near)
    metres = max(distance, 1.0)
    return float(sensor[FIRST] + strength - 20.0 * math.log10(metres) - sensor[SECOND] * metres)


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _one(
    ground_m: float, alt_m: float, strength: float, sensor: FloatColumn, shape: FloatColumn
) -> float:
    snr = _snr(ground_m, alt_m, strength, sensor)
    if sensor[MODEL] == RADAR:
        lowest = lowest_visible_m(ground_m, sensor[MAST])
        seen = 1.0
        if lowest > 0.0:  # narrower near by, so that nothing jumps where the hidden part begins
            seen = _edge(alt_m - sensor[GROUND] - lowest, min(shape[0], lowest))
        return float(seen * math.exp(sensor[THIRD] / (1.0 + snr)))
    return 0.5 * math.erfc((shape[1] - snr) / (shape[2] * math.sqrt(2.0)))


@njit(cache=True, nogil=True, error_model="numpy")
def probabilities(
    looks: FloatColumn,
    sensor: FloatColumn,
    shape: FloatColumn,
    heights_m: FloatColumn,
    out: FloatColumn,
) -> None:
    """Fill P(detect) of `looks` (4, n): east, north, altitude (NaN: unknown), strength.

    `shape`: width of the horizon's edge in m, threshold and spread of hearing in dB.
    """
    for i in range(out.size):
        ground = ground_range_m(looks[0, i], looks[1, i], sensor)
        alt, strength = looks[2, i], looks[3, i]
        if math.isnan(ground):
            out[i] = math.nan
        elif ground < sensor[MIN_RANGE] or ground > sensor[MAX_RANGE]:
            out[i] = 0.0
        elif sensor[MODEL] == CONSTANT:
            out[i] = sensor[FIRST]
        elif math.isnan(alt):
            total = 0.0
            for height in heights_m:
                total += _one(ground, sensor[GROUND] + height, strength, sensor, shape)
            out[i] = total / heights_m.size
        else:
            out[i] = _one(ground, alt, strength, sensor, shape)


@njit(cache=True, nogil=True, error_model="numpy")
def signal_to_noise_db(looks: FloatColumn, sensor: FloatColumn, out: FloatColumn) -> None:
    """Fill the signal-to-noise ratio in dB; NaN where the model knows none, or no height."""
    for i in range(out.size):
        if sensor[MODEL] == CONSTANT:
            out[i] = math.nan
        else:
            ground = ground_range_m(looks[0, i], looks[1, i], sensor)
            snr = _snr(ground, looks[2, i], looks[3, i], sensor)
            out[i] = 10.0 * math.log10(snr) if sensor[MODEL] == RADAR else snr
