"""Interrupted at any moment, the tracker goes on as if nothing had happened."""

from collections.abc import Callable

import numpy as np
import pytest

from skypicket.domain.codec import pack
from skypicket.domain.contracts import Tick
from skypicket.domain.observations import ObservationBatch
from skypicket.domain.sensors import Sensor
from skypicket.geo.frame import TheatreFrame
from skypicket.testing.builders import NIGHT_NS
from skypicket.tracking import Tracker, TrackerConfig

Scan = Callable[..., ObservationBatch]


SECOND = 1_000_000_000


def night(scan: Scan, seed: int = 5) -> list[ObservationBatch]:
    """Scans of a few objects among false alarms, some of them late."""
    chance = np.random.default_rng(seed)
    start = chance.uniform(-20_000, 20_000, (6, 2))
    velocity = chance.uniform(-50, 50, (6, 2))
    batches = []
    for turn in range(40):
        seen = start + 4.0 * turn * velocity + 40.0 * chance.standard_normal((6, 2))
        places = [*seen[chance.random(6) < 0.8].tolist(), *chance.uniform(-25_000, 25_000, (8, 2))]
        batches.append(scan(places, 4.0 * turn, sequence=turn + 1))
    order = np.argsort(np.arange(40) + chance.uniform(0, 12, 40))
    return [batches[number] for number in order]


def said(tracker: Tracker, batches: list[ObservationBatch]) -> bytes:
    return pack([[noun.columns for noun in tracker.step(batch)] for batch in batches])


@pytest.mark.parametrize("eager_looks", [1, 32])
@pytest.mark.parametrize("cut", [0, 1, 17, 39])
def test_a_restored_tracker_says_the_same_to_the_byte(
    cut: int, eager_looks: int, frame: TheatreFrame, sensors: dict[str, Sensor], scan: Scan
) -> None:
    config = TrackerConfig(eager_looks=eager_looks, window_scans=16.0)
    whole = Tracker(config, sensors, frame)
    batches = night(scan)
    said(whole, batches[:cut])
    state = whole.snapshot()
    restored = Tracker(config, sensors, frame)
    restored.restore(state)
    assert restored.snapshot() == state
    assert said(restored, batches[cut:]) == said(whole, batches[cut:])
    assert restored.snapshot() == whole.snapshot()
    assert restored.counts == whole.counts


def test_a_snapshot_changes_nothing(
    frame: TheatreFrame, sensors: dict[str, Sensor], scan: Scan
) -> None:
    config = TrackerConfig(eager_looks=1)
    one, other = Tracker(config, sensors, frame), Tracker(config, sensors, frame)
    for batch in night(scan):
        other.snapshot()
        assert said(one, [batch]) == said(other, [batch])


def test_a_restored_tracker_has_forgotten_what_it_knew_before(
    followed: Tracker, frame: TheatreFrame, sensors: dict[str, Sensor]
) -> None:
    empty = Tracker(TrackerConfig(), sensors, frame).snapshot()
    followed.restore(empty)
    (picture,) = followed.step(Tick(time_ns=NIGHT_NS + 28 * SECOND))
    assert len(picture) == 0


def test_a_glance_changes_nothing_even_while_late_looks_wait(
    frame: TheatreFrame, sensors: dict[str, Sensor], scan: Scan
) -> None:
    config = TrackerConfig(eager_looks=1, window_scans=16.0)
    glanced_at, left_alone = Tracker(config, sensors, frame), Tracker(config, sensors, frame)
    waited = 0
    for batch in night(scan):
        assert said(glanced_at, [batch]) == said(left_alone, [batch])
        before = glanced_at.snapshot()
        assert before == left_alone.snapshot()
        seen = glanced_at.glance(batch.received_ns or int(batch.time_ns[0]))
        assert seen.complete
        assert glanced_at.snapshot() == before
        settled = Tracker(config, sensors, frame)
        settled.restore(before)
        settled.picture(seen.time_ns)  # what a tick does: it takes in what waits
        waited += settled.snapshot() != before
    assert waited > 0
