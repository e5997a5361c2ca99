"""Slow objects and balloons: said under their own rule word, for a lower level, never left out."""

import numpy as np

from skypicket.assessment.rules import Rules
from skypicket.assessment.table import Rows
from skypicket.domain.noun import Column

SLOW = "_slow"


def is_slow(tracks: Rows, rules: Rules) -> Column:
    """Whether each track is slow, or drifts as a balloon does, (n,) bool.

    An object whose height was not measured never counts as a balloon.
    """
    speed = np.hypot(tracks["v_east"], tracks["v_north"])
    drifts = (speed < rules.drift_mps) & (tracks["amsl"] > rules.drift_above_amsl_m)
    slow: Column = (speed < rules.slow_mps) | drifts
    return slow


def may_be_said(tracks: Rows, rules: Rules) -> Column:
    """Whether each track was followed long enough to be spoken of, (n,) bool."""
    age_s = (tracks["seen_ns"] - tracks["first_ns"]) / 1e9
    ready: Column = ~is_slow(tracks, rules) | (age_s >= rules.slow_age_s)
    return ready
