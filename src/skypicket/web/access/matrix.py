"""The matrix of permissions, from the reviewed file `web/permissions.toml`. Not named means no."""

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Literal

import msgspec

from skypicket.web.access.principal import Role

PERMISSION = r"[a-z]+\.[a-z_]+"
OWN_ROLES: tuple[Role, ...] = (
    "viewer",
    "operator",
    "supervisor",
    "search_leader",
    "planner",
    "admin",
)


class Grant(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who has one permission.

    Attributes:
        roles: the roles that have it.
        step_up: whether it needs a fresh proof of who is asking.
        anonymous: whether it is there without a sign-in: always, or on loopback only.
        tokens: whether a sensor's token has it, for its own source.
    """

    roles: tuple[Role, ...]
    step_up: bool = False
    anonymous: bool | Literal["loopback"] = False
    tokens: bool = False


class Matrix(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All permissions by name."""

    permissions: dict[str, Grant]

    def of_roles(self, roles: Iterable[Role]) -> frozenset[str]:
        """What any of the roles may do."""
        having = set(roles)
        return frozenset(
            name for name, grant in self.permissions.items() if having & set(grant.roles)
        )

    def of_nobody(self, *, loopback: bool) -> frozenset[str]:
        """What is there without a sign-in."""
        return frozenset(
            name
            for name, grant in self.permissions.items()
            if grant.anonymous is True or (grant.anonymous == "loopback" and loopback)
        )

    def of_tokens(self) -> frozenset[str]:
        """What a sensor's token may do, for its own source."""
        return frozenset(name for name, grant in self.permissions.items() if grant.tokens)

    def asks_again(self, permission: str) -> bool:
        """Whether the permission needs a fresh proof of who is asking."""
        return self.permissions[permission].step_up


def parse_matrix(text: str) -> Matrix:
    """The matrix that a TOML text says.

    Raises:
        msgspec.ValidationError: a key or a role is unknown; the file is part of the program, so
            this is a fault of it.
    """
    return msgspec.convert(tomllib.loads(text), Matrix)


@cache
def shipped_matrix() -> Matrix:
    """The matrix of this version."""
    file = resources.files("skypicket.web") / "permissions.toml"
    return parse_matrix(file.read_text(encoding="utf-8"))
