"""Real ADS-B trajectories as a receiver would have written them, from the package `traffic`.

The package is a development dependency; only its sample files are read, none of its code.
"""

import gzip
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec

from skypicket.domain.errors import UnavailableError

NS_PER_MS = 1_000_000


class Sample(msgspec.Struct, frozen=True):
    """One line of a trajectory, by the names of `traffic`: feet, knots, feet per minute."""

    timestamp: int  # milliseconds since 1970
    icao24: str
    latitude: float | None = None
    longitude: float | None = None
    altitude: float | None = None
    geoaltitude: float | None = None
    groundspeed: float | None = None
    track: float | None = None
    vertical_rate: float | None = None
    callsign: str | None = None
    onground: bool | None = None
    last_position: float | None = None  # milliseconds since 1970


# Some files are lists of lines, some are columns by name and line number.
_CONTENT = msgspec.json.Decoder(list[Sample] | dict[str, dict[str, Any]])
_ENGINE_FOLDER = "performance"  # of one aircraft's engines; it holds no positions


def sample_names() -> list[str]:
    """The trajectories there are, such as `gliders/luberon`, sorted.

    Raises:
        UnavailableError: the package `traffic` is not installed.
    """
    folder = _folder()
    found = [path.relative_to(folder) for path in folder.glob("*/*.json.gz")]
    return sorted(
        str(path).removesuffix(".json.gz") for path in found if path.parts[0] != _ENGINE_FOLDER
    )


def read_samples(name: str) -> list[Sample]:
    """The lines of a trajectory that have a position, in order of time.

    Raises:
        UnavailableError: the package `traffic` is not installed, or has no such sample.
    """
    path = _folder() / f"{name}.json.gz"
    if not path.is_file():
        raise UnavailableError(f"The package traffic has no sample {name!r}.")
    content = _CONTENT.decode(gzip.decompress(path.read_bytes()))
    samples = _turned(content) if isinstance(content, dict) else content
    placed = [s for s in samples if s.latitude is not None and s.longitude is not None]
    return sorted(placed, key=lambda sample: sample.timestamp)


def _turned(columns: dict[str, dict[str, Any]]) -> list[Sample]:
    known = {name: columns[name] for name in Sample.__struct_fields__ if name in columns}
    rows = ({name: known[name][number] for name in known} for number in known["timestamp"])
    return [msgspec.convert(row, Sample, strict=False) for row in rows]


def readsb_lines(samples: list[Sample]) -> Iterator[tuple[int, bytes]]:
    """Each sample as a line of readsb JSON, with its receive time in nanoseconds."""
    for sample in samples:
        yield sample.timestamp * NS_PER_MS, msgspec.json.encode(_said(sample))


def _said(sample: Sample) -> dict[str, Any]:
    said: dict[str, Any] = {
        "now": sample.timestamp / 1000,
        "hex": sample.icao24,
        "lat": sample.latitude,
        "lon": sample.longitude,
        "seen_pos": _age_s(sample),
        "alt_baro": "ground" if sample.onground else sample.altitude,
        "alt_geom": sample.geoaltitude,
        "gs": sample.groundspeed,
        "track": None if sample.track is None else sample.track % 360,
        "baro_rate": sample.vertical_rate,
        "flight": None if sample.callsign is None else sample.callsign.ljust(8),
    }
    return {key: value for key, value in said.items() if value is not None}


def _age_s(sample: Sample) -> float:
    """How old the position was; files that do not say it hold a fresh one at each time."""
    if sample.last_position is None:
        return 0.0
    return max(sample.timestamp - sample.last_position, 0.0) / 1000


def _folder() -> Path:
    package = find_spec("traffic")
    if package is None or not package.submodule_search_locations:
        raise UnavailableError("The package traffic is not installed: `uv sync` installs it.")
    return Path(package.submodule_search_locations[0]) / "data" / "samples"
