"""How far sensors see a small object: where P(detect) in one look falls below one half."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

import msgspec
import numpy as np
from litestar import Response, get
from litestar.types import ControllerRouterHandler

from skypicket.domain.noun import FloatColumn
from skypicket.domain.sensors import Sensor, SensorKind
from skypicket.geo.frame import TheatreFrame
from skypicket.geo.geodesic import moved
from skypicket.physics.airframes import airframe
from skypicket.physics.detection import DetectionField
from skypicket.web.api.answers import AnyRequest, Asker, asker_of, says
from skypicket.web.api.paging import DEFAULT_LIMIT, Limit, Offset, Page, Part, page_of
from skypicket.web.api.sensors import SensorState, sensor_views
from skypicket.web.parts import WebParts

HEIGHTS_AGL_M = (100, 200, 500)
SMALL = "gerbera"
HALF = 0.5
STEPS = 800
HALVINGS = 20
MODEL_TEXT = (
    "Where one look finds an object like a Gerbera with 0.5: a smooth earth at the level of the "
    "sensor's own ground, no terrain, no trees, mild weather. Behind hills it is less."
)
_NEVER: Mapping[SensorKind, str] = MappingProxyType(
    {
        "adsb": "It hears only what says of itself where it is; such an object does not.",
        "remote_id": "It hears only what says of itself where it is; such an object does not.",
        "person": "People hear where they are, not where their desk stands.",
        "tracker": "Another system's tracker; how far it sees is that system's to say.",
    }
)


class Reach(msgspec.Struct, frozen=True, kw_only=True):
    """How far a sensor sees an object of a size at a height above the ground.

    Between `from_m` and `radius_m` along the ground P(detect) in one look is at least one half;
    both are 0 where it is nowhere.
    """

    agl_m: int
    size: Literal["small"]
    from_m: float
    radius_m: float


class CoverageView(msgspec.Struct, frozen=True, kw_only=True):
    """How far one sensor sees a small object when it works, and whether it does.

    `reach` is empty for sensors to which the question does not apply; `text` says why.
    """

    sensor_id: str
    kind: SensorKind
    lat_deg: float
    lon_deg: float
    state: SensorState
    reach: tuple[Reach, ...]
    text: str


def reach_of(sensor: Sensor) -> tuple[Reach, ...]:
    """The reach of a sensor, with its defaults filled in, at each of `HEIGHTS_AGL_M`.

    >>> reach_of(Sensor(id="desk", kind="person", lat_deg=54.7, lon_deg=25.3))
    ()
    """
    if sensor.kind in _NEVER:
        return ()
    frame = TheatreFrame(sensor.lat_deg, sensor.lon_deg)
    field = DetectionField([sensor], frame)
    signature = airframe(SMALL).signature
    assert sensor.max_range_m is not None
    ranges_m = np.linspace(0.0, sensor.max_range_m, STEPS + 1)

    def detected(distances_m: FloatColumn, agl_m: int) -> FloatColumn:
        northward = np.zeros_like(distances_m)
        lat, lon = moved(sensor.lat_deg, sensor.lon_deg, northward, distances_m)
        east_m, north_m = frame.to_plane(lat, lon)
        place = (east_m, north_m, sensor.ground_amsl_m + agl_m)
        return field.probability_of(sensor.id, place, signature)

    found = []
    for agl_m in HEIGHTS_AGL_M:
        inside = np.flatnonzero(detected(ranges_m, agl_m) >= HALF)
        first = last = 0.0
        if len(inside):
            first = float(ranges_m[inside[0]])
            near, far = ranges_m[inside[-1]], ranges_m[min(inside[-1] + 1, STEPS)]
            for _ in range(HALVINGS):
                middle = (near + far) / 2
                sees = detected(np.array([middle]), agl_m)[0] >= HALF
                near, far = (middle, far) if sees else (near, middle)
            last = float(near)
        reach = Reach(agl_m=agl_m, size="small", from_m=round(first, 1), radius_m=round(last, 1))
        found.append(reach)
    return tuple(found)


@lru_cache(maxsize=8)
def _reaches(keys: tuple[bytes, ...]) -> dict[str, tuple[Reach, ...]]:
    """The reach of each sensor; a configuration's sensors, as JSON, are the key."""
    sensors = [msgspec.json.decode(key, type=Sensor) for key in keys]
    return {sensor.id: reach_of(sensor) for sensor in sensors}


def coverage_of(asker: Asker) -> list[CoverageView]:
    """The reach of every configured sensor, by its id; none for partners."""
    sensors = asker.runtime.settings.sensors
    reaches = _reaches(tuple(msgspec.json.encode(sensor) for sensor in sensors))
    return [
        CoverageView(
            sensor_id=view.sensor_id,
            kind=view.kind,
            lat_deg=view.lat_deg,
            lon_deg=view.lon_deg,
            state=view.state,
            reach=reaches[view.sensor_id],
            text=_NEVER.get(view.kind, MODEL_TEXT),
        )
        for view in sensor_views(asker.runtime, asker.picture)
    ]


def coverage_routes(parts: WebParts) -> list[ControllerRouterHandler]:
    """`/coverage`."""

    @get(
        "/coverage",
        permission="coverage.read",
        summary="How far each sensor sees a small object",
        description=MODEL_TEXT,
        responses=says(Page[CoverageView], "The reach of each sensor at 100, 200 and 500 m."),
        sync_to_thread=True,
    )
    def coverage(
        request: AnyRequest, limit: Limit = DEFAULT_LIMIT, offset: Offset = 0
    ) -> Response[bytes]:
        asker = asker_of(parts, request)
        return asker.answer(page_of(request, Part(limit, offset), coverage_of(asker), asker.now_ns))

    return [coverage]
