from typing import Any

import msgspec
import numpy as np
import pytest
from pyproj import Geod

from skypicket.domain.incidents import Alarm, Incident
from skypicket.domain.labels import Releasability
from skypicket.domain.tracks import TrackBatch, TrackState
from skypicket.domain.zones import Zone
from skypicket.formats.geojson import (
    RADIUS_95,
    Audience,
    Local,
    alarms_geojson,
    areas_geojson,
    incidents_geojson,
    tracks_geojson,
    zones_geojson,
)
from skypicket.testing.builders import NIGHT_NS

OPERATOR = Local.OPERATOR


def features(content: bytes) -> list[dict[str, Any]]:
    said = msgspec.json.decode(content)
    assert said["type"] == "FeatureCollection"
    found: list[dict[str, Any]] = said["features"]
    return found


def signed_area_m2(ring: list[list[float]]) -> float:
    """The area, positive where the ring turns counter-clockwise."""
    lon, lat = zip(*ring, strict=True)
    return float(Geod(ellps="WGS84").polygon_area_perimeter(lon, lat)[0])


def track(state: TrackState = TrackState.CONFIRMED, **fields: Any) -> TrackBatch:
    value: dict[str, float] = {
        "lat_deg": 54.7,
        "lon_deg": 25.3,
        "alt_m": 200.0,
        "existence_probability": 0.9,
        "sigma_east_m": 1_000.0,
        "sigma_north_m": 500.0,
        "correlation": 0.0,
    }
    value |= dict.fromkeys(("east_mps", "north_mps", "up_mps", "sigma_up_m"), 0.0)
    value |= dict.fromkeys(("sigma_east_mps", "sigma_north_mps"), 1.0)
    value |= {name: fields.pop(name) for name in list(fields) if name in value}
    columns = {name: np.array([number]) for name, number in value.items()}
    columns |= {"track_key": np.array([255], dtype=np.uint64), "basis": np.array([0], np.int8)}
    columns |= {name: np.array([NIGHT_NS]) for name in ("born_ns", "updated_ns")}
    columns["state"] = np.array([state], dtype=np.int8)
    return TrackBatch(time_ns=NIGHT_NS, columns=columns, **fields)


def test_a_track_is_a_point_with_units_in_its_properties() -> None:
    (feature,) = features(tracks_geojson(track(), OPERATOR))
    assert feature["geometry"] == {"type": "Point", "coordinates": [25.3, 54.7]}
    properties = feature["properties"]
    assert (properties["track_id"], properties["alt_m"]) == ("00000000000000ff", 200.0)
    assert properties["time"] == "2025-07-28T01:56:00.000Z"


@pytest.mark.parametrize("state", [TrackState.LOST, TrackState.DOWN, TrackState.LEFT])
def test_a_track_that_is_not_seen_is_an_area_and_never_a_point(state: TrackState) -> None:
    (feature,) = features(tracks_geojson(track(state), OPERATOR))
    assert feature["geometry"]["type"] == "Polygon"


@pytest.mark.parametrize("correlation", [0.0, 0.8, -0.5])
def test_the_area_of_a_lost_track_is_its_95_percent_ellipse(correlation: float) -> None:
    lost = track(TrackState.LOST, correlation=correlation)
    (feature,) = features(tracks_geojson(lost, OPERATOR))
    (ring,) = feature["geometry"]["coordinates"]
    assert ring[0] == ring[-1]
    area_m2 = signed_area_m2(ring)
    expected = np.pi * RADIUS_95**2 * 1_000.0 * 500.0 * np.sqrt(1 - correlation**2)
    assert area_m2 == pytest.approx(expected, rel=0.01)  # positive: counter-clockwise
    lon, lat = np.array(ring[:-1]).T
    lean = np.corrcoef(lon, lat)[0, 1]
    assert lean == pytest.approx(correlation, abs=0.05)


LABELS = [
    (Releasability(), "LVA", 0),
    (Releasability(releasable_to=("EST",)), "LVA", 0),
    (Releasability(releasable_to=("LVA",)), "LVA", 1),
    (Releasability(releasable_to=("LVA",), coarsen_m=500), "LVA", 0),
    (Releasability(releasable_to=("LVA",), delay_s=5), "LVA", 0),
    (Releasability(coarsen_m=500), OPERATOR, 1),
]


@pytest.mark.parametrize(("label", "audience", "shown"), LABELS)
def test_only_what_is_released_as_it_is_goes_to_a_partner(
    label: Releasability, audience: Audience, shown: int
) -> None:
    alarm = Alarm(
        alarm_id="a1",
        revision=1,
        level="warning",
        state="raised",
        cause="Incursion",
        time_ns=NIGHT_NS,
        raised_ns=NIGHT_NS,
        title="t",
        text="x",
        probability=0.9,
        releasability=label,
    )
    incident = Incident(
        incident_id="i1",
        revision=1,
        level="caution",
        state="open",
        opened_ns=NIGHT_NS,
        time_ns=NIGHT_NS,
        title="t",
        joinable_until_ns=NIGHT_NS,
        releasability=label,
    )
    zone = Zone(zone_id="z1", name="z", kind="restricted", releasability=label)
    assert len(features(tracks_geojson(track(releasability=label), audience))) == shown
    assert len(features(alarms_geojson([alarm], audience))) == shown
    assert len(features(incidents_geojson([incident], audience))) == shown
    assert len(features(zones_geojson([zone], audience))) == shown


def test_a_partner_cannot_pass_for_the_operator_by_its_name() -> None:
    assert features(tracks_geojson(track(), "operator")) == []


def test_a_zone_is_a_closed_polygon_whose_hole_turns_the_other_way() -> None:
    outer = ((0.0, 0.0), (0.0, 4.0), (4.0, 4.0), (4.0, 0.0))
    hole = ((1.0, 1.0), (2.0, 1.0), (2.0, 2.0))
    zone = Zone(zone_id="z1", name="z", kind="restricted", polygon=(outer, hole))
    (feature,) = features(zones_geojson([zone], OPERATOR))
    rings = feature["geometry"]["coordinates"]
    areas = [signed_area_m2(ring) for ring in rings]
    assert [ring[0] == ring[-1] for ring in rings] == [True, True]
    assert (areas[0] > 0, areas[1] < 0) == (True, True)


def test_an_area_of_many_parts_is_one_feature() -> None:
    square = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0)]
    (feature,) = features(areas_geojson({"LTU": [[square], [square]]}))
    assert feature["properties"] == {"name": "LTU"}
    assert len(feature["geometry"]["coordinates"]) == 2
