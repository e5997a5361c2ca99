"""Alerts to the public and to partners: none while no channel leads out."""

from typing import Any

from litestar import Response, get
from litestar.types import ControllerRouterHandler

from skypicket.web.api.answers import AnyRequest, asker_of, says
from skypicket.web.api.paging import DEFAULT_LIMIT, Limit, Offset, Page, Part, page_of
from skypicket.web.api.system import ChannelView, channels_of
from skypicket.web.parts import WebParts

NO_CHANNEL = (
    "No channel for alerts is configured: nothing leaves this system, and nobody is warned by it."
)


class AlertPage(Page[dict[str, Any]], frozen=True, kw_only=True):
    """A page of alerts, the channels by which they leave, and why there are none."""

    channels: tuple[ChannelView, ...]
    text: str


def alert_page(page: Page[Any], channels: tuple[ChannelView, ...]) -> AlertPage:
    """The page of alerts, with what must be known to read an empty one rightly."""
    fields: dict[str, Any] = {name: getattr(page, name) for name in Page.__struct_fields__}
    text = NO_CHANNEL if not channels else "No alert was drafted."
    return AlertPage(channels=channels, text=text, **fields)


def alert_routes(parts: WebParts) -> list[ControllerRouterHandler]:
    """`/alerts`."""

    @get(
        "/alerts",
        permission="alerts.read",
        summary="Alerts to the public and to partners",
        responses=says(AlertPage, "An empty page that says why it is empty."),
        sync_to_thread=False,
    )
    def alerts(
        request: AnyRequest, limit: Limit = DEFAULT_LIMIT, offset: Offset = 0
    ) -> Response[bytes]:
        asker = asker_of(parts, request)
        page = page_of(request, Part(limit, offset), (), asker.now_ns)
        return asker.answer(alert_page(page, channels_of(parts.runtime.settings)))

    return [alerts]
