"""`GET /api/v1/picture.svg`: the picture drawn by the server."""

from typing import Annotated

from litestar import Response, get
from litestar.params import QueryParameter
from litestar.types import ControllerRouterHandler

from skypicket.web.api.answers import FAULTS, AnyRequest, asker_of
from skypicket.web.api.parameters import BoundingBox, box_of
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


def svg_routes(parts: WebParts) -> list[ControllerRouterHandler]:
    """`/picture.svg`."""

    @get(
        "/picture.svg",
        permission="picture.read",
        summary="The picture, drawn by the server",
        description="Borders, zones, tracks and alarms as an image without script. Without `bbox` "
        "it shows the state whose border is watched.",
        media_type=SVG_TYPE,
        responses=FAULTS,
        sync_to_thread=True,
    )
    def picture(
        request: AnyRequest,
        bbox: BoundingBox = None,
        width: Width = 960,
        height: Height = 540,
        theme: ThemeName = "day",
    ) -> Response[bytes]:
        asker = asker_of(parts, request)
        box = None
        if bbox is not None:
            asked = box_of(bbox)
            box = (asked.west_deg, asked.south_deg, asked.east_deg, asked.north_deg)
        drawing = drawing_for(asker, Asked(box, width, height, theme))
        return Response(svg_of(drawing), media_type=SVG_TYPE, headers={"Cache-Control": "no-store"})

    return [picture]
