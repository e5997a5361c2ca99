"""What the routes stand on: the running system, and the picture that a principal may see."""

from collections.abc import Mapping

import msgspec

from skypicket.engine.picture import Picture
from skypicket.engine.runtime import Runtime
from skypicket.web.access.principal import Principal


class WebParts(msgspec.Struct, kw_only=True):
    """What the application is built over; a partner's picture stands under its code."""

    runtime: Runtime
    partner_pictures: Mapping[str, Picture] = {}


def picture_for(parts: WebParts, principal: Principal) -> Picture:
    """The picture of the principal's clearance: the own one, or that of its partner.

    Raises:
        KeyError: no picture is made for that partner; it must not see the own one instead.
    """
    if not principal.clearance:
        return parts.runtime.picture
    return parts.partner_pictures[principal.clearance]
