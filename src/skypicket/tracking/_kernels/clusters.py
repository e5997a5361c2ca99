"""Exact association where tracks contend for measurements: every way to give them out, summed.

Belief propagation is exact where the strong edges form no cycle. Where they do, in a small cluster,
the sums over all assignments are worked out by the set of measurements that are taken so far: a
dynamic programme forward and backward over the tracks, as for the permanent of a sparse matrix.
"""

import numpy as np
from numba import njit

from skypicket.tracking._kernels.tables import Floats, Ints, Small

_STRONG = 0.02  # an edge at least so probable can be part of a cycle
MOST_ROWS, MOST_TRACKS = 9, 12  # of a cluster that is small


@njit(cache=True, nogil=True)
def settle(
    starts: Ints, edges: Ints, weights: Floats, linked: Floats, missed: Floats, alone: Floats
) -> None:
    """Put the exact probabilities in place of those that belief propagation gave, cluster-wise.

    Edges that are not strong keep what they have.
    """
    count = starts.size - 1
    strong = linked >= _STRONG
    roots = _roots(starts, edges, strong, alone.size)
    size = roots.size
    tracks, rows, links = np.zeros((3, size), dtype=np.int64)
    for node in range(size):
        if node < count:
            tracks[roots[node]] += 1
            for e in range(starts[node], starts[node + 1]):
                links[roots[node]] += strong[e]
        else:
            rows[roots[node]] += 1
    members, local = np.empty(MOST_TRACKS, dtype=np.int64), np.full(alone.size, -1)
    for root in range(count):
        knots = links[root] - (tracks[root] + rows[root] - 1)
        if knots <= 0 or rows[root] > MOST_ROWS or tracks[root] > MOST_TRACKS:
            continue
        found = 0
        for a in range(root, count):
            if roots[a] == root:
                members[found] = a
                found += 1
        _enumerate(members[:found], local, starts, edges, weights, strong, linked, missed, alone)


@njit(cache=True, nogil=True)
def _roots(starts: Ints, edges: Ints, strong: Small, rows: int) -> Ints:
    """The least track of the cluster of each track and, after them, of each measurement."""
    count = starts.size - 1
    parent = np.arange(count + rows)
    for a in range(count):
        for e in range(starts[a], starts[a + 1]):
            if not strong[e]:
                continue
            one, other = _top(parent, a), _top(parent, count + edges[e])
            parent[max(one, other)] = min(one, other)
    for node in range(parent.size):
        parent[node] = _top(parent, node)
    return parent


@njit(cache=True, nogil=True)
def _top(parent: Ints, node: int) -> int:
    while parent[node] != node:
        parent[node] = parent[parent[node]]
        node = parent[node]
    return node


@njit(cache=True, nogil=True)
def _enumerate(
    members: Ints,
    local: Ints,
    starts: Ints,
    edges: Ints,
    weights: Floats,
    strong: Small,
    linked: Floats,
    missed: Floats,
    alone: Floats,
) -> None:
    """The exact probabilities of one cluster; `local` is room to number its measurements in."""
    count = rows = 0
    for a in members:
        for e in range(starts[a], starts[a + 1]):
            if strong[e] and local[edges[e]] < 0:
                local[edges[e]] = rows
                rows += 1
    count, sets = members.size, 1 << rows
    forward, backward = np.zeros((count + 1, sets)), np.ones((count + 1, sets))
    forward[0, 0] = 1.0
    for t in range(count):
        _pass_on(
            members[t], local, starts, edges, weights, strong, forward[t], forward[t + 1], False
        )
    for t in range(count - 1, -1, -1):
        _pass_on(
            members[t], local, starts, edges, weights, strong, backward[t + 1], backward[t], True
        )
    for t in range(count):
        a = members[t]
        weak = taken_whole = 0.0
        for e in range(starts[a], starts[a + 1]):
            if not strong[e]:
                weak += linked[e]
        for e in range(starts[a], starts[a + 1]):
            if not strong[e]:
                continue
            bit, whole = 1 << local[edges[e]], 0.0
            for taken in range(sets):
                if not taken & bit:
                    whole += forward[t, taken] * backward[t + 1, taken | bit]
            exact = whole * weights[e] / backward[0, 0] * (1.0 - weak)
            alone[edges[e]] = min(max(alone[edges[e]] + linked[e] - exact, 0.0), 1.0)
            linked[e] = exact
            taken_whole += exact
        missed[a] = max(1.0 - weak - taken_whole, 0.0)
    for a in members:
        for e in range(starts[a], starts[a + 1]):
            local[edges[e]] = -1


@njit(cache=True, nogil=True)
def _pass_on(
    a: int,
    local: Ints,
    starts: Ints,
    edges: Ints,
    weights: Floats,
    strong: Small,
    known: Floats,
    sums: Floats,
    back: bool,
) -> None:
    """Carry sums by the set of taken measurements past track `a`, which takes one or none.

    Forward `known` is by what is taken before it; `back`, by what is taken after it.
    """
    sums[:] = known
    for e in range(starts[a], starts[a + 1]):
        if not strong[e]:
            continue
        bit = 1 << local[edges[e]]
        for without in range(known.size):
            if without & bit:
                continue
            if back:
                sums[without] += weights[e] * known[without | bit]
            else:
                sums[without | bit] += weights[e] * known[without]
