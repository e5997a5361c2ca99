"""The routes of signing in, of one's session, of accounts and tokens."""

from litestar.types import ControllerRouterHandler

from skypicket.web.parts import WebParts


def access_routes(parts: WebParts) -> list[ControllerRouterHandler]:
    """Signing in, one's own session, accounts and tokens."""
    del parts
    return []
