"""The desk at the door: it knows the sessions and tokens, and says who is asking."""

import hashlib
import time
from collections.abc import Callable
from secrets import token_urlsafe
from typing import Any

import msgspec
from litestar.connection import ASGIConnection

from skypicket.web.access.matrix import OWN_ROLES, Matrix, shipped_matrix
from skypicket.web.access.principal import NO_CLEARANCE, Principal, Role, nobody

COOKIE = "skypicket_session"


class AccessDesk:
    """Sessions and tokens over the matrix. Time is real UTC, whatever the engine's clock shows."""

    def __init__(
        self,
        matrix: Matrix | None = None,
        clock: Callable[[], int] = time.time_ns,
        new_secret: Callable[[], str] = token_urlsafe,
        *,
        loopback: bool = True,
    ) -> None:
        self.matrix = matrix or shipped_matrix()
        self.clock = clock
        self.loopback = loopback
        self._new_secret = new_secret
        self._nobody = nobody(self.matrix.of_nobody(loopback=loopback))
        self._known: dict[str, Principal] = {}

    def principal_of(self, connection: ASGIConnection[Any, Any, Any, Any]) -> Principal:
        """Who is asking, by bearer token or session cookie; nobody if neither is good."""
        scheme, _, bearer = connection.headers.get("authorization", "").partition(" ")
        secret = bearer if scheme.lower() == "bearer" else connection.cookies.get(COOKIE, "")
        return self._known.get(_digest(secret), self._nobody)

    def open_session(self, name: str, *roles: Role, clearance: str = "") -> str:
        """Open a session; its secret goes into the cookie."""
        permissions = self._nobody.permissions | self.matrix.of_roles(roles)
        return self._keep(
            Principal(
                name=name,
                roles=roles,
                kind="person",
                permissions=permissions,
                clearance=clearance,
            )
        )

    def open_demo_session(self) -> str:
        """Open a session that may do all that the own side may."""
        permissions = self._nobody.permissions | self.matrix.of_roles(OWN_ROLES)
        return self._keep(
            Principal(
                name="demo",
                roles=OWN_ROLES,
                kind="demo",
                permissions=permissions,
                step_up_until_ns=2**62,
            )
        )

    def open_token(self, source: str) -> str:
        """Make a token for one source; its secret goes to the sensor."""
        permissions = self._nobody.permissions | self.matrix.of_tokens()
        return self._keep(
            Principal(
                name=f"token of {source}",
                roles=(),
                kind="token",
                permissions=permissions,
                clearance=NO_CLEARANCE,
                source=source,
            )
        )

    def _keep(self, principal: Principal) -> str:
        secret = self._new_secret()
        key = _digest(secret)
        self._known[key] = msgspec.structs.replace(principal, session=key)
        return secret


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
