"""All items of every record as plain dicts: for inspection and comparison, not for speed."""

from collections.abc import Mapping
from typing import Any

from skypicket.domain.errors import FormatError
from skypicket.formats.asterix.columns import program_for, read_rows
from skypicket.formats.asterix.reasons import refusal
from skypicket.formats.asterix.tables import (
    DEFAULT_EDITIONS,
    Node,
    Table,
    bits_of,
    load_table,
    octets_of,
    part_octets,
    scale_of,
)
from skypicket.formats.asterix.text import ALPHABET

Editions = Mapping[str, str]


def records(payload: bytes, editions: Editions | str | None = None) -> list[dict[str, Any]]:
    """Every record of the payload with all its items, in SI units (degrees for angles).

    Each is `{"category", "edition", "offset", "items"}`. An item is a value, a dict of fields, a
    list where it repeats, or hexadecimal text for what is agreed privately (SP, RE). Fields that
    are codes stay whole numbers; Mode codes are octal text, callsigns text.

    `editions` is `{"048": "1.32"}`, or one edition for category 048; absent ones have the default.

    Raises:
        FormatError: a block cannot be read whole; the message says which and why.
        ConfigurationError: an edition is not shipped.

    >>> block = bytes.fromhex("22000bf0190d02356dfa60")
    >>> records(block)[0]["items"]["020"], records(block)[0]["items"]["010"]
    (135.0, {'SAC': 25, 'SIC': 13})
    """
    given = {"048": editions} if isinstance(editions, str) else dict(editions or {})
    chosen = DEFAULT_EDITIONS | {int(category): edition for category, edition in given.items()}
    pairs = tuple(sorted(chosen.items()))
    tables = {category: load_table(category, edition) for category, edition in pairs}
    rows = read_rows(payload, program_for(pairs, "ignore"))
    for fault in rows.faults:
        found = refusal(fault, tables.get(int(fault[3])), ("",) * 32)
        raise FormatError(f"{found.reason}: {found.detail}")
    return [
        _record(payload, offset, tables[category])
        for offset, category in zip(rows.offset.tolist(), rows.category.tolist(), strict=True)
    ]


def _record(payload: bytes, offset: int, table: Table) -> dict[str, Any]:
    profile = next(iter(table.uaps))
    if table.choose:
        profile = _profile(payload, offset, table)
    items, _ = _items(payload, offset, [n and [n, table.items[n]] for n in table.uaps[profile]], 0)
    return {
        "category": table.category,
        "edition": table.edition,
        "offset": offset,
        "items": items,
    }


def _profile(payload: bytes, offset: int, table: Table) -> str:
    """The profile that the record's own items choose; both begin alike up to that item."""
    order = next(iter(table.uaps.values()))
    items, _ = _items(payload, offset, [n and [n, table.items[n]] for n in order], 0)
    value: Any = items
    for name in table.choose["item"].split("/"):
        value = value[name]
    return str(table.choose["cases"].get(str(value), next(iter(table.uaps))))


def _items(
    payload: bytes, at: int, places: list[Any], fixed_octets: int
) -> tuple[dict[str, Any], int]:
    """The items that the FSPEC at `at` announces, and where they end."""
    width = 8 if fixed_octets else 7
    end = at + fixed_octets
    if not fixed_octets:
        end = at + 1
        while payload[end - 1] & 1:
            end += 1
    fspec, items = payload[at:end], {}
    for place, named in enumerate(places):
        octet = place // width
        if octet < len(fspec) and fspec[octet] >> (7 - place % width) & 1:
            name, node = named
            items[name], end = _item(payload, end, node)
    return items, end


def _item(payload: bytes, at: int, node: Node) -> tuple[Any, int]:
    """The value of one item that starts at `at`, and where it ends."""
    match node:
        case {"compound": places}:
            return _items(payload, at, places, node.get("fspec_octets", 0))
        case {"explicit": _}:
            end = at + payload[at]
            return payload[at + 1 : end].hex(), end
        case {"repetitive": "fx", "of": element}:
            return _chained(payload, at, element)
        case {"repetitive": octets, "of": element}:
            count = int.from_bytes(payload[at : at + octets], "big")
            at, size = at + octets, octets_of(element)
            starts = range(at, at + count * size, size)
            return [_fixed(payload[s : s + size], 0, element) for s in starts], at + count * size
        case {"extended": parts}:
            return _extended(payload, at, parts, part_octets(node))
    end = at + octets_of(node)
    return _fixed(payload[at:end], 0, node), end


def _chained(payload: bytes, at: int, element: Node) -> tuple[list[Any], int]:
    size = (bits_of(element) + 8) // 8
    values = []
    while True:
        values.append(_fixed(payload[at : at + size], 0, element))
        at += size
        if not payload[at - 1] & 1:
            return values, at


def _extended(
    payload: bytes, at: int, parts: list[list[Any]], sizes: list[int]
) -> tuple[dict[str, Any], int]:
    fields: dict[str, Any] = {}
    for part, size in zip(parts, sizes, strict=True):
        fields |= _fixed(payload[at : at + size], 0, {"group": part})
        at += size
        if not payload[at - 1] & 1:
            break
    return fields, at


def _fixed(content: bytes, bit: int, node: Node) -> Any:
    """The value of a node of fixed length whose first bit is `bit` of `content`."""
    if "group" in node:
        fields: dict[str, Any] = {}
        for field in node["group"]:
            if isinstance(field, int):
                bit += field
            else:
                fields[field[0]] = _fixed(content, bit, field[1])
                bit += bits_of(field[1])
        return fields
    bits = int(node["bits"])
    raw = int.from_bytes(content, "big") >> (8 * len(content) - bit - bits) & (1 << bits) - 1
    return _value(raw, bits, node)


def _value(raw: int, bits: int, node: Node) -> Any:
    match node["content"]:
        case "octal":
            return f"{raw:0{(bits + 2) // 3}o}"
        case "icao":
            codes = [raw >> shift & 63 for shift in range(bits - 6, -1, -6)]
            return "".join(ALPHABET[code] for code in codes).rstrip()
        case "ascii":
            return raw.to_bytes(bits // 8, "big").decode("latin-1").rstrip("\0 ")
        case "quantity" | "integer":
            if node["signed"] and raw >> bits - 1:
                raw -= 1 << bits
            return raw * scale_of(node) if node["content"] == "quantity" else raw
    return raw
