from itertools import combinations

import numpy as np
import pytest

from skypicket.domain.errors import InputError
from skypicket.geo.geoid import FOOT_M, PUBLISHED, TheatreGeoid


def test_heights_come_back_from_the_other_surface() -> None:
    geoid = TheatreGeoid.at(54.69, 25.28)
    assert geoid.to_amsl_m(geoid.to_alt_m([0.0, 200.0])) == pytest.approx([0.0, 200.0])


def test_the_ellipsoid_lies_below_the_sea_in_the_baltic() -> None:
    for lat_deg, lon_deg in ((54.69, 25.28), (56.95, 24.1), (59.44, 24.75)):
        assert 17 <= TheatreGeoid.at(lat_deg, lon_deg).undulation_m <= 26


def test_a_theatre_on_an_aerodrome_takes_its_published_value() -> None:
    for _, lat_deg, lon_deg, undulation_ft in PUBLISHED:
        geoid = TheatreGeoid.at(lat_deg, lon_deg)
        assert geoid.undulation_m == pytest.approx(undulation_ft * FOOT_M)
        assert geoid.bound_m == pytest.approx(2.0)


def test_the_bound_holds_between_any_two_aerodromes() -> None:
    for one, other in combinations(PUBLISHED, 2):
        here = TheatreGeoid(undulation_m=one[3] * FOOT_M, bound_m=2.0)
        there = TheatreGeoid.at(other[1], other[2])
        apart_km = 111.2 * float(
            np.hypot(one[1] - other[1], (one[2] - other[2]) * np.cos(np.radians(one[1])))
        )
        assert abs(here.undulation_m - there.undulation_m) < 2.0 + 0.04 * apart_km


def test_the_gauge_of_klaipeda_agrees_within_the_bound() -> None:
    # PSMSL 118: the gauge's datum is 18.301 m above the ellipsoid, and mean sea level there is
    # near 7.0 m in that datum, as its definition intends.
    geoid = TheatreGeoid.at(55.73, 21.08)
    assert abs(geoid.undulation_m - 25.3) < geoid.bound_m


def test_the_bound_grows_away_from_the_table() -> None:
    assert TheatreGeoid.at(54.0, 30.0).bound_m > TheatreGeoid.at(54.6, 25.3).bound_m


@pytest.mark.parametrize("lat_deg", [np.nan, 91.0])
def test_no_position_has_no_geoid(lat_deg: float) -> None:
    with pytest.raises(InputError, match="is no position"):
        TheatreGeoid.at(lat_deg, 25.0)
