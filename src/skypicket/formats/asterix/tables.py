"""The item tables of the ASTERIX categories, by category and edition, as they are shipped.

A node of a table is one of

    {"bits": n, "content": "raw"|"table"|"quantity"|"integer"|"octal"|"icao"|"ascii"|"bds", …}
    {"group": [field, …]}                       fields one after the other
    {"extended": [[field, …], …]}               parts, each closed by an FX bit
    {"repetitive": octets | "fx", "of": node}   a counter and elements, or elements with FX bits
    {"compound": [field | null, …]}             an FSPEC of its own, then what it names
    {"explicit": "re"|"sp"}                     a length octet, then what was agreed privately

and a field is `[name, node]` or a number of spare bits.
"""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from skypicket.domain.errors import ConfigurationError

Node = dict[str, Any]
DEFAULT_EDITIONS = {34: "1.29", 48: "1.32"}
# Factors to SI. Angles stay in degrees, as everywhere here; units not listed are kept.
TO_SI = {
    "NM": 1852.0,
    "NM/s": 1852.0,
    "kt": 1852.0 / 3600.0,
    "ft": 0.3048,
    "ft/min": 0.3048 / 60.0,
    "FL": 30.48,
    "km": 1000.0,
    "mb": 100.0,
    "ms": 1e-3,
    "us": 1e-6,
    "µs": 1e-6,
    "ns": 1e-9,
    "kHz": 1e3,
    "MHz": 1e6,
}


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """One edition of one category: its items, and their order in the FSPEC by profile.

    `uaps` has one entry "" where there is only one profile; otherwise `choose` names the item
    and its values that choose one.
    """

    category: int
    edition: str
    date: str
    items: dict[str, Node]
    uaps: dict[str, list[str | None]]
    choose: dict[str, Any] = {}


@cache
def editions(category: int) -> tuple[str, ...]:
    """The editions of a category that are shipped, oldest first.

    >>> editions(34)
    ('1.27', '1.28', '1.29')
    """
    prefix = f"{category:03d}-"
    names = (entry.name for entry in files(__package__).joinpath("tables").iterdir())
    found = [n.removeprefix(prefix).removesuffix(".json") for n in names if n.startswith(prefix)]
    return tuple(sorted(found, key=lambda edition: [int(part) for part in edition.split(".")]))


@cache
def load_table(category: int, edition: str) -> Table:
    """The table of one edition.

    Raises:
        ConfigurationError: that edition of that category is not shipped.

    >>> load_table(48, "1.32").uaps[""][:4]
    ['010', '140', '020', '040']
    """
    if edition not in editions(category):
        known = ", ".join(editions(category)) or "none"
        raise ConfigurationError(
            f"ASTERIX category {category:03d} has no edition {edition!r} here. Known: {known}."
        )
    path = files(__package__).joinpath("tables", f"{category:03d}-{edition}.json")
    return msgspec.json.decode(path.read_bytes(), type=Table)


class Leaf(msgspec.Struct, frozen=True, kw_only=True):
    """One field with its place: bits from the start of the item that holds it."""

    path: str
    bit: int
    node: Node


def octets_of(node: Node) -> int:
    """The length of a node of fixed length, in octets.

    Raises:
        ValueError: the node has no fixed length.
    """
    return (bits_of(node) + 7) // 8


def bits_of(node: Node) -> int:
    """The length of a node of fixed length, in bits; raises ValueError for others."""
    if "bits" in node:
        return int(node["bits"])
    if "group" in node:
        return sum(f if isinstance(f, int) else bits_of(f[1]) for f in node["group"])
    raise ValueError(f"A node of kind {next(iter(node))!r} has no fixed length.")


def part_octets(node: Node) -> list[int]:
    """The lengths of the parts of an extended node, FX bits included."""
    sizes = [bits_of({"group": part}) for part in node["extended"]]
    return [(size + 7) // 8 for size in sizes]


def leaves(path: str, node: Node, bit: int = 0) -> Iterator[Leaf]:
    """Every field at a fixed place in a fixed or extended node; spare bits have the path ""."""
    if "bits" in node:
        yield Leaf(path=path, bit=bit, node=node)
    elif "group" in node:
        yield from _fields(path, node["group"], bit)
    elif "extended" in node:
        for part, octets in zip(node["extended"], part_octets(node), strict=True):
            yield from _fields(path, part, bit)
            bit += 8 * octets


def _fields(path: str, fields: list[Any], bit: int) -> Iterator[Leaf]:
    for field in fields:
        if isinstance(field, int):
            yield Leaf(path="", bit=bit, node={"bits": field, "content": "spare"})
            bit += field
        else:
            name, node = field
            yield from leaves(f"{path}/{name}", node, bit)
            bit += bits_of(node)


def scale_of(node: Node) -> float:
    """What one step of a field is worth in SI units; 1 where the field is no quantity."""
    if node.get("content") != "quantity":
        return 1.0
    top, bottom = node["lsb"]
    return float(top) / float(bottom) * TO_SI.get(node["unit"], 1.0)


def limits_of(node: Node) -> tuple[int, int]:
    """The lowest and highest raw value that a field may have, from its bits and its bounds."""
    bits = int(node["bits"])
    signed = bool(node.get("signed"))
    low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if signed else (0, (1 << bits) - 1)
    if node["content"] == "spare":
        return 0, 0
    top, bottom = node.get("lsb", [1, 1])
    if "min" in node:
        low = max(low, -int(-node["min"] * bottom // top))
    if "max" in node:
        high = min(high, int(node["max"] * bottom // top))
    return low, high
