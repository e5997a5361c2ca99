"""Writes the JSON Schemas of the nouns, and of the files that commands read, to docs/schemas.

python scripts/build_schemas.py           # write them
python scripts/build_schemas.py --check   # exit 1, naming each file that does not match
"""

import json
import re
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import msgspec
import numpy as np

import skypicket.domain
from skypicket.domain.noun import Noun
from skypicket.domain.observations import COLUMNS
from skypicket.formats.observation_lines import TEXT_CHARACTERS

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "schemas"
DIALECT = "https://json-schema.org/draft/2020-12/schema"

# Files and payloads that people and programs write for us: name, where its type is, what it is.
FILES = (
    ("config-file", "skypicket.engine.settings:Settings", "CONFIG.toml, read as JSON"),
    ("sensors-file", "skypicket.engine.sensor_file:SensorFile", "SENSORS.toml, read as JSON"),
    ("report-payload", "skypicket.formats.report:Report", "one citizen report"),
    (
        "acoustic-detection",
        "skypicket.formats.acoustic_messages:Detection",
        "what an acoustic node heard",
    ),
    (
        "acoustic-status",
        "skypicket.formats.acoustic_messages:Status",
        "how an acoustic node is",
    ),
)
_BOUNDS = {"lat_deg": 90, "lon_deg": 180, "azimuth_deg": 360, "course_deg": 360}
_EVERY_LINE = {
    "sensor_id": {"type": "string", "minLength": 1, "maxLength": 64},
    "time_ns": {"type": "integer", "minimum": 0},
    "received_ns": {"type": "integer", "minimum": 0},
    "simulated": {"type": "boolean"},
    "claims": {
        "type": "object",
        "propertyNames": {"pattern": "^[a-z][a-z0-9_]{0,31}$"},
        "additionalProperties": {"type": "string", "maxLength": TEXT_CHARACTERS},
    },
}


def nouns() -> Iterator[type[Noun]]:
    """Every noun of the domain, by name."""
    for found in iter_modules(skypicket.domain.__path__, "skypicket.domain."):
        import_module(found.name)
    yield from sorted(Noun.__subclasses__(), key=lambda noun: noun.__name__)


def kebab(name: str) -> str:
    """`SensorStatus` as a file name.

    >>> kebab("SensorStatus")
    'sensor-status'
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()


def _hook(kind: type) -> dict[str, Any]:
    if kind is np.ndarray:
        item = {"type": ["number", "string", "boolean", "array", "null"]}
        return {"type": "array", "items": item, "description": "A column; null where not given."}
    raise NotImplementedError(f"{kind} has no schema.")


def _schema(kind: Any, name: str) -> dict[str, Any]:
    (root,), parts = msgspec.json.schema_components(
        [kind], schema_hook=_hook, ref_template="#/$defs/{name}"
    )
    for part in parts.values():
        if "description" in part:
            part["description"] = _plain(part["description"])
    return {"$schema": DIALECT, "$id": f"urn:skypicket:{name}", **root, "$defs": parts}


def _plain(docstring: str) -> str:
    return re.sub(r"\n[ \t]+", "\n", docstring).strip()


def _without_tag(schema: dict[str, Any]) -> dict[str, Any]:
    """In files a table says where it stands what it is; the field `noun` may be left out."""
    for part in schema["$defs"].values():
        part["required"] = [name for name in part.get("required", []) if name != "noun"]
    return schema


def observation_line() -> dict[str, Any]:
    """One line of an observation file: the columns of its kind, by name."""
    kinds = []
    for kind, columns in COLUMNS.items():
        names = (*columns.required, *columns.optional)
        properties: dict[str, Any] = {"kind": {"const": kind}} | {n: _number(n) for n in names}
        if kind == "sighting":
            properties["text"] = {"type": "string", "maxLength": TEXT_CHARACTERS}
        kinds.append(
            {
                "title": kind,
                "type": "object",
                "properties": properties | _EVERY_LINE,
                "required": ["kind", "sensor_id", "time_ns", *columns.required],
                "additionalProperties": False,
            }
        )
    return {
        "$schema": DIALECT,
        "$id": "urn:skypicket:observation-line",
        "title": "one line of an observation file",
        "oneOf": kinds,
    }


def _number(name: str) -> dict[str, Any]:
    if name == "first_hand":
        return {"type": ["boolean", "number"]}
    bound = _BOUNDS.get(name)
    return {"type": "number"} | ({"minimum": -bound, "maximum": bound} if bound else {})


def schemas() -> Iterator[tuple[str, dict[str, Any]]]:
    """File name and schema of each noun, then of each file."""
    for noun in nouns():
        name = kebab(noun.__name__)
        yield f"{name}.json", _schema(noun, name)
    for name, place, what in FILES:
        module, _, attribute = place.partition(":")
        kind = getattr(import_module(module), attribute)
        yield f"{name}.json", _without_tag(_schema(kind, name)) | {"title": what}
    yield "observation-line.json", observation_line()


def main() -> int:
    wanted = {
        name: json.dumps(schema, indent=1, ensure_ascii=False, sort_keys=True, allow_nan=False)
        + "\n"
        for name, schema in schemas()
    }
    present = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.json")}
    stale = sorted(name for name in wanted | present if wanted.get(name) != present.get(name))
    if "--check" in sys.argv[1:]:
        for name in stale:
            print(f"docs/schemas/{name} does not match the source. Run `make docs`.")
        return 1 if stale else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in stale:
        if name in wanted:
            (FOLDER / name).write_text(wanted[name], encoding="utf-8")
        else:
            (FOLDER / name).unlink()
        print(f"docs/schemas/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
