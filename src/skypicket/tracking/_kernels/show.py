"""Tracks as they are shown: extrapolated to a time, with the state that follows from it."""

import math

import numpy as np
from numba import njit

from skypicket.tracking._kernels.motion import predict
from skypicket.tracking._kernels.tables import (
    CONFIRMED,
    FREE,
    MODES,
    MOVING,
    SECOND_NS,
    TENTATIVE,
    Floats,
    Ints,
    Knobs,
    Modes,
    Small,
    Tracks,
)

_MISSED_LOOKS = 2  # in a row, from which a confirmed track coasts
# Values of skypicket.domain.tracks.TrackState.
SHOWN_TENTATIVE, SHOWN_CONFIRMED, SHOWN_COASTING, SHOWN_LOST = 0, 1, 2, 3
# Columns of what `extrapolated` gives.
EAST, NORTH, UP, EAST_MPS, NORTH_MPS, UP_MPS = 0, 1, 2, 3, 4, 5
VAR_EAST, VAR_NORTH, VAR_UP, VAR_EAST_MPS, VAR_NORTH_MPS = 6, 7, 8, 9, 10
COVARIANCE, COVARIANCE_MPS = 11, 12
CROSS = 13  # of the east and north errors with each of those of the velocities: ee, en, ne, nn
WIDTH = 17


@njit(cache=True, nogil=True)
def shown(
    tracks: Tracks, rows: Ints, time_ns: int, least: float, keep_lost_s: float
) -> tuple[Ints, Small]:
    """Those of the rows that are shown at a time, and their states.

    Tentative tracks are shown from the existence `least` on; a confirmed one that is less probable
    is shown as tentative, until it is lost or seen again.
    """
    life, existence, missed = tracks.life, tracks.existence, tracks.missed
    out = np.empty(rows.size, dtype=np.int64)
    states = np.empty(rows.size, dtype=np.int8)
    count = 0
    for i in rows:
        age_s = (time_ns - tracks.support_ns[i]) / SECOND_NS
        over_s = age_s - tracks.patience_s[i]
        if life[i] == FREE or (over_s > 0 and life[i] == TENTATIVE) or over_s > keep_lost_s:
            continue
        if life[i] == TENTATIVE:
            if existence[i] < least:
                continue
            state = SHOWN_TENTATIVE
        elif life[i] != CONFIRMED or over_s > 0:
            state = SHOWN_LOST
        elif existence[i] < least:
            state = SHOWN_TENTATIVE
        elif missed[i] >= _MISSED_LOOKS or age_s > tracks.coast_s[i]:
            state = SHOWN_COASTING
        else:
            state = SHOWN_CONFIRMED
        out[count], states[count] = i, state
        count += 1
    return out[:count].copy(), states[:count].copy()


@njit(cache=True, nogil=True)
def extrapolated(tracks: Tracks, rows: Ints, time_ns: int, knobs: Knobs) -> Floats:
    """State and error of the rows at a time, (n, WIDTH) in the plane; the table stays as it is."""
    out = np.empty((rows.size, WIDTH))
    state, covariance = np.empty(6), np.empty((6, 6))
    for n in range(rows.size):
        i = rows[n]
        state[:] = tracks.state[i]
        covariance[:] = tracks.covariance[i]
        predict(state, covariance, (time_ns - tracks.time_ns[i]) / SECOND_NS, knobs.q, knobs.q_up)
        out[n, :6] = state
        out[n, VAR_EAST], out[n, COVARIANCE] = covariance[0, 0], covariance[0, 1]
        out[n, VAR_NORTH], out[n, VAR_UP] = covariance[1, 1], covariance[2, 2]
        out[n, VAR_EAST_MPS], out[n, COVARIANCE_MPS] = covariance[3, 3], covariance[3, 4]
        out[n, VAR_NORTH_MPS] = covariance[4, 4]
        for k in range(4):
            out[n, CROSS + k] = covariance[k // 2, 3 + k % 2]
        if not tracks.has_height[i]:
            out[n, UP] = np.nan
            out[n, VAR_UP] = np.nan
    return out


@njit(cache=True, nogil=True)
def turn_to_true(values: Floats, convergence_deg: Floats) -> None:
    """Turn velocities and errors from the plane's axes to true east and north, in place."""
    for n in range(values.shape[0]):
        angle = math.radians(convergence_deg[n])
        c, s = math.cos(angle), math.sin(angle)
        row = values[n]
        east, north = row[EAST_MPS], row[NORTH_MPS]
        row[EAST_MPS], row[NORTH_MPS] = c * east + s * north, c * north - s * east
        for k in range(2):  # of the position, of the velocity
            first = VAR_EAST if k == 0 else VAR_EAST_MPS
            ee, nn, en = row[first], row[first + 1], row[COVARIANCE + k]
            row[first] = c * c * ee + 2.0 * c * s * en + s * s * nn
            row[first + 1] = s * s * ee - 2.0 * c * s * en + c * c * nn
            row[COVARIANCE + k] = (c * c - s * s) * en + c * s * (nn - ee)
        ee, en, ne, nn = row[CROSS], row[CROSS + 1], row[CROSS + 2], row[CROSS + 3]
        row[CROSS] = c * c * ee + c * s * (en + ne) + s * s * nn
        row[CROSS + 1] = c * c * en + c * s * (nn - ee) - s * s * ne
        row[CROSS + 2] = c * c * ne + c * s * (nn - ee) - s * s * en
        row[CROSS + 3] = c * c * nn - c * s * (en + ne) + s * s * ee


@njit(cache=True, nogil=True)
def motion_correlation(values: Floats) -> Floats:
    """The column of that name, (n, 5), of what `extrapolated` gave."""
    out = np.empty((values.shape[0], 5))
    for n in range(values.shape[0]):
        row = values[n]
        for k in range(4):
            variances = row[VAR_EAST + k // 2] * row[VAR_EAST_MPS + k % 2]
            out[n, k] = row[CROSS + k] / math.sqrt(variances)
        out[n, 4] = row[COVARIANCE_MPS] / math.sqrt(row[VAR_EAST_MPS] * row[VAR_NORTH_MPS])
    return out


@njit(cache=True, nogil=True)
def believed_q(tracks: Tracks, modes: Modes, rows: Ints, knobs: Knobs) -> Floats:
    """The mean spectral density of the horizontal acceleration by how the rows move, (n,)."""
    out = np.full(rows.size, knobs.q)
    for n in range(rows.size):
        if tracks.branched[rows[n]] == MOVING:
            out[n] = 0.0
            for m in range(MODES):
                out[n] += modes.probability[rows[n], m] * knobs.mode_q[m]
    return out
