"""Looking up places: by the beginning of a name, around a position, or inside a rectangle."""

import numpy as np

from skypicket.domain.errors import InputError
from skypicket.geo import places
from skypicket.geo.places import Place

MOST_PLACES = 1_000


def places_beginning(text: str, limit: int = MOST_PLACES) -> list[Place]:
    """Places whose name, or a word of it, begins with the text; the most populous first.

    Letter case and marks on letters do not matter; whole names that begin so go before words
    inside a name. An empty text finds nothing.

    >>> [place.name for place in places_beginning("siaul", 1)]
    ['Šiauliai']
    """
    wanted = places.plain_name(text)
    if not wanted:
        return []
    book = places.gazetteer()
    begins, inside = [], []
    for row, name in enumerate(book.plain_names):
        if name.startswith(wanted):
            begins.append(row)
        elif f" {wanted}" in name or f"-{wanted}" in name:
            inside.append(row)
    return [book.place(row) for row in (begins + inside)[:limit]]


def places_around(
    lat_deg: float, lon_deg: float, limit: int = MOST_PLACES
) -> list[tuple[Place, float]]:
    """The places nearest to a position, the nearest first, with the distance to their middle, m.

    Raises:
        InputError: the position is none.

    >>> [place.name for place, _ in places_around(54.69, 25.28, 1)]
    ['Vilnius']
    """
    if not places.is_position(lat_deg, lon_deg):
        raise InputError(f"{lat_deg}, {lon_deg} is no position. Give degrees, latitude first.")
    book = places.gazetteer()
    away_m = places.distances_m(lat_deg, lon_deg)
    rows = np.argsort(away_m, kind="stable")[:limit].tolist()
    return [(book.place(row), float(away_m[row])) for row in rows]


def places_within(
    south_deg: float, west_deg: float, north_deg: float, east_deg: float, limit: int = MOST_PLACES
) -> list[Place]:
    """The places inside a rectangle of degrees, the most populous first.

    >>> [place.name for place in places_within(54.5, 25.0, 55.0, 26.0, 1)]
    ['Vilnius']
    """
    book = places.gazetteer()
    lat, lon = book.lat_deg, book.lon_deg
    inside = (lat >= south_deg) & (lat <= north_deg) & (lon >= west_deg) & (lon <= east_deg)
    return [book.place(row) for row in np.flatnonzero(inside)[:limit].tolist()]
