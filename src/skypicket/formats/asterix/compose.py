"""Plain dicts of items into data blocks: the way back from `records`, for any category."""

from collections.abc import Mapping, Sequence
from typing import Any

from skypicket.domain.errors import FormatError
from skypicket.formats.asterix.tables import (
    DEFAULT_EDITIONS,
    Node,
    Table,
    bits_of,
    limits_of,
    load_table,
    part_octets,
    scale_of,
)
from skypicket.formats.asterix.text import letters_to_number

Items = Mapping[str, Any]


def compose(
    category: int, records: Sequence[Items], edition: str | None = None, profile: str = ""
) -> bytes:
    """One data block whose records hold the items, given as `records` gives them.

    Values are rounded to the step of their field; fields that are left out are zero. `profile`
    names the order of the FSPEC where the category has several.

    Raises:
        FormatError: an item or field is unknown, a value does not fit, or the block is too long.
        ConfigurationError: the edition is not shipped.

    >>> compose(34, [{"010": {"SAC": 25, "SIC": 13}, "000": 2, "020": 135.0}]).hex()
    '220008d0190d0260'
    """
    table = load_table(category, edition or DEFAULT_EDITIONS[category])
    content = b"".join(_record(items, table, profile) for items in records)
    length = len(content) + 3
    if length > 0xFFFF:
        raise FormatError(
            f"ASTERIX {category:03d}: a block of {length} octets; 65,535 is the most."
        )
    return bytes([category]) + length.to_bytes(2, "big") + content


def _record(items: Items, table: Table, profile: str) -> bytes:
    places = [name and [name, table.items[name]] for name in table.uaps[profile]]
    return _announced(items, places, 0, f"I{table.category:03d}")


def _announced(items: Items, places: Sequence[Any], fixed_octets: int, where: str) -> bytes:
    """An FSPEC and what it announces."""
    known = {place[0] for place in places if place}
    if unknown := sorted(items.keys() - known):
        raise FormatError(f"{where} has no item {unknown[0]!r}.")
    width = 8 if fixed_octets else 7
    chosen = [n for n, place in enumerate(places) if place and place[0] in items]
    octets = bytearray(fixed_octets or (chosen[-1] // 7 + 1 if chosen else 1))
    content = b""
    for place in chosen:
        octets[place // width] |= 0x80 >> place % width
        name, node = places[place]
        content += _item(items[name], node, f"{where}/{name}")
    if not fixed_octets:
        for octet in range(len(octets) - 1):
            octets[octet] |= 1
    return bytes(octets) + content


def _item(value: Any, node: Node, where: str) -> bytes:
    match node:
        case {"compound": places}:
            return _announced(value, places, node.get("fspec_octets", 0), where)
        case {"explicit": _}:
            content = bytes.fromhex(value)
            return _checked(len(content) + 1, 1, 255, where).to_bytes(1, "big") + content
        case {"repetitive": "fx", "of": element}:
            size = (bits_of(element) + 8) // 8
            chain = [_bits(one, element, where) << 1 | 1 for one in value]
            chain[-1] &= ~1
            return b"".join(one.to_bytes(size, "big") for one in chain)
        case {"repetitive": octets, "of": element}:
            count = _checked(len(value), 0, (1 << 8 * octets) - 1, where)
            size = (bits_of(element) + 7) // 8
            elements = [_bits(one, element, where).to_bytes(size, "big") for one in value]
            return count.to_bytes(octets, "big") + b"".join(elements)
        case {"extended": parts}:
            return _extended(value, node, parts, where)
    return _bits(value, node, where).to_bytes((bits_of(node) + 7) // 8, "big")


def _extended(value: Items, node: Node, parts: Sequence[list[Any]], where: str) -> bytes:
    """The parts up to the last one that holds a given field."""
    names = [{field[0] for field in part if not isinstance(field, int)} for part in parts]
    used = max((n for n, part in enumerate(names) if part & value.keys()), default=0)
    content = b""
    for n, size in enumerate(part_octets(node)[: used + 1]):
        part: Node = {"group": parts[n]}
        given = {name: value[name] for name in names[n] if name in value}
        closed = not (node.get("open_end") and n == len(parts) - 1)
        bits = _bits(given, part, where)
        content += (bits << 1 | int(n < used) if closed else bits).to_bytes(size, "big")
    return content


def _bits(value: Any, node: Node, where: str) -> int:
    """A node of fixed length as one number."""
    if "group" in node:
        number = 0
        for field in node["group"]:
            if isinstance(field, int):
                number <<= field
            else:
                name, below = field
                part = _bits(value[name], below, f"{where}/{name}") if name in value else 0
                number = number << bits_of(below) | part
        return number
    bits = int(node["bits"])
    return _checked(_raw(value, node), *limits_of(node), where) & (1 << bits) - 1


def _raw(value: Any, node: Node) -> int:
    match node["content"]:
        case "octal":
            return int(value, 8)
        case "icao":
            return letters_to_number(str(value))
        case "ascii":
            return int.from_bytes(str(value).ljust(node["bits"] // 8).encode("latin-1"), "big")
        case "quantity":
            return round(float(value) / scale_of(node))
    return int(value)


def _checked(number: int, lowest: int, highest: int, where: str) -> int:
    if not lowest <= number <= highest:
        raise FormatError(f"{where} cannot hold {number}: it takes {lowest} to {highest} steps.")
    return number
