"""Places by the beginning of their name, or around a position."""

from typing import Annotated

import msgspec
from litestar import Response, get
from litestar.exceptions import ClientException
from litestar.params import QueryParameter
from litestar.types import ControllerRouterHandler

from skypicket.geo.gazetteer import places_around, places_beginning
from skypicket.geo.places import Place, describe
from skypicket.web.api.answers import AnyRequest, asker_of, says
from skypicket.web.api.paging import Limit, Offset, Page, Part, page_of
from skypicket.web.api.parameters import numbers_of
from skypicket.web.parts import WebParts

FEW = 20
LONGEST = 80
_CURE = "Give a position as near=54.69,25.28: latitude, longitude."

Text = Annotated[
    str | None,
    QueryParameter(
        max_length=LONGEST,
        description="The beginning of a place's name; marks on letters and their case do not "
        "matter.",
    ),
]
Near = Annotated[
    str | None, QueryParameter(max_length=LONGEST, description="A position: latitude,longitude.")
]


class PlaceView(msgspec.Struct, frozen=True, kw_only=True):
    """A populated place. With `near`, how far it is from there; `text` says the position by it."""

    name: str
    state: str
    population: int
    lat_deg: float
    lon_deg: float
    distance_m: float | None
    text: str


class PlacePage(Page[PlaceView], frozen=True, kw_only=True):
    """A page of places; `text` says the asked position in words, null when a name was asked."""

    text: str | None


def named_places(text: str) -> list[PlaceView]:
    """Places whose name begins so, the most populous first."""
    return [_view(place, None) for place in places_beginning(text)]


def near_places(text: str) -> tuple[list[PlaceView], str]:
    """Places around a position, the nearest first, and the position in words.

    Raises:
        ClientException: the text is no position.
    """
    lat_deg, lon_deg = numbers_of(text, "near", 2, _CURE)
    if abs(lat_deg) > 90 or abs(lon_deg) > 180:
        raise ClientException(f"near={text} is outside ±90 and ±180 degrees. {_CURE}")
    found = places_around(lat_deg, lon_deg)
    return [_view(place, away_m) for place, away_m in found], describe(lat_deg, lon_deg)


def _view(place: Place, distance_m: float | None) -> PlaceView:
    text = f"{place.name}, {place.state}"
    if distance_m is not None:
        text = f"{text}, {distance_m / 1000:.1f} km away"
    return PlaceView(
        name=place.name,
        state=place.state,
        population=place.population,
        lat_deg=place.lat_deg,
        lon_deg=place.lon_deg,
        distance_m=None if distance_m is None else round(distance_m),
        text=text,
    )


def place_routes(parts: WebParts) -> list[ControllerRouterHandler]:
    """`/places`."""

    @get(
        "/places",
        permission="places.read",
        summary="Places by name, or around a position",
        description="Give `q` for places whose name begins so, or `near` for those around it.",
        responses=says(PlacePage, "Places, the most populous or the nearest first."),
        sync_to_thread=True,
    )
    def places(
        request: AnyRequest,
        q: Text = None,
        near: Near = None,
        limit: Limit = FEW,
        offset: Offset = 0,
    ) -> Response[bytes]:
        asker = asker_of(parts, request)
        if (q is None) == (near is None):
            raise ClientException(
                "Give either q, the beginning of a name, or near, a position; not both, not none."
            )
        words = None
        if near is not None:
            found, words = near_places(near)
        else:
            found = named_places(q or "")
        page = page_of(request, Part(limit, offset), found, asker.now_ns)
        return asker.answer(
            PlacePage(text=words, **{n: getattr(page, n) for n in Page.__struct_fields__})
        )

    return [places]
