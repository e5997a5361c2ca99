"""The theatre plane, polar measurements and borders: CPU time, and ratios to slow twins."""

import time
from collections.abc import Callable

import numpy as np
import pyproj
import shapely

from skypicket.domain.noun import FloatColumn
from skypicket.geo.borders import Borders, load_borders
from skypicket.geo.frame import TheatreFrame
from skypicket.geo.outlines import STATES, rings
from skypicket.geo.places import describe
from skypicket.geo.polar import geodetic_to_polar, polar_to_geodetic

FRAME = TheatreFrame(54.69, 25.28)
RADAR = (54.69, 25.28, 150.0)
COUNT = 20_000


def main() -> None:
    plane()
    polar()
    borders()
    words()


def seconds(work: Callable[[], object], rounds: int = 20) -> float:
    """CPU seconds of one round, after one that is not counted (it compiles)."""
    work()
    best = np.inf
    for _ in range(3):
        start = time.process_time()
        for _ in range(rounds):
            work()
        best = min(best, (time.process_time() - start) / rounds)
    return float(best)


def say(name: str, value: float, unit: str, goal: str = "-") -> None:
    print(f"{name} | {value:.4g} | {unit} | {goal}")


def plane() -> None:
    rng = np.random.default_rng(1)
    lat_deg, lon_deg = rng.uniform(52, 58, COUNT), rng.uniform(20, 31, COUNT)
    east_m, north_m = FRAME.to_plane(lat_deg, lon_deg)
    oracle = pyproj.Proj(proj="sterea", lat_0=FRAME.lat_deg, lon_0=FRAME.lon_deg, ellps="WGS84")
    ours = seconds(lambda: FRAME.to_plane(lat_deg, lon_deg))
    back = seconds(lambda: FRAME.to_geodetic(east_m, north_m))
    theirs = seconds(lambda: oracle(lon_deg, lat_deg))
    say("20,000 positions to the plane", 1e3 * ours, "ms", "<= 2")
    say("20,000 positions from the plane", 1e3 * back, "ms", "<= 2")
    say("to the plane, against pyproj", theirs / ours, "times", ">= 1")


def polar() -> None:
    rng = np.random.default_rng(2)
    lat_deg, lon_deg = rng.uniform(52, 58, COUNT), rng.uniform(20, 31, COUNT)
    range_m, azimuth_deg, _ = geodetic_to_polar(*RADAR, lat_deg, lon_deg, 500.0)
    measure = seconds(lambda: geodetic_to_polar(*RADAR, lat_deg, lon_deg, 500.0))
    place = seconds(lambda: polar_to_geodetic(*RADAR, range_m, azimuth_deg, 500.0))
    say("20,000 positions to range and azimuth", 1e3 * measure, "ms", "<= 10")
    say("20,000 measurements to positions", 1e3 * place, "ms", "<= 20")


def borders() -> None:
    load_borders(FRAME, STATES)
    start = time.process_time()
    loaded = load_borders(FRAME, STATES)
    say("all ten states prepared", time.process_time() - start, "s", "<= 0.5")
    for state in ("LTU", "RUS"):
        for away_m in (1_000.0, 50_000.0):
            near_border(loaded, state, away_m)
    naive(loaded)


def near_border(loaded: Borders, state: str, away_m: float) -> None:
    """Positions spread evenly along the border, up to a distance from it."""
    rng = np.random.default_rng(3)
    ring = rings(state)[0]
    row = rng.integers(0, len(ring.lat_deg), 10 * COUNT)
    east_m, north_m = FRAME.to_plane(ring.lat_deg[row], ring.lon_deg[row])
    east_m, north_m = (v + rng.uniform(-away_m, away_m, len(row)) for v in (east_m, north_m))
    rate = len(row) / seconds(lambda: loaded.signed_distance_m(state, east_m, north_m), 1)
    name = f"distance to the border of {state}, within {away_m / 1000:.0f} km"
    say(name, rate / 1e6, "million/s", ">= 1")
    if away_m > 10_000:
        rate = len(row) / seconds(lambda: loaded.contains(state, east_m, north_m), 1)
        say(f"inside {state}, within {away_m / 1000:.0f} km", rate / 1e6, "million/s")


def naive(loaded: Borders) -> None:
    rng = np.random.default_rng(4)
    east_m, north_m = rng.uniform(-100_000, 100_000, (2, 400))
    ring = rings("LTU")[0]
    line = shapely.LinearRing(np.stack(FRAME.to_plane(ring.lat_deg, ring.lon_deg), axis=1))
    points = shapely.points(east_m, north_m)

    def slow() -> FloatColumn:
        return np.asarray(shapely.distance(line, points))

    fast_s = seconds(lambda: loaded.signed_distance_m("LTU", east_m, north_m), 20)
    say("distance, against measuring every edge", seconds(slow, 1) / fast_s, "times", ">= 100")


def words() -> None:
    say("a position in words", 1e6 * seconds(lambda: describe(54.61, 25.42), 200), "us", "<= 1000")


if __name__ == "__main__":
    main()
