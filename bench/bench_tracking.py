"""The tracker under load: live radars, a crowded country, late data, files.

`bench_gospa.py` tells how well it tracks, beside Stone Soup.
"""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

import numpy as np

from skypicket.domain.contracts import Entry, SourceDescription, Tick
from skypicket.domain.observations import ObservationBatch, SweptSector, batch_of
from skypicket.domain.sensors import ConstantDetection, Sensor
from skypicket.domain.times import NS_PER_S
from skypicket.engine.track_files import writer_of
from skypicket.formats import load
from skypicket.formats.observation_lines import observation_lines
from skypicket.tracking import Tracker, TrackerConfig, warm_up
from skypicket.tracking.offline import OFFLINE, filtered, in_order
from tracking_scenes import FRAME, SCAN_S, SCENES, play, scans, told

START_NS = 1_753_667_760 * NS_PER_S
SECTORS = 16
PERIOD_S = 4.0
REACH_M = 150_000.0


def radars(count: int) -> dict[str, Sensor]:
    """Radars side by side, all reaching over the whole square."""
    chance = np.random.default_rng(5)
    lat, lon = FRAME.to_geodetic(*chance.uniform(-40_000, 40_000, (2, count)))
    return {
        f"R{n}": Sensor(
            id=f"R{n}", kind="radar", lat_deg=float(lat[n]), lon_deg=float(lon[n]),
            max_range_m=REACH_M, period_s=PERIOD_S, false_alarms_per_scan=50.0,
            detection=ConstantDetection(probability=0.9),
        )
        for n in range(count)
    }  # fmt: skip


def sectors(
    sensors: dict[str, Sensor], objects: int, seconds: float, seed: int
) -> Iterator[ObservationBatch]:
    """Sector batches in the order of their end, with the radars out of step."""
    chance = np.random.default_rng(seed)
    place = chance.uniform(-70_000, 70_000, (objects, 2))
    speed = chance.uniform(20, 90, objects)
    course = chance.uniform(0, 2 * np.pi, objects)
    velocity = speed[:, None] * np.column_stack([np.sin(course), np.cos(course)])
    step_s = PERIOD_S / SECTORS
    width = 2 * np.pi / SECTORS
    ids = sorted(sensors)
    own = {i: np.array(FRAME.to_plane(sensors[i].lat_deg, sensors[i].lon_deg)) for i in ids}
    turn = {
        i: np.radians(FRAME.convergence_deg(sensors[i].lat_deg, sensors[i].lon_deg)) for i in ids
    }
    for number in range(int(seconds / step_s)):
        for phase, sensor_id in enumerate(ids):
            end_s = (number + 1 + phase / len(ids)) * step_s
            sector = number % SECTORS
            away = place + velocity * end_s - own[sensor_id]
            azimuth = np.arctan2(away[:, 0], away[:, 1]) + turn[sensor_id]
            inside = (azimuth % (2 * np.pi)) // width == sector
            inside &= chance.random(objects) < 0.9
            alarms = chance.poisson(50 / SECTORS)
            ranges = np.hypot(*away[inside].T) + 40 * chance.standard_normal(inside.sum())
            azimuths = azimuth[inside] + np.radians(0.1) * chance.standard_normal(inside.sum())
            ranges = np.append(ranges, REACH_M * np.sqrt(chance.random(alarms)))
            azimuths = np.append(azimuths, (sector + chance.random(alarms)) * width)
            end_ns = START_NS + round(end_s * 1e9)
            count = len(ranges)
            yield batch_of(
                "range_azimuth", sensor_id, np.full(count, end_ns),
                {
                    "range_m": np.hypot(ranges, 500.0), "azimuth_deg": np.degrees(azimuths) % 360,
                    "sigma_range_m": np.full(count, 40.0), "sigma_azimuth_deg": np.full(count, 0.1),
                    "alt_m": np.full(count, 500.0), "sigma_alt_m": np.full(count, 50.0),
                },
                swept=SweptSector(
                    start_azimuth_deg=sector * 360 / SECTORS, extent_deg=360 / SECTORS,
                    min_range_m=0.0, max_range_m=REACH_M,
                    from_ns=end_ns - round(step_s * 1e9), to_ns=end_ns,
                ),
            )  # fmt: skip


def live(name: str, radar_count: int, objects: int, seconds: float, goal: str) -> None:
    sensors = radars(radar_count)
    batches = list(sectors(sensors, objects, seconds, seed=1))
    tracker = Tracker(TrackerConfig(), sensors, FRAME)
    ticked_ns, shown = 0, 0
    before_s = process_time()
    for batch in batches:
        tracker.step(batch)
        if len(batch) and batch.time_ns[-1] - ticked_ns >= NS_PER_S:
            ticked_ns = int(batch.time_ns[-1])
            (picture,) = tracker.step(Tick(time_ns=ticked_ns))
            shown = len(picture)
    share = (process_time() - before_s) / seconds
    rate = sum(map(len, batches)) / seconds
    print(f"{name}: observations, tracks shown | {rate:.0f}/s, {shown} | | -")
    print(f"{name}: share of one core | {100 * share:.1f} | % | {goal}")


def late() -> None:
    """One batch that comes after all the others of its window, and jitter of a second."""
    sensors = radars(4)
    batches = list(sectors(sensors, 2_000, 60.0, seed=2))
    config = TrackerConfig(window_s=120.0)
    tracker = Tracker(config, sensors, FRAME)
    for batch in batches[:16] + batches[17:]:
        tracker.step(batch)
    before_s = process_time()
    tracker.step(batches[16])
    tracker.step(Tick(time_ns=START_NS + 61 * NS_PER_S))
    took_s = process_time() - before_s
    print(f"late by 59 s, {len(batches)} batches worked again | {took_s:.2f} | CPU-s | <= 2")
    chance = np.random.default_rng(3)
    step_s = 60.0 / len(batches)
    order = np.argsort(np.arange(len(batches)) * step_s + chance.uniform(0, 1.0, len(batches)))
    cost_s = []
    for arrival in (range(len(batches)), order):
        tracker = Tracker(TrackerConfig(), sensors, FRAME)
        before_s = process_time()
        for number in arrival:
            tracker.step(batches[number])
        cost_s.append(process_time() - before_s)
    print(f"arrival jittered by 1 s against in order | {cost_s[1] / cost_s[0]:.1f} | x | <= 10")


def file() -> None:
    """What `skypicket track` does with a file, without the start of the interpreter."""
    played = play(SCENES["c"], 3)
    sensor = told(played)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "plots.jsonl"
        batches = scans(played, sensor)
        path.write_bytes(b"".join(map(observation_lines, batches)))
        before_s = process_time()
        decoder = load("observations").decoder(
            SourceDescription(source="file", sensors={"R1": sensor}, options={"parquet": True})
        )
        payload = path.read_bytes()
        entry = Entry(sequence=1, kind="message", source="file", received_ns=0, payload=payload)
        batches = in_order(decoder.decode(entry).batches)
        with closing(writer_of(Path(folder) / "tracks.jsonl")) as writer:
            for picture in filtered(batches, {"R1": sensor}, FRAME, OFFLINE):
                writer.append(picture)
        rate = sum(map(len, batches)) / (process_time() - before_s)
    print(f"file of scene c: rows per CPU-second | {rate:.0f} | 1/s | >= 20000")


def country() -> None:
    """Scene f: 10,000 objects and as many false alarms in a scan of 2 s."""
    played = play(SCENES["f"], 0)
    sensor = told(played)
    tracker, cost_s = Tracker(TrackerConfig(), {"R1": sensor}, FRAME), []
    for batch in scans(played, sensor):
        before_s = process_time()
        tracker.step(batch)
        cost_s.append(process_time() - before_s)
    settled = float(np.mean(cost_s[len(cost_s) // 2 :]))
    print(f"scene f: one scan of 20,000 | {1000 * settled:.0f} | ms | -")
    print(f"scene f: share of one core | {100 * settled / SCAN_S:.1f} | % | <= 10")


def long_scene() -> None:
    """Scene c lengthened: speed over 600 scans, and a scan that comes five minutes late."""
    played = play(SCENES["c"]._replace(scans=600), 0)
    sensor = told(played)
    batches = scans(played, sensor)
    tracker = Tracker(TrackerConfig(), {"R1": sensor}, FRAME)
    before_s = process_time()
    for batch in batches:
        tracker.step(batch)
    rate = sum(map(len, batches)) / (process_time() - before_s)
    print(f"scene c, 600 scans: detections per CPU-second | {rate:.0f} | 1/s | >= 200000")
    tracker = Tracker(TrackerConfig(window_s=600.0), {"R1": sensor}, FRAME)
    late = 149
    for batch in batches[:late] + batches[late + 1 : 300]:
        tracker.step(batch)
    before_s = process_time()
    tracker.step(batches[late])
    tracker.picture(int(batches[299].time_ns[0]))
    took_s = process_time() - before_s
    print(f"scene c, a scan {300 - late - 1} scans late | {took_s:.2f} | CPU-s | <= 1")


def main() -> None:
    warm_up()
    country()
    long_scene()
    live("live", 5, 4_000, 24.0, "<= 30")
    live("burst", 22, 4_000, 8.0, "<= 100")
    late()
    file()


if __name__ == "__main__":
    main()
