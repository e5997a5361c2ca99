"""How a measurement differs from what a track predicts, and what it teaches."""

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from skypicket.tracking._kernels.tables import Floats

_LOG_FULL_TURN = math.log(2.0 * math.pi)
_HALF_TURN = math.pi
_FULL_TURN = 2.0 * math.pi
_LEAST_VARIANCE = 1e-9
_FARTHEST = 2.5
_TEACHES_NOTHING = 1e30  # as a standard deviation
BEARING = 1  # dimensions of a row that only tells a direction


class Room(NamedTuple):
    """Room to compute in: the difference, the Cholesky factor of its covariance, P H', moments."""

    nu: Floats  # (4,)
    root: Floats  # (4, 4)
    cross: Floats  # (6, 4)
    shift: Floats  # (6,)
    mean: Floats  # (6,)
    spread: Floats  # (6, 6)


@njit(cache=True, nogil=True)
def room() -> Room:
    """New room."""
    return Room(
        np.empty(4), np.empty((4, 4)), np.empty((6, 4)),
        np.empty(6), np.empty(6), np.empty((6, 6)),
    )  # fmt: skip


@njit(cache=True, nogil=True)
def turned(angle_rad: float) -> float:
    """The angle brought into [-pi, pi)."""
    return (angle_rad + _HALF_TURN) % _FULL_TURN - _HALF_TURN


@njit(cache=True, nogil=True)
def differ(
    state: Floats,
    covariance: Floats,
    place: Floats,
    noise: Floats,
    dims: int,
    east_m: float,
    north_m: float,
    dt_s: float,
    widened: float,
    nu: Floats,
    root: Floats,
) -> float:
    """Fill nu with root^-1 (z - h) and root with the lower Cholesky factor of S; sqrt|S| of it.

    The measurement is of a place of `dims` coordinates, or a bearing from a sensor at `east_m`,
    `north_m`, and was made `dt_s` after the state: H = (1, dt_s). The noise counts `widened` times.
    A bearing is measured across the line of sight, in metres at the track's range; what is returned
    is in radians then, as the false alarms of bearings are a density over the angle.
    """
    if dims == BEARING:
        de = state[0] + dt_s * state[3] - east_m
        dn = state[1] + dt_s * state[4] - north_m
        distance = max(math.sqrt(de * de + dn * dn), 1.0)
        along_east, along_north = dn / distance, -de / distance
        variance = along_east * along_east * _moved(covariance, 0, 0, dt_s)
        variance += 2.0 * along_east * along_north * _moved(covariance, 0, 1, dt_s)
        variance += along_north * along_north * _moved(covariance, 1, 1, dt_s)
        variance += noise[0] * distance * distance
        root[0, 0] = math.sqrt(max(variance, _LEAST_VARIANCE))
        nu[0] = turned(place[0] - math.atan2(de, dn)) * distance / root[0, 0]
        return root[0, 0] / distance
    s00 = _moved(covariance, 0, 0, dt_s) + widened * noise[0]
    s10 = _moved(covariance, 0, 1, dt_s) + widened * noise[1]
    s11 = _moved(covariance, 1, 1, dt_s) + widened * noise[2]
    root[0, 0] = math.sqrt(max(s00, _LEAST_VARIANCE))
    root[1, 0] = s10 / root[0, 0]
    root[1, 1] = math.sqrt(max(s11 - root[1, 0] * root[1, 0], _LEAST_VARIANCE))
    nu[0] = (place[0] - state[0] - dt_s * state[3]) / root[0, 0]
    nu[1] = (place[1] - state[1] - dt_s * state[4] - root[1, 0] * nu[0]) / root[1, 1]
    size = root[0, 0] * root[1, 1]
    if dims == 3:
        s20 = _moved(covariance, 0, 2, dt_s) + widened * noise[3]
        s21 = _moved(covariance, 1, 2, dt_s) + widened * noise[4]
        s22 = _moved(covariance, 2, 2, dt_s) + widened * noise[5]
        root[2, 0] = s20 / root[0, 0]
        root[2, 1] = (s21 - root[2, 0] * root[1, 0]) / root[1, 1]
        left = s22 - root[2, 0] * root[2, 0] - root[2, 1] * root[2, 1]
        root[2, 2] = math.sqrt(max(left, _LEAST_VARIANCE))
        nu[2] = place[2] - state[2] - dt_s * state[5] - root[2, 0] * nu[0] - root[2, 1] * nu[1]
        nu[2] /= root[2, 2]
        size *= root[2, 2]
    if not math.isnan(place[3]):
        size *= _range_rate(
            state, covariance, place, noise, dims, east_m, north_m, dt_s, widened, nu, root
        )
    return size


@njit(cache=True, nogil=True)
def rank(dims: int, place: Floats) -> int:
    """How many numbers a measurement has: those of its place, and its Doppler speed if given."""
    return dims + 1 if dims > BEARING and not math.isnan(place[3]) else dims


@njit(cache=True, nogil=True)
def _away(place: Floats, east_m: float, north_m: float) -> tuple[float, float]:
    """The direction from the sensor to the measured place: east, north."""
    de, dn = place[0] - east_m, place[1] - north_m
    distance = max(math.sqrt(de * de + dn * dn), 1.0)
    return de / distance, dn / distance


@njit(cache=True, nogil=True)
def _range_rate(
    state: Floats,
    covariance: Floats,
    place: Floats,
    noise: Floats,
    dims: int,
    east_m: float,
    north_m: float,
    dt_s: float,
    widened: float,
    nu: Floats,
    root: Floats,
) -> float:
    """Fill the last of nu and of root with the Doppler speed's; its standard deviation.

    One that is too far off (ambiguous, of another echo, of rotors) counts as `_FARTHEST` standard
    deviations off, and teaches nothing.
    """
    east, north = _away(place, east_m, north_m)
    gap = place[3] - east * state[3] - north * state[4]
    left = widened * noise[6] + 2.0 * east * north * covariance[3, 4]
    left += east * east * covariance[3, 3] + north * north * covariance[4, 4]
    for k in range(dims):
        value = east * (covariance[k, 3] + dt_s * covariance[k + 3, 3])
        value += north * (covariance[k, 4] + dt_s * covariance[k + 3, 4])
        for m in range(k):
            value -= root[k, m] * root[dims, m]
        root[dims, k] = value / root[k, k]
        left -= root[dims, k] * root[dims, k]
        gap -= root[dims, k] * nu[k]
    sigma = math.sqrt(max(left, _LEAST_VARIANCE))
    root[dims, dims], nu[dims] = sigma, gap / sigma
    if abs(nu[dims]) > _FARTHEST:
        root[dims, dims], nu[dims] = _TEACHES_NOTHING, _FARTHEST
    return sigma


@njit(cache=True, nogil=True)
def _moved(covariance: Floats, i: int, j: int, dt_s: float) -> float:
    """Covariance of two coordinates of the place, `dt_s` on."""
    both = covariance[i, j + 3] + covariance[i + 3, j] + dt_s * covariance[i + 3, j + 3]
    return covariance[i, j] + dt_s * both


@njit(cache=True, nogil=True)
def square(dims: int, nu: Floats) -> float:
    """Squared Mahalanobis distance, of what `differ` filled."""
    d2 = nu[0] * nu[0]
    for k in range(1, dims):
        d2 += nu[k] * nu[k]
    return d2


@njit(cache=True, nogil=True)
def density(
    dims: int, numbers: int, size: float, d2: float, sigma_alt_m: float, sigma_mps: float
) -> float:
    """Likelihood of a measurement at squared distance `d2`, per rad or per m².

    False alarms are a density per m²; over heights and speeds they are taken to spread like new
    objects, with `sigma_alt_m` and `sigma_mps`, so that these dimensions count relative to that.
    `numbers` is the `rank` of the measurement.
    """
    if numbers > dims:
        size /= sigma_mps
    turns = 0.5 if dims == BEARING else 1.0
    if dims == 3:
        size /= sigma_alt_m
    return math.exp(-0.5 * d2 - turns * _LOG_FULL_TURN) / size


@njit(cache=True, nogil=True)
def wide_share(
    state: Floats,
    covariance: Floats,
    place: Floats,
    noise: Floats,
    dims: int,
    dt_s: float,
    widened: float,
    tail: tuple[float, float],
    nu: Floats,
    root: Floats,
) -> float:
    """P(the measurement is of the wide component | it is of this Gaussian).

    Of `tail`, the first is the part of such measurements that has a larger variance than it says,
    the second how many times larger.
    """
    share, factor = tail
    if share <= 0.0:
        return 0.0
    size = differ(state, covariance, place, noise, dims, 0.0, 0.0, dt_s, widened, nu, root)
    narrow = (1.0 - share) * math.exp(-0.5 * square(dims, nu)) / size
    size = differ(state, covariance, place, noise, dims, 0.0, 0.0, dt_s, widened * factor, nu, root)
    wide = share * math.exp(-0.5 * square(dims, nu)) / size
    return wide / (narrow + wide) if wide > 0.0 else 0.0


@njit(cache=True, nogil=True)
def gain(
    state: Floats,
    covariance: Floats,
    place: Floats,
    dims: int,
    east_m: float,
    north_m: float,
    dt_s: float,
    root: Floats,
    cross: Floats,
) -> None:
    """Fill cross (6, 4) with P H' root^-T; then cross nu is what the measurement moves."""
    if dims == BEARING:
        de = state[0] + dt_s * state[3] - east_m
        dn = state[1] + dt_s * state[4] - north_m
        distance = max(math.sqrt(de * de + dn * dn), 1.0)
        along_east, along_north = dn / distance, -de / distance
        for r in range(6):
            value = along_east * (covariance[r, 0] + dt_s * covariance[r, 3])
            value += along_north * (covariance[r, 1] + dt_s * covariance[r, 4])
            cross[r, 0] = value / root[0, 0]
        return
    east, north = _away(place, east_m, north_m)
    for r in range(6):
        for k in range(rank(dims, place)):
            if k < dims:
                value = covariance[r, k] + dt_s * covariance[r, k + 3]
            else:
                value = east * covariance[r, 3] + north * covariance[r, 4]
            for m in range(k):
                value -= root[k, m] * cross[r, m]
            cross[r, k] = value / root[k, k]


@njit(cache=True, nogil=True)
def learn(
    share: float, dims: int, nu: Floats, cross: Floats, shift: Floats, mean: Floats, spread: Floats
) -> None:
    """Add one hypothesis of weight `share` to the shift (6) and spread (6, 6) of a mixture.

    `shift` becomes what the measurement alone would move. Only the upper triangle of `spread` is
    filled.
    """
    for r in range(6):
        moved = 0.0
        for k in range(dims):
            moved += cross[r, k] * nu[k]
        shift[r] = moved
        mean[r] += share * moved
    for r in range(6):
        for c in range(r, 6):
            value = shift[r] * shift[c]
            for k in range(dims):
                value -= cross[r, k] * cross[c, k]
            spread[r, c] += share * value
