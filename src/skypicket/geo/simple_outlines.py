"""Outlines of states with few vertices, for pictures and answers; no distance is made from them."""

from functools import cache

import numpy as np

from skypicket.domain.noun import FloatColumn
from skypicket.geo import outlines
from skypicket.geo.frame import TheatreFrame

TOLERANCE_M = 100.0
DECIMALS = 5  # of a degree: a metre

LonLatRing = tuple[tuple[float, float], ...]
LonLatPolygon = tuple[LonLatRing, ...]


@cache
def simple_polygons(state: str) -> tuple[LonLatPolygon, ...]:
    """The polygons of a state: rings of (longitude, latitude), closed, the outer one first.

    No vertex is moved; those within 100 m of the line without them are left out, so neighbours'
    lines may differ by so much. Made once (about 0.2 s), then kept.

    Raises:
        InputError: the border of that state is not shipped.

    >>> [len(polygon) for polygon in simple_polygons("LTU")]
    [1]
    >>> 1_000 < len(simple_polygons("LTU")[0][0]) < 5_000
    True
    """
    south, west, north, east = outlines.bounds(state)
    frame = TheatreFrame((south + north) / 2, (west + east) / 2)
    found = [_simple(ring, frame) for ring in outlines.rings(state)]
    outer = [line for line, is_outer in found if is_outer]
    holes = [line for line, is_outer in found if not is_outer]
    return tuple(
        (_pairs(line), *(_pairs(hole) for hole in holes if _holds(line, hole))) for line in outer
    )


def _simple(ring: outlines.Ring, frame: TheatreFrame) -> tuple[FloatColumn, bool]:
    """Vertices (n, 2) in degrees that stay, closed, and whether the ring is an outer one."""
    import shapely  # noqa: PLC0415 -- slow to import, and no start needs it

    east_m, north_m = frame.to_plane(ring.lat_deg, ring.lon_deg)
    line = shapely.polygons(np.column_stack([east_m, north_m]))
    kept = shapely.get_coordinates(shapely.simplify(line, TOLERANCE_M, preserve_topology=True))
    lat, lon = frame.to_geodetic(kept[:, 0], kept[:, 1])
    is_outer = bool(shapely.is_ccw(shapely.get_exterior_ring(line)))
    return np.column_stack([lon, lat]).round(DECIMALS), is_outer


def _holds(outer: FloatColumn, hole: FloatColumn) -> bool:
    import shapely  # noqa: PLC0415 -- slow to import, and no start needs it

    return bool(shapely.contains_xy(shapely.polygons(outer), *hole[0]))


def _pairs(line: FloatColumn) -> LonLatRing:
    return tuple((float(lon), float(lat)) for lon, lat in line)
