import pickle

import numpy as np
import pytest

from skypicket.domain.errors import InputError
from skypicket.geo.frame import TheatreFrame

VILNIUS = TheatreFrame(54.69, 25.28)


def test_the_centre_is_the_origin() -> None:
    east_m, north_m = VILNIUS.to_plane(54.69, 25.28)
    assert abs(east_m) < 1e-6
    assert abs(north_m) < 1e-6


def test_scalars_give_arrays_without_dimension() -> None:
    east_m, _ = VILNIUS.to_plane(55.0, 25.0)
    assert east_m.shape == ()
    assert east_m.dtype == np.float64


def test_arguments_broadcast() -> None:
    east_m, north_m = VILNIUS.to_plane(np.full((3, 1), 55.0), np.linspace(24, 26, 4))
    assert east_m.shape == north_m.shape == (3, 4)


def test_no_positions_give_no_positions() -> None:
    lat_deg, lon_deg = VILNIUS.to_geodetic([], [])
    assert len(lat_deg) == len(lon_deg) == 0


@pytest.mark.parametrize("lat_deg", [np.nan, np.inf, -np.inf, 90.001, -91.0])
def test_a_latitude_that_is_none_gives_nan(lat_deg: float) -> None:
    assert np.isnan(VILNIUS.to_plane(lat_deg, 25.0)).all()
    assert np.isnan(VILNIUS.scale(lat_deg, 25.0))


def test_one_bad_row_leaves_the_others_alone() -> None:
    east_m, _ = VILNIUS.to_plane([55.0, np.nan, 55.0], [25.0, 25.0, 25.0])
    assert np.isnan(east_m).tolist() == [False, True, False]


@pytest.mark.parametrize("metres", [np.nan, np.inf, -np.inf])
def test_a_plane_position_that_is_none_gives_nan(metres: float) -> None:
    assert np.isnan(VILNIUS.to_geodetic(metres, 0.0)).all()


def test_the_north_pole_has_a_place_in_the_plane() -> None:
    lat_deg, _ = VILNIUS.to_geodetic(*VILNIUS.to_plane(90.0, 0.0))
    assert lat_deg == pytest.approx(90.0, abs=1e-9)


def test_longitudes_are_cyclic() -> None:
    east_m, north_m = VILNIUS.to_plane(55.0, [25.0, 385.0, -335.0])
    assert np.ptp(east_m) < 1e-6
    assert np.ptp(north_m) < 1e-6


def test_a_theatre_on_the_date_line_keeps_both_sides_together() -> None:
    frame = TheatreFrame(65.0, 180.0)
    east_m, _ = frame.to_plane(65.0, [179.9, -179.9])
    assert east_m[0] == pytest.approx(-east_m[1])
    _, lon_deg = frame.to_geodetic(east_m, 0.0)
    assert lon_deg == pytest.approx([179.9, -179.9])


@pytest.mark.parametrize("centre", [(86.0, 0.0), (0.0, 181.0), (np.nan, 0.0), (0.0, np.nan)])
def test_an_impossible_centre_is_refused(centre: tuple[float, float]) -> None:
    with pytest.raises(InputError, match="cannot be centred"):
        TheatreFrame(*centre)


def test_frames_of_one_centre_are_equal_and_hash_alike() -> None:
    twin = TheatreFrame(54.69, 25.28)
    assert twin == VILNIUS
    assert hash(twin) == hash(VILNIUS)
    assert pickle.loads(pickle.dumps(VILNIUS)) == VILNIUS


def test_convergence_is_positive_east_of_the_centre() -> None:
    assert VILNIUS.convergence_deg(54.69, 26.0) > 0 > VILNIUS.convergence_deg(54.69, 24.0)
