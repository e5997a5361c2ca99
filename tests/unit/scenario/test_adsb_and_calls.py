from collections.abc import Callable

import numpy as np
import pytest

from skypicket.domain.errors import ConfigurationError
from skypicket.domain.observations import ObservationBatch
from skypicket.domain.times import NS_PER_S, parse_time
from skypicket.scenario import Night

SAYING = """
[[scenario.objects]]
id = "liner"
airframe = "airliner"
icao24 = "f00001"
callsign = "TEST1"
waypoints = [
  { time = "2026-03-01T00:00:00Z", lat_deg = 54.7, lon_deg = 25.6, amsl_m = 9000.0 },
  { time = "2026-03-01T00:05:00Z", lat_deg = 54.9, lon_deg = 26.2, amsl_m = 9000.0 },
]
"""
CALLS = """
[[scenario.calls]]
heard = "2026-03-01T00:01:00Z"
received = "2026-03-01T00:09:00Z"
lat_deg = 54.71
lon_deg = 25.31
text = "late"

[[scenario.calls]]
heard = "2026-03-01T00:02:00Z"
received = "2026-03-01T00:03:00Z"
lat_deg = 54.72
lon_deg = 25.32
first_hand = false
course_deg = 300.0

[[scenario.calls]]
heard = "2026-03-01T00:02:00Z"
received = "2026-03-01T00:30:00Z"
lat_deg = 54.72
lon_deg = 25.32
"""


def of_source(night: Night, source: str, seed: int = 0) -> list[ObservationBatch]:
    nouns = [emission.noun for emission in night.emissions(seed) if emission.source == source]
    return [noun for noun in nouns if isinstance(noun, ObservationBatch)]


def test_an_aircraft_reports_itself_once_a_second_while_it_flies(
    night_of: Callable[[str], Night],
) -> None:
    batches = of_source(night_of(SAYING), "ads-b")
    assert len(batches) == pytest.approx(300, abs=2)
    assert {str(batch.claims["icao24"][0]) for batch in batches} == {"f00001"}
    assert {str(batch.claims["callsign"][0]) for batch in batches} == {"TEST1"}


def test_a_self_report_is_where_the_aircraft_is(night_of: Callable[[str], Night]) -> None:
    night = night_of(SAYING)
    off_m = []
    for batch in of_source(night, "ads-b"):
        (point,) = night.truth(int(batch.time_ns[0]))
        frame = night.objects.frame
        east_m, north_m = frame.to_plane(batch.column("lat_deg"), batch.column("lon_deg"))
        true_e, true_n = frame.to_plane(point.lat_deg, point.lon_deg)
        off_m.append([float(east_m[0] - true_e), float(north_m[0] - true_n)])
        assert batch.column("east_mps")[0] == pytest.approx(point.east_mps, abs=0.1)
    assert float(np.std(off_m)) == pytest.approx(12.0, rel=0.1)


def test_what_says_nothing_of_itself_is_not_received(flyer_night: Night) -> None:
    assert of_source(flyer_night, "ads-b") == []


def test_calls_come_in_order_of_receipt_and_keep_when_they_were_heard(
    night_of: Callable[[str], Night],
) -> None:
    night = night_of(CALLS)
    relayed, late = of_source(night, "calls")
    assert relayed.column("first_hand")[0] == 0.0
    assert relayed.column("course_deg")[0] == 300.0
    assert late.time_ns[0] == parse_time("2026-03-01T00:01:00Z")
    assert late.received_ns == parse_time("2026-03-01T00:09:00Z")
    assert late.claims["text"][0] == "late"


def test_a_crowd_tells_of_an_object_near_its_way(flyer_night: Night) -> None:
    crowd = """
[[scenario.crowds]]
object = "flyer"
callers = 40
heard = ["2026-03-01T00:01:00Z", "2026-03-01T00:05:00Z"]
median_delay_s = 60.0
"""
    night = Night(flyer_night.settings_text + crowd, "night")
    batches = of_source(night, "calls")
    assert len(batches) > 25
    assert all(batch.received_ns > batch.time_ns[0] - 60 * NS_PER_S for batch in batches)
    first_hand = np.array([batch.column("first_hand")[0] for batch in batches])
    assert 0.5 < first_hand.mean() < 0.95
    lat_deg = np.array([batch.column("lat_deg")[0] for batch in batches])[first_hand > 0]
    assert np.abs(lat_deg - 54.7).max() < 0.06


def test_a_crowd_about_nothing_is_refused(night_of: Callable[[str], Night]) -> None:
    crowd = """
[[scenario.crowds]]
object = "ghost"
callers = 1
heard = ["2026-03-01T00:01:00Z", "2026-03-01T00:05:00Z"]
"""
    with pytest.raises(ConfigurationError, match="ghost"):
        list(night_of(crowd).emissions(0))
