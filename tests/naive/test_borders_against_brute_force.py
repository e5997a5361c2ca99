"""Slow twins of the border search: every edge measured, and shapely's own inside."""

import numpy as np
import pytest
import shapely

from skypicket.domain.noun import FloatColumn
from skypicket.geo.borders import Borders, load_borders
from skypicket.geo.frame import TheatreFrame
from skypicket.geo.outlines import CUT, STATES, bounds, rings

FRAME = TheatreFrame(54.69, 25.28)


@pytest.fixture(scope="module")
def borders() -> Borders:
    return load_borders(FRAME, [])


def around(state: str, count: int, seed: int) -> tuple[FloatColumn, FloatColumn]:
    """Positions over the state and a degree around it, Russia only as far as it is shipped."""
    rng = np.random.default_rng(seed)
    south, west, north, east = bounds(state)
    edge = 0 if state == "RUS" else 1
    return (
        rng.uniform(south - edge, north + edge, count),
        rng.uniform(west - edge, min(east + edge, 42), count),
    )


def polygon(state: str) -> shapely.Geometry:
    """The state in degrees, its rings combined by even and odd."""
    area = shapely.Polygon()
    for ring in rings(state):
        part = shapely.Polygon(np.stack([ring.lon_deg, ring.lat_deg], axis=1))
        area = shapely.symmetric_difference(area, part)
    return area


def lines(state: str) -> shapely.Geometry:
    """The state's borders as straight plane edges of at most 2 km, edges of the cut left out."""
    found = []
    for ring in rings(state):
        ends = np.stack([ring.lon_deg, ring.lat_deg], axis=1)
        pairs = np.stack([ends, np.roll(ends, -1, axis=0)], axis=1)[ring.beyond != CUT]
        # 0.017 degrees of longitude and latitude are less than 2 km here.
        for pair in shapely.segmentize(shapely.linestrings(pairs), 0.017):
            lon_deg, lat_deg = shapely.get_coordinates(pair).T
            found.append(np.stack(FRAME.to_plane(lat_deg, lon_deg), axis=1))
    return shapely.MultiLineString([shapely.LineString(line) for line in found])


@pytest.mark.parametrize("state", STATES)
def test_inside_is_what_shapely_says(borders: Borders, state: str) -> None:
    lat_deg, lon_deg = around(state, 4_000, 1)
    inside = shapely.contains_xy(polygon(state), lon_deg, lat_deg)
    east_m, north_m = FRAME.to_plane(lat_deg, lon_deg)
    metres = borders.signed_distance_m(state, east_m, north_m)
    assert 0 < np.count_nonzero(inside) < len(inside)
    assert ((metres > 0) == inside).all()
    assert (borders.contains(state, east_m, north_m) == inside).all()


@pytest.mark.parametrize("state", ["EST", "MDA", "RUS"])
def test_distance_is_that_to_the_nearest_of_all_edges(borders: Borders, state: str) -> None:
    lat_deg, lon_deg = around(state, 150, 2)
    east_m, north_m = FRAME.to_plane(lat_deg, lon_deg)
    outline = lines(state)
    slow_m = np.array(
        [shapely.distance(outline, shapely.Point(p)) for p in zip(east_m, north_m, strict=True)]
    )
    foot_east_m, foot_north_m, _ = borders.nearest(state, east_m, north_m)
    fast_m = np.hypot(foot_east_m - east_m, foot_north_m - north_m)
    # A sea border of 30 km is divided at other points here: 0.2 m is the bend of a 2 km piece.
    assert np.abs(fast_m - slow_m).max() < 0.25


def test_close_to_the_border_inside_is_what_shapely_says(borders: Borders) -> None:
    rng = np.random.default_rng(3)
    ring = rings("LTU")[0]
    row = rng.integers(0, len(ring.lat_deg), 4_000)
    lat_deg = ring.lat_deg[row] + rng.normal(0, 3e-5, 4_000)  # about 3 m
    lon_deg = ring.lon_deg[row] + rng.normal(0, 5e-5, 4_000)
    inside = shapely.contains_xy(polygon("LTU"), lon_deg, lat_deg)
    metres = borders.signed_distance_m("LTU", *FRAME.to_plane(lat_deg, lon_deg))
    wrong = (metres > 0) != inside
    # Edges are straight in degrees there and in the plane here: they part by less than 0.2 m.
    assert np.abs(metres).max() < 30
    assert np.abs(metres[wrong]).max(initial=0.0) < 0.2
    assert np.count_nonzero(wrong) < 20
