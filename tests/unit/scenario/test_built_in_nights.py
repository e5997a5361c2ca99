import tomllib

import numpy as np
import pytest

from skypicket.domain.noun import FloatColumn
from skypicket.domain.observations import ObservationBatch
from skypicket.domain.times import NS_PER_S, parse_time
from skypicket.geo.borders import load_borders
from skypicket.scenario import Night, load_night, night_names

RECONSTRUCTIONS = ("vilnius-2025-07-28", "vilnius-2025-07-28-as-it-was")
OVER_SNIPISKES_NS = parse_time("2025-07-28T04:56:00+03:00")


def gerbera_at(night: Night, time_ns: int) -> tuple[float, float, float]:
    there = {point.id: point for point in night.truth(time_ns)}["gerbera"]
    return there.lat_deg, there.lon_deg, there.amsl_m


def minutes_of(night: Night, time_ns: int) -> float:
    return (time_ns - night.start_ns) / NS_PER_S / 60


@pytest.mark.parametrize("name", RECONSTRUCTIONS)
def test_a_reconstruction_says_so_wherever_it_is_named(name: str) -> None:
    night = load_night(name)
    assert night.reconstruction
    assert night.title.startswith("RECONSTRUCTION")
    assert night.settings_text.startswith("# RECONSTRUCTION")
    assert "reconstruction" in tomllib.loads(night.settings_text)["system"]["name"]


@pytest.mark.parametrize("name", night_names())
def test_a_built_in_night_is_a_simulation_of_made_up_sites(name: str) -> None:
    tables = tomllib.loads(load_night(name).settings_text)
    assert tables["system"]["mode"] == "simulation"
    for sensor in tables["sensors"]:
        for key in ("lat_deg", "lon_deg"):
            assert round(sensor[key], 2) == sensor[key], "a made-up site has round coordinates"


@pytest.mark.parametrize("name", RECONSTRUCTIONS)
def test_every_fact_names_its_source_and_the_rest_is_called_assumed(name: str) -> None:
    plan = load_night(name).plan
    assert len(plan.facts) >= 8
    assert all(fact.source.startswith("https://") for fact in plan.facts)
    assert len(plan.assumed) >= 4


def test_the_two_reconstructions_have_the_same_truth() -> None:
    first, second = (load_night(name).truth_table(60.0) for name in RECONSTRUCTIONS)
    for name, column in first.items():
        np.testing.assert_array_equal(column, second[name])


def test_the_object_is_over_snipiskes_at_04_56_and_200_m_up(vilnius: Night) -> None:
    lat_deg, lon_deg, amsl_m = gerbera_at(vilnius, OVER_SNIPISKES_NS)
    assert lat_deg == pytest.approx(54.70, abs=0.02)
    assert lon_deg == pytest.approx(25.28, abs=0.03)
    assert amsl_m - 110.0 == pytest.approx(200.0, abs=30.0)  # the ground there is at 110 m


def test_the_object_comes_down_in_gaiziunai(vilnius: Night) -> None:
    table = vilnius.truth_table(1.0)
    rows = np.flatnonzero(table["object"] == "gerbera")
    assert table["lat_deg"][rows[-1]] == pytest.approx(55.02, abs=1e-3)
    assert table["lon_deg"][rows[-1]] == pytest.approx(24.45, abs=1e-3)
    assert 60 < minutes_of(vilnius, int(table["time_ns"][rows[-1]])) < 100


def test_the_object_comes_from_belarus_and_crosses_once(vilnius: Night) -> None:
    table = vilnius.truth_table(10.0)
    rows = table["object"] == "gerbera"
    frame = vilnius.objects.frame
    place = frame.to_plane(table["lat_deg"][rows], table["lon_deg"][rows])
    borders = load_borders(frame, ["LTU", "BLR"])
    inside = borders.signed_distance_m("LTU", *place) > 0
    assert borders.signed_distance_m("BLR", *place)[0] > 0
    assert np.count_nonzero(np.diff(inside.astype(int))) == 1
    crossing_ns = int(table["time_ns"][rows][int(np.argmax(inside))])
    assert minutes_of(vilnius, crossing_ns) == pytest.approx(19.5, abs=1.5)


def radar_minutes(night: Night) -> FloatColumn:
    """Minutes of the plots within 500 m of range and 1.5 degrees of the object."""
    sensor, frame = night.sensors["R1"], night.objects.frame
    sweeps = [e.noun for e in night.emissions(0) if e.source == "radar"]
    plots = [noun for noun in sweeps if isinstance(noun, ObservationBatch) and len(noun)]
    range_m, azimuth_deg, time_ns = (
        np.concatenate([plot.columns[name] for plot in plots])
        for name in ("range_m", "azimuth_deg", "time_ns")
    )
    time_s = (time_ns - night.start_ns) / NS_PER_S
    east_m, north_m, _ = night.objects.place(0, time_s)  # the first object of the file
    radar_e, radar_n = frame.to_plane(sensor.lat_deg, sensor.lon_deg)
    true_m = np.hypot(east_m - radar_e, north_m - radar_n)
    true_deg = np.degrees(np.arctan2(east_m - radar_e, north_m - radar_n))
    off_deg = np.abs((azimuth_deg - true_deg + 180) % 360 - 180)
    near = (np.abs(range_m - true_m) < 500) & (off_deg < 1.5) & night.objects.airborne(0, time_s)
    minutes: FloatColumn = time_s[near] / 60
    return minutes


def test_the_radar_sees_it_abroad_and_loses_it_before_the_border() -> None:
    minutes = radar_minutes(load_night("vilnius-2025-07-28-as-it-was"))
    early = np.count_nonzero(minutes < 12)
    assert early > 50
    assert np.count_nonzero(minutes >= 15) < 10  # a bird or a false plot now and then


def test_the_line_hears_it_node_by_node_from_the_border_to_beyond_vilnius(vilnius: Night) -> None:
    heard_ns: dict[str, list[int]] = {}
    for emission in vilnius.emissions(0):
        noun = emission.noun
        if isinstance(noun, ObservationBatch) and noun.kind in {"presence", "bearing"}:
            heard_ns.setdefault(noun.sensor_id, []).extend(int(t) for t in noun.time_ns)
    minutes = sorted(
        minutes_of(vilnius, times[0]) for times in heard_ns.values() if len(times) > 10
    )
    assert len(minutes) >= 10
    firsts = [
        minutes_of(vilnius, sorted(times)[len(times) // 2])
        for times in heard_ns.values()
        if len(times) > 10
    ]
    within = sorted(minute for minute in firsts if 19 <= minute <= 46)
    assert len(within) >= 10
    assert max(np.diff(within)) < 5.0
    assert "A10" not in heard_ns


def test_the_late_call_is_heard_04_56_and_received_06_50(vilnius: Night) -> None:
    late = [
        emission
        for emission in vilnius.emissions(0)
        if emission.received_ns == parse_time("2025-07-28T06:50:00+03:00")
        and emission.source == "calls"
    ]
    assert len(late) == 1
    noun = late[0].noun
    assert isinstance(noun, ObservationBatch)
    assert noun.time_ns[0] == OVER_SNIPISKES_NS


def test_dozens_of_people_call_some_of_them_at_second_hand(vilnius: Night) -> None:
    calls = [
        e.noun
        for e in vilnius.emissions(0)
        if isinstance(e.noun, ObservationBatch) and e.source == "calls"
    ]
    first_hand = [call.column("first_hand")[0] for call in calls]
    assert len(calls) >= 30
    assert 5 <= first_hand.count(0.0) <= len(calls) / 2


def test_as_it_was_there_is_a_radar_the_telephone_and_no_line() -> None:
    kinds = {sensor.kind for sensor in load_night("vilnius-2025-07-28-as-it-was").sensors.values()}
    assert kinds == {"radar", "adsb", "person"}


def test_the_quiet_night_lasts_twelve_hours() -> None:
    night = load_night("quiet-12h")
    assert minutes_of(night, night.end_ns) == 720
    assert not night.reconstruction
    assert night.title.startswith("SYNTHETIC")
