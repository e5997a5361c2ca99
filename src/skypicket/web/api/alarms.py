"""Alarms in pages, and why one was raised."""

from typing import Annotated, get_args

import msgspec
from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import PathParameter, QueryParameter
from litestar.types import ControllerRouterHandler

from skypicket.domain.incidents import Alarm, AlarmLevel, AlarmState
from skypicket.incidents.explain import explain
from skypicket.web.api.answers import AnyRequest, Asker, asker_of, says
from skypicket.web.api.paging import DEFAULT_LIMIT, Limit, Offset, Page, Part, page_of
from skypicket.web.parts import WebParts

_GRAVITY = {level: rank for rank, level in enumerate(get_args(AlarmLevel))}

StateParameter = Annotated[
    AlarmState | None,
    QueryParameter(
        name="state",
        description="Only alarms in this state: raised, acknowledged, shelved or cleared.",
    ),
]
LevelParameter = Annotated[
    AlarmLevel | None,
    QueryParameter(description="Only alarms of this level: warning, caution or advisory."),
]
AlarmId = Annotated[str, PathParameter(description="The alarm's id.")]


class AlarmWhy(msgspec.Struct, frozen=True, kw_only=True):
    """Why an alarm stands: its text, its rule, and its observations down to the captured bytes."""

    lines: tuple[str, ...]


def gravest_first(alarm: Alarm) -> tuple[bool, int, int, str]:
    """The order of alarms: those that stand, then the gravest, then the newest.

    >>> [level for level in sorted(_GRAVITY, key=_GRAVITY.get)]
    ['warning', 'caution', 'advisory']
    """
    return alarm.state == "cleared", _GRAVITY[alarm.level], -alarm.raised_ns, alarm.alarm_id


def alarms_for(
    asker: Asker, state: AlarmState | None = None, level: AlarmLevel | None = None
) -> list[Alarm]:
    """The alarms that the asker may see and wants, in order."""
    released = asker.nouns(asker.picture.alarms.values())
    return sorted(
        (one for one in released if state in (None, one.state) and level in (None, one.level)),
        key=gravest_first,
    )


def alarm_routes(parts: WebParts) -> list[ControllerRouterHandler]:
    """`/alarms` and `/alarms/{alarm_id}/why`."""

    @get(
        "/alarms",
        permission="alarms.read",
        summary="Alarms",
        description="Those that stand, the gravest and newest first; cleared ones stay for a day.",
        responses=says(Page[Alarm], "Alarms in the newest revision of each."),
        sync_to_thread=False,
    )
    def alarms(
        request: AnyRequest,
        limit: Limit = DEFAULT_LIMIT,
        offset: Offset = 0,
        in_state: StateParameter = None,
        level: LevelParameter = None,
    ) -> Response[bytes]:
        asker = asker_of(parts, request)
        found = alarms_for(asker, in_state, level)
        return asker.answer(page_of(request, Part(limit, offset), found, asker.now_ns))

    @get(
        "/alarms/{alarm_id:str}/why",
        permission="alarms.read",
        summary="Why an alarm was raised",
        responses=says(AlarmWhy, "Lines of text, from the alarm to its observations."),
        raises=[NotFoundException],
        sync_to_thread=False,
    )
    def why(request: AnyRequest, alarm_id: AlarmId) -> Response[bytes]:
        asker = asker_of(parts, request)
        found = asker.picture.alarms.get(alarm_id)
        released = asker.nouns([] if found is None else [found])
        if not released:
            raise NotFoundException(
                f"There is no alarm {alarm_id!r}. Cleared ones are let go after a day; "
                "`skypicket explain` reads the record."
            )
        return asker.answer(AlarmWhy(lines=tuple(explain(released[0]))), AlarmWhy)

    return [alarms, why]
