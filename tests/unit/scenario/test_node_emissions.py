from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest

from skypicket.domain.observations import ObservationBatch, SweptInterval
from skypicket.domain.sensors import SensorStatus
from skypicket.domain.times import NS_PER_S
from skypicket.physics.sound import speed_of_sound_mps
from skypicket.scenario import Emission, Night


def of_node(night: Night, seed: int = 0) -> list[Emission]:
    return [emission for emission in night.emissions(seed) if emission.source == "nodes"]


def heard(night: Night, seed: int = 0) -> list[ObservationBatch]:
    nouns = [emission.noun for emission in of_node(night, seed)]
    return [noun for noun in nouns if isinstance(noun, ObservationBatch) and len(noun)]


def test_a_node_without_anything_to_hear_says_every_half_minute_that_it_listened(
    night_of: Callable[[str], Night],
) -> None:
    nouns = [emission.noun for emission in of_node(night_of(""))]
    assert len(nouns) == 20
    swept = [noun.swept for noun in nouns if isinstance(noun, ObservationBatch)]
    intervals = [one for one in swept if isinstance(one, SweptInterval)]
    assert len(intervals) == 20
    for before, after in pairwise(intervals):
        assert before.to_ns == after.from_ns


def test_a_passing_engine_is_heard_near_the_node_and_not_far_away(flyer_night: Night) -> None:
    minutes = [(b.time_ns[0] - flyer_night.start_ns) / NS_PER_S / 60 for b in heard(flyer_night)]
    assert len(minutes) > 20
    assert min(minutes) > 0.3
    assert max(minutes) < 8.0
    assert np.median(minutes) == pytest.approx(4.2, abs=1.0)


def test_a_heartbeat_after_a_detection_claims_no_silence(flyer_night: Night) -> None:
    times = [int(batch.time_ns[0]) for batch in heard(flyer_night)]
    empty = [
        emission.noun.swept
        for emission in of_node(flyer_night)
        if isinstance(emission.noun, ObservationBatch) and not len(emission.noun)
    ]
    for swept in empty:
        assert isinstance(swept, SweptInterval)
        assert not any(swept.from_ns < time_ns <= swept.to_ns for time_ns in times)
    assert any(isinstance(emission.noun, SensorStatus) for emission in of_node(flyer_night))


def test_sound_comes_late_by_its_way(night_of: Callable[[str], Night]) -> None:
    # It begins 3,000 m from the node, overhead of nobody: nothing can be heard before 8.9 s.
    night = night_of(
        """
[[scenario.objects]]
id = "near"
airframe = "shahed"
waypoints = [
  { time = "2026-03-01T00:00:00Z", lat_deg = 54.7, lon_deg = 25.5466, amsl_m = 0.0 },
  { time = "2026-03-01T00:01:00Z", lat_deg = 54.7, lon_deg = 25.5467, amsl_m = 0.0 },
]
"""
    )
    delay_s = 3000.0 / speed_of_sound_mps()
    found = [
        (int(batch.time_ns[0]) - night.start_ns) / NS_PER_S
        for seed in range(20)
        for batch in heard(night, seed)
    ]
    assert len(found) > 100
    assert delay_s - 0.1 < min(found) < delay_s + 2.0
    assert 60.0 < max(found) < 60.0 + delay_s + 0.1


def test_a_jet_is_passed_over(night_of: Callable[[str], Night]) -> None:
    night = night_of(
        """
[[scenario.objects]]
id = "jet"
airframe = "airliner"
waypoints = [
  { time = "2026-03-01T00:00:00Z", lat_deg = 54.7, lon_deg = 25.3, amsl_m = 900.0 },
  { time = "2026-03-01T00:05:00Z", lat_deg = 54.7, lon_deg = 25.7, amsl_m = 900.0 },
]
"""
    )
    assert heard(night) == []


def test_a_node_with_a_bearing_points_at_where_the_sound_left(vilnius: Night) -> None:
    node = vilnius.sensors["A06"]
    errors_deg = []
    for emission in vilnius.emissions(0):
        noun = emission.noun
        if not isinstance(noun, ObservationBatch) or noun.kind != "bearing":
            continue
        if noun.sensor_id != "A06" or noun.column("snr_db")[0] < 12:
            continue
        there = {point.id: point for point in vilnius.truth(int(noun.time_ns[0]))}["gerbera"]
        frame = vilnius.objects.frame
        node_e, node_n = frame.to_plane(node.lat_deg, node.lon_deg)
        east_m, north_m = frame.to_plane(there.lat_deg, there.lon_deg)
        true_deg = np.degrees(np.arctan2(east_m - node_e, north_m - node_n))
        errors_deg.append((float(noun.column("azimuth_deg")[0] - true_deg) + 180) % 360 - 180)
    assert len(errors_deg) > 5
    assert abs(float(np.mean(errors_deg))) < 15.0
