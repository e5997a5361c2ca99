"""The routes of the page's files."""

from litestar.types import ControllerRouterHandler

from skypicket.web.parts import WebParts


def page_routes(parts: WebParts) -> list[ControllerRouterHandler]:
    """The page at `/` and its files."""
    del parts
    return []
