"""What may have become of an object that is lost: airborne, left, down, or never real.

The model `simple-1`, until search is built. Of a real object:

- it flies on from where it was measured last, straight but for an error of course and speed that
  grows (`SPREAD`, and the manoeuvres of the rules), along a fixed set of paths;
- one loss in `1 / ENDED_AT_LOSS` is the end of the flight; otherwise what is left of it is any
  part of the endurance of an object of that speed, its class unknown;
- a path that crosses the home border outwards has left; one that ends abroad counts as left, too;
- what people report, and the silence of sensors, is not used.

So P(airborne) never rises while nothing measures it.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from skypicket.assessment.samples import Paths, gaussian_set, sample_paths
from skypicket.assessment.table import Rows
from skypicket.domain.noun import Column, FloatColumn
from skypicket.physics.airframes import AIRFRAMES

MODEL = "simple-1"
MODEL_TEXT = (
    "A simple model: it flies on as it was measured last, with course and speed uncertain by a "
    "tenth and more with time; one loss in five is the end of the flight, else it flies for what "
    "may be left of the endurance of objects so fast, class unknown; what comes down abroad counts "
    "as left; reports and the silence of sensors are not used."
)
ENDED_AT_LOSS = 0.2  # assumed: of lost objects, those that came down just then
SPREAD = 0.1  # of the speed, along and across the course: about 6 degrees
LEAST_SPREAD_MPS = 3.0
PLACE_SIGMA_M = 300.0  # of where it was measured last, radar and acoustic nodes alike
SPEED_FIT = 0.3  # an airframe fits if its usual speeds, stretched by so much, hold the measured one
PATHS = 64
STEP_S = 60.0  # how finely the paths are followed for border crossings
REACH_S = 14_400.0  # and how far; later crossings are not counted
_FLYING = ("gerbera", "shahed", "quadcopter", "balloon", "light_aircraft")
_DRIFT_MPS = 25.0  # the wind that carries what has no speed of its own

Inside = Callable[[FloatColumn, FloatColumn], Column]
_PLACE = ("east", "north", "v_east", "v_north")
_ERROR = ("s_east", "s_north", "corr", "s_ve", "s_vn")
MOTION = np.dtype([(name, "<f8") for name in (*_PLACE, *_ERROR)])


class Passage(NamedTuple):
    """When each path is first inside home, and when it leaves after that, seconds after the start.

    Both (n, paths); infinite where it never does within `REACH_S`.
    """

    enter_s: FloatColumn
    leave_s: FloatColumn


class Fate(NamedTuple):
    """Per object, (n,); the four sum to 1."""

    p_airborne: FloatColumn
    p_left: FloatColumn
    p_down: FloatColumn
    p_never_real: FloatColumn


def lost_motion(
    place: tuple[FloatColumn, FloatColumn], velocity: tuple[FloatColumn, FloatColumn]
) -> Rows:
    """Rows to fly on from where objects were measured last, in the theatre plane; each (n,).

    >>> rows = lost_motion((np.zeros(1), np.zeros(1)), (np.array([40.0]), np.array([0.0])))
    >>> float(rows["s_ve"][0]), float(rows["s_east"][0])
    (4.0, 300.0)
    """
    rows = np.zeros(len(place[0]), dtype=MOTION)
    rows["east"], rows["north"] = place
    rows["v_east"], rows["v_north"] = velocity
    rows["s_east"] = rows["s_north"] = PLACE_SIGMA_M
    spread = np.maximum(SPREAD * np.hypot(*velocity), LEAST_SPREAD_MPS)
    rows["s_ve"] = rows["s_vn"] = spread
    return rows


def fly_on(rows: Rows, manoeuvre_m2ps3: float) -> Paths:
    """The paths of the model, (n, PATHS); the same for the same rows."""
    return sample_paths(rows, _POINTS, manoeuvre_m2ps3)


def follow(paths: Paths, inside: Inside, step_s: float = STEP_S) -> Passage:
    """When the paths enter and leave home, to `step_s`; `inside` answers for flat columns."""
    times = np.arange(0.0, REACH_S + step_s, step_s)
    east, north = (
        values.reshape(*paths.east_m.shape, len(times)) for values in _places(paths, times)
    )
    within = inside(east.reshape(-1), north.reshape(-1)).reshape(east.shape)
    first = np.argmax(within, axis=-1)
    never = ~within.any(axis=-1)
    after = np.cumsum(within, axis=-1) > 0
    out = after & ~within
    gone = np.argmax(out, axis=-1)
    enter = np.where(never, np.inf, times[first])
    return Passage(enter, np.where(out.any(axis=-1), times[gone], np.inf))


def fate(
    existence: FloatColumn, speed_mps: FloatColumn, since_s: FloatColumn, passage: Passage
) -> Fate:
    """What may have become of objects that were lost, `since_s` after they were measured last.

    `existence` is P(real) as it was then. All (n,), the passage (n, paths).
    """
    weights = class_weights(speed_mps)
    each = weights[:, None, :]
    since, leave = np.maximum(since_s, 0.0)[:, None], passage.leave_s
    entered = still_flying(np.minimum(since, passage.enter_s), each)
    flew_on = still_flying(np.minimum(since, leave), each)
    gone = since >= leave
    parts = (
        np.where(gone, 0.0, flew_on),  # airborne
        1.0 - entered + np.where(gone, flew_on, 0.0),  # ended abroad, or flew out
        entered - flew_on,  # ended inside
    )
    airborne, left, down = (existence * part.mean(axis=1) for part in parts)
    return Fate(airborne, left, down, 1.0 - existence)


def flying_fate(existence: FloatColumn) -> Fate:
    """What is measured now is airborne, if it is real; (n,)."""
    nothing = np.zeros_like(existence)
    return Fate(existence, nothing, nothing.copy(), 1.0 - existence)


def class_weights(speed_mps: FloatColumn) -> FloatColumn:
    """How much each airframe counts for an object of that speed, (n, classes), summing to 1.

    All count alike whose usual speeds fit; where none does, all.
    """
    speed = np.asarray(speed_mps, dtype=np.float64)[:, None]
    fits = (speed >= _SLOWEST * (1 - SPEED_FIT)) & (speed <= _FASTEST * (1 + SPEED_FIT))
    fits[~fits.any(axis=1)] = True
    weights: FloatColumn = fits / fits.sum(axis=1, keepdims=True)
    return weights


def still_flying(after_s: FloatColumn, weights: FloatColumn) -> FloatColumn:
    """P(a real object still flies so long after it was measured last); 1 at the moment itself.

    `weights` has the classes on its last axis and otherwise broadcasts with `after_s`. At the loss
    an object has spent any part of its endurance, all parts alike; endurances are uniform between
    the bounds of the airframe.
    """
    time = np.clip(np.asarray(after_s, dtype=np.float64), 0.0, _GRID_S[-1])[..., None]
    row = np.minimum((time / _GRID_STEP_S).astype(np.int64), len(_GRID_S) - 2)
    part = time / _GRID_STEP_S - row
    classes = np.arange(_SURVIVAL.shape[0])
    low, high = _SURVIVAL[classes, row], _SURVIVAL[classes, row + 1]
    rest = (weights * (low + part * (high - low))).sum(axis=-1)
    aloft: FloatColumn = np.where(time[..., 0] > 0, (1 - ENDED_AT_LOSS) * rest, 1.0)
    return aloft


def _places(paths: Paths, times: FloatColumn) -> tuple[FloatColumn, FloatColumn]:
    deep = Paths(*(part[..., None] for part in paths))
    return deep.at(times)


def _survival(bounds_h: tuple[float, float], times_s: FloatColumn) -> FloatColumn:
    """P(what is left of the flight is longer), averaged over endurances between the bounds."""
    endurance = 3_600.0 * np.linspace(*bounds_h, 33)[:, None]
    survival: FloatColumn = np.maximum(1 - times_s / endurance, 0.0).mean(axis=0)
    return survival


_POINTS = gaussian_set(PATHS)
_CLASSES = [AIRFRAMES[name] for name in _FLYING]
_SLOWEST = np.array([one.speed_mps.bounds[0] for one in _CLASSES])
_FASTEST = np.array([max(one.speed_mps.bounds[1], _DRIFT_MPS) for one in _CLASSES])
_GRID_STEP_S = 60.0
_GRID_S = np.arange(0.0, 3_600.0 * 16, _GRID_STEP_S)
_SURVIVAL = np.stack([_survival(one.endurance_h.bounds, _GRID_S) for one in _CLASSES])
