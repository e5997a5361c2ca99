"""The routes of what operators do and decide by."""

from litestar.types import ControllerRouterHandler

from skypicket.web.parts import WebParts


def operate_routes(parts: WebParts) -> list[ControllerRouterHandler]:
    """Actions, open objects, places ahead and replay, under `/api/v1`."""
    del parts
    return []
