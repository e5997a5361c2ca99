"""How a measurement differs from what a track predicts, and what it teaches."""

import math

from numba import njit

from skypicket.tracking._kernels.tables import Floats

_LOG_FULL_TURN = math.log(2.0 * math.pi)
_HALF_TURN = math.pi
_FULL_TURN = 2.0 * math.pi
_LEAST_VARIANCE = 1e-9


@njit(cache=True, nogil=True)
def turned(angle_rad: float) -> float:
    """The angle brought into [-pi, pi)."""
    return (angle_rad + _HALF_TURN) % _FULL_TURN - _HALF_TURN


@njit(cache=True, nogil=True)
def by_place(
    state: Floats,
    covariance: Floats,
    place: Floats,
    noise: Floats,
    dims: int,
    dt_s: float,
    widened: float,
    nu: Floats,
    cross: Floats,
    root: Floats,
) -> float:
    """Fill nu (3), cross = P H' (6, 3), root = lower Cholesky factor of S; return sqrt|S| of it.

    A place of `dims` coordinates, 2 or 3, measured `dt_s` after the state: H = (1, dt_s). `noise`
    (6) is ee, en, nn, eu, nu, uu and counts `widened` times.
    """
    for k in range(dims):
        nu[k] = place[k] - state[k] - dt_s * state[k + 3]
        for r in range(6):
            cross[r, k] = covariance[r, k] + dt_s * covariance[r, k + 3]
    s00 = cross[0, 0] + dt_s * cross[3, 0] + widened * noise[0]
    s10 = cross[1, 0] + dt_s * cross[4, 0] + widened * noise[1]
    s11 = cross[1, 1] + dt_s * cross[4, 1] + widened * noise[2]
    root[0, 0] = math.sqrt(max(s00, _LEAST_VARIANCE))
    root[1, 0] = s10 / root[0, 0]
    root[1, 1] = math.sqrt(max(s11 - root[1, 0] * root[1, 0], _LEAST_VARIANCE))
    size = root[0, 0] * root[1, 1]
    if dims == 3:
        s20 = cross[2, 0] + dt_s * cross[5, 0] + widened * noise[3]
        s21 = cross[2, 1] + dt_s * cross[5, 1] + widened * noise[4]
        s22 = cross[2, 2] + dt_s * cross[5, 2] + widened * noise[5]
        root[2, 0] = s20 / root[0, 0]
        root[2, 1] = (s21 - root[2, 0] * root[1, 0]) / root[1, 1]
        left = s22 - root[2, 0] * root[2, 0] - root[2, 1] * root[2, 1]
        root[2, 2] = math.sqrt(max(left, _LEAST_VARIANCE))
        size *= root[2, 2]
    return size


@njit(cache=True, nogil=True)
def by_bearing(
    state: Floats,
    covariance: Floats,
    azimuth_rad: float,
    variance_rad2: float,
    east_m: float,
    north_m: float,
    dt_s: float,
    nu: Floats,
    cross: Floats,
    root: Floats,
) -> float:
    """As `by_place`, of an azimuth in the plane seen from a sensor's place.

    It is measured across the line of sight, in metres at the track's range; what is returned is
    in radians, as the false alarms of bearings are a density over the angle.
    """
    de = state[0] + dt_s * state[3] - east_m
    dn = state[1] + dt_s * state[4] - north_m
    distance = max(math.sqrt(de * de + dn * dn), 1.0)
    along_east, along_north = dn / distance, -de / distance
    nu[0] = turned(azimuth_rad - math.atan2(de, dn)) * distance
    for r in range(6):
        cross[r, 0] = along_east * (covariance[r, 0] + dt_s * covariance[r, 3])
        cross[r, 0] += along_north * (covariance[r, 1] + dt_s * covariance[r, 4])
    variance = along_east * (cross[0, 0] + dt_s * cross[3, 0])
    variance += along_north * (cross[1, 0] + dt_s * cross[4, 0])
    variance += variance_rad2 * distance * distance
    root[0, 0] = math.sqrt(max(variance, _LEAST_VARIANCE))
    return root[0, 0] / distance


@njit(cache=True, nogil=True)
def density(dims: int, size: float, d2: float, sigma_alt_m: float) -> float:
    """Likelihood of a measurement at squared distance `d2`, per rad or per m².

    False alarms are a density per m²; over heights they are taken to spread like new objects,
    with `sigma_alt_m`, so that a third dimension counts relative to that.
    """
    turns = 0.5 if dims == 1 else 1.0
    if dims == 3:
        size /= sigma_alt_m
    return math.exp(-0.5 * d2 - turns * _LOG_FULL_TURN) / size


@njit(cache=True, nogil=True)
def distance2(dims: int, nu: Floats, root: Floats) -> float:
    """Squared Mahalanobis distance; `nu` becomes root^-1 nu."""
    d2 = 0.0
    for k in range(dims):
        for m in range(k):
            nu[k] -= root[k, m] * nu[m]
        nu[k] /= root[k, k]
        d2 += nu[k] * nu[k]
    return d2


@njit(cache=True, nogil=True)
def learn(
    share: float,
    dims: int,
    nu: Floats,
    cross: Floats,
    root: Floats,
    shift: Floats,
    mean: Floats,
    spread: Floats,
) -> None:
    """Add one hypothesis of weight `share` to the shift (6) and spread (6, 6) of a mixture.

    `nu` is already root^-1 nu; `cross` becomes cross root^-T, `shift` what the measurement alone
    would move. Only the upper triangle of `spread` is filled.
    """
    for r in range(6):
        shift[r] = 0.0
        for k in range(dims):
            for m in range(k):
                cross[r, k] -= root[k, m] * cross[r, m]
            cross[r, k] /= root[k, k]
            shift[r] += cross[r, k] * nu[k]
        mean[r] += share * shift[r]
    for r in range(6):
        for c in range(r, 6):
            gain = shift[r] * shift[c]
            for k in range(dims):
                gain -= cross[r, k] * cross[c, k]
            spread[r, c] += share * gain
