"""The biases of radars, from what their common tracks taught; see `_kernels/registration.py`."""

import math
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from skypicket.domain.noun import Column, FloatColumn
from skypicket.domain.sensors import Registration
from skypicket.tracking._kernels.registration import (
    AZIMUTH,
    BIASES,
    PRIOR,
    RANGE,
    TERMS,
    TIME,
    Comparisons,
)

MOST = (1_000.0, math.radians(2.0), 5.0)  # nothing is put right by more, m, rad, s
_SIGNIFICANT = 3.0  # a pattern of biases that is smaller in its standard deviations is left alone
_BARELY = 4.0  # information, in that of the prior, below which a pattern is hardly believed
_NOTHING = 1e-9


class Biases(NamedTuple):
    """Of all radars, (n, BIASES) each: the estimate, its standard deviation, what to apply."""

    estimate: Column
    sigma: Column
    applied: Column


def unknown(sites_m: FloatColumn) -> Comparisons:
    """Nothing is known of radars at the sites (n, 2), east and north."""
    count = len(sites_m)
    return Comparisons(
        sites=np.array(sites_m, dtype=np.float64).reshape(count, 2),
        normal=np.zeros((count, count, TERMS, TERMS)),
        number=np.zeros((count, count)),
        applied=np.zeros((count, BIASES)),
        turns=np.zeros(1),
    )


def settle(comparisons: Comparisons) -> None:
    """Work out what plots are put right by, once as many turns as radars came since the last."""
    if comparisons.turns[0] >= max(len(comparisons.sites), 1):
        comparisons.turns[0] = 0.0
        comparisons.applied[:] = biases(comparisons).applied


def biases(comparisons: Comparisons) -> Biases:
    """Least squares over all comparisons, with a prior at no bias.

    Where the differences of a pair of radars scatter more than their errors say, they count less.
    What is applied is made of the patterns of biases (eigenvectors, in units of the prior) that
    the comparisons tell apart: each is shrunk by its significance, down to nothing at three
    standard deviations.
    """
    radars = len(comparisons.sites)
    prior = np.tile(PRIOR, radars)
    once = _solved(*_assembled(comparisons, np.ones((radars, radars))), prior)
    twice = _solved(*_assembled(comparisons, _scatter(comparisons, once.estimate)), prior)
    return Biases(*(values.reshape(radars, BIASES) for values in twice))


def _assembled(comparisons: Comparisons, scatter: FloatColumn) -> tuple[FloatColumn, FloatColumn]:
    """The information matrix (3n, 3n) and vector of all biases."""
    radars, own, other = len(comparisons.sites), slice(0, BIASES), slice(BIASES, TERMS - 1)
    normal = comparisons.normal / scatter[:, :, None, None]
    matrix = np.zeros((radars, BIASES, radars, BIASES))
    every = np.arange(radars)
    matrix += normal[:, :, own, other].transpose(0, 2, 1, 3)
    matrix += normal[:, :, other, own].transpose(1, 2, 0, 3)
    matrix[every, :, every] += normal[:, :, own, own].sum(axis=1)
    matrix[every, :, every] += normal[:, :, other, other].sum(axis=0)
    vector = normal[:, :, own, -1].sum(axis=1) + normal[:, :, other, -1].sum(axis=0)
    return matrix.reshape(BIASES * radars, BIASES * radars), vector.ravel()


def _scatter(comparisons: Comparisons, estimate: FloatColumn) -> FloatColumn:
    """Mean square of what is left of each pair's differences, in units of their errors, at least 1.

    (n, n); each difference has two coordinates.
    """
    each = estimate.reshape(-1, BIASES)
    radars = len(each)
    solution = np.empty((radars, radars, TERMS))
    solution[:, :, :BIASES] = -each[:, None]
    solution[:, :, BIASES:-1] = -each[None, :]
    solution[:, :, -1] = 1.0
    left = np.einsum("abr,abrc,abc->ab", solution, comparisons.normal, solution)
    scatter: FloatColumn = left / np.maximum(2.0 * comparisons.number, 1.0)
    return np.maximum(scatter, 1.0)


def _solved(matrix: FloatColumn, vector: FloatColumn, prior: FloatColumn) -> Biases:
    told, patterns = np.linalg.eigh(matrix * np.outer(prior, prior))
    along = patterns.T @ (vector * prior)
    told = np.maximum(told, _NOTHING)
    believed = told**2 / (told**2 + _BARELY**2)
    mean = believed * along / (1.0 + told)
    share = np.maximum(1.0 - _SIGNIFICANT**2 * told / np.maximum(along**2, _NOTHING), 0.0)
    share[told < _BARELY] = 0.0
    most = np.tile(MOST, len(prior) // BIASES)
    return Biases(
        estimate=prior * (patterns @ mean),
        sigma=prior * np.sqrt(patterns**2 @ (1.0 / (1.0 + believed * told))),
        applied=np.clip(prior * (patterns @ (share * mean)), -most, most),
    )


def registrations(comparisons: Comparisons, radars: Iterable[str]) -> tuple[Registration, ...]:
    """What is known of each radar, in the order of their numbers."""
    found = biases(comparisons)
    counts = comparisons.number.sum(axis=0) + comparisons.number.sum(axis=1)
    return tuple(
        Registration(
            sensor_id=sensor_id,
            comparison_count=float(counts[n]),
            range_m=float(found.estimate[n, RANGE]),
            sigma_range_m=float(found.sigma[n, RANGE]),
            azimuth_deg=math.degrees(found.estimate[n, AZIMUTH]),
            sigma_azimuth_deg=math.degrees(found.sigma[n, AZIMUTH]),
            time_s=float(found.estimate[n, TIME]),
            sigma_time_s=float(found.sigma[n, TIME]),
            applied_range_m=float(comparisons.applied[n, RANGE]),
            applied_azimuth_deg=math.degrees(comparisons.applied[n, AZIMUTH]),
            applied_time_s=float(comparisons.applied[n, TIME]),
        )
        for n, sensor_id in enumerate(radars)
    )
