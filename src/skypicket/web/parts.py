"""What the routes stand on: the running system, and the picture that a principal may see."""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import msgspec
from litestar import Litestar

from skypicket.engine.picture import Picture
from skypicket.engine.runtime import Runtime
from skypicket.web.access.desk import AccessDesk
from skypicket.web.access.principal import Principal

Lifespan = Callable[[Litestar], AbstractAsyncContextManager[None]]


class WebParts(msgspec.Struct, kw_only=True):
    """What the application is built over; a partner's picture stands under its code.

    Without a desk of its own it has one in memory, at which nobody is known. `folder` is the
    configuration's own, from which its files are found. What must run while the server runs is
    added to `lifespans` when a part makes its routes.
    """

    runtime: Runtime
    partner_pictures: Mapping[str, Picture] = {}
    access: AccessDesk = msgspec.field(default_factory=AccessDesk)
    folder: Path = Path()
    lifespans: list[Lifespan] = msgspec.field(default_factory=list)


def picture_for(parts: WebParts, principal: Principal) -> Picture:
    """The picture of the principal's clearance: the own one, or that of its partner.

    Raises:
        KeyError: no picture is made for that partner; it must not see the own one instead.
    """
    if not principal.clearance:
        return parts.runtime.picture
    made = parts.partner_pictures or parts.runtime.partner_pictures
    return made[principal.clearance]
