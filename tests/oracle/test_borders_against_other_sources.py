import json
from pathlib import Path

import numpy as np
import pyproj
import pytest
import shapely

from skypicket.geo.borders import Borders, load_borders
from skypicket.geo.frame import TheatreFrame
from skypicket.geo.outlines import STATES, rings

GEOD = pyproj.Geod(ellps="WGS84")
FRAME = TheatreFrame(54.69, 25.28)


@pytest.fixture(scope="module")
def borders() -> Borders:
    return load_borders(FRAME, ["LTU", "BLR"])


def length_km(state: str, neighbour: str) -> float:
    total_m = 0.0
    for ring in rings(state):
        rows = ring.beyond == neighbour
        _, _, metres = GEOD.inv(
            ring.lon_deg[rows],
            ring.lat_deg[rows],
            np.roll(ring.lon_deg, -1)[rows],
            np.roll(ring.lat_deg, -1)[rows],
        )
        total_m += float(np.sum(metres))
    return total_m / 1000


@pytest.mark.parametrize(
    ("state", "neighbour", "published_km"),
    [("LTU", "BLR", 679), ("POL", "BLR", 418), ("UKR", "BLR", 1084), ("POL", "LTU", 104)],
)
def test_borders_are_as_long_as_their_states_say(
    state: str, neighbour: str, published_km: float
) -> None:
    # Published by border guards; lengths of a winding line differ with the scale of the map.
    assert length_km(state, neighbour) == pytest.approx(published_km, rel=0.05)


def test_the_area_of_lithuania_is_land_and_territorial_sea() -> None:
    ring = rings("LTU")[0]
    area_km2 = abs(GEOD.polygon_area_perimeter(ring.lon_deg, ring.lat_deg)[0]) / 1e6
    # 65,286 km2 of land (Statistics Lithuania) and about 2,000 km2 of territorial sea.
    assert 66_500 < area_km2 < 68_500


def test_distance_is_the_geodesic_to_the_nearest_point(borders: Borders) -> None:
    rng = np.random.default_rng(4)
    lat_deg, lon_deg = rng.uniform(52.5, 58, 3000), rng.uniform(20, 31, 3000)
    east_m, north_m = FRAME.to_plane(lat_deg, lon_deg)
    foot_east_m, foot_north_m, _ = borders.nearest("LTU", east_m, north_m)
    foot_lat_deg, foot_lon_deg = FRAME.to_geodetic(foot_east_m, foot_north_m)
    _, _, geodesic_m = GEOD.inv(lon_deg, lat_deg, foot_lon_deg, foot_lat_deg)
    metres = np.abs(borders.signed_distance_m("LTU", east_m, north_m))
    assert np.abs(metres / geodesic_m - 1).max() < 3e-6


def test_no_vertex_is_nearer_by_geodesic_than_the_distance_says(borders: Borders) -> None:
    # The nearest in the plane is not the nearest on earth to the last metre: this bounds it.
    lat_deg, lon_deg = np.array([55.6, 53.2, 57.5, 51.0]), np.array([29.5, 22.0, 29.0, 31.0])
    metres = -borders.signed_distance_m("LTU", *FRAME.to_plane(lat_deg, lon_deg))
    ring = rings("LTU")[0]
    for row, metre in enumerate(metres):
        lon, lat = (
            np.full_like(ring.lon_deg, lon_deg[row]),
            np.full_like(ring.lat_deg, lat_deg[row]),
        )
        _, _, away_m = GEOD.inv(lon, lat, ring.lon_deg, ring.lat_deg)
        assert metre < np.min(away_m) + 1.0
        assert metre > np.min(away_m) - 50.0


@pytest.mark.parametrize("state", ["LTU", "LVA", "EST", "POL", "BLR"])
def test_the_outline_is_that_of_the_shared_files(shared: Path, state: str) -> None:
    text = (shared / "borders" / f"{state}.geojson").read_text(encoding="utf-8")
    theirs = shapely.from_geojson(text)
    ours = shapely.Polygon()
    for ring in rings(state):
        part = shapely.Polygon(np.stack([ring.lon_deg, ring.lat_deg], axis=1))
        ours = shapely.symmetric_difference(ours, part)
    # Square degrees: 1e-9 is ten square metres of the whole state.
    assert shapely.area(shapely.symmetric_difference(ours, shapely.union_all(theirs))) < 1e-9


def test_border_lengths_are_those_of_the_shared_files(shared: Path) -> None:
    text = (shared / "borders" / "border_lines.geojson").read_text(encoding="utf-8")
    pairs: dict[tuple[str, str], float] = {}
    for feature in json.loads(text)["features"]:
        a, b = (feature["properties"][side].split("-")[0] for side in "ab")
        pairs[a, b] = pairs.get((a, b), 0.0) + feature["properties"]["length_km"]
    assert len(pairs) > 15
    for (a, b), km in pairs.items():
        assert {a, b} <= set(STATES)
        assert length_km(a, b) == pytest.approx(km, rel=0.01), (a, b)
