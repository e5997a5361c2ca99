import re

import pyproj
from hypothesis import given
from hypothesis import strategies as st

from skypicket.geo.places import COMPASS, describe, find_place, nearest_place

GEOD = pyproj.Geod(ellps="WGS84")
WORDS = re.compile(r"in .+|[1-9]\d* km (N|NE|E|SE|S|SW|W|NW) of .+|an unknown place")


@given(st.floats(), st.floats())
def test_every_pair_of_numbers_has_words(lat_deg: float, lon_deg: float) -> None:
    assert WORDS.fullmatch(describe(lat_deg, lon_deg))


@given(st.floats(53, 60), st.floats(20, 32))
def test_the_kilometres_are_those_of_the_geodesic(lat_deg: float, lon_deg: float) -> None:
    place = nearest_place(lat_deg, lon_deg)
    words = describe(lat_deg, lon_deg)
    _, _, metres = GEOD.inv(place.lon_deg, place.lat_deg, lon_deg, lat_deg)
    assert words.endswith(f" {place.name}")
    if not words.startswith("in "):
        # The sphere that is used here is off by half a per cent at most.
        assert abs(int(words.split()[0]) - metres / 1000) <= 0.51 + 0.006 * metres / 1000


@given(st.floats(53, 60), st.floats(20, 32))
def test_the_direction_is_from_the_place_to_the_position(lat_deg: float, lon_deg: float) -> None:
    place = nearest_place(lat_deg, lon_deg)
    words = describe(lat_deg, lon_deg)
    azimuth_deg, _, _ = GEOD.inv(place.lon_deg, place.lat_deg, lon_deg, lat_deg)
    if not words.startswith("in "):
        said_deg = 45 * COMPASS.index(words.split()[2])
        # An eighth of the circle is 22.5 degrees to each side; the sphere turns it by up to 0.2.
        assert abs((azimuth_deg - said_deg + 180) % 360 - 180) < 22.8


@given(st.text())
def test_no_name_is_too_odd_to_look_for(name: str) -> None:
    place = find_place(name)
    assert place is None or place.population >= 1000
