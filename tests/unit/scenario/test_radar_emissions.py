from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest

from skypicket.domain.observations import ObservationBatch, SweptSector
from skypicket.domain.sensors import SensorStatus
from skypicket.domain.times import NS_PER_S
from skypicket.geo.polar import geodetic_to_polar
from skypicket.scenario import Night, load_night

SECTORS, TURNS = 16, 60


def sweeps(night: Night, seed: int = 0) -> list[ObservationBatch]:
    return [
        emission.noun
        for emission in night.emissions(seed)
        if isinstance(emission.noun, ObservationBatch) and emission.noun.kind == "range_azimuth"
    ]


def test_every_sector_of_every_turn_is_said_also_when_nothing_is_there(
    night_of: Callable[[str], Night],
) -> None:
    batches = sweeps(night_of(""))
    # The very last sector is received after the end of the night.
    assert len(batches) == TURNS * SECTORS - 1
    assert sum(len(batch) for batch in batches) == 0


def test_sectors_follow_each_other_without_gap(night_of: Callable[[str], Night]) -> None:
    swept = [batch.swept for batch in sweeps(night_of(""))]
    for before, after in pairwise(swept):
        assert isinstance(before, SweptSector)
        assert isinstance(after, SweptSector)
        assert before.to_ns == after.from_ns
        assert (before.start_azimuth_deg + before.extent_deg) % 360 == after.start_azimuth_deg


def test_a_sector_is_received_when_it_has_been_swept(night_of: Callable[[str], Night]) -> None:
    for batch in sweeps(night_of("")):
        assert isinstance(batch.swept, SweptSector)
        assert batch.received_ns == batch.swept.to_ns + round(0.4 * NS_PER_S)


def test_a_perfect_radar_sees_an_object_once_in_every_turn(flyer_night: Night) -> None:
    turns = [
        int(t - flyer_night.start_ns) // (10 * NS_PER_S)
        for b in sweeps(flyer_night)
        for t in b.time_ns
    ]
    assert turns == list(range(50))


def test_plots_lie_in_the_sector_that_was_swept_when_they_were_made(vilnius: Night) -> None:
    checked = 0
    for batch in sweeps(vilnius)[:3000]:
        swept = batch.swept
        assert isinstance(swept, SweptSector)
        azimuth_deg = batch.column("azimuth_deg")
        assert (azimuth_deg >= swept.start_azimuth_deg).all()
        assert (azimuth_deg < swept.start_azimuth_deg + swept.extent_deg).all()
        assert (batch.time_ns >= swept.from_ns).all()
        assert (batch.time_ns <= swept.to_ns).all()
        checked += len(batch)
    assert checked > 1000


def test_errors_have_the_size_that_the_sensor_says(flyer_night: Night) -> None:
    sensor = flyer_night.sensors["R1"]
    errors: list[tuple[float, float, float]] = []
    for seed in range(20):
        for batch in sweeps(flyer_night, seed):
            for row, time_ns in enumerate(batch.time_ns):
                (point,) = flyer_night.truth(int(time_ns))
                range_m, azimuth_deg, _ = geodetic_to_polar(
                    sensor.lat_deg, sensor.lon_deg, 20.0, point.lat_deg, point.lon_deg, point.amsl_m
                )
                errors.append(
                    (
                        float(batch.column("range_m")[row] - range_m) / 50.0,
                        float(batch.column("azimuth_deg")[row] - azimuth_deg) / 0.1,
                        float(batch.column("amsl_m")[row] - point.amsl_m) / 300.0,
                    )
                )
    normalized = np.array(errors)
    assert len(normalized) == 20 * 50
    np.testing.assert_allclose(normalized.mean(axis=0), 0.0, atol=0.12)
    np.testing.assert_allclose(normalized.std(axis=0), 1.0, atol=0.08)


def test_false_alarms_are_even_over_the_disc(night_of: Callable[[str], Night]) -> None:
    text = night_of("").settings_text.replace("per_scan = 0.0", "per_scan = 50.0", 1)
    batches = sweeps(load_night(text))
    range_m = np.concatenate([batch.column("range_m") for batch in batches])
    azimuth_deg = np.concatenate([batch.column("azimuth_deg") for batch in batches])
    assert len(range_m) == pytest.approx(50 * TURNS, rel=0.06)
    assert (range_m < 50_000).mean() == pytest.approx(0.25, abs=0.03)
    assert (azimuth_deg < 90).mean() == pytest.approx(0.25, abs=0.03)


def test_a_turn_begins_with_a_north_mark(night_of: Callable[[str], Night]) -> None:
    marks = [
        emission.noun.time_ns
        for emission in night_of("").emissions(0)
        if isinstance(emission.noun, SensorStatus)
    ]
    assert len(marks) == TURNS
    assert set(np.diff(marks)) == {10 * NS_PER_S}


def test_a_radar_without_height_measurement_gives_none(night_of: Callable[[str], Night]) -> None:
    flat = night_of("radar = { sigma_height_m = 0.0 }\n")
    assert all("amsl_m" not in batch.columns for batch in sweeps(flat))
