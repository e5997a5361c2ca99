"""Positions in words: the populated place that people know, how far from it and which way.

GeoNames, CC BY 4.0: see `data/NOTICE.md`. Places of at least 1,000 people in the ten states of
`borders.STATES`, of at least 5,000 beyond; names as GeoNames spells them in Latin letters.
"""

import math
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
import numpy as np

from skypicket.domain.errors import InputError
from skypicket.domain.noun import Column, FloatColumn
from skypicket.geo.polar import MEAN_EARTH_RADIUS_M

COMPASS = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")
VAGUE_M = 4_000.0  # what people mean by "near"; keeps hamlets from standing before cities
_FOLDER = files("skypicket.geo") / "data"
# Letters that Unicode does not take apart into a letter and a mark.
_PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "ß": "ss", "’": "'"})


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A populated place: its name, the state's code, its middle, and how many live there."""

    name: str
    state: str
    lat_deg: float
    lon_deg: float
    population: int


def describe(lat_deg: float, lon_deg: float) -> str:
    """A position in plain words; "an unknown place" if it is none.

    Whole kilometres from the middle of the place of `nearest_place`, in one of eight directions;
    "in" a place within the radius that its population suggests.

    >>> describe(54.61, 25.42)
    '13 km SE of Vilnius'
    >>> describe(54.69, 25.28)
    'in Vilnius'
    """
    if not is_position(lat_deg, lon_deg):
        return "an unknown place"
    row, away_m = _best(lat_deg, lon_deg)
    book = gazetteer()
    name = book.names[row]
    if away_m <= book.radius_m[row]:
        return f"in {name}"
    azimuth_deg = _azimuth_deg(float(book.lat_deg[row]), float(book.lon_deg[row]), lat_deg, lon_deg)
    direction = COMPASS[round(azimuth_deg / 45) % 8]
    return f"{max(1, round(away_m / 1000))} km {direction} of {name}"


def nearest_place(lat_deg: float, lon_deg: float) -> Place:
    """The place by which people would say where a position is.

    Inside the radius of a town (800 m at 1,000 people, 7 km at half a million) the most populous
    such town. Elsewhere the one with the least distance, 4 km added, divided by the fourth root of
    its population: a city of half a million 12 km away goes before a village of 4,000 at 2 km.

    Raises:
        InputError: the position is none.

    >>> nearest_place(55.03, 24.37).name
    'Jonava'
    """
    if not is_position(lat_deg, lon_deg):
        raise InputError(f"{lat_deg}, {lon_deg} is no position. Give degrees, latitude first.")
    return gazetteer().place(_best(lat_deg, lon_deg)[0])


def find_place(name: str) -> Place | None:
    """The most populous place of that name, letter case and marks on letters ignored.

    >>> find_place("siauliai").name
    'Šiauliai'
    """
    book = gazetteer()
    row = book.rows.get(plain_name(name))
    return None if row is None else book.place(row)


def places_of(state: str) -> tuple[Place, ...]:
    """All places of a state, the most populous first; none for a state that is not known.

    >>> [place.name for place in places_of("LTU")[:2]]
    ['Vilnius', 'Kaunas']
    """
    book = gazetteer()
    rows = [row for row, code in enumerate(book.state) if code == state]
    return tuple(book.place(row) for row in rows)


def provenance() -> dict[str, Any]:
    """Where the places come from: source, licence, and the SHA-256 of the file."""
    record: dict[str, Any] = msgspec.json.decode((_FOLDER / "places.json").read_bytes())
    return record


class Gazetteer:
    """All places, the most populous first; `plain_names` as `plain_name` makes them."""

    def __init__(self, content: dict[str, Column]) -> None:
        self.names = content["names"].tobytes().decode().split("\n")
        self.state = content["state"].astype("<U3").tolist()
        self.lat_deg: FloatColumn = content["lat_e4"] * 1e-4
        self.lon_deg: FloatColumn = content["lon_e4"] * 1e-4
        self.population = content["population"]
        self.upright = _upright(self.lat_deg, self.lon_deg)
        self.radius_m: FloatColumn = 800.0 * (self.population / 1_000) ** 0.35
        self.weight: FloatColumn = self.population**0.25
        self.rows: dict[str, int] = {}
        self.plain_names = [plain_name(name) for name in self.names]
        for row, name in enumerate(self.plain_names):
            self.rows.setdefault(name, row)

    def place(self, row: int) -> Place:
        """The place of one row."""
        return Place(
            name=self.names[row],
            state=self.state[row],
            lat_deg=round(float(self.lat_deg[row]), 4),
            lon_deg=round(float(self.lon_deg[row]), 4),
            population=int(self.population[row]),
        )


@cache
def gazetteer() -> Gazetteer:
    """All places that are shipped."""
    with (_FOLDER / "places.npz").open("rb") as file:
        return Gazetteer(dict(np.load(file, allow_pickle=False)))


def _best(lat_deg: float, lon_deg: float) -> tuple[int, float]:
    """The row that `nearest_place` means, and its distance."""
    book = gazetteer()
    away_m = distances_m(lat_deg, lon_deg)
    around = np.flatnonzero(away_m <= book.radius_m)
    # Rows run from the most populous, so the first is the best known.
    row = int(around[0]) if len(around) else int(np.argmin((away_m + VAGUE_M) / book.weight))
    return row, float(away_m[row])


def distances_m(lat_deg: float, lon_deg: float) -> FloatColumn:
    """How far the middle of each place of the gazetteer is from a position, on the sphere, (n,)."""
    here = _upright(np.array([lat_deg]), np.array([lon_deg]))
    half_chord2 = (1 - gazetteer().upright @ here[0]) / 2
    away_m: FloatColumn = np.arcsin(np.sqrt(np.clip(half_chord2, 0.0, 1.0)))
    return 2 * MEAN_EARTH_RADIUS_M * away_m


def _upright(lat_deg: FloatColumn, lon_deg: FloatColumn) -> FloatColumn:
    """Unit vectors (n, 3) of positions on the sphere."""
    lat, lon = np.radians(lat_deg), np.radians(lon_deg)
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)


def _azimuth_deg(
    from_lat_deg: float, from_lon_deg: float, to_lat_deg: float, to_lon_deg: float
) -> float:
    """Azimuth of the great circle at its start, in [-180, 180]."""
    here, there = math.radians(from_lat_deg), math.radians(to_lat_deg)
    turn = math.radians(to_lon_deg - from_lon_deg)
    east = math.sin(turn) * math.cos(there)
    north = math.cos(here) * math.sin(there) - math.sin(here) * math.cos(there) * math.cos(turn)
    return math.degrees(math.atan2(east, north))


def is_position(lat_deg: float, lon_deg: float) -> bool:
    """Whether the numbers are a latitude and a longitude."""
    return abs(lat_deg) <= 90 and math.isfinite(lon_deg)


def plain_name(name: str) -> str:
    """The name in lower case, without marks on its letters.

    >>> plain_name("Šiauliai")
    'siauliai'
    """
    parts = unicodedata.normalize("NFKD", name.strip().casefold())
    return "".join(c for c in parts if not unicodedata.combining(c)).translate(_PLAIN)
