from collections import Counter
from collections.abc import Callable
from itertools import islice

import numpy as np
import pytest

from skypicket.domain.errors import ConfigurationError
from skypicket.domain.observations import ObservationBatch
from skypicket.domain.times import NS_PER_S
from skypicket.scenario import Emission, Night, load_night, night_names

LEAST = '[scenario]\ntitle = "x"\nstart = "2026-03-01T00:00:00Z"\nduration_s = 1.0\n'
FAULT = '[[scenario.faults]]\nsensor = "A1"\n'


def said(emission: Emission) -> tuple[int, str, bytes]:
    noun = emission.noun
    key = noun.content_key() if isinstance(noun, ObservationBatch) else str(noun.time_ns).encode()
    return emission.received_ns, emission.source, key


def test_the_same_seed_gives_the_same_night(vilnius: Night) -> None:
    again = load_night("vilnius-2025-07-28")
    first = [said(emission) for emission in islice(vilnius.emissions(3), 4000)]
    assert first == [said(emission) for emission in islice(again.emissions(3), 4000)]


def test_another_seed_changes_what_is_said_and_not_what_is_true(flyer_night: Night) -> None:
    first, second = ([said(one) for one in flyer_night.emissions(seed)] for seed in (1, 2))
    assert first != second
    table = flyer_night.truth_table()
    assert table["object"].tolist() == ["flyer"] * 51


@pytest.mark.parametrize("name", night_names())
def test_everything_comes_in_order_of_receipt(name: str) -> None:
    night = load_night(name)
    received = [emission.received_ns for emission in islice(night.emissions(0), 20_000)]
    assert received == sorted(received)
    assert received[0] >= night.start_ns
    assert received[-1] <= night.end_ns


def test_every_batch_says_that_it_is_simulated(vilnius: Night) -> None:
    nouns = [emission.noun for emission in islice(vilnius.emissions(0), 10_000)]
    assert all(noun.simulated for noun in nouns if isinstance(noun, ObservationBatch))


def test_a_dead_sensor_says_nothing(flyer_night: Night) -> None:
    night = Night(flyer_night.settings_text + FAULT, "night")
    assert Counter(emission.source for emission in night.emissions(0))["nodes"] == 0


def test_a_bad_network_loses_its_share(flyer_night: Night) -> None:
    night = Night(flyer_night.settings_text + FAULT + "share = 0.5\n", "night")
    lost = [
        one.lost for seed in range(20) for one in night.emissions(seed) if one.source == "nodes"
    ]
    assert len(lost) > 1000
    assert np.mean(lost) == pytest.approx(0.5, abs=0.05)


def test_a_fault_lasts_as_long_as_it_says(flyer_night: Night) -> None:
    span = 'from = "2026-03-01T00:02:00Z"\nto = "2026-03-01T00:03:00Z"\n'
    night = Night(flyer_night.settings_text + FAULT + span, "night")
    times_s = [
        (one.received_ns - night.start_ns) / NS_PER_S
        for one in night.emissions(0)
        if one.source == "nodes"
    ]
    assert not [time_s for time_s in times_s if 120 <= time_s < 180]
    assert [time_s for time_s in times_s if time_s >= 180]


def test_truth_ends_where_the_object_comes_down(flyer_night: Night) -> None:
    (point,) = flyer_night.truth(flyer_night.start_ns + 500 * NS_PER_S)
    assert (point.id, round(point.lon_deg, 6), point.amsl_m) == ("flyer", 25.4, 200.0)
    assert flyer_night.truth(flyer_night.start_ns + 501 * NS_PER_S) == ()


def test_balloons_go_with_the_wind(night_of: Callable[[str], Night]) -> None:
    night = night_of(
        """
[[scenario.wind]]
amsl_m = 0.0
from_deg = 90.0
speed_mps = 10.0

[[scenario.balloons]]
id = "b"
count = 5
lat_deg = 54.7
lon_deg = 25.6
released = ["2026-03-01T00:00:00Z", "2026-03-01T00:00:01Z"]
"""
    )
    points = night.truth(night.start_ns + 300 * NS_PER_S)
    assert len(points) == 5
    assert np.mean([point.east_mps for point in points]) == pytest.approx(-10.0, abs=1.0)
    assert np.mean([point.amsl_m for point in points]) == pytest.approx(1650.0, abs=10.0)


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ("[scenario\n", "TOML"),
        ("[system]\nname = 1\n", "no \\[scenario\\]"),
        ("[scenario]\nduration_s = 1.0\n", "title"),
        (LEAST + "noise = 1\n", "noise"),
        (LEAST + "reconstruction = true\n", "without facts"),
        (LEAST, "theatre"),
    ],
)
def test_a_wrong_night_is_refused_with_what_is_wrong(wrong: str, word: str) -> None:
    with pytest.raises(ConfigurationError, match=word):
        load_night(wrong)


def test_an_unknown_night_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ConfigurationError, match="quiet-12h"):
        load_night("no-such-night")


def test_a_sensor_that_no_source_carries_is_refused(night_of: Callable[[str], Night]) -> None:
    text = night_of("").settings_text.replace('sensors = ["A1"]', "sensors = []")
    with pytest.raises(ConfigurationError, match="carries the sensor 'A1'"):
        load_night(text)


def test_a_second_desk_is_refused(night_of: Callable[[str], Night]) -> None:
    text = night_of("").settings_text.replace('kind = "adsb"', 'kind = "person"')
    with pytest.raises(ConfigurationError, match="one desk"):
        load_night(text)


def test_a_kind_of_sensor_that_cannot_be_simulated_is_refused(
    night_of: Callable[[str], Night],
) -> None:
    text = night_of("").settings_text.replace('kind = "adsb"', 'kind = "camera"')
    with pytest.raises(ConfigurationError, match="no simulation of 'camera'"):
        load_night(text)


def test_a_fault_of_no_sensor_is_refused(night_of: Callable[[str], Night]) -> None:
    with pytest.raises(ConfigurationError, match="A9"):
        night_of(FAULT.replace("A1", "A9"))


def test_waypoints_must_follow_each_other(flyer_night: Night) -> None:
    text = flyer_night.settings_text.replace("00:08:20Z", "00:00:00Z")
    with pytest.raises(ConfigurationError, match="do not rise"):
        load_night(text)


def test_two_objects_of_one_id_are_refused(flyer_night: Night) -> None:
    text = flyer_night.settings_text
    with pytest.raises(ConfigurationError, match="twice"):
        load_night(text + text[text.index("[[scenario.objects]]") :])
