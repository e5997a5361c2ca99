"""The outlines of ten states as they are shipped: vertices in degrees, and who is beyond each edge.

OpenStreetMap, territorial sea included, ODbL 1.0: see `data/NOTICE.md`. Neighbours share the
vertices of their common border exactly, because the file keeps each shared line once.
"""

from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
import numpy as np

from skypicket.domain.errors import InputError
from skypicket.domain.noun import Column, FloatColumn, IntColumn

STATES = ("LTU", "LVA", "EST", "POL", "BLR", "RUS", "FIN", "UKR", "ROU", "MDA")
CUT = "CUT"  # beyond an edge where the file ends and no border runs (Russia at 42 E, 70 N)
_MICRO = 1e-6
_FOLDER = files("skypicket.geo") / "data"


class Ring(msgspec.Struct, frozen=True, eq=False):
    """One closed line of n vertices, the state on its left; edge i runs from vertex i to i + 1.

    `beyond[i]` is the code of the state right of edge i (of any state of the world), "" for the
    sea, or `CUT`.
    """

    lat_deg: FloatColumn
    lon_deg: FloatColumn
    beyond: Column


def rings(state: str) -> tuple[Ring, ...]:
    """The rings of a state; those that run clockwise are holes.

    Raises:
        InputError: the state is none of `STATES`.

    >>> [len(ring.lat_deg) for ring in rings("LTU")]
    [50512]
    >>> sorted(set(rings("LTU")[0].beyond.tolist()))
    ['', 'BLR', 'LVA', 'POL', 'RUS']
    """
    if state not in STATES:
        raise InputError(f"No border of {state!r} is shipped. Use one of {' '.join(STATES)}.")
    content = _content()
    ends = np.cumsum(content["ring_length"])
    return tuple(
        _ring(content, content["ring_arcs"][end - length : end])
        for owner, length, end in zip(
            content["ring_state"].tolist(), content["ring_length"], ends, strict=True
        )
        if owner == state
    )


@cache
def bounds(state: str) -> tuple[float, float, float, float]:
    """South, west, north and east of a state in degrees.

    >>> bounds("LTU")
    (53.896789, 20.655717, 56.450421, 26.83552)
    """
    lat_deg = np.concatenate([ring.lat_deg for ring in rings(state)])
    lon_deg = np.concatenate([ring.lon_deg for ring in rings(state)])
    return (
        round(float(lat_deg.min()), 6),
        round(float(lon_deg.min()), 6),
        round(float(lat_deg.max()), 6),
        round(float(lon_deg.max()), 6),
    )


def provenance() -> dict[str, Any]:
    """Where the outlines come from: source, release, licence, and the SHA-256 of the file.

    >>> provenance()["licence"]
    'ODbL-1.0'
    """
    record: dict[str, Any] = msgspec.json.decode((_FOLDER / "borders.json").read_bytes())
    return record


@cache
def _content() -> dict[str, Column]:
    """The arrays of the file, with `vertices` (n, 2) and `arc_end` in place of `steps`."""
    with (_FOLDER / "borders.npz").open("rb") as file:
        content = dict(np.load(file, allow_pickle=False))
    steps = _numbers(content.pop("steps")).reshape(-1, 2)
    content["vertices"] = np.cumsum(steps, axis=0)
    content["arc_end"] = np.cumsum(content["arc_length"])
    return content


def _numbers(stream: Column) -> IntColumn:
    """The signed numbers of a zigzag LEB128 stream: seven bits per byte, the lowest first."""
    last = stream < 128
    starts = np.flatnonzero(np.concatenate(([True], last[:-1])))
    position = np.arange(len(stream)) - np.repeat(starts, np.diff(starts, append=len(stream)))
    bits = (stream & 127).astype(np.int64) << (7 * position)
    zigzag = np.add.reduceat(bits, starts)
    return (zigzag >> 1) ^ -(zigzag & 1)


def _ring(content: dict[str, Column], numbers: IntColumn) -> Ring:
    """The ring made of arcs, which are numbered from 1, negative when run backwards."""
    lines, codes = [], []
    for number in numbers.tolist():
        arc = abs(number) - 1
        end, length = content["arc_end"][arc], content["arc_length"][arc]
        line = content["vertices"][end - length : end]
        side = "arc_right" if number > 0 else "arc_left"
        lines.append((line if number > 0 else line[::-1])[:-1])
        codes.append(np.full(length - 1, content[side][arc]))
    vertices = np.concatenate(lines) * _MICRO
    return Ring(
        lat_deg=np.ascontiguousarray(vertices[:, 1]),
        lon_deg=np.ascontiguousarray(vertices[:, 0]),
        beyond=np.concatenate(codes),
    )
