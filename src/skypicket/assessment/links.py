"""Whether a new track is a lost one: by place, velocity and height, against chance."""

import numpy as np

from skypicket.assessment.rules import Rules
from skypicket.assessment.table import Rows
from skypicket.domain.noun import Column, FloatColumn

COMES_BACK = 0.5  # probability that a lost object is tracked again within `regain_s`
MANOEUVRES = 0.2  # and that it then flies quite otherwise than before
CLIMB_MPS = 15.0  # at most, up or down
_HEIGHT_SLACK_M = 50.0


def link_probability(lost: Rows, new: Rows, rules: Rules) -> FloatColumn:
    """P(each new track is each lost one), (lost, new), each pair by itself.

    The density of the new track's place and velocity, if it is the lost object flying on (a
    nearly constant velocity, or anywhere in reach), against the density of unconnected births.
    Zero for tracks that were born before the lost one was last measured, or out of reach.
    """
    a, b = lost[:, None], new[None, :]
    dt = (b["at_ns"] - a["at_ns"]) / 1e9
    possible = (b["born_ns"] >= a["updated_ns"]) & (dt > 0) & (dt <= rules.regain_s)
    possible &= _in_reach(a, b, dt, rules) & _height_fits(a, b, dt)
    dt = np.maximum(dt, 1e-3)
    q = rules.manoeuvre_m2ps3
    ahead = _density(
        (b["east"] - a["east"] - a["v_east"] * dt, b["north"] - a["north"] - a["v_north"] * dt),
        (
            a["s_east"] ** 2 + b["s_east"] ** 2 + (a["s_ve"] * dt) ** 2 + q * dt**3 / 3,
            a["s_north"] ** 2 + b["s_north"] ** 2 + (a["s_vn"] * dt) ** 2 + q * dt**3 / 3,
        ),
    )
    ahead *= _density(
        (b["v_east"] - a["v_east"], b["v_north"] - a["v_north"]),
        (
            a["s_ve"] ** 2 + b["s_ve"] ** 2 + q * dt + 1.0,
            a["s_vn"] ** 2 + b["s_vn"] ** 2 + q * dt + 1.0,
        ),
    )
    velocities = np.pi * rules.max_speed_mps**2
    anywhere = 1.0 / (np.pi * (rules.max_speed_mps * dt) ** 2) / velocities
    same = (1 - MANOEUVRES) * ahead + MANOEUVRES * anywhere
    same *= COMES_BACK * a["exist"] / rules.regain_s
    chance = rules.births_per_10000km2_h / (1e10 * 3_600.0) / velocities
    probability: FloatColumn = np.where(possible, same / (same + chance), 0.0)
    return probability


def _in_reach(a: Rows, b: Rows, dt: FloatColumn, rules: Rules) -> Column:
    way = np.hypot(b["east"] - a["east"], b["north"] - a["north"])
    speed = np.hypot(a["v_east"], a["v_north"]) + 3 * np.hypot(a["s_ve"], a["s_vn"])
    slack = 3 * (np.hypot(a["s_east"], a["s_north"]) + np.hypot(b["s_east"], b["s_north"]))
    reach: Column = way <= np.maximum(speed, rules.max_speed_mps) * dt + slack
    return reach


def _height_fits(a: Rows, b: Rows, dt: FloatColumn) -> Column:
    """True where either height is unknown."""
    apart = np.abs(a["amsl"] - b["amsl"])
    slack = 5 * (a["s_up"] + b["s_up"] + _HEIGHT_SLACK_M) + CLIMB_MPS * dt
    fits: Column = ~(apart > slack)
    return fits


def _density(
    difference: tuple[FloatColumn, FloatColumn], variance: tuple[FloatColumn, FloatColumn]
) -> FloatColumn:
    """Of a Gaussian in two independent axes."""
    exponent = difference[0] ** 2 / variance[0] + difference[1] ** 2 / variance[1]
    density: FloatColumn = np.exp(-0.5 * exponent) / (
        2 * np.pi * np.sqrt(variance[0] * variance[1])
    )
    return density
