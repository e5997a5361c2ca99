"""Build the ASTERIX item tables from a checkout of the public asterix-specs repository.

    python scripts/build_asterix_tables.py PATH-TO-ASTERIX-SPECS [034 048 ...]

Only facts are taken: item numbers, field names, sizes, scales, units, bounds and the order of
the FSPEC. Titles, definitions and remarks are left behind. The licence of the source and the
attribution stand in `tables/NOTICE.md`.
"""

import json
import re
import sys
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

TABLES = Path(__file__).parents[1] / "src/skypicket/formats/asterix/tables"
PROSE = ("definition", "remark", "remarks", "description", "preamble")
VARIATIONS = ("element", "group", "extended", "repetitive", "compound", "explicit", "case")
Node = dict[str, Any]


class Line(NamedTuple):
    """One line of a specification with the lines that are indented below it."""

    text: str
    below: "list[Line]"


def lines_of(text: str) -> list[Line]:
    """The specification as a tree by indentation."""
    root = Line("", [])
    stack: list[tuple[int, Line]] = [(-1, root)]
    for raw in text.splitlines():
        if not raw.strip():
            continue
        depth = len(raw) - len(raw.lstrip())
        while stack[-1][0] >= depth:
            stack.pop()
        line = Line(raw.strip(), [])
        stack[-1][1].below.append(line)
        stack.append((depth, line))
    return root.below


def number(text: str) -> Fraction:
    """A number such as `1/2^7` or `-90`."""
    top, _, bottom = text.partition("/")
    return Fraction(power(top)) / (power(bottom) if bottom else 1)


def power(text: str) -> Fraction:
    base, _, exponent = text.partition("^")
    return Fraction(base) ** int(exponent or 1)


def bounds(words: Sequence[str]) -> Node:
    """The bounds in `>= -256 <= 256` as a dict; strict ones are kept as such."""
    names = {">=": "min", "<=": "max", ">": "above", "<": "below"}
    pairs = zip(words[::2], words[1::2], strict=True)
    return {names[word]: float(number(value)) for word, value in pairs}


def content(line: Line) -> Node:
    """How the bits of an element are read."""
    words = line.text.split()
    if words[0] == "table":
        values = [int(row.text.split(":")[0]) for row in line.below if re.match(r"\d+:", row.text)]
        return {"content": "table", "values": sorted(values)}
    if words[0] == "string":
        return {"content": words[1]}
    if words[0] in {"raw", "bds"}:
        return {"content": words[0]}
    if words[0] == "case":
        return {"content": "raw"}
    node: Node = {"content": words[1], "signed": words[0] == "signed"}
    if words[1] == "integer":
        return node | bounds(words[2:])
    lsb = number(words[2])
    unit = re.search(r'"(.*)"', line.text)
    rest = re.sub(r'".*"', "", line.text).split()[3:]
    node |= {"lsb": [lsb.numerator, lsb.denominator], "unit": unit.group(1) if unit else ""}
    return node | bounds(rest)


def variation(line: Line) -> Node:
    """The structure of an item or of one of its fields."""
    words = line.text.split()
    match words[0]:
        case "element":
            return {"bits": int(words[1])} | content(line.below[0])
        case "group":
            return {"group": [field(below) for below in line.below]}
        case "extended":
            return extended(line)
        case "repetitive":
            count: str | int = words[1] if words[1] == "fx" else int(words[1])
            return {"repetitive": count, "of": variation(line.below[0])}
        case "compound":
            node: Node = {"compound": [subitem(below) for below in line.below]}
            return node | ({"fspec_octets": int(words[1])} if len(words) > 1 else {})
        case "explicit":
            return {"explicit": words[1] if len(words) > 1 else ""}
    raise SystemExit(f"{line.text!r} is a structure that this script does not read.")


def extended(line: Line) -> Node:
    parts: list[list[Any]] = [[]]
    for below in line.below:
        if below.text == "-":
            parts.append([])
        else:
            parts[-1].append(field(below))
    closed = not parts[-1]
    node: Node = {"extended": parts[:-1] if closed else parts}
    return node if closed else node | {"open_end": True}


def field(line: Line) -> Any:
    """A named field, or the number of spare bits."""
    words = line.text.split()
    return int(words[1]) if words[0] == "spare" else [words[0], structure(line)]


def subitem(line: Line) -> Any:
    return None if line.text == "-" else [line.text.split()[0], structure(line)]


def structure(line: Line) -> Node:
    for below in line.below:
        if below.text.split()[0] in VARIATIONS and below.text.split()[0] not in PROSE:
            return variation(below)
    raise SystemExit(f"{line.text!r} has no structure.")


def uaps(lines: list[Line]) -> Node:
    """The order of the items in the FSPEC, one per profile, and which item chooses it."""
    named = {line.text.split()[0]: line for line in lines}
    if "uap" in named:
        return {"uaps": {"": order(named["uap"])}}
    below = {line.text.split()[0]: line for line in named["uaps"].below}
    node: Node = {"uaps": {line.text: order(line) for line in below["variations"].below}}
    if "case" in below:
        cases = (row.text.split(":") for row in below["case"].below)
        item = below["case"].text.split()[1]
        node["choose"] = {"item": item, "cases": {int(k): v.strip() for k, v in cases}}
    return node


def order(line: Line) -> list[str | None]:
    return [None if below.text == "-" else below.text for below in line.below]


def table(text: str) -> Node:
    """Everything that one `.ast` file says as a fact."""
    lines = lines_of(text)
    head = {line.text.split()[0]: line.text.split()[1] for line in lines if " " in line.text}
    items = next(line for line in lines if line.text == "items")
    return {
        "category": int(head["asterix"]),
        "edition": head["edition"],
        "date": head["date"],
        "items": {line.text.split()[0]: structure(line) for line in items.below},
    } | uaps(lines)


def main() -> None:
    specs, categories = Path(sys.argv[1]), sys.argv[2:] or ["034", "048"]
    TABLES.mkdir(parents=True, exist_ok=True)
    for category in categories:
        for path in sorted((specs / "specs" / f"cat{category}").glob("cat-*.ast")):
            made = table(path.read_text(encoding="utf-8"))
            name = f"{made['category']:03d}-{made['edition']}.json"
            text = json.dumps(made, ensure_ascii=False, separators=(",", ":"))
            (TABLES / name).write_text(text + "\n", encoding="utf-8")
            print(f"{name}: {len(made['items'])} items")


if __name__ == "__main__":
    main()
