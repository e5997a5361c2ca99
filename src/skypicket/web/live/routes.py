"""The routes of the live stream."""

from litestar.types import ControllerRouterHandler

from skypicket.web.parts import WebParts


def live_routes(parts: WebParts) -> list[ControllerRouterHandler]:
    """`/api/v1/live` and `/api/v1/live/events`."""
    del parts
    return []
