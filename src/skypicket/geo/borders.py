"""How far a position is inside or outside a state, to the full detail of its outline."""

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from skypicket.domain.late import Late
from skypicket.domain.noun import Column, FloatColumn
from skypicket.geo import outlines
from skypicket.geo._arrays import flat
from skypicket.geo.frame import TheatreFrame
from skypicket.geo.outlines import CUT, STATES

if TYPE_CHECKING:
    from skypicket.geo._kernels import outline as kernels
else:
    kernels = Late("skypicket.geo._kernels.outline")

LONGEST_EDGE_M = 2_000.0
RASTER_MARGIN_M = 60_000.0
RASTER_CELL_M = 5_000.0


class Borders:
    """The outlines of states in a theatre plane, territorial sea included.

    Every state of `STATES` can be asked for; `load_borders` prepares some ahead, the others are
    prepared when first asked (about 20 ms each). Positions may lie anywhere; NaN gives NaN (and
    False, and ""). Russia is Kaliningrad and the west: its outline ends at 42 E and at 70 N, where
    no border is drawn; beyond, the nearest border that is drawn decides, so ask only west of it.

    Distances are along the earth (the plane's scale is taken out), to 3 parts per million. Edges
    are straight in longitude and latitude, as in the source.
    """

    SIGMA_M: ClassVar[float] = 50.0
    """One standard deviation of the outline's own position, the same everywhere.

    OpenStreetMap draws land borders from official registers, maps and imagery, whose offset is
    5 to 20 m; where a river is the border, the drawn middle may miss the agreed channel by tens
    of metres (rivers of 50 to 300 m); lines at sea are computed from baselines. The file's own
    rounding is 0.1 m. 50 m is meant to be cautious; no survey confirms it.
    """

    def __init__(self, frame: TheatreFrame) -> None:
        self.frame = frame
        self._outlines: dict[str, _Outline] = {}

    def signed_distance_m(self, state: str, east_m: ArrayLike, north_m: ArrayLike) -> FloatColumn:
        """Metres from plane positions to the state's outline, positive inside, negative outside.

        Raises:
            InputError: the state is none of `STATES`.

        >>> frame = TheatreFrame(54.69, 25.28)
        >>> vilnius_m = load_borders(frame, ["LTU"]).signed_distance_m("LTU", 0.0, 0.0)
        >>> round(float(vilnius_m), -2)
        29100.0
        """
        shape, (x, y) = flat(east_m, north_m)
        metres = np.empty_like(x)
        outline = self._outline(state)
        kernels.signed_distances(
            x, y, outline.tree, outline.raster, self.frame.sphere_diameter_m, metres
        )
        return metres.reshape(shape)

    def nearest(
        self, state: str, east_m: ArrayLike, north_m: ArrayLike
    ) -> tuple[FloatColumn, FloatColumn, Column]:
        """The nearest point of the state's outline, and the code of the state beyond it.

        The code is "" where the sea lies beyond. It may be that of a state whose own outline is
        not shipped (`SWE`, `DEU`, `SVK` …). At a corner of three states it is one of the two.

        Raises:
            InputError: the state is none of `STATES`.

        >>> borders = load_borders(TheatreFrame(54.69, 25.28), ["LTU"])
        >>> east_m, north_m, beyond = borders.nearest("LTU", [0.0, -300_000.0], [0.0, 140_000.0])
        >>> beyond.tolist()
        ['BLR', '']
        """
        shape, (x, y) = flat(east_m, north_m)
        outline = self._outline(state)
        foot_east_m, foot_north_m = np.empty_like(x), np.empty_like(x)
        edge = np.empty(len(x), dtype=np.int64)
        kernels.nearest_points(x, y, outline.tree, outline.raster, foot_east_m, foot_north_m, edge)
        codes = np.where(edge >= 0, outline.beyond[edge], "")
        return foot_east_m.reshape(shape), foot_north_m.reshape(shape), codes.reshape(shape)

    def contains(self, state: str, east_m: ArrayLike, north_m: ArrayLike) -> Column:
        """Whether plane positions are inside the state; much faster than distances away from it.

        Raises:
            InputError: the state is none of `STATES`.
        """
        shape, (x, y) = flat(east_m, north_m)
        outline = self._outline(state)
        answer = np.empty(len(x), dtype=np.bool_)
        kernels.inside(x, y, outline.tree, outline.raster, answer)
        return answer.reshape(shape)

    def state_at(self, lat_deg: ArrayLike, lon_deg: ArrayLike) -> Column:
        """The code of the shipped state at geodetic positions, "" at sea and elsewhere.

        All of `STATES` are looked through. East of 42 E and north of 70 N nothing is known.

        >>> borders = load_borders(TheatreFrame(54.69, 25.28), [])
        >>> borders.state_at([54.69, 53.9, 54.7, 57.0], [25.28, 27.57, 20.5, 19.0]).tolist()
        ['LTU', 'BLR', 'RUS', '']
        """
        shape, (lat, lon) = flat(lat_deg, lon_deg)
        codes = np.zeros(len(lat), dtype="<U3")
        for state in STATES:
            south, west, north, east = outlines.bounds(state)
            rows = np.flatnonzero(
                (lat >= south) & (lat <= north) & (lon >= west) & (lon <= east) & (codes == "")
            )
            if len(rows):
                within = self.contains(state, *self.frame.to_plane(lat[rows], lon[rows]))
                codes[rows[within]] = state
        return codes.reshape(shape)

    def _outline(self, state: str) -> "_Outline":
        found = self._outlines.get(state)
        if found is None:
            found = self._outlines[state] = _Outline(state, self.frame)
        return found


def load_borders(frame: TheatreFrame, states: Iterable[str]) -> Borders:
    """The borders in the plane of a theatre, those of `states` prepared at once.

    Raises:
        InputError: a state is none of `STATES`.
    """
    borders = Borders(frame)
    for state in states:
        borders._outline(state)  # noqa: SLF001 - one module, one maker
    return borders


class _Outline:
    """A state's edges in the plane, without those that are no border, ready to be searched."""

    def __init__(self, state: str, frame: TheatreFrame) -> None:
        pieces = [_edges(ring, frame) for ring in outlines.rings(state)]
        lengths = [len(beyond) for _, beyond in pieces]
        first = np.repeat(np.cumsum([0, *lengths[:-1]]), lengths)
        count = np.repeat(lengths, lengths)
        place = np.arange(len(first)) - first
        joined = np.stack([first + (place - 1) % count, first + (place + 1) % count], axis=1)
        edges = np.concatenate([edges for edges, _ in pieces])
        beyond = np.concatenate([beyond for _, beyond in pieces])
        drawn = beyond != CUT
        number = np.where(drawn, np.cumsum(drawn) - 1, -1)
        self.beyond = beyond[drawn]
        self.tree = kernels.tree(
            np.ascontiguousarray(edges[drawn]), np.ascontiguousarray(number[joined[drawn]])
        )
        self.raster = _raster(self.tree, frame, cut=not drawn.all())


def _edges(ring: outlines.Ring, frame: TheatreFrame) -> tuple[FloatColumn, Column]:
    """Edges (n, 4) in the plane and what lies beyond each; long ones divided in degrees.

    A 30 km edge of the territorial sea is bent by 30 m in the plane; its 2 km pieces by 0.2 m.
    """
    east_m, north_m = frame.to_plane(ring.lat_deg, ring.lon_deg)
    length_m = np.hypot(np.roll(east_m, -1) - east_m, np.roll(north_m, -1) - north_m)
    pieces = np.maximum(1, np.ceil(length_m / LONGEST_EDGE_M)).astype(np.int64)
    place = np.arange(pieces.sum()) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    part = place / np.repeat(pieces, pieces)
    lat_deg, lon_deg = (
        np.repeat(here, pieces) + part * np.repeat(np.roll(here, -1) - here, pieces)
        for here in (ring.lat_deg, ring.lon_deg)
    )
    x, y = frame.to_plane(lat_deg, lon_deg)
    edges = np.stack([x, y, np.roll(x, -1), np.roll(y, -1)], axis=1)
    return edges, np.repeat(ring.beyond, pieces)


def _raster(tree: "kernels.Tree", frame: TheatreFrame, *, cut: bool) -> "kernels.Raster":
    """The nearest edge and its signed distance over the outline's extent and a margin."""
    west, south = tree.edges[:, :2].min(axis=0) - RASTER_MARGIN_M
    east, north = tree.edges[:, :2].max(axis=0) + RASTER_MARGIN_M
    shape = math.ceil((north - south) / RASTER_CELL_M), math.ceil((east - west) / RASTER_CELL_M)
    edge, distance_m = np.empty(shape, dtype=np.int64), np.empty(shape)
    raster = kernels.Raster(float(west), float(south), RASTER_CELL_M, edge, distance_m)
    kernels.fill(raster, tree)
    if cut:
        distance_m[_beyond_cut(raster, frame)] = 0.0
    return raster


def _beyond_cut(raster: "kernels.Raster", frame: TheatreFrame) -> Column:
    """Cells that reach beyond the end of the file, where a side may change without a border."""
    rows, columns = raster.edge.shape
    x, y = np.meshgrid(np.arange(columns + 1.0), np.arange(rows + 1.0))
    lat_deg, lon_deg = frame.to_geodetic(
        raster.west_m + raster.cell_m * x, raster.south_m + raster.cell_m * y
    )
    south, west, north, east = outlines.bounds("RUS")
    out = (lat_deg <= south) | (lat_deg >= north) | (lon_deg <= west) | (lon_deg >= east)
    return out[1:, 1:] | out[1:, :-1] | out[:-1, 1:] | out[:-1, :-1]
