"""The tracker on two scenes of the literature, with the one setting that it has for all.

python bench/bench_published_scenes.py [--draws 20]
"""

import argparse

import numpy as np

from published_scenes import UNIT_M, Shown, four_close, ospa, twelve
from skypicket.tracking import Tracker, TrackerConfig, warm_up
from tracking_scenes import FRAME, Floats, gospa, places

CUT_UNITS, CUT_M = 10.0, 100.0


def followed(shown: Shown) -> list[Floats]:
    """Where tracks are shown after each scan."""
    tracker, estimates = Tracker(TrackerConfig(), {"R1": shown.sensor}, FRAME), []
    for batch in shown.batches:
        tracker.step(batch)
        estimates.append(places(tracker.picture(int(batch.swept.to_ns))))  # type: ignore[union-attr]
    return estimates


def row(name: str, value: str, unit: str, goal: str = "-") -> None:
    print(f"{name} | {value} | {unit} | {goal}", flush=True)


def four(name: str, draws: int, *, q: float, midpoint_variance: float, apart_steps: int) -> None:
    """RMS GOSPA over all steps of all draws, and what it is made of."""
    found = []
    for seed in range(draws):
        shown = four_close(seed, q=q, midpoint_variance=midpoint_variance, apart_steps=apart_steps)
        for estimate, truth in zip(followed(shown), shown.played.truth, strict=True):
            found.append(gospa(estimate / UNIT_M, truth / UNIT_M, CUT_UNITS))
    metric, missed, false = np.array(found).T
    wrong = CUT_UNITS**2 / 2 * (missed + false)
    row(f"four close, {name}: RMS GOSPA", f"{_rms(metric):.2f}", "1", "<= 3.3")
    near = np.sqrt(np.mean(metric**2 - wrong))
    row(f"four close, {name}: RMS of the places alone", f"{near:.2f}", "1")
    row(
        f"four close, {name}: missed, false per step",
        f"{missed.mean():.2f}, {false.mean():.2f}", "tracks",
    )  # fmt: skip


def _rms(values: Floats) -> float:
    return float(np.sqrt(np.mean(values**2)))


def many(draws: int, clutter: int) -> None:
    """Mean OSPA over all steps of all draws."""
    found = []
    for seed in range(draws):
        shown = twelve(seed, clutter)
        truth = shown.played.truth
        found += [ospa(e, t, CUT_M) for e, t in zip(followed(shown), truth, strict=True)]
    row(f"twelve, {clutter} false alarms: mean OSPA", f"{np.mean(found):.1f}", "m", "<= 15")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=20)
    draws = parser.parse_args().draws
    warm_up()
    four("all at once", draws, q=0.01, midpoint_variance=0.1, apart_steps=0)
    four("all at once, q 0.02", draws, q=0.02, midpoint_variance=0.1, apart_steps=0)
    four("one by one", draws, q=0.01, midpoint_variance=0.25, apart_steps=10)
    many(draws, 30)
    many(draws, 60)


if __name__ == "__main__":
    main()
