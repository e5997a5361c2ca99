"""Who is asking: a person, a partner, a sensor with its token, or nobody that is known."""

from typing import Literal, get_args

import msgspec

Role = Literal["viewer", "operator", "supervisor", "search_leader", "planner", "admin", "partner"]
ROLES: tuple[Role, ...] = get_args(Role)
NO_CLEARANCE = "-"  # no partner's code: whoever has it finds no picture at all


class Principal(msgspec.Struct, frozen=True, kw_only=True):
    """Who is asking. `clearance` is "" for the own side, a partner's code for a partner.

    `source` binds a sensor's token to one source. `permissions` is what the matrix gives its
    roles; nothing else counts. `session` names its session or token in the store (a hash, no
    secret), so that a long-lived stream can ask whether that still stands.
    """

    name: str
    roles: tuple[Role, ...]
    kind: Literal["demo", "person", "token", "anonymous"]
    permissions: frozenset[str]
    clearance: str = ""
    source: str = ""
    session: str = ""
    step_up_until_ns: int = 0

    def may(self, permission: str) -> bool:
        """Whether the matrix grants it."""
        return permission in self.permissions


def nobody(permissions: frozenset[str]) -> Principal:
    """Whoever has not signed in: only what the matrix leaves open, and no picture."""
    return Principal(
        name="", roles=(), kind="anonymous", permissions=permissions, clearance=NO_CLEARANCE
    )
