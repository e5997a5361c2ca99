"""Zones with their geometry: the watched border, and what the configuration draws."""

from typing import Literal

import msgspec
from litestar import Response, get
from litestar.types import ControllerRouterHandler

from skypicket.domain.zones import Zone, ZoneKind
from skypicket.engine.settings import Settings
from skypicket.formats.geojson import polygon
from skypicket.geo.simple_outlines import LonLatPolygon, simple_polygons
from skypicket.incidents.words import state_name
from skypicket.web.api.answers import AnyRequest, Asker, asker_of, says
from skypicket.web.api.paging import DEFAULT_LIMIT, Limit, Offset, Page, Part, page_of
from skypicket.web.parts import WebParts


class MultiPolygon(msgspec.Struct, frozen=True, kw_only=True):
    """GeoJSON (RFC 7946): polygons of rings of longitude, latitude, each ring closed."""

    type: Literal["MultiPolygon"] = "MultiPolygon"
    coordinates: tuple[LonLatPolygon, ...]


class ZoneView(msgspec.Struct, frozen=True, kw_only=True):
    """A zone as it is drawn. A border's line is left with few vertices, within about 100 m.

    Heights are above mean sea level; null means no limit.
    """

    zone_id: str
    name: str
    kind: ZoneKind
    state: str | None
    floor_amsl_m: float | None
    ceiling_amsl_m: float | None
    geometry: MultiPolygon


def zones_of(settings: Settings) -> tuple[Zone, ...]:
    """The zones of a configuration; the border that is watched stands first, named or not."""
    home = settings.system.home
    watched = [z for z in settings.zones if z.kind == "border" and z.state == home]
    first = watched[:1] or [
        Zone(
            zone_id=f"border-{home}",
            name=f"Border of {state_name(home)}",
            kind="border",
            state=home,
        )
    ]
    return (*first, *(zone for zone in settings.zones if zone not in first))


def polygons_of(zone: Zone) -> tuple[LonLatPolygon, ...]:
    """What the zone covers: polygons of closed rings."""
    if zone.kind == "border":
        return simple_polygons(str(zone.state))
    rings = polygon(zone.polygon)["coordinates"]
    return (tuple(tuple((lon, lat) for lon, lat in ring) for ring in rings),)


def zones_for(asker: Asker) -> list[Zone]:
    """The zones that the asker may see. Borders are public; the others have labels."""
    zones = zones_of(asker.runtime.settings)
    seen = {zone.zone_id for zone in asker.nouns(zones)}
    return [zone for zone in zones if zone.kind == "border" or zone.zone_id in seen]


def zone_view(zone: Zone) -> ZoneView:
    """A zone with its geometry."""
    return ZoneView(
        zone_id=zone.zone_id,
        name=zone.name,
        kind=zone.kind,
        state=zone.state,
        floor_amsl_m=zone.floor_amsl_m,
        ceiling_amsl_m=zone.ceiling_amsl_m,
        geometry=MultiPolygon(coordinates=polygons_of(zone)),
    )


def zone_routes(parts: WebParts) -> list[ControllerRouterHandler]:
    """`/zones`."""

    @get(
        "/zones",
        permission="zones.read",
        summary="Zones: the watched border, restricted areas, protected sites",
        responses=says(Page[ZoneView], "The watched border first, then as they are configured."),
        sync_to_thread=True,
    )
    def zones(
        request: AnyRequest, limit: Limit = DEFAULT_LIMIT, offset: Offset = 0
    ) -> Response[bytes]:
        asker = asker_of(parts, request)
        found = [zone_view(zone) for zone in zones_for(asker)]
        page = page_of(request, Part(limit, offset), found, asker.now_ns)
        return asker.answer(page, ZoneView, MultiPolygon)

    return [zones]
