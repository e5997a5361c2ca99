"""Slow objects and balloons: said under their own rule word, for a lower level, never left out."""

import numpy as np

from skypicket.assessment.rules import Rules
from skypicket.assessment.table import Rows
from skypicket.domain.noun import Column

SLOW = "_slow"
WINDOW_S = 60.0  # the way made good is measured over one to two of these
YOUNG_S = 20.0  # and means nothing over less than this
SURE_SIGMAS = 3.0
WAY_SIGMAS = 2.0


def measure_pace(rows: Rows, rules: Rules) -> None:
    """Settle for each track whether it is slow, or drifts as a balloon does; writes `slow`.

    A track is fast if the way that it made good says so beyond its errors, or if its velocity
    does: slow tracks have noisy velocities, and what circles makes little way. Very young tracks
    count by their velocity as it is. An object whose height was not measured is no balloon.
    """
    renew = rows["at_ns"] - rows["later_ns"] >= WINDOW_S * 1e9
    first = rows["later_ns"] == 0
    for name, place in (("ns", "at_ns"), ("east", "east"), ("north", "north")):
        rows[f"then_{name}"][renew] = rows[f"later_{name}"][renew]
        rows[f"later_{name}"][renew] = rows[place][renew]
        rows[f"then_{name}"][first] = rows[place][first]
    span_s = (rows["at_ns"] - rows["then_ns"]) / 1e9
    way = np.hypot(rows["east"] - rows["then_east"], rows["north"] - rows["then_north"])
    error = WAY_SIGMAS * np.hypot(rows["s_east"], rows["s_north"])
    speed = np.hypot(rows["v_east"], rows["v_north"])
    surely = speed - SURE_SIGMAS * np.hypot(rows["s_ve"], rows["s_vn"]) / np.sqrt(2.0)
    made_good = np.where(span_s >= YOUNG_S, (way - error) / np.maximum(span_s, 1.0), speed)
    pace = np.maximum(made_good, surely)
    drifts = (pace < rules.drift_mps) & (rows["amsl"] > rules.drift_above_amsl_m)
    rows["slow"] = (pace < rules.slow_mps) | drifts


def may_be_said(tracks: Rows, rules: Rules) -> Column:
    """Whether each track was followed long enough to be spoken of, (n,) bool.

    Slow ones for `slow_age_s`; those that only may be fast until their way shows it.
    """
    age_s = (tracks["seen_ns"] - tracks["first_ns"]) / 1e9
    speed = np.hypot(tracks["v_east"], tracks["v_north"])
    sigma = np.hypot(tracks["s_ve"], tracks["s_vn"]) / np.sqrt(2.0)
    clear = speed - SURE_SIGMAS * sigma >= rules.slow_mps
    wait_s = np.where(tracks["slow"] == 1, rules.slow_age_s, np.where(clear, 0.0, YOUNG_S))
    ready: Column = age_s >= wait_s
    return ready
