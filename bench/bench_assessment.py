"""The assessment of a busy sky against the real border: CPU time, and how far it keeps quiet."""

import time
from collections import Counter
from collections.abc import Callable, Iterator

import msgspec
import numpy as np

from skypicket.assessment import AssessmentStage, Rules
from skypicket.assessment.samples import Watch, first_crossings, gaussian_set, sample_paths
from skypicket.assessment.table import TRACK
from skypicket.domain.contracts import Tick
from skypicket.domain.noun import Noun
from skypicket.domain.tracks import TrackBatch
from skypicket.geo.borders import Borders, load_borders
from skypicket.geo.frame import TheatreFrame
from skypicket.incidents import IncidentRules, IncidentStage
from skypicket.testing.builders import NIGHT_NS
from skypicket.testing.pictures import Shown, picture

FRAME = TheatreFrame(54.69, 25.28)
TRACKS, SECONDS, SECOND_NS = 4_000, 40, 1_000_000_000


def line(name: str, value: float, unit: str, must: str) -> None:
    print(f"{name} | {value:,.3g} | {unit} | {must}")


def cpu_s(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def sky(rng: np.random.Generator, low_share: float) -> list[Shown]:
    """Traffic within 250 km of Vilnius; a share of it low, the rest airliners by height."""
    tracks = []
    for key in range(1, TRACKS + 1):
        low = rng.random() < low_share
        course, speed = rng.uniform(0, 2 * np.pi), rng.uniform(15, 70) if low else 230.0
        tracks.append(
            Shown(
                key=key,
                east_m=rng.uniform(-250e3, 250e3),
                north_m=rng.uniform(-250e3, 250e3),
                east_mps=speed * np.sin(course),
                north_mps=speed * np.cos(course),
                alt_m=rng.uniform(100, 1_500) if low else 10_500.0,
                born_ns=NIGHT_NS,
            )
        )
    return tracks


def pictures(tracks: list[Shown], first: int = 0) -> Iterator[TrackBatch]:
    for second in range(first, first + SECONDS):
        moved = [track.at(second) for track in tracks]
        yield picture(FRAME, NIGHT_NS + second * SECOND_NS, moved)


def play(stage: AssessmentStage, batches: list[TrackBatch]) -> list[Noun]:
    said: list[Noun] = []
    for batch in batches:
        said += stage.step(batch)
        said += stage.step(Tick(time_ns=batch.time_ns))
    return said


def busy(borders: Borders, low_share: float, must: str) -> None:
    tracks = sky(np.random.default_rng(7), low_share)
    stage = AssessmentStage(Rules(), borders, FRAME)
    batches = list(pictures(tracks))
    play(stage, batches[:2])
    spent = cpu_s(lambda: play(stage, batches[2:])) / (SECONDS - 2)
    name = f"assess {TRACKS} tracks at 1 Hz, {low_share:.0%} low"
    line(name, 1e3 * spent, "CPU ms per picture", must)


def small(borders: Borders) -> None:
    """Batches as they come after each scan of a few plots: what every message costs."""
    stage = AssessmentStage(Rules(), borders, FRAME)
    track = Shown(east_m=-30_000.0, north_m=20_000.0, east_mps=-40.0, north_mps=5.0)
    count = 2_000
    batches = [
        picture(FRAME, NIGHT_NS + i * SECOND_NS, [track.at(i)], complete=False)
        for i in range(count)
    ]
    play(stage, batches[:5])
    spent = cpu_s(lambda: [stage.step(batch) for batch in batches[5:]]) / (count - 5)
    line("assess one track inside", 1e6 * spent, "CPU µs per batch", "<= 500")


def marching(borders: Borders) -> None:
    """One outlook against the obvious way: a look every second of the horizon."""
    rng = np.random.default_rng(3)
    tracks = np.zeros(100, dtype=TRACK)
    for name in ("east", "north"):
        tracks[name] = rng.uniform(-150e3, 150e3, 100)
        tracks[f"v_{name}"] = rng.uniform(-50, 50, 100)
        tracks[f"s_{name}"] = 100.0
    tracks["s_ve"] = tracks["s_vn"] = 2.0
    watch = Watch(borders, "LTU")
    paths = sample_paths(tracks, gaussian_set(128), 0.1)
    fast = cpu_s(lambda: first_crossings(watch, paths, np.zeros(100), 900.0))
    few = type(paths)(*(part[:, :8] for part in paths))

    def obvious() -> None:
        for second in range(0, 900, 5):
            east, north = few.at(np.full((100, 1), float(second)))
            watch.depth_m(east.reshape(-1), north.reshape(-1))

    slow = cpu_s(obvious) * 128 / 8
    line("one outlook of 128 paths", 1e3 * fast / 100, "CPU ms per track", "<= 5")
    line("against a look every 5 s", slow / fast, "times faster", ">= 5")


def quiet(borders: Borders) -> None:
    """An hour of noisy approach, crossing and flight inside, as alarm rows and revisions."""
    rng = np.random.default_rng(1)
    stage, desk = AssessmentStage(Rules(), borders, FRAME), IncidentStage(IncidentRules(), FRAME)
    truth = Shown(east_m=75_000.0, north_m=-20_000.0, east_mps=-42.0, north_mps=12.0)
    said: Counter[str] = Counter()
    for second in range(0, 3_600, 4):
        at = truth.at(second)
        noisy = msgspec.structs.replace(
            at,
            east_m=at.east_m + rng.normal(0, 50),
            north_m=at.north_m + rng.normal(0, 50),
            east_mps=at.east_mps + rng.normal(0, 2),
            north_mps=at.north_mps + rng.normal(0, 2),
            born_ns=NIGHT_NS,
        )
        for noun in stage.step(picture(FRAME, NIGHT_NS + second * SECOND_NS, [noisy])):
            said[type(noun).__name__] += 1
            said.update(type(one).__name__ + "s" for one in desk.step(noun))
    line("one object for an hour: said", said["Approach"] + said["Incursion"], "nouns", "<= 25")
    line("one object for an hour: alarms", said["Alarms"], "revisions", "<= 25")


def main() -> None:
    borders = load_borders(FRAME, ["LTU"])
    busy(borders, 0.05, "<= 100")
    busy(borders, 0.5, "<= 500")
    small(borders)
    marching(borders)
    quiet(borders)


if __name__ == "__main__":
    main()
