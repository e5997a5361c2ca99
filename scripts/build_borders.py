# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "numpy>=2.0", "shapely>=2.0.6", "timezonefinder>=9.0", "timezonefinder-data==3.2026.3.post1",
# ]
# ///
"""Build `src/skypicket/geo/data/borders.npz` from the OpenStreetMap borders in PyPI packages.

    uv run scripts/build_borders.py            # writes borders.npz and borders.json
    uv run scripts/build_borders.py --check    # exit 1 if the shipped bytes differ

The time-zone polygons of a state are united; edges that two states share become one arc, so that
neighbours share them exactly. Coordinates are whole micro-degrees, as in the source. The file is
the same, byte for byte, on every machine: nothing in it is compressed by a library.
"""

import argparse
import hashlib
import io
import json
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from timezonefinder import TimezoneFinder  # type: ignore[import-not-found, unused-ignore]
from timezonefinder_data import DATA_DIR

FOLDER = Path(__file__).resolve().parent.parent / "src" / "skypicket" / "geo" / "data"
MICRO = 1_000_000
CUT = (19, 43, 42, 70)  # west, south, east, north: only Russia reaches beyond it
CUT_CODE = "CUT"  # the neighbour's code of an edge that is no border

STATES = {
    "LTU": ["Vilnius"],
    "LVA": ["Riga"],
    "EST": ["Tallinn"],
    "POL": ["Warsaw"],
    "BLR": ["Minsk"],
    "RUS": ["Kaliningrad", "Moscow", "Kirov", "Volgograd", "Astrakhan", "Saratov", "Ulyanovsk",
            "Samara"],
    "FIN": ["Helsinki", "Mariehamn"],
    "UKR": ["Kyiv", "Simferopol"],
    "ROU": ["Bucharest"],
    "MDA": ["Chisinau"],
}  # fmt: skip
# Named as neighbours only; their own outlines are not shipped.
OTHERS = {
    "NOR": "Europe/Oslo", "SWE": "Europe/Stockholm", "DNK": "Europe/Copenhagen",
    "DEU": "Europe/Berlin", "CZE": "Europe/Prague", "SVK": "Europe/Bratislava",
    "HUN": "Europe/Budapest", "SRB": "Europe/Belgrade", "BGR": "Europe/Sofia",
    "GEO": "Asia/Tbilisi",
}  # fmt: skip

Ring = NDArray[np.int64]  # (n, 2) micro-degrees of longitude and latitude, open, interior left
Vertex = tuple[int, int]


def rings_of_zone(finder: TimezoneFinder, zone: str) -> Iterator[list[Ring]]:
    """The polygons of a time zone, each as its rings in micro-degrees."""
    for polygon in finder.get_geometry(tz_name=zone, coords_as_pairs=False):
        yield [np.rint(np.asarray(ring).T * MICRO).astype(np.int64) for ring in polygon]


def state_rings(finder: TimezoneFinder, state: str) -> list[Ring]:
    """The rings of a state, the longest first, each starting at its smallest vertex."""
    polygons = [
        shapely.Polygon(rings[0], rings[1:])
        for city in STATES[state]
        for rings in rings_of_zone(finder, f"Europe/{city}")
    ]
    area = shapely.union_all(polygons)
    if state == "RUS":
        area = shapely.intersection(area, shapely.box(*(MICRO * edge for edge in CUT)))
    rings = [
        tidy(np.rint(np.asarray(line.coords)).astype(np.int64)[:-1])
        for part in shapely.get_parts(shapely.orient_polygons(area))
        for line in (part.exterior, *part.interiors)
    ]
    return sorted(rings, key=lambda ring: (-len(ring), ring.tolist()))


def tidy(ring: Ring) -> Ring:
    """The ring without repeated vertices, begun at its smallest vertex."""
    ring = ring[np.any(ring != np.roll(ring, 1, axis=0), axis=1)]
    return np.roll(ring, -int(np.lexsort((ring[:, 1], ring[:, 0]))[0]), axis=0)


def edges(ring: Ring) -> Iterator[tuple[Vertex, Vertex]]:
    """The directed edges of a ring."""
    vertices = [(int(x), int(y)) for x, y in ring]
    yield from zip(vertices, vertices[1:] + vertices[:1], strict=True)


def owners(
    finder: TimezoneFinder, rings: dict[str, list[Ring]]
) -> dict[tuple[Vertex, Vertex], str]:
    """Which state has each directed edge, states that are not shipped included."""
    found = {}
    for state, zone in OTHERS.items():
        for polygon in rings_of_zone(finder, zone):
            for ring in polygon:
                # The source does not say which way its rings run: take both.
                for a, b in edges(ring):
                    found[a, b] = found[b, a] = state
    for state, own in rings.items():
        for ring in own:
            found |= dict.fromkeys(edges(ring), state)
    return found


def neighbours(ring: Ring, state: str, owner: dict[tuple[Vertex, Vertex], str]) -> list[str]:
    """The code beyond each edge of a state's ring: a state, "" for the sea, or `CUT_CODE`."""
    west, south, east, north = (MICRO * edge for edge in CUT)
    codes = []
    for a, b in edges(ring):
        on_cut = any(
            a[axis] == b[axis] == edge
            for axis, edge in ((0, west), (0, east), (1, south), (1, north))
        )
        code = owner.get((b, a), "")
        codes.append(CUT_CODE if on_cut and state == "RUS" else code if code != state else "")
    return codes


class Arcs:
    """Runs of edges between the same two sides, each kept once, however many rings use it."""

    def __init__(self) -> None:
        self.lines: list[list[Vertex]] = []
        self.beyond: list[tuple[str, str]] = []
        self._known: dict[tuple[Vertex, ...], int] = {}

    def ring(self, ring: Ring, state: str, codes: list[str]) -> list[int]:
        """The arcs of a ring by number from 1, negative where it runs along one backwards."""
        changes = [i for i in range(len(codes)) if codes[i] != codes[i - 1]] or [0]
        vertices = [(int(x), int(y)) for x, y in ring]
        numbers = []
        for start, end in zip(changes, [*changes[1:], changes[0] + len(ring)], strict=True):
            line = [vertices[i % len(ring)] for i in range(start, end + 1)]
            numbers.append(self._number(line, state, codes[start]))
        return numbers

    def _number(self, line: list[Vertex], left: str, right: str) -> int:
        backwards = self._known.get(tuple(reversed(line)))
        if backwards is not None:
            return -backwards
        self.lines.append(line)
        self.beyond.append((left, right))
        self._known[tuple(line)] = len(self.lines)
        return len(self.lines)


def varints(numbers: NDArray[np.int64]) -> bytes:
    """Signed numbers as zigzag LEB128: seven bits per byte, the lowest first."""
    out = bytearray()
    for number in ((numbers << 1) ^ (numbers >> 63)).tolist():
        rest = number
        while rest > 127:
            out.append(rest & 127 | 128)
            rest >>= 7
        out.append(rest)
    return bytes(out)


def build() -> tuple[bytes, dict[str, Any]]:
    """The bytes of `borders.npz`, and what `borders.json` says of them."""
    finder = TimezoneFinder()
    rings = {state: state_rings(finder, state) for state in STATES}
    owner = owners(finder, rings)
    arcs = Arcs()
    ring_state, ring_arcs = [], []
    for state, own in rings.items():
        for ring in own:
            ring_state.append(state)
            ring_arcs.append(arcs.ring(ring, state, neighbours(ring, state, owner)))
    vertices = np.array([vertex for line in arcs.lines for vertex in line], dtype=np.int64)
    steps = np.diff(vertices, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    content = io.BytesIO()
    np.savez(
        content,
        allow_pickle=False,
        steps=np.frombuffer(varints(steps.reshape(-1)), dtype=np.uint8),
        arc_length=np.array([len(line) for line in arcs.lines], dtype="<i4"),
        arc_left=np.array([left for left, _ in arcs.beyond], dtype="<U3"),
        arc_right=np.array([right for _, right in arcs.beyond], dtype="<U3"),
        ring_state=np.array(ring_state, dtype="<U3"),
        ring_length=np.array([len(numbers) for numbers in ring_arcs], dtype="<i4"),
        ring_arcs=np.array([n for numbers in ring_arcs for n in numbers], dtype="<i4"),
    )
    return content.getvalue(), provenance(content.getvalue(), rings, len(vertices))


def provenance(content: bytes, rings: dict[str, list[Ring]], kept: int) -> dict[str, Any]:
    return {
        "file": "borders.npz",
        "sha256": hashlib.sha256(content).hexdigest(),
        "licence": "ODbL-1.0",
        "attribution": "© OpenStreetMap contributors",
        "source": "OpenStreetMap, by way of timezone-boundary-builder",
        "source_release": (DATA_DIR / "data_version.txt").read_text().strip(),
        "package": f"timezonefinder-data {version('timezonefinder-data')}",
        "cut": dict(zip(("west_deg", "south_deg", "east_deg", "north_deg"), CUT, strict=True)),
        "vertices": {state: sum(map(len, own)) for state, own in rings.items()},
        "vertices_kept": kept,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    check = parser.parse_args().check
    content, record = build()
    text = json.dumps(record, indent=2, ensure_ascii=False) + "\n"
    if not check:
        (FOLDER / "borders.npz").write_bytes(content)
        (FOLDER / "borders.json").write_text(text, encoding="utf-8")
        print(text)
        return 0
    same = (FOLDER / "borders.npz").read_bytes() == content
    same &= (FOLDER / "borders.json").read_text(encoding="utf-8") == text
    print("The shipped borders are what this script builds." if same else "The borders differ.")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
