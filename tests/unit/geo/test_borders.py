from collections.abc import Sequence

import numpy as np
import pytest

from skypicket.domain.errors import InputError
from skypicket.geo.borders import Borders, load_borders
from skypicket.geo.frame import TheatreFrame
from skypicket.geo.outlines import CUT, STATES, rings

# One well-known place inside each state, and inside each of its parts.
INSIDE = [
    ("LTU", 54.687, 25.280),
    ("LVA", 56.949, 24.105),
    ("EST", 59.437, 24.754),
    ("EST", 58.25, 22.50),  # Saaremaa
    ("POL", 52.230, 21.012),
    ("BLR", 53.902, 27.561),
    ("RUS", 54.710, 20.510),  # Kaliningrad
    ("RUS", 55.751, 37.618),
    ("RUS", 52.480, 31.560),  # Sankovo-Medvezhye, inside Belarus
    ("FIN", 60.170, 24.941),
    ("FIN", 60.097, 19.935),  # Mariehamn
    ("UKR", 50.450, 30.524),
    ("UKR", 44.952, 34.103),  # Simferopol
    ("ROU", 44.427, 26.103),
    ("MDA", 47.011, 28.858),
]
NOWHERE = [(57.0, 19.3), (59.33, 18.07), (43.5, 33.0), (0.0, 0.0), (55.0, 80.0)]


@pytest.fixture(scope="module")
def frame() -> TheatreFrame:
    return TheatreFrame(54.69, 25.28)


@pytest.fixture(scope="module")
def borders(frame: TheatreFrame) -> Borders:
    return load_borders(frame, ["LTU"])


@pytest.mark.parametrize(("code", "lat_deg", "lon_deg"), INSIDE)
def test_a_place_belongs_to_its_state_and_to_no_other(
    borders: Borders, code: str, lat_deg: float, lon_deg: float
) -> None:
    east_m, north_m = borders.frame.to_plane(lat_deg, lon_deg)
    assert [s for s in STATES if borders.contains(s, east_m, north_m)] == [code]
    assert [s for s in STATES if borders.signed_distance_m(s, east_m, north_m) > 0] == [code]
    assert borders.state_at(lat_deg, lon_deg) == code


@pytest.mark.parametrize(("lat_deg", "lon_deg"), NOWHERE)
def test_the_open_sea_and_far_states_have_no_code(
    borders: Borders, lat_deg: float, lon_deg: float
) -> None:
    assert borders.state_at(lat_deg, lon_deg) == ""


def test_the_territorial_sea_is_inside(borders: Borders) -> None:
    # 10 km off Palanga: inside 12 nautical miles; 30 km off: outside.
    assert borders.state_at(55.92, [20.90, 20.55]).tolist() == ["LTU", ""]


def test_the_border_of_two_states_is_one_line(borders: Borders) -> None:
    # Along a stripe over the border of Lithuania and Belarus, one is as far in as the other out.
    east_m, north_m = np.linspace(10_000, 60_000, 400), np.linspace(-40_000, 0, 400)
    _, _, beyond = borders.nearest("LTU", east_m, north_m)
    ours_m = borders.signed_distance_m("LTU", east_m, north_m)
    theirs_m = borders.signed_distance_m("BLR", east_m, north_m)
    assert set(beyond.tolist()) == {"BLR"}
    assert (ours_m > 0).any()
    assert (ours_m < 0).any()
    assert np.abs(ours_m + theirs_m).max() < 1e-6


def test_the_nearest_point_lies_at_the_signed_distance(borders: Borders) -> None:
    rng = np.random.default_rng(2)
    east_m, north_m = rng.uniform(-300_000, 300_000, (2, 2000))
    foot_east_m, foot_north_m, _ = borders.nearest("LTU", east_m, north_m)
    apart_m = borders.frame.distance_m(east_m, north_m, foot_east_m, foot_north_m)
    assert apart_m == pytest.approx(np.abs(borders.signed_distance_m("LTU", east_m, north_m)))
    on_line_m = borders.signed_distance_m("LTU", foot_east_m, foot_north_m)
    assert np.abs(on_line_m).max() < 1e-6


def test_who_is_beyond_the_border_is_named(borders: Borders) -> None:
    lat_deg = [56.3, 55.9, 54.2, 54.3, 55.25, 55.7]
    lon_deg = [24.0, 26.6, 25.5, 23.3, 21.9, 20.9]
    _, _, beyond = borders.nearest("LTU", *borders.frame.to_plane(lat_deg, lon_deg))
    assert beyond.tolist() == ["LVA", "LVA", "BLR", "POL", "RUS", ""]


def test_a_neighbour_whose_outline_is_not_shipped_is_named_too(borders: Borders) -> None:
    east_m, north_m = borders.frame.to_plane([65.84, 48.9], [24.1, 22.4])
    assert borders.nearest("FIN", east_m[0], north_m[0])[2] == "SWE"
    assert borders.nearest("UKR", east_m[1], north_m[1])[2] == "SVK"


def test_positions_that_are_none_give_nan_and_no_state(borders: Borders) -> None:
    odd = np.array([np.nan, np.inf, -np.inf])
    assert np.isnan(borders.signed_distance_m("LTU", odd, 0.0)).all()
    assert not borders.contains("LTU", odd, 0.0).any()
    east_m, north_m, beyond = borders.nearest("LTU", 0.0, odd)
    assert np.isnan(east_m).all()
    assert np.isnan(north_m).all()
    assert beyond.tolist() == ["", "", ""]
    assert borders.state_at(odd, 25.0).tolist() == ["", "", ""]


def test_one_bad_row_leaves_the_others_alone(borders: Borders) -> None:
    metres = borders.signed_distance_m("LTU", [0.0, np.nan, 0.0], [0.0, 0.0, 0.0])
    assert metres[0] == metres[2]
    assert np.isnan(metres[1])


def test_shapes_are_kept(borders: Borders) -> None:
    grid = np.zeros((3, 4))
    assert borders.signed_distance_m("LTU", grid, 0.0).shape == (3, 4)
    assert borders.contains("LTU", 0.0, 0.0).shape == ()
    assert borders.state_at([], []).shape == (0,)
    assert [part.shape for part in borders.nearest("LTU", grid, grid)] == [(3, 4)] * 3


def test_far_away_is_far_outside(borders: Borders) -> None:
    east_m, north_m = borders.frame.to_plane([0.0, -40.0, 89.0], [0.0, 150.0, -100.0])
    assert (borders.signed_distance_m("LTU", east_m, north_m) < -3e6).all()


def test_the_end_of_the_file_is_no_border_of_russia(borders: Borders) -> None:
    # On the cut at 42 E, 300 km from Ukraine: deep inside, not on an edge.
    east_m, north_m = borders.frame.to_plane(51.0, [41.9, 41.999, 42.0])
    assert (borders.signed_distance_m("RUS", east_m, north_m) > 50_000).all()
    assert CUT in rings("RUS")[0].beyond
    assert CUT not in borders.nearest("RUS", east_m, north_m)[2]


@pytest.mark.parametrize(("lat_deg", "lon_deg"), [(43.3, 42.0), (70.0, 31.0), (69.5, 38.0)])
def test_near_the_end_of_the_file_the_quick_answer_is_the_exact_one(
    borders: Borders, lat_deg: float, lon_deg: float
) -> None:
    rng = np.random.default_rng(8)
    around = rng.uniform(-1, 1, (2, 20_000))
    east_m, north_m = borders.frame.to_plane(lat_deg + around[0], lon_deg + 2 * around[1])
    metres = borders.signed_distance_m("RUS", east_m, north_m)
    assert (borders.contains("RUS", east_m, north_m) == (metres > 0)).all()


@pytest.mark.parametrize("states", [["SWE"], ["LTU", "ltu"], [""]])
def test_a_state_that_is_not_shipped_is_refused(frame: TheatreFrame, states: Sequence[str]) -> None:
    with pytest.raises(InputError, match="is shipped"):
        load_borders(frame, states)


def test_a_state_that_was_not_prepared_is_loaded_when_asked(frame: TheatreFrame) -> None:
    assert load_borders(frame, []).contains("LTU", 0.0, 0.0)


def test_the_frame_hardly_matters(borders: Borders) -> None:
    lat_deg, lon_deg = np.linspace(53.6, 56.6, 200), np.linspace(20.5, 27.5, 200)
    other = load_borders(TheatreFrame(56.95, 24.10), ["LTU"])
    here_m = borders.signed_distance_m("LTU", *borders.frame.to_plane(lat_deg, lon_deg))
    there_m = other.signed_distance_m("LTU", *other.frame.to_plane(lat_deg, lon_deg))
    assert np.abs(here_m - there_m).max() < 0.5
