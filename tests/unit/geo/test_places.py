import msgspec
import numpy as np
import pytest

from skypicket.domain.errors import InputError
from skypicket.geo.borders import load_borders
from skypicket.geo.frame import TheatreFrame
from skypicket.geo.places import Place, describe, find_place, nearest_place, provenance

VILNIUS = (54.6892, 25.2798)


@pytest.mark.parametrize(
    ("lat_deg", "lon_deg", "words"),
    [
        (54.690, 25.280, "in Vilnius"),
        (54.610, 25.420, "13 km SE of Vilnius"),
        (53.900, 27.560, "in Minsk"),
        (54.710, 20.510, "in Kaliningrad"),
        (55.030, 24.370, "8 km SE of Jonava"),
    ],
)
def test_a_position_is_described_by_a_place_that_people_know(
    lat_deg: float, lon_deg: float, words: str
) -> None:
    assert describe(lat_deg, lon_deg) == words


def test_a_district_does_not_stand_before_its_city() -> None:
    # Antakalnis and Naujoji Vilnia are in the file, as districts with names of their own.
    assert find_place("Antakalnis") is not None
    assert nearest_place(54.70781, 25.31706).name == "Vilnius"


def test_a_village_far_from_a_city_is_named() -> None:
    place = find_place("Visaginas")
    assert place is not None
    assert nearest_place(place.lat_deg, place.lon_deg + 0.1) == place


@pytest.mark.parametrize("name", ["Vilnius", "vilnius", "  VILNIUS "])
def test_a_place_is_found_in_any_case(name: str) -> None:
    place = find_place(name)
    assert place is not None
    assert (place.name, place.state) == ("Vilnius", "LTU")


@pytest.mark.parametrize(
    ("plain", "name"),
    [("siauliai", "Šiauliai"), ("lodz", "Łódź"), ("johvi", "Jõhvi"), ("daugavpils", "Daugavpils")],
)
def test_a_place_is_found_without_its_marks(plain: str, name: str) -> None:
    place = find_place(plain)
    assert place is not None
    assert place.name == name


def test_the_most_populous_place_of_a_name_is_meant() -> None:
    # Brest is a city of Belarus and would be many villages elsewhere.
    place = find_place("Brest")
    assert place is not None
    assert place.state == "BLR"


@pytest.mark.parametrize("name", ["", "Atlantis", "12"])
def test_what_is_no_place_is_not_found(name: str) -> None:
    assert find_place(name) is None


@pytest.mark.parametrize(("lat_deg", "lon_deg"), [(np.nan, 25.0), (91.0, 25.0), (54.0, np.inf)])
def test_no_position_is_an_unknown_place(lat_deg: float, lon_deg: float) -> None:
    assert describe(lat_deg, lon_deg) == "an unknown place"
    with pytest.raises(InputError, match="is no position"):
        nearest_place(lat_deg, lon_deg)


def test_a_place_is_a_frozen_noun_that_goes_into_json() -> None:
    place = nearest_place(*VILNIUS)
    assert msgspec.json.decode(msgspec.json.encode(place), type=Place) == place


@pytest.mark.parametrize("name", ["Vilnius", "Kaunas", "Riga", "Tallinn", "Warsaw", "Minsk"])
def test_places_lie_in_the_states_that_they_name(name: str) -> None:
    place = find_place(name)
    assert place is not None
    borders = load_borders(TheatreFrame(54.69, 25.28), [])
    assert borders.state_at(place.lat_deg, place.lon_deg) == place.state


def test_the_record_says_how_many_places_there_are() -> None:
    assert provenance()["places"] > 10_000
    assert provenance()["licence"] == "CC-BY-4.0"
