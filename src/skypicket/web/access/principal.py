"""Who is asking: a person, a partner, or a sensor with its token."""

from typing import Literal, get_args

import msgspec

Role = Literal["viewer", "operator", "supervisor", "search_leader", "planner", "admin", "partner"]
ROLES: tuple[Role, ...] = get_args(Role)


class Principal(msgspec.Struct, frozen=True, kw_only=True):
    """Who is asking. `clearance` is "" for the own side, a partner's code for a partner.

    `source` binds a sensor's token to one source. `permissions` is what the matrix gives its
    roles; nothing else counts.
    """

    name: str
    roles: tuple[Role, ...]
    kind: Literal["demo", "person", "token"]
    permissions: frozenset[str]
    clearance: str = ""
    source: str = ""
    step_up_until_ns: int = 0

    def may(self, permission: str) -> bool:
        """Whether the matrix grants it."""
        return permission in self.permissions
