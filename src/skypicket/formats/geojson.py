"""GeoJSON (RFC 7946) of what the picture holds: for the local operator, or for one partner.

A partner gets only nouns whose label names the partner, and of those none that must be coarsened
or delayed on the way: that is done by sharing, before it asks for GeoJSON. Units stand in the
names of the properties. Coordinates are longitude, latitude in degrees, to 1e-6.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from itertools import pairwise
from typing import Any

import msgspec
import numpy as np

from skypicket.domain.incidents import Alarm, Incident
from skypicket.domain.labels import Releasability
from skypicket.domain.times import zulu
from skypicket.domain.tracks import Track, TrackBatch, TrackState, tracks_of
from skypicket.domain.zones import Zone
from skypicket.geo.geodesic import moved

RADIUS_95 = 2.4477  # semi-axes of the ellipse that holds 95 % of a plane normal distribution, sigma
ELLIPSE_POINTS = 64
DECIMALS = 6

_AREA_STATES = frozenset(
    state.name.lower() for state in TrackState if state.value >= TrackState.LOST
)

Ring = Sequence[tuple[float, float]]
Feature = dict[str, Any]


class Local(Enum):
    """The local operator, who sees everything; partners are named by text."""

    OPERATOR = "operator"


Audience = Local | str


def tracks_geojson(batch: TrackBatch, audience: Audience) -> bytes:
    """Each track as a point; one that is lost as the area that holds it with 95 %.

    A lost track is never drawn as a point: it is an area with a question mark.
    """
    if not released(batch.releasability, audience):
        return collection(())
    return collection(_track_feature(track) for track in tracks_of(batch))


def features_of_tracks(tracks: Iterable[Track]) -> list[Feature]:
    """Each track as a feature: a point, or the area of one that is lost."""
    return [_track_feature(track) for track in tracks]


def alarms_geojson(alarms: Iterable[Alarm], audience: Audience) -> bytes:
    """Each alarm at its place, or without geometry if it has none."""
    return collection(
        _feature(
            _point(alarm.lon_deg, alarm.lat_deg),
            _said(alarm, ("alarm_id", "level", "state", "cause", "title", "text", "probability"))
            | {"time": zulu(alarm.time_ns), "raised": zulu(alarm.raised_ns)},
        )
        for alarm in alarms
        if released(alarm.releasability, audience)
    )


def incidents_geojson(incidents: Iterable[Incident], audience: Audience) -> bytes:
    """Each incident, without geometry: its tracks and alarms have theirs."""
    return collection(
        _feature(
            None,
            _said(incident, ("incident_id", "level", "state", "title", "owner", "track_ids"))
            | {"time": zulu(incident.time_ns), "opened": zulu(incident.opened_ns)},
        )
        for incident in incidents
        if released(incident.releasability, audience)
    )


def zones_geojson(zones: Iterable[Zone], audience: Audience) -> bytes:
    """Each zone as its polygon; a border has none of its own and comes without geometry."""
    names = ("zone_id", "name", "kind", "state", "floor_amsl_m", "ceiling_amsl_m")
    return collection(
        _feature(polygon(zone.polygon) if zone.polygon else None, _said(zone, names))
        for zone in zones
        if released(zone.releasability, audience)
    )


def areas_geojson(areas: Mapping[str, Sequence[Sequence[Ring]]]) -> bytes:
    """Named public areas such as state borders, each a list of polygons (rings of lon, lat)."""
    return collection(
        _feature(
            {
                "type": "MultiPolygon",
                "coordinates": [polygon(rings)["coordinates"] for rings in polygons],
            },
            {"name": name},
        )
        for name, polygons in areas.items()
    )


def released(label: Releasability, audience: Audience) -> bool:
    """Whether a noun with this label may be said to the audience as it is.

    >>> released(Releasability(), Local.OPERATOR), released(Releasability(), "LVA")
    (True, False)
    """
    if isinstance(audience, Local):
        return True
    return label.permits(audience) and label.coarsen_m == 0 and label.delay_s == 0


def collection(features: Iterable[Feature]) -> bytes:
    """The features as one FeatureCollection.

    >>> collection([])
    b'{"type":"FeatureCollection","features":[]}'
    """
    return msgspec.json.encode({"type": "FeatureCollection", "features": list(features)})


def polygon(rings: Sequence[Ring]) -> dict[str, Any]:
    """A polygon with closed rings, the outer one counter-clockwise and the holes clockwise.

    >>> polygon([[(0, 0), (0, 1), (1, 1)]])["coordinates"]
    [[(0, 0), (1, 1), (0, 1), (0, 0)]]
    """
    turned = [
        _turned(list(ring) if ring[0] == ring[-1] else [*ring, ring[0]], outer=number == 0)
        for number, ring in enumerate(rings)
    ]
    return {"type": "Polygon", "coordinates": turned}


def _turned(ring: list[tuple[float, float]], *, outer: bool) -> list[tuple[float, float]]:
    doubled = sum(
        (lon - lon_next) * (lat + lat_next) for (lon, lat), (lon_next, lat_next) in pairwise(ring)
    )
    return ring if (doubled > 0) == outer else ring[::-1]


def ellipse_95(track: Track) -> dict[str, Any]:
    """The polygon that holds the track with 95 %, from the covariance of its position."""
    covariance = track.correlation * track.sigma_east_m * track.sigma_north_m
    matrix = np.array([[track.sigma_east_m**2, covariance], [covariance, track.sigma_north_m**2]])
    sizes, axes = np.linalg.eigh(matrix)
    turn = np.linspace(0.0, 2 * np.pi, ELLIPSE_POINTS, endpoint=False)
    circle = np.stack([np.cos(turn), np.sin(turn)])
    east, north = axes @ (RADIUS_95 * np.sqrt(np.maximum(sizes, 0.0))[:, None] * circle)
    azimuth_deg = np.degrees(np.arctan2(east, north))
    lat, lon = moved(track.lat_deg, track.lon_deg, azimuth_deg, np.hypot(east, north))
    ring = list(zip(lon.round(DECIMALS).tolist(), lat.round(DECIMALS).tolist(), strict=True))
    return polygon([ring])


def _track_feature(track: Track) -> Feature:
    area = track.state in _AREA_STATES
    geometry = ellipse_95(track) if area else _point(track.lon_deg, track.lat_deg)
    names = ("track_id", "state", "basis", "callsign", "existence_probability", "alt_m")
    speeds = ("east_mps", "north_mps", "up_mps", "sigma_east_m", "sigma_north_m")
    times = {"time": zulu(track.time_ns, decimals=3), "updated": zulu(track.updated_ns, decimals=3)}
    return _feature(geometry, _said(track, names + speeds) | times)


def _feature(geometry: dict[str, Any] | None, properties: dict[str, Any]) -> Feature:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _point(lon_deg: float | None, lat_deg: float | None) -> dict[str, Any] | None:
    if lon_deg is None or lat_deg is None:
        return None
    return {"type": "Point", "coordinates": [round(lon_deg, DECIMALS), round(lat_deg, DECIMALS)]}


def _said(noun: Track | Alarm | Incident | Zone, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(noun, name) for name in names}
