"""How the system and its sensors are, as resources."""

from litestar import Response, get
from litestar.types import ControllerRouterHandler

from skypicket.web.api.answers import AnyRequest, asker_of, says
from skypicket.web.api.paging import DEFAULT_LIMIT, Limit, Offset, Page, Part, page_of
from skypicket.web.api.sensors import SensorView, sensor_views
from skypicket.web.api.system import (
    ChannelView,
    LinkView,
    PlaceOfTheatre,
    ProfileView,
    SystemView,
    system_view,
)
from skypicket.web.parts import WebParts

# Facts that a partner may know; what it may not is left out of them when they are made.
SYSTEM_VIEWS = (SystemView, LinkView, PlaceOfTheatre, ChannelView, ProfileView)


def health_routes(parts: WebParts) -> list[ControllerRouterHandler]:
    """`/system` and `/sensors`."""

    @get(
        "/system",
        permission="system.read",
        summary="How the system is",
        responses=says(SystemView, "Clock, links, losses, and whether it is well."),
        sync_to_thread=False,
    )
    def system(request: AnyRequest) -> Response[bytes]:
        asker = asker_of(parts, request)
        return asker.answer(system_view(parts.runtime, asker.picture), *SYSTEM_VIEWS)

    @get(
        "/sensors",
        permission="sensors.read",
        summary="How each sensor is",
        description="Silent and seeing nothing are different words; `state` and `text` say which.",
        responses=says(Page[SensorView], "Every configured sensor by its id."),
        sync_to_thread=False,
    )
    def sensors(
        request: AnyRequest, limit: Limit = DEFAULT_LIMIT, offset: Offset = 0
    ) -> Response[bytes]:
        asker = asker_of(parts, request)
        found = sensor_views(parts.runtime, asker.picture)
        return asker.answer(page_of(request, Part(limit, offset), found, asker.now_ns))

    return [system, sensors]
