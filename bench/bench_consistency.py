"""Whether the tracker knows how wrong it is: errors against their covariance, and P(real).

NEES is the squared error in the track's own sigmas, per dimension: 1 if the covariance is right
(Y. Bar-Shalom, X.-R. Li, T. Kirubarajan, "Estimation with Applications to Tracking and
Navigation", 2001, section 5.4). P(real) is right if of all tracks shown at 0.8, 80 % are real.
Tracks are given to objects one to one, within the distance at which GOSPA cuts. Tracks outside of
the scene's square are not judged: objects end there without having been lost.

    python bench/bench_consistency.py [--scenes abcd] [--seeds 20]
"""

import argparse
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

from skypicket.domain.tracks import TrackBatch, TrackState
from skypicket.tracking import Tracker, TrackerConfig, warm_up
from tracking_scenes import FIRST_SCORED, FRAME, SCENES, Floats, Played, play, scans, told

CUT_M = 200.0
BINS = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.85, 0.9, 0.95, 0.99, 1.0)
ASKED = 0.75  # the bin of 0.8, give or take 0.05
FEWEST = 500


class Judged(NamedTuple):
    """Of every shown track in every scan: P(real), whether real, and NEES per dimension or NaN."""

    existence: Floats
    real: Floats
    nees: Floats


def judged(played: Played) -> Judged:
    sensor = told(played)
    tracker, found = Tracker(TrackerConfig(), {"R1": sensor}, FRAME), []
    for number, batch in enumerate(scans(played, sensor)):
        tracker.step(batch)
        if number >= FIRST_SCORED:
            picture = tracker.picture(int(batch.time_ns[0]))
            found.append(_judge(picture, played.truth[number], played.scene.side_m / 2))
    return Judged(*np.concatenate(found, axis=1))


def _judge(picture: TrackBatch, truth: Floats, half_m: float) -> Floats:
    """Rows of `Judged`, (3, n)."""
    all_places = FRAME.to_plane(picture.columns["lat_deg"], picture.columns["lon_deg"])
    inside = (np.abs(np.column_stack(all_places)) <= half_m).all(axis=1)
    inside &= picture.columns["state"] < TrackState.LOST
    columns = {name: values[inside] for name, values in picture.columns.items()}
    place = np.column_stack(all_places)[inside]
    real, nees = np.zeros(len(place)), np.full(len(place), np.nan)
    if len(place) and len(truth):
        square = np.minimum(cdist(place, truth, "sqeuclidean"), CUT_M**2)
        rows, objects = linear_sum_assignment(square)
        near = square[rows, objects] < CUT_M**2
        rows, objects = rows[near], objects[near]
        real[rows] = 1.0
        error = truth[objects] - place[rows]
        # The plane's axes turn by less than a degree against true east and north here.
        east = error[:, 0] / columns["sigma_east_m"][rows]
        north = error[:, 1] / columns["sigma_north_m"][rows]
        both = columns["correlation"][rows]
        nees[rows] = (east**2 - 2 * both * east * north + north**2) / (1 - both**2) / 2
        nees[rows[columns["state"][rows] == TrackState.TENTATIVE]] = np.nan
    return np.stack([columns["existence_probability"], real, nees])


def row(name: str, value: str, unit: str, goal: str = "-") -> None:
    print(f"{name} | {value} | {unit} | {goal}", flush=True)


def scene(name: str, seeds: int) -> None:
    parts = [judged(play(SCENES[name], seed)) for seed in range(seeds)]
    found = Judged(*np.concatenate(parts, axis=1))
    nees = float(np.nanmean(found.nees))
    row(f"{name}: mean NEES per dimension of confirmed tracks", f"{nees:.2f}", "1", ">= 0.7")
    row(f"{name}: the same", f"{nees:.2f}", "1", "<= 1.3")
    for low, high in pairwise(BINS):
        inside = (found.existence >= low) & (found.existence < high)
        count = int(inside.sum())
        if not count:
            continue
        share = 100 * float(found.real[inside].mean())
        bounds = (">= 75", "<= 85") if low == ASKED and count >= FEWEST else ("-",)
        for bound in bounds:
            said = f"{name}: real of {count} tracks shown at {low:g} to {high:g}"
            row(said, f"{share:.0f}", "%", bound)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenes", default="abcd")
    parser.add_argument("--seeds", type=int, default=20)
    wanted = parser.parse_args()
    warm_up()
    for name in wanted.scenes:
        scene(name, wanted.seeds)


if __name__ == "__main__":
    main()
