"""The picture as one GeoJSON file, for the own side's other programs."""

from typing import Any

import msgspec
from litestar import Response, get
from litestar.types import ControllerRouterHandler

from skypicket.domain.times import zulu
from skypicket.formats.geojson import Local, alarms_geojson, areas_geojson, features_of_tracks
from skypicket.sharing import Clearance, FileSerializer
from skypicket.web.api.answers import FAULTS, AnyRequest, Asker, asker_of
from skypicket.web.api.tracks import TrackList, Wanted
from skypicket.web.api.zones import polygons_of, zones_of
from skypicket.web.parts import WebParts

GEOJSON = "application/geo+json"


def picture_geojson(asker: Asker) -> bytes:
    """Tracks, alarms and zones as one FeatureCollection; `layer` says which each feature is.

    A lost track is the area that holds it with 95 %, never a point.
    """
    files = FileSerializer(Clearance(asker.principal.clearance))
    listed = TrackList(asker, Wanted())
    tracks = files.nouns(listed.made(range(len(listed))), asker.now_ns)
    alarms = files.nouns(asker.picture.alarms.values(), asker.now_ns)
    zones = files.nouns(zones_of(asker.runtime.settings), asker.now_ns)
    areas = areas_geojson({zone.name: polygons_of(zone) for zone in zones})
    features = [
        *_layer("tracks", features_of_tracks(tracks)),
        *_layer("alarms", _features(alarms_geojson(alarms, Local.OPERATOR))),
        *_layer("zones", _features(areas)),
    ]
    system = asker.runtime.settings.system
    return msgspec.json.encode(
        {
            "type": "FeatureCollection",
            "name": system.name,
            "mode": system.mode,
            "time": zulu(asker.now_ns),
            "features": features,
        }
    )


def _features(collection: bytes) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = msgspec.json.decode(collection)["features"]
    return found


def _layer(name: str, features: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one | {"properties": {"layer": name} | one["properties"]} for one in features]


def export_routes(parts: WebParts) -> list[ControllerRouterHandler]:
    """`/export/picture.geojson`."""

    @get(
        "/export/picture.geojson",
        permission="export.read",
        summary="The picture as a GeoJSON file",
        media_type=GEOJSON,
        responses=FAULTS,
        sync_to_thread=True,
    )
    def picture(request: AnyRequest) -> Response[bytes]:
        asker = asker_of(parts, request)
        moment = zulu(asker.now_ns).replace(":", "")
        return Response(
            picture_geojson(asker),
            media_type=GEOJSON,
            headers={
                "Cache-Control": "no-store",
                "Content-Disposition": f'attachment; filename="skypicket-{moment}.geojson"',
            },
        )

    return [picture]
