"""Stone Soup on a played scene, for `bench_gospa.py`; runs in Stone Soup's own environment.

    python stonesoup_side.py PLOTS.npz TRACKS.npz CONFIRM DELETE FORGET

CONFIRM is how many measurements make a track, DELETE after how many scans without one it ends, and
FORGET the same for what is not yet a track.
"""

import sys
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from time import process_time
from typing import Any

import numpy as np
from stonesoup.dataassociator.tree import DetectionKDTreeGNN2D
from stonesoup.deleter.time import UpdateTimeStepsDeleter
from stonesoup.hypothesiser.distance import DistanceHypothesiser
from stonesoup.initiator.simple import MultiMeasurementInitiator
from stonesoup.measures import Mahalanobis
from stonesoup.models.measurement.linear import LinearGaussian
from stonesoup.models.transition.linear import (
    CombinedLinearGaussianTransitionModel,
    ConstantVelocity,
)
from stonesoup.predictor.kalman import KalmanPredictor
from stonesoup.tracker.simple import MultiTargetTracker
from stonesoup.types.detection import Detection
from stonesoup.types.state import GaussianState
from stonesoup.updater.kalman import KalmanUpdater

SCAN_S, SIGMA_M, Q_M2PS3, SPEED_SIGMA_MPS = 2.0, 40.0, 1.0, 45.0
START = datetime(2025, 7, 28, tzinfo=UTC)
MODEL = CombinedLinearGaussianTransitionModel([ConstantVelocity(Q_M2PS3)] * 2)
PLACE = LinearGaussian(4, (0, 2), np.diag([SIGMA_M**2] * 2))


def associator() -> DetectionKDTreeGNN2D:
    predictor, updater = KalmanPredictor(MODEL), KalmanUpdater(PLACE)
    hypotheses = DistanceHypothesiser(predictor, updater, Mahalanobis(), missed_distance=4)
    return DetectionKDTreeGNN2D(
        hypotheses, predictor, updater, number_of_neighbours=5, max_distance_covariance_multiplier=4
    )


def scans(plots: Any) -> Iterator[Any]:
    for number in range(len(plots.files)):
        at = START + timedelta(seconds=SCAN_S * number)
        rows = plots[f"arr_{number}"]
        yield (
            at,
            {Detection(row.reshape(2, 1), timestamp=at, measurement_model=PLACE) for row in rows},
        )


def main() -> None:
    given, said = sys.argv[1:3]
    confirm, delete, forget = map(int, sys.argv[3:])
    prior = GaussianState(np.zeros((4, 1)), np.diag([0.0, SPEED_SIGMA_MPS**2] * 2))
    begin = MultiMeasurementInitiator(
        prior, UpdateTimeStepsDeleter(forget), associator(), KalmanUpdater(PLACE),
        measurement_model=PLACE, min_points=confirm,
    )  # fmt: skip
    with np.load(given) as plots:
        played = list(scans(plots))
    tracker = MultiTargetTracker(
        begin, UpdateTimeStepsDeleter(delete), iter(played), associator(), KalmanUpdater(PLACE)
    )
    estimates = []
    before_s = process_time()
    for _, tracks in tracker:
        states = [track.state_vector for track in tracks]
        estimates.append(np.array([[float(s[0]), float(s[2])] for s in states]).reshape(-1, 2))
    np.savez(said, *estimates, cpu_s=process_time() - before_s)


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    main()
