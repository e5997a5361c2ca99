"""The routes of what operators do and decide by."""

import time
from typing import Annotated

import msgspec
from litestar import MediaType, Response, Router, get, post
from litestar.exceptions import (
    ClientException,
    NotFoundException,
    PermissionDeniedException,
    ValidationException,
)
from litestar.params import JSONBody, QueryParameter
from litestar.types import ControllerRouterHandler

from skypicket.domain.incidents import Alarm, Incident
from skypicket.domain.times import zulu
from skypicket.engine.history import frame_at, marks_of, span, state_at
from skypicket.engine.picture import Picture
from skypicket.engine.runtime import Runtime
from skypicket.engine.timeline import Mark
from skypicket.web.api.answers import AnyRequest, asker_of, says
from skypicket.web.api.paging import DEFAULT_LIMIT, Limit, Offset, Page, Part, page_of
from skypicket.web.api.parameters import refuse_unknown, wrong_parameter
from skypicket.web.api.sensors import SensorView, sensor_views
from skypicket.web.intake import Accepted
from skypicket.web.live.layout import REPLAY, SIMULATED, Stamp, encode_frame
from skypicket.web.live.marks import marks_of as track_marks
from skypicket.web.operate.acts import Act, checked
from skypicket.web.operate.views import ObjectView, PlaceAhead, object_views, place_views
from skypicket.web.parts import WebParts

Moment = Annotated[int, QueryParameter(description="When, in nanoseconds of UTC since 1970.")]


class ReplaySpan(msgspec.Struct, frozen=True, kw_only=True):
    """How far one can look back, and when alarms were raised in that time."""

    from_ns: int
    to_ns: int
    marks: tuple[Mark, ...]


class PastState(msgspec.Struct, frozen=True, kw_only=True):
    """What was known at a time; the tracks are in the frame of that time."""

    time_ns: int
    alarms: tuple[Alarm, ...]
    incidents: tuple[Incident, ...]
    objects: tuple[ObjectView, ...]
    places_ahead: tuple[PlaceAhead, ...]
    sensors: tuple[SensorView, ...]


def operate_routes(parts: WebParts) -> list[ControllerRouterHandler]:
    """Actions, open objects, places ahead and replay, under `/api/v1`."""
    return [
        Router(
            "/api/v1",
            route_handlers=[*_acts(parts), *_wall(parts), *_span(parts), *_replay(parts)],
            before_request=refuse_unknown,
            exception_handlers={ValidationException: wrong_parameter},
        )
    ]


def _acts(parts: WebParts) -> list[ControllerRouterHandler]:
    @post(
        "/actions",
        permission="actions.use",
        summary="An operator does something",
        description=(
            "acknowledge, shelve, clear and escalate an alarm; own, note, decide and close an "
            "incident; declare what became of a lost object. Each needs its own permission, "
            "`actions.<word>`. Answers 201 once it is on disk."
        ),
    )
    async def act(request: AnyRequest, data: JSONBody[Act]) -> Accepted:
        action = checked(parts.runtime, request.user, data)
        return Accepted(sequence=await parts.runtime.act(action))

    return [act]


def _wall(parts: WebParts) -> list[ControllerRouterHandler]:
    @get(
        "/objects",
        permission="objects.read",
        summary="Open objects",
        description="What may have become of each object that an open alarm or incident names.",
        responses=says(Page[ObjectView], "Objects, the gravest first."),
        sync_to_thread=False,
    )
    def objects(
        request: AnyRequest, limit: Limit = DEFAULT_LIMIT, offset: Offset = 0
    ) -> Response[bytes]:
        asker = asker_of(parts, request)
        found = object_views(parts.runtime, asker.picture)
        return asker.answer(page_of(request, Part(limit, offset), found, asker.now_ns))

    @get(
        "/places-ahead",
        permission="places.read",
        summary="Places ahead",
        description="Populated places that objects may reach within 30 minutes, the soonest first.",
        responses=says(Page[PlaceAhead], "Places of the home state."),
        sync_to_thread=False,
    )
    def places_ahead(
        request: AnyRequest, limit: Limit = DEFAULT_LIMIT, offset: Offset = 0
    ) -> Response[bytes]:
        asker = asker_of(parts, request)
        found = place_views(parts.runtime, asker.picture)
        return asker.answer(page_of(request, Part(limit, offset), found, asker.now_ns))

    return [objects, places_ahead]


def _span(parts: WebParts) -> list[ControllerRouterHandler]:
    runtime = parts.runtime

    @get(
        "/replay",
        permission="replay.read",
        summary="How far one can look back",
        responses=says(ReplaySpan, "The span, and when alarms were raised in it."),
        sync_to_thread=True,
    )
    def replay(request: AnyRequest) -> Response[bytes]:
        from_ns, to_ns = span(runtime)
        told = ReplaySpan(from_ns=from_ns, to_ns=to_ns, marks=tuple(marks_of(runtime)))
        return asker_of(parts, request).answer(told)

    return [replay]


def _replay(parts: WebParts) -> list[ControllerRouterHandler]:
    runtime = parts.runtime

    @get(
        "/replay/frame",
        permission="replay.read",
        summary="The tracks of a past moment",
        description="A frame as the live stream sends it, with the replay flag.",
        media_type="application/octet-stream",
        sync_to_thread=True,
    )
    def frame(request: AnyRequest, at_ns: Moment) -> Response[bytes]:
        if not asker_of(parts, request).is_own:
            raise PermissionDeniedException("The past is shown to the own side only.")
        body = _frame(runtime, checked_moment(runtime, at_ns))
        headers = {"Cache-Control": "no-store"}
        return Response(body, media_type="application/octet-stream", headers=headers)

    @get(
        "/replay/state",
        permission="replay.read",
        summary="What was known at a past moment",
        responses=says(PastState, "Alarms, incidents, objects, places ahead and sensors."),
        media_type=MediaType.JSON,
        sync_to_thread=True,
    )
    def state(request: AnyRequest, at_ns: Moment) -> Response[bytes]:
        past = state_at(runtime, checked_moment(runtime, at_ns))
        return asker_of(parts, request).answer(_state(runtime, past))

    return [frame, state]


def checked_moment(runtime: Runtime, at_ns: int) -> int:
    """The time, if one can look back to it.

    Raises:
        ClientException: it is to come.
        NotFoundException: nothing is kept from so long ago.
    """
    from_ns, to_ns = span(runtime)
    if at_ns > max(to_ns, runtime.clock()):
        raise ClientException(f"at_ns={at_ns} ({zulu(at_ns)}) is to come; it is {zulu(to_ns)}.")
    if at_ns < from_ns:
        raise NotFoundException(
            f"at_ns={at_ns}: nothing is kept from before {zulu(from_ns)}. "
            "`skypicket replay` works through the capture of older nights."
        )
    return at_ns


def _frame(runtime: Runtime, at_ns: int) -> bytes:
    tracks = frame_at(runtime, at_ns)
    if tracks is None:
        raise NotFoundException(f"at_ns={at_ns}: no tracks were shown then.")
    past = state_at(runtime, at_ns)
    simulated = runtime.settings.system.mode == "simulation"
    stamp = Stamp(
        sequence=0,
        number=0,
        sent_ms=time.time_ns() // 1_000_000,
        flags=REPLAY | (SIMULATED if simulated else 0),
    )
    return encode_frame(tracks, track_marks(past.alarms, past.approaches), stamp)


def _state(runtime: Runtime, past: Picture) -> PastState:
    return PastState(
        time_ns=past.time_ns,
        alarms=tuple(past.alarms.values()),
        incidents=tuple(past.incidents.values()),
        objects=object_views(runtime, past),
        places_ahead=place_views(runtime, past),
        sensors=sensor_views(runtime, past),
    )
