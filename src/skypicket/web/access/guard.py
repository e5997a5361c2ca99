"""The guard of every route: who is asking, and does the matrix grant what the route declares?"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from litestar import Litestar
from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException, PermissionDeniedException
from litestar.handlers import BaseRouteHandler
from litestar.routes import HTTPRoute
from litestar.types import ASGIApp, Receive, Scope, Send

from skypicket.domain.errors import ConfigurationError
from skypicket.web.access.desk import AccessDesk
from skypicket.web.access.fence import Fence
from skypicket.web.access.matrix import PERMISSION, Matrix

Connection = ASGIConnection[Any, Any, Any, Any]
STEP_UP = "This needs a fresh proof of who you are: sign in again (POST /api/v1/session/step-up)."


class Doorway:
    """The middleware that says who is asking, before any handler is reached.

    `request.user` is a `Principal` from there on; whoever is not known is nobody's principal, with
    what the matrix leaves open.
    """

    def __init__(self, app: ASGIApp, desk: AccessDesk, fence: Fence) -> None:
        self.app = app
        self._desk = desk
        self._fence = fence

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check where the request comes from, then whose it is, then hand it on."""
        connection: Connection = ASGIConnection(scope)
        self._fence.check(connection.headers)
        principal = self._desk.principal_of(connection)
        scope["user"], scope["auth"] = principal, None
        permission = str(connection.route_handler.opt.get("permission", ""))
        self._desk.limits.count(principal, address_of(connection), permission)
        await self._desk.touch(principal)
        await self.app(scope, receive, send)


def address_of(connection: Connection) -> str:
    """The address that a request came from; no header may say another."""
    return connection.client.host if connection.client else ""


def guard(connection: Connection, handler: BaseRouteHandler) -> None:
    """Refuse what the matrix does not grant; a handler that declares nothing is refused too.

    Raises:
        NotAuthorizedException: nobody is signed in.
        PermissionDeniedException: whoever is signed in may not, or must prove it afresh.
    """
    permission = handler.opt.get("permission", "")
    principal = connection.user
    desk: AccessDesk = connection.app.state.desk
    if not principal.may(permission):
        if principal.kind == "anonymous":
            raise NotAuthorizedException("Sign in first.")
        raise PermissionDeniedException(f"{principal.name} may not: it needs {permission!r}.")
    if desk.matrix.asks_again(permission) and principal.step_up_until_ns <= desk.clock():
        raise PermissionDeniedException(STEP_UP, extra={"reason": "step_up"})


def handlers_of(app: Litestar) -> Iterator[tuple[str, BaseRouteHandler]]:
    """Every route of the application, as `GET /path`, with its handler.

    The answers to OPTIONS that Litestar adds by itself are left out: they declare no permission,
    so the guard refuses them.
    """
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                for method in sorted(handler.http_methods):
                    if method != "OPTIONS":
                        yield f"{method} {route.path}", handler
        else:
            yield f"{route.scope_type.value.upper()} {route.path}", route.route_handler


def check_declared(app: Litestar, matrix: Matrix, topics: Mapping[str, str]) -> None:
    """Every route, and every topic of the live stream, declares a permission of the matrix.

    Raises:
        ConfigurationError: one does not; the server must not start.
    """
    declared = {place: handler.opt.get("permission") for place, handler in handlers_of(app)}
    declared |= {f"The topic {name!r}": permission for name, permission in topics.items()}
    for place, permission in declared.items():
        if not isinstance(permission, str) or re.fullmatch(PERMISSION, permission) is None:
            raise ConfigurationError(f"{place} declares no permission; the server does not start.")
        if permission not in matrix.permissions:
            raise ConfigurationError(
                f"{place} declares {permission!r}, which permissions.toml does not name; "
                "the server does not start. Add it there, with the roles that have it."
            )
