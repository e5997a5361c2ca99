"""`GET /api/v1/picture.svg`: the picture drawn by the server."""

from typing import Annotated

import msgspec
from litestar import Response, get
from litestar.exceptions import NotFoundException, PermissionDeniedException
from litestar.params import QueryParameter
from litestar.types import ControllerRouterHandler

from skypicket.engine.history import state_at
from skypicket.web.api.answers import FAULTS, AnyRequest, Asker, asker_of
from skypicket.web.api.parameters import BoundingBox, box_of
from skypicket.web.operate.routes import checked_moment
from skypicket.web.parts import WebParts
from skypicket.web.svg.content import Asked, drawing_for
from skypicket.web.svg.picture import svg_of
from skypicket.web.svg.themes import Theme

SVG_TYPE = "image/svg+xml"
NARROWEST, WIDEST = 240, 4_000

Width = Annotated[
    int,
    QueryParameter(
        ge=NARROWEST, le=WIDEST, description=f"Width in pixels, {NARROWEST} to {WIDEST}."
    ),
]
Height = Annotated[
    int,
    QueryParameter(
        ge=NARROWEST, le=WIDEST, description=f"Height in pixels, {NARROWEST} to {WIDEST}."
    ),
]
ThemeName = Annotated[Theme, QueryParameter(description="Colours: day, dim or night.")]
PastMoment = Annotated[
    int | None,
    QueryParameter(
        description="A past moment, in nanoseconds of UTC since 1970, as far as `/replay` reaches; "
        "now without it."
    ),
]


def svg_routes(parts: WebParts) -> list[ControllerRouterHandler]:
    """`/picture.svg`."""

    @get(
        "/picture.svg",
        permission="picture.read",
        summary="The picture, drawn by the server",
        description="Borders, zones, tracks and alarms as an image without script. Without `bbox` "
        "it shows the state whose border is watched. With `at_ns` it shows what was known then, "
        "to who may look back.",
        media_type=SVG_TYPE,
        responses=FAULTS,
        raises=[NotFoundException],
        sync_to_thread=True,
    )
    def picture(  # noqa: PLR0913, PLR0917 -- each is a parameter of the resource
        request: AnyRequest,
        bbox: BoundingBox = None,
        width: Width = 960,
        height: Height = 540,
        theme: ThemeName = "day",
        at_ns: PastMoment = None,
    ) -> Response[bytes]:
        asker = asker_of(parts, request)
        if at_ns is not None:
            asker = asker_then(asker, at_ns)
        box = None
        if bbox is not None:
            asked = box_of(bbox)
            box = (asked.west_deg, asked.south_deg, asked.east_deg, asked.north_deg)
        drawing = drawing_for(asker, Asked(box, width, height, theme))
        return Response(svg_of(drawing), media_type=SVG_TYPE, headers={"Cache-Control": "no-store"})

    return [picture]


def asker_then(asker: Asker, at_ns: int) -> Asker:
    """The asker before the picture as it was known at a time.

    Raises:
        PermissionDeniedException: they may not look back.
        ClientException: the time is to come.
        NotFoundException: nothing is kept from so long ago.
    """
    if not asker.is_own or not asker.principal.may("replay.read"):
        raise PermissionDeniedException("The past is shown to the own side only.")
    past = state_at(asker.runtime, checked_moment(asker.runtime, at_ns))
    return msgspec.structs.replace(asker, picture=past, now_ns=at_ns)
