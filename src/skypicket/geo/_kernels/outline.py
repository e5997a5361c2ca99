"""Nearest point of a many-edged outline: a tree of boxes over its edges, searched nearest first.

Edges come as rows (x0, y0, x1, y1) in the order in which they run, the state on their left;
`joined` holds per edge the edges before and after it, -1 where the line is open there. Because
consecutive edges lie close together, each box holds a fixed number of them, and the tree needs no
links: node j of a level covers the nodes FAN * j ... of the level below; level 0 covers edges.
"""

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from skypicket.domain.noun import Column, FloatColumn, IntColumn
from skypicket.geo._kernels.plane import sphere_distance

FAN = 4
STACK = 64  # at most FAN - 1 nodes wait per level, and 2**40 edges make 20 levels


class Tree(NamedTuple):
    """Edges (n, 4), their neighbours `joined` (n, 2), boxes (m, 4), and where levels begin."""

    edges: FloatColumn
    joined: IntColumn
    boxes: FloatColumn
    levels: IntColumn


class Raster(NamedTuple):
    """What is nearest to the centres of square cells: the edge, and its signed plane distance.

    A distance of 0 says nothing of the cell's side.
    """

    west_m: float
    south_m: float
    cell_m: float
    edge: IntColumn
    distance_m: FloatColumn


@njit(cache=True, nogil=True)
def tree(edges: FloatColumn, joined: IntColumn) -> Tree:
    """Boxes (x from, y from, x to, y to) of all nodes, and where each level begins among them."""
    starts = [0]
    count = (len(edges) + FAN - 1) // FAN
    starts.append(count)
    while count > 1:
        count = (count + FAN - 1) // FAN
        starts.append(starts[-1] + count)
    levels = np.array(starts)
    boxes = np.empty((starts[-1], 4))
    boxes[:, :2] = math.inf
    boxes[:, 2:] = -math.inf
    for i in range(len(edges)):
        box = boxes[i // FAN]
        box[0] = min(box[0], edges[i, 0], edges[i, 2])
        box[1] = min(box[1], edges[i, 1], edges[i, 3])
        box[2] = max(box[2], edges[i, 0], edges[i, 2])
        box[3] = max(box[3], edges[i, 1], edges[i, 3])
    for level in range(1, len(levels) - 1):
        for j in range(levels[level] - levels[level - 1]):
            child = boxes[levels[level - 1] + j]
            box = boxes[levels[level] + j // FAN]
            box[0] = min(box[0], child[0])
            box[1] = min(box[1], child[1])
            box[2] = max(box[2], child[2])
            box[3] = max(box[3], child[3])
    return Tree(edges, joined, boxes, levels)


@njit(cache=True, nogil=True, inline="always")
def _box_distance2(box: FloatColumn, x: float, y: float) -> float:
    dx = max(box[0] - x, 0.0, x - box[2])
    dy = max(box[1] - y, 0.0, y - box[3])
    square: float = dx * dx + dy * dy
    return square


@njit(cache=True, nogil=True, inline="always")
def _edge_distance2(edge: FloatColumn, x: float, y: float) -> float:
    dx, dy = edge[2] - edge[0], edge[3] - edge[1]
    t = ((x - edge[0]) * dx + (y - edge[1]) * dy) / (dx * dx + dy * dy)
    t = min(1.0, max(0.0, t))
    ex, ey = edge[0] + t * dx - x, edge[1] + t * dy - y
    square: float = ex * ex + ey * ey
    return square


@njit(cache=True, nogil=True)
def nearest_edge(
    x: float, y: float, seed: int, outline: Tree, stack: IntColumn, waiting2: FloatColumn
) -> int:
    """The edge nearest to (x, y), the first of those equally near; -1 where there is no position.

    `seed` is any edge: the answer does not depend on it, but comes sooner if it is near. `stack`
    and `waiting2` are scratch space of at least `STACK` rows.
    """
    edges, boxes, levels = outline.edges, outline.boxes, outline.levels
    best = seed
    best2 = _edge_distance2(edges[seed], x, y)
    if not best2 < math.inf:
        return -1
    top = len(levels) - 2
    stack[0, 0] = top
    stack[0, 1] = 0
    waiting2[0] = _box_distance2(boxes[levels[top]], x, y)
    depth = 1
    while depth > 0:
        depth -= 1
        if waiting2[depth] > best2:
            continue
        level, node = stack[depth, 0], stack[depth, 1]
        if level == 0:
            for i in range(node * FAN, min(node * FAN + FAN, len(edges))):
                d2 = _edge_distance2(edges[i], x, y)
                if d2 < best2 or (d2 == best2 and i < best):
                    best2 = d2
                    best = i
            continue
        below = levels[level - 1]
        base = depth
        for j in range(node * FAN, min(node * FAN + FAN, levels[level] - below)):
            d2 = _box_distance2(boxes[below + j], x, y)
            if d2 > best2:
                continue
            k = depth  # keep the nearest child on top
            while k > base and waiting2[k - 1] < d2:
                waiting2[k] = waiting2[k - 1]
                stack[k, 0] = stack[k - 1, 0]
                stack[k, 1] = stack[k - 1, 1]
                k -= 1
            waiting2[k] = d2
            stack[k, 0] = level - 1
            stack[k, 1] = j
            depth += 1
    return best


@njit(cache=True, nogil=True, inline="always")
def _foot(edge: FloatColumn, x: float, y: float) -> tuple[float, float, int]:
    """The edge's point nearest to (x, y), and -1, 0, 1: at its start, between, at its end."""
    dx, dy = edge[2] - edge[0], edge[3] - edge[1]
    t = ((x - edge[0]) * dx + (y - edge[1]) * dy) / (dx * dx + dy * dy)
    if t <= 0.0:
        return edge[0], edge[1], -1
    if t >= 1.0:
        return edge[2], edge[3], 1
    return edge[0] + t * dx, edge[1] + t * dy, 0


@njit(cache=True, nogil=True, inline="always")
def _left(edge: FloatColumn, x: float, y: float) -> float:
    """How far (x, y) lies to the left of the edge's line."""
    dx, dy = edge[2] - edge[0], edge[3] - edge[1]
    left: float = (dx * (y - edge[1]) - dy * (x - edge[0])) / math.sqrt(dx * dx + dy * dy)
    return left


@njit(cache=True, nogil=True, inline="always")
def _side(outline: Tree, i: int, where: int, x: float, y: float) -> float:
    """+1 if (x, y), whose nearest edge is i, is inside, else -1.

    At a vertex the mean normal of both edges decides: J. A. Baerentzen and H. Aanaes, "Signed
    distance computation using the angle weighted pseudonormal", IEEE TVCG 11 (2005).
    """
    left = _left(outline.edges[i], x, y)
    if where != 0:
        other = outline.joined[i, (where + 1) // 2]
        if other >= 0:
            left += _left(outline.edges[other], x, y)
    return 1.0 if left > 0.0 else -1.0


@njit(cache=True, nogil=True, inline="always")
def _seed(x: float, y: float, raster: Raster) -> int:
    """The edge nearest to the centre of the cell that (x, y) is in, or of the nearest cell."""
    rows, columns = raster.edge.shape
    u = min(max((x - raster.west_m) / raster.cell_m, 0.0), columns - 1.0)
    v = min(max((y - raster.south_m) / raster.cell_m, 0.0), rows - 1.0)
    return raster.edge[int(v), int(u)] if u >= 0.0 and v >= 0.0 else 0  # NaN is not


@njit(cache=True, nogil=True)
def fill(raster: Raster, outline: Tree) -> None:
    """Fill the arrays of the raster."""
    stack = np.empty((STACK, 2), np.int64)
    waiting2 = np.empty(STACK)
    rows, columns = raster.edge.shape
    edge = 0
    for row in range(rows):
        for step in range(columns):
            # There and back, so that the cell before is a neighbour.
            column = step if row % 2 == 0 else columns - 1 - step
            x = raster.west_m + raster.cell_m * (column + 0.5)
            y = raster.south_m + raster.cell_m * (row + 0.5)
            edge = nearest_edge(x, y, edge, outline, stack, waiting2)
            foot_x, foot_y, where = _foot(outline.edges[edge], x, y)
            raster.edge[row, column] = edge
            raster.distance_m[row, column] = _side(outline, edge, where, x, y) * math.hypot(
                foot_x - x, foot_y - y
            )


@njit(cache=True, nogil=True)
def signed_distances(
    x: FloatColumn,
    y: FloatColumn,
    outline: Tree,
    raster: Raster,
    diameter_m: float,
    out: FloatColumn,
) -> None:
    """Fill `out` with metres to the outline along the conformal sphere, positive inside.

    NaN where the position is none.
    """
    stack = np.empty((STACK, 2), np.int64)
    waiting2 = np.empty(STACK)
    for i in range(x.size):
        edge = nearest_edge(x[i], y[i], _seed(x[i], y[i], raster), outline, stack, waiting2)
        if edge < 0:
            out[i] = math.nan
            continue
        foot_x, foot_y, where = _foot(outline.edges[edge], x[i], y[i])
        metres = sphere_distance(x[i], y[i], foot_x, foot_y, diameter_m)
        out[i] = _side(outline, edge, where, x[i], y[i]) * metres


@njit(cache=True, nogil=True)
def nearest_points(
    x: FloatColumn,
    y: FloatColumn,
    outline: Tree,
    raster: Raster,
    foot_x: FloatColumn,
    foot_y: FloatColumn,
    edge: IntColumn,
) -> None:
    """Fill the nearest point of the outline and its edge; NaN and -1 where there is no position."""
    stack = np.empty((STACK, 2), np.int64)
    waiting2 = np.empty(STACK)
    for i in range(x.size):
        seed = _seed(x[i], y[i], raster)
        edge[i] = nearest_edge(x[i], y[i], seed, outline, stack, waiting2)
        if edge[i] < 0:
            foot_x[i], foot_y[i] = math.nan, math.nan
        else:
            foot_x[i], foot_y[i], _ = _foot(outline.edges[edge[i]], x[i], y[i])


@njit(cache=True, nogil=True)
def inside(x: FloatColumn, y: FloatColumn, outline: Tree, raster: Raster, out: Column) -> None:
    """Fill `out` with whether each point is inside; False where the position is none.

    Where a cell's centre is farther from the outline than from the point, its side is the
    point's; only elsewhere the nearest edge is looked for.
    """
    stack = np.empty((STACK, 2), np.int64)
    waiting2 = np.empty(STACK)
    rows, columns = raster.edge.shape
    for i in range(x.size):
        u = (x[i] - raster.west_m) / raster.cell_m
        v = (y[i] - raster.south_m) / raster.cell_m
        if 0.0 <= u < columns and 0.0 <= v < rows:
            column, row = int(u), int(v)
            away_m = math.hypot(u - column - 0.5, v - row - 0.5) * raster.cell_m
            centre_m = raster.distance_m[row, column]
            if abs(centre_m) > away_m + 1e-3:  # a millimetre against rounding
                out[i] = centre_m > 0.0
                continue
        edge = nearest_edge(x[i], y[i], _seed(x[i], y[i], raster), outline, stack, waiting2)
        if edge < 0:
            out[i] = False
            continue
        _, _, where = _foot(outline.edges[edge], x[i], y[i])
        out[i] = _side(outline, edge, where, x[i], y[i]) > 0.0
