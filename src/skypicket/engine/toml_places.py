"""Where in a TOML text a value stands, so that an error can name the line."""

import re

_TABLE = re.compile(r"^\s*\[(?P<double>\[)?\s*(?P<name>[^\[\]]+?)\s*\]")
_KEY = re.compile(r"^\s*(?P<key>[A-Za-z0-9_\-\"'.]+)\s*=")


def places(text: str) -> dict[str, int]:
    r"""Line number (from 1) of each table and key, by path such as `sensors[0].lat_deg`.

    Keys inside inline tables are not listed: their path's longest listed prefix is their place.

    >>> places('[system]\nmode = "live"\n[[sensors]]\nid = "R1"')
    {'system': 1, 'system.mode': 2, 'sensors[0]': 3, 'sensors[0].id': 4}
    """
    found: dict[str, int] = {}
    counts: dict[str, int] = {}
    table = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if heading := _TABLE.match(line):
            table = _table_path(heading["name"], heading["double"] is not None, counts)
            found.setdefault(table, number)
        elif assignment := _KEY.match(line):
            key = assignment["key"].strip("\"'")
            found.setdefault(f"{table}.{key}" if table else key, number)
    return found


def _table_path(name: str, repeated: bool, counts: dict[str, int]) -> str:
    parts = [part.strip().strip("\"'") for part in name.split(".")]
    path = ""
    for depth, part in enumerate(parts):
        path = f"{path}.{part}" if path else part
        if depth == len(parts) - 1 and repeated:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = f"{path}[{counts[path]}]"
    return path


def line_of(text: str, path: str) -> int | None:
    r"""The line of `path`, or of the longest part of it that has one.

    >>> line_of('a = 1\n[b]\nc = { d = 2 }', 'b.c.d')
    3
    """
    known = places(text)
    while path:
        for candidate in (path, f"{path}[0]"):
            if candidate in known:
                return known[candidate]
        cut = max(path.rfind("."), path.rfind("["))
        path = path[:cut] if cut > 0 else ""
    return None
