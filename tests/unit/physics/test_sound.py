import pytest

from skypicket.domain.errors import InputError
from skypicket.physics.sound import Air, absorption_db_per_m, speed_of_sound_mps

OCTAVES_HZ = [1000.0 * 10 ** (0.3 * step) for step in range(-4, 4)]
# ISO 9613-2:1996, table 2: temperature in °C, relative humidity in %, dB/km from 63 Hz to 8 kHz.
TABLE = [
    (10, 70, (0.1, 0.4, 1.0, 1.9, 3.7, 9.7, 32.8, 117)),
    (20, 70, (0.1, 0.3, 1.1, 2.8, 5.0, 9.0, 22.9, 76.6)),
    (30, 70, (0.1, 0.3, 1.0, 3.1, 7.4, 12.7, 23.1, 59.3)),
    (15, 20, (0.3, 0.6, 1.2, 2.7, 8.2, 28.2, 88.8, 202)),
    (15, 50, (0.1, 0.5, 1.2, 2.2, 4.2, 10.8, 36.2, 129)),
    (15, 80, (0.1, 0.3, 1.1, 2.4, 4.1, 8.3, 23.7, 82.8)),
]


@pytest.mark.parametrize(("temperature_c", "humidity_percent", "db_per_km"), TABLE)
def test_absorption_agrees_with_the_table_of_iso_9613(
    temperature_c: float, humidity_percent: float, db_per_km: tuple[float, ...]
) -> None:
    air = Air(temperature_c=temperature_c, humidity_percent=humidity_percent)
    found = [1000 * absorption_db_per_m(frequency, air) for frequency in OCTAVES_HZ]
    assert found == pytest.approx(db_per_km, rel=5e-3, abs=0.06)


def test_a_higher_tone_is_absorbed_more() -> None:
    found = [absorption_db_per_m(frequency) for frequency in OCTAVES_HZ]
    assert found == sorted(found)


@pytest.mark.parametrize(
    ("frequency_hz", "air"),
    [
        (0.0, Air()),
        (250.0, Air(humidity_percent=0.0)),
        (250.0, Air(pressure_kpa=0.0)),
        (250.0, Air(temperature_c=-90.0)),
    ],
)
def test_absorption_refuses_air_that_is_none(frequency_hz: float, air: Air) -> None:
    with pytest.raises(InputError, match="No sound absorption"):
        absorption_db_per_m(frequency_hz, air)


def test_sound_at_20_degrees_needs_three_seconds_for_a_kilometre() -> None:
    assert 1000.0 / speed_of_sound_mps(Air(temperature_c=20.0)) == pytest.approx(2.914, abs=1e-3)
