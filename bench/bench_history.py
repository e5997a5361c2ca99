"""The history and the wall's models at full size: 10,000 tracks for an hour, 100 lost objects.

The tracks fly straight, with noise in all columns, as a crowded sky would pack.
"""

import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from skypicket.assessment import ahead, fate
from skypicket.domain.noun import Column, FloatColumn
from skypicket.domain.times import NS_PER_S
from skypicket.geo.borders import load_borders
from skypicket.geo.frame import TheatreFrame
from skypicket.geo.places import places_of
from skypicket.store.history import History, Moment
from skypicket.testing.builders import NIGHT_NS
from skypicket.testing.pictures import Shown, picture

TRACKS, FRAMES, PERIOD_S = 10_000, 720, 5
OBJECTS, TIMES = 100, 20


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        history(Path(name) / "history.sqlite")
    models()


def history(path: Path) -> None:
    """An hour is written; then single ways and single frames are asked for."""
    rng = np.random.default_rng(3)
    kept = History(path, keep_s=86_400, most_bytes=10**10)
    keys = [int(key) for key in np.sort(rng.integers(1, 2**63, TRACKS))]
    spread = rng.uniform(-200_000, 200_000, (2, TRACKS))
    tracks = [
        Shown(key=key, east_m=float(e), north_m=float(n), east_mps=40.0)
        for key, e, n in zip(keys, *spread, strict=True)
    ]
    base = picture(TheatreFrame(55.0, 24.5), NIGHT_NS, tracks)
    spent_s = 0.0
    for number in range(FRAMES):
        time_ns = NIGHT_NS + number * PERIOD_S * NS_PER_S
        noisy = {
            name: column + rng.normal(0, 1e-4, TRACKS) if column.dtype.kind == "f" else column
            for name, column in base.columns.items()
        }
        noisy["lon_deg"] = noisy["lon_deg"] + number * 40.0 * PERIOD_S / 64_000
        noisy["updated_ns"] = np.full(TRACKS, time_ns)
        batch = type(base)(
            time_ns=time_ns,
            columns=noisy,
            sensors=base.sensors,
            callsigns=base.callsigns,
            complete=True,
        )
        begin_s = time.process_time()
        kept.add(Moment(tracks=batch, last_heard_ns={"R1": time_ns}))
        spent_s += time.process_time() - begin_s
    kept.flush()
    print(f"history, CPU to keep an hour of {TRACKS} tracks | {spent_s:.1f} | CPU-s | <= 90")
    megabytes = path.stat().st_size / 1e6
    print(f"history, an hour of {TRACKS} tracks | {megabytes:.0f} | MB | -")
    until_ns = NIGHT_NS + FRAMES * PERIOD_S * NS_PER_S
    ways = [spent_ms(partial(kept.way, key, NIGHT_NS, until_ns)) for key in keys[:: TRACKS // 20]]
    print(f"one track's last hour | {np.median(ways):.1f} | CPU-ms | <= 50")
    frames = [spent_ms(partial(kept.at, NIGHT_NS + at * NS_PER_S)) for at in range(100, 3_000, 290)]
    print(f"one frame of {TRACKS} tracks, another minute each | {max(frames):.0f} | CPU-ms | -")
    kept.close()


def models() -> None:
    """The courses of objects when they are lost, and what is asked again each second."""
    rng = np.random.default_rng(5)
    frame = TheatreFrame(55.0, 24.5)
    borders = load_borders(frame, ("LTU",))
    towns = places_of("LTU")
    gazetteer = ahead.Gazetteer(
        *frame.to_plane([town.lat_deg for town in towns], [town.lon_deg for town in towns])
    )
    course, speed = rng.uniform(0, 2 * np.pi, OBJECTS), rng.uniform(15, 60, OBJECTS)
    place = rng.uniform(-120_000, 120_000, (2, OBJECTS))
    rows = fate.lost_motion((place[0], place[1]), (speed * np.sin(course), speed * np.cos(course)))
    paths = fate.fly_on(rows, 0.1)

    def inside(east_m: FloatColumn, north_m: FloatColumn) -> Column:
        return borders.contains("LTU", east_m, north_m)

    passage = fate.follow(paths, inside)
    once_ms = spent_ms(lambda: fate.follow(paths, inside)) / OBJECTS
    print(f"course of a lost object, once | {once_ms:.1f} | CPU-ms | <= 15")
    existence, since = np.full(OBJECTS, 0.95), np.full(OBJECTS, 300.0)
    fates = [spent_ms(lambda: fate.fate(existence, speed, since, passage)) for _ in range(TIMES)]
    print(f"fates of {OBJECTS} objects | {np.median(fates):.1f} | CPU-ms | <= 5")
    fleet = ahead.Fleet(paths, since, passage.leave_s, existence, fate.class_weights(speed))
    looks = [
        spent_ms(lambda: ahead.ahead(ahead.arrivals(fleet, gazetteer), 50)) for _ in range(TIMES)
    ]
    print(f"places ahead of {OBJECTS} objects | {np.median(looks):.1f} | CPU-ms | <= 60")


def spent_ms(call: Callable[[], object]) -> float:
    begin_s = time.process_time()
    call()
    return 1e3 * (time.process_time() - begin_s)


if __name__ == "__main__":
    main()
