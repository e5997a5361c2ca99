"""Incidents in pages, and one incident with its timeline."""

from typing import Annotated

import msgspec
from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import PathParameter
from litestar.types import ControllerRouterHandler

from skypicket.domain.incidents import Alarm, Incident, IncidentEntry
from skypicket.web.api.alarms import gravest_first
from skypicket.web.api.answers import AnyRequest, asker_of, says
from skypicket.web.api.paging import DEFAULT_LIMIT, Limit, Offset, Page, Part, page_of
from skypicket.web.parts import WebParts

IncidentId = Annotated[str, PathParameter(description="The incident's id.")]


class IncidentDetail(msgspec.Struct, frozen=True, kw_only=True):
    """One incident: its entries in the order in which they became known, and its alarms."""

    incident: Incident
    entries: tuple[IncidentEntry, ...]
    alarms: tuple[Alarm, ...]


def incident_routes(parts: WebParts) -> list[ControllerRouterHandler]:
    """`/incidents` and `/incidents/{incident_id}`."""

    @get(
        "/incidents",
        permission="incidents.read",
        summary="Incidents",
        description="Open ones first, then the newest; closed ones stay for a day.",
        responses=says(Page[Incident], "Incidents in the newest revision of each."),
        sync_to_thread=False,
    )
    def incidents(
        request: AnyRequest, limit: Limit = DEFAULT_LIMIT, offset: Offset = 0
    ) -> Response[bytes]:
        asker = asker_of(parts, request)
        found = sorted(
            asker.nouns(asker.picture.incidents.values()),
            key=lambda one: (one.state == "closed", -one.opened_ns, one.incident_id),
        )
        return asker.answer(page_of(request, Part(limit, offset), found, asker.now_ns))

    @get(
        "/incidents/{incident_id:str}",
        permission="incidents.read",
        summary="One incident with its timeline",
        responses=says(IncidentDetail, "The incident, its entries and its alarms."),
        raises=[NotFoundException],
        sync_to_thread=False,
    )
    def incident(request: AnyRequest, incident_id: IncidentId) -> Response[bytes]:
        asker = asker_of(parts, request)
        found = asker.picture.incidents.get(incident_id)
        if found is None:
            raise NotFoundException(
                f"There is no incident {incident_id!r}. Closed ones are let go after a day; "
                "`skypicket incidents` reads the record."
            )
        alarms = (a for a in asker.picture.alarms.values() if a.incident_id == incident_id)
        return asker.answer(
            IncidentDetail(
                incident=found,
                entries=asker.picture.entries.get(incident_id, ()),
                alarms=tuple(sorted(alarms, key=gravest_first)),
            )
        )

    return [incidents, incident]
