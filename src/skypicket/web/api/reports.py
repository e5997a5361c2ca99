"""What people reported in the last hours: where and when it was heard, never who or what words."""

import math
from collections.abc import Iterable

import msgspec
from litestar import Response, get
from litestar.exceptions import ValidationException
from litestar.types import ControllerRouterHandler

from skypicket.domain.observations import ObservationBatch
from skypicket.domain.times import NS_PER_S
from skypicket.engine.picture import Picture
from skypicket.engine.runtime import Runtime
from skypicket.web.api.answers import AnyRequest, asker_of, says
from skypicket.web.api.paging import DEFAULT_LIMIT, Limit, Offset, Page, Part, page_of
from skypicket.web.api.parameters import refuse_unknown, wrong_parameter
from skypicket.web.parts import WebParts

RADIUS_95 = math.sqrt(-2 * math.log(0.05))  # of a circular Gaussian, in sigmas
NS_PER_MINUTE = 60 * NS_PER_S


class ReportView(msgspec.Struct, frozen=True, kw_only=True):
    """A report of a person, without name, contact and words.

    `heard_ns` is when it was heard or seen, to the minute; `received_ns` when it came in: one that
    is told late says so. The object was within `radius_m` of the place with 95 %.
    """

    report_id: str
    heard_ns: int
    received_ns: int
    lat_deg: float
    lon_deg: float
    radius_m: float
    first_hand: bool
    course_deg: float | None
    sensor_id: str


def report_views(runtime: Runtime, picture: Picture) -> tuple[ReportView, ...]:
    """The reports that are remembered, by the time they were heard; none for a partner."""
    if picture is not runtime.picture:
        return ()
    found = _views(picture.reports.values())
    return tuple(sorted(found, key=lambda view: (view.heard_ns, view.report_id)))


def _views(batches: Iterable[ObservationBatch]) -> list[ReportView]:
    return [_view(batch, row) for batch in batches for row in range(len(batch))]


def _view(batch: ObservationBatch, row: int) -> ReportView:
    def value(name: str) -> float:
        return float(batch.column(name)[row])

    course_deg = value("course_deg")
    heard_ns = int(batch.time_ns[row])
    return ReportView(
        report_id=f"{batch.sequence}-{row}",
        heard_ns=heard_ns - heard_ns % NS_PER_MINUTE,
        received_ns=batch.received_ns,
        lat_deg=round(value("lat_deg"), 5),
        lon_deg=round(value("lon_deg"), 5),
        radius_m=RADIUS_95 * value("sigma_m"),
        first_hand=value("first_hand") >= 0.5,
        course_deg=None if math.isnan(course_deg) else course_deg,
        sensor_id=batch.sensor_id,
    )


def report_routes(parts: WebParts) -> list[ControllerRouterHandler]:
    """`/api/v1/reports`, to read; by itself, since one is sent to the same path."""

    @get(
        "/api/v1/reports",
        permission="reports.read",
        summary="What people reported in the last six hours",
        description="By the time it was heard. Names, contacts and words stay in the capture.",
        responses=says(Page[ReportView], "Reports, the one heard first in front."),
        before_request=refuse_unknown,
        exception_handlers={ValidationException: wrong_parameter},
        sync_to_thread=False,
    )
    def reports(
        request: AnyRequest, limit: Limit = DEFAULT_LIMIT, offset: Offset = 0
    ) -> Response[bytes]:
        asker = asker_of(parts, request)
        found = report_views(parts.runtime, asker.picture)
        return asker.answer(page_of(request, Part(limit, offset), found, asker.now_ns))

    return [reports]
