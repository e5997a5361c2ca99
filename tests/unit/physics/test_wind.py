import numpy as np
import pytest

from skypicket.domain.errors import InputError
from skypicket.physics.wind import Wind, WindLayer


def test_a_south_wind_blows_north() -> None:
    east, north = Wind([WindLayer(amsl_m=0, from_deg=180, speed_mps=5)]).at(2000.0)
    assert (round(float(east), 9), round(float(north), 9)) == (0.0, 5.0)


def test_wind_without_layers_is_calm() -> None:
    east, north = Wind().at([0.0, 5000.0])
    assert not east.any()
    assert not north.any()


def test_wind_turns_gradually_between_layers() -> None:
    layers = [
        WindLayer(amsl_m=0, from_deg=180, speed_mps=4),
        WindLayer(amsl_m=1000, from_deg=270, speed_mps=8),
    ]
    east, north = Wind(layers).at([-50.0, 500.0, 1000.0, 9000.0])
    np.testing.assert_allclose(east, [0, 4, 8, 8], atol=1e-9)
    np.testing.assert_allclose(north, [4, 2, 0, 0], atol=1e-9)


def test_layers_must_rise() -> None:
    layer = WindLayer(amsl_m=100, from_deg=0, speed_mps=1)
    with pytest.raises(InputError, match="must rise"):
        Wind([layer, layer])
