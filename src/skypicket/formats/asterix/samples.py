"""Random records that are right by their table, for tests, fuzzing and measuring."""

from typing import Any

from numpy.random import Generator

from skypicket.formats.asterix.columns import TAKEN
from skypicket.formats.asterix.compose import compose
from skypicket.formats.asterix.program import EXTRA_LIMITS
from skypicket.formats.asterix.tables import (
    DEFAULT_EDITIONS,
    Node,
    Table,
    limits_of,
    load_table,
    scale_of,
)
from skypicket.formats.asterix.text import ALPHABET

_LETTERS = sorted(set(ALPHABET) - {" "})


def random_block(
    category: int, chance: Generator, records: int, edition: str | None = None
) -> bytes:
    """One block of random records; the same for the same state of `chance`.

    >>> import numpy as np
    >>> random_block(48, np.random.default_rng(1), 3)[0]
    48
    """
    table = load_table(category, edition or DEFAULT_EDITIONS[category])
    items = [random_items(table, chance) for _ in range(records)]
    return compose(category, items, table.edition, next(iter(table.uaps)))


def random_items(table: Table, chance: Generator) -> dict[str, Any]:
    """One record: those items that every record must have, each other one with even odds."""
    must = {
        column.path.split("/")[0]
        for column in TAKEN.get(table.category, {}).values()
        if column.needed
    }
    order = next(iter(table.uaps.values()))
    chosen = [n for n in order if n in table.items and (n in must or chance.random() < 0.5)]
    return {n: _value(table.items[n], (table.category, n), chance) for n in chosen if n}


def _value(node: Node, where: tuple[int, str], chance: Generator) -> Any:
    match node:
        case {"compound": places}:
            named = [p for p in places if p and chance.random() < 0.5] or [
                next(p for p in places if p)
            ]
            return {name: _value(below, where, chance) for name, below in named}
        case {"explicit": _}:
            return chance.bytes(int(chance.integers(1, 9))).hex()
        case {"repetitive": _, "of": element}:
            return [_value(element, where, chance) for _ in range(chance.integers(1, 4))]
        case {"extended": parts}:
            used = parts[: chance.integers(1, len(parts) + 1)]
            return {
                f[0]: _value(f[1], where, chance)
                for part in used
                for f in part
                if not isinstance(f, int)
            }
        case {"group": fields}:
            return {f[0]: _value(f[1], where, chance) for f in fields if not isinstance(f, int)}
    return _leaf(node, where, chance)


def _leaf(node: Node, where: tuple[int, str], chance: Generator) -> Any:
    lowest, highest = EXTRA_LIMITS.get(where, limits_of(node))
    raw = int(chance.integers(lowest, highest, endpoint=True))
    match node["content"]:
        case "octal":
            return f"{raw:0{(node['bits'] + 2) // 3}o}"
        case "icao":
            return "".join(chance.choice(_LETTERS, chance.integers(1, node["bits"] // 6 + 1)))
        case "ascii":
            return "".join(chance.choice(_LETTERS, node["bits"] // 8))
        case "quantity":
            return raw * scale_of(node)
    return raw
