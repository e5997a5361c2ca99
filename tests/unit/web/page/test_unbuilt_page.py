from typing import Any

import pytest
from litestar import Litestar
from litestar.middleware import DefineMiddleware
from litestar.testing import TestClient
from litestar.types import ASGIApp, Receive, Scope, Send

from skypicket.web.access.principal import Principal
from skypicket.web.page.plain import unbuilt_page
from skypicket.web.page.routes import VIEWS


class Asking:
    """A middleware that says who asks."""

    def __init__(self, app: ASGIApp, permissions: frozenset[str]) -> None:
        self._app = app
        self._who = Principal(name="Jonas", roles=(), kind="person", permissions=permissions)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["user"], scope["auth"] = self._who, None
        await self._app(scope, receive, send)


def asked(*permissions: str, path: str = "/", **headers: str) -> Any:
    middleware = DefineMiddleware(Asking, permissions=frozenset(permissions))
    app = Litestar([unbuilt_page(VIEWS)], middleware=[middleware], openapi_config=None)
    with TestClient(app) as client:
        return client.get(path, headers=headers, follow_redirects=False)


@pytest.mark.parametrize("path", VIEWS)
def test_an_unbuilt_page_says_how_it_is_built_and_how_to_sign_in(path: str) -> None:
    answer = asked(path=path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert "make demo" in answer.text
    assert "sign-in link" in answer.text


def test_an_unbuilt_page_speaks_the_language_of_the_browser() -> None:
    assert '<html lang="lt">' in asked(**{"Accept-Language": "lt-LT, en;q=0.5"}).text


def test_who_is_signed_in_is_led_to_the_plain_page() -> None:
    answer = asked("picture.read")
    assert (answer.status_code, answer.headers["location"]) == (303, "/plain")


def test_an_unbuilt_page_is_never_kept() -> None:
    assert asked().headers["cache-control"] == "no-store"
