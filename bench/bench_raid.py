"""A raid: a thousand small drones in waves, two radars full of clutter, two hundred ears.

The drones are like Gerberas (45-55 m/s, 0.05 m² to the radars, which are told 0.05 at their reach).
The radars turn in 4 s and in 10 s and hear 2,000 false alarms a turn each; the ears say presence
once a second. What is counted is what both radars could see.

    python bench/bench_raid.py [--seconds 240] [--objects 1000]
"""

import argparse
from collections.abc import Iterator
from time import process_time
from typing import NamedTuple

import numpy as np

from skypicket.domain.contracts import Tick
from skypicket.domain.noun import FloatColumn
from skypicket.domain.observations import (
    ObservationBatch,
    SweptInterval,
    SweptSector,
    batch_of,
)
from skypicket.domain.sensors import AcousticDetection, RadarDetection, Sensor, with_defaults
from skypicket.domain.times import NS_PER_S
from skypicket.physics.detection import DetectionField
from skypicket.tracking import Tracker, TrackerConfig, warm_up
from tracking_scenes import FRAME, START_NS, Floats, gospa, places

REACH_M, CLUTTER = 70_000.0, 2_000
RADARS = {"R1": (-15_000.0, 0.0, 4.0), "R2": (15_000.0, 0.0, 10.0)}  # east, north, period
SIGMA_RANGE_M, SIGMA_AZIMUTH_DEG = 40.0, 0.15
ALT_M, RCS_M2 = 600.0, 0.05
EARS, EAR_REACH_M, FALSE_WORD = 200, 2_500.0, 1e-4
WAVES, WAVE_S = 5, 20.0
SEEN = 0.5  # P(detect) of the better radar from which an object should be in the picture
SETTLED = 0.5  # share of the time after which the count is compared


class Raid(NamedTuple):
    """The sensors, and where the objects begin, when, and how they fly."""

    sensors: dict[str, Sensor]
    field: DetectionField
    start_m: Floats
    velocity_mps: Floats
    begin_s: FloatColumn


def raid(objects: int, seed: int) -> Raid:
    chance = np.random.default_rng(seed)
    sensors = {name: _radar(name, *place) for name, place in RADARS.items()}
    for number, place in enumerate(chance.uniform(-45_000, 45_000, (EARS, 2))):
        sensors[f"A{number}"] = _ear(f"A{number}", place)
    speed_mps = chance.uniform(45, 55, objects)
    course = np.radians(chance.normal(270, 8, objects))  # from the east, towards the west
    start_m = np.column_stack(
        [chance.uniform(25_000, 40_000, objects), chance.uniform(-40_000, 40_000, objects)]
    )
    return Raid(
        sensors,
        DetectionField(map(with_defaults, sensors.values()), FRAME),
        start_m,
        speed_mps[:, None] * np.column_stack([np.sin(course), np.cos(course)]),
        WAVE_S * np.floor(np.arange(objects) * WAVES / objects),
    )


def _radar(name: str, east_m: float, north_m: float, period_s: float) -> Sensor:
    lat_deg, lon_deg = FRAME.to_geodetic(east_m, north_m)
    return Sensor(
        id=name, kind="radar", lat_deg=float(lat_deg), lon_deg=float(lon_deg), mast_m=30.0,
        max_range_m=REACH_M, period_s=period_s, false_alarms_per_scan=float(CLUTTER),
        detection=RadarDetection(range_m=REACH_M, rcs_m2=RCS_M2, probability=0.8),
    )  # fmt: skip


def _ear(name: str, place: FloatColumn) -> Sensor:
    lat_deg, lon_deg = FRAME.to_geodetic(*place)
    return Sensor(
        id=name, kind="acoustic", lat_deg=float(lat_deg), lon_deg=float(lon_deg),
        max_range_m=EAR_REACH_M, detection=AcousticDetection(source_db=110.0, noise_db=45.0),
    )  # fmt: skip


def there(game: Raid, at_s: float) -> Floats:
    """Where the objects are that have begun, (k, 2)."""
    begun = game.begin_s <= at_s
    flown_s = at_s - game.begin_s[begun]
    return game.start_m[begun] + flown_s[:, None] * game.velocity_mps[begun]


def batches(game: Raid, seconds: int, seed: int) -> Iterator[ObservationBatch]:
    """What the sensors say, in the order of time: ears every second, radars a turn at a time."""
    chance = np.random.default_rng(seed)
    for second in range(1, seconds + 1):
        yield from _heard(game, second, chance)
        for name, (_, _, period_s) in RADARS.items():
            if second % period_s == 0:
                yield _turn(game, name, second, chance)


def _turn(game: Raid, name: str, second: int, chance: np.random.Generator) -> ObservationBatch:
    sensor = with_defaults(game.sensors[name])
    here = there(game, second)
    likely = game.field.probability(name, here[:, 0], here[:, 1], ALT_M, RCS_M2)
    away = here[chance.random(len(here)) < likely] - np.array(
        FRAME.to_plane(sensor.lat_deg, sensor.lon_deg)
    )
    turn = np.radians(FRAME.convergence_deg(sensor.lat_deg, sensor.lon_deg))
    ranges = np.hypot(np.hypot(*away.T), ALT_M) + SIGMA_RANGE_M * chance.standard_normal(len(away))
    azimuths = np.degrees(np.arctan2(away[:, 0], away[:, 1]) + turn)
    azimuths += SIGMA_AZIMUTH_DEG * chance.standard_normal(len(away))
    alarms = chance.poisson(CLUTTER)
    ranges = np.append(ranges, REACH_M * np.sqrt(chance.random(alarms)))
    azimuths = np.append(azimuths, chance.uniform(0, 360, alarms))
    at_ns, count = START_NS + second * NS_PER_S, len(ranges)
    assert sensor.period_s is not None
    return batch_of(
        "range_azimuth", name, np.full(count, at_ns),
        {
            "range_m": ranges, "azimuth_deg": azimuths % 360,
            "sigma_range_m": np.full(count, SIGMA_RANGE_M),
            "sigma_azimuth_deg": np.full(count, SIGMA_AZIMUTH_DEG),
        },
        swept=SweptSector(
            start_azimuth_deg=0.0, extent_deg=360.0, min_range_m=0.0, max_range_m=REACH_M,
            from_ns=at_ns - round(sensor.period_s * NS_PER_S), to_ns=at_ns,
        ),
    )  # fmt: skip


def _heard(game: Raid, second: int, chance: np.random.Generator) -> Iterator[ObservationBatch]:
    """One batch per ear, each at its moment of the second: a word if it hears anything."""
    here = there(game, second)
    for number in range(EARS):
        at_ns = START_NS + second * NS_PER_S - (EARS - number) * NS_PER_S // (2 * EARS)
        swept = SweptInterval(from_ns=at_ns - NS_PER_S, to_ns=at_ns)
        likely = game.field.probability(f"A{number}", here[:, 0], here[:, 1], ALT_M)
        silent = (1 - FALSE_WORD) * np.prod(1 - np.nan_to_num(likely))
        rows = int(chance.random() > silent)
        yield batch_of("presence", f"A{number}", np.full(rows, at_ns), {}, swept=swept)


def row(name: str, value: str, unit: str, goal: str = "-") -> None:
    print(f"{name} | {value} | {unit} | {goal}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=240)
    parser.add_argument("--objects", type=int, default=1_000)
    wanted = parser.parse_args()
    warm_up()
    game = raid(wanted.objects, 1)
    said = list(batches(game, wanted.seconds, 2))
    tracker, cost_s, wrong, quality = Tracker(TrackerConfig(), game.sensors, FRAME), 0.0, [], []
    for number, batch in enumerate(said):
        at_ns = START_NS + (second_of(batch)) * NS_PER_S
        last = number + 1 == len(said) or second_of(said[number + 1]) != second_of(batch)
        before_s = process_time()
        tracker.step(batch)
        if last:
            (picture,) = tracker.step(Tick(time_ns=at_ns))
        cost_s += process_time() - before_s
        if last and second_of(batch) % 10 == 0:
            truth, shown = there(game, second_of(batch)), places(picture)
            settled = second_of(batch) > SETTLED * wanted.seconds
            if settled:
                wrong.append(abs(len(shown) - len(truth)) / len(truth))
                quality.append(gospa(shown, truth, 500.0))
    rows = sum(map(len, said)) / wanted.seconds
    row("raid: observations, messages", f"{rows:.0f}, {len(said) / wanted.seconds:.0f}", "1/s")
    row("raid: CPU-seconds per second", f"{cost_s / wanted.seconds:.2f}", "s/s", "< 1")
    row("raid: count error, settled", f"{100 * np.mean(wrong):.1f}", "%", "<= 5")
    row("raid: the largest", f"{100 * np.max(wrong):.1f}", "%")
    _, missed, false = np.mean(quality, axis=0)
    row("raid: missed, false, settled", f"{missed:.1f}, {false:.1f}", "tracks")


def second_of(batch: ObservationBatch) -> int:
    assert batch.swept is not None
    return -((START_NS - batch.swept.to_ns) // NS_PER_S)


if __name__ == "__main__":
    main()
