"""The handlers of this package, for the application to put together."""

from litestar.types import ControllerRouterHandler

from skypicket.web.parts import WebParts


def api_routes(parts: WebParts) -> list[ControllerRouterHandler]:
    """Every resource under `/api/v1` that only reads."""
    del parts
    return []
