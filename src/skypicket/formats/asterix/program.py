"""Item tables compiled into flat arrays that the kernel walks."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from skypicket.domain.noun import FloatColumn, IntColumn
from skypicket.formats.asterix.tables import (
    Leaf,
    Node,
    Table,
    bits_of,
    leaves,
    limits_of,
    octets_of,
    part_octets,
    scale_of,
)

# Kinds of node, in column 0 of `Program.nodes`.
FIXED, EXTENDED, COUNTED, CHAINED, COMPOUND, EXPLICIT = range(6)
NO_COLUMN = -1
MOST_NEEDED = 2
_WHOLE_DAY_S = 86_400

# What the specification says in words only: the highest time of day, and the message types.
EXTRA_LIMITS: Mapping[tuple[int, str], tuple[int, int]] = {
    (48, "140"): (0, _WHOLE_DAY_S * 128 - 1),
    (34, "030"): (0, _WHOLE_DAY_S * 128 - 1),
    (34, "000"): (1, 7),
}


class Program(NamedTuple):
    """The tables of several categories as arrays.

    nodes: int64 (n, 6): kind, a, b, c, first operation, operations. `a, b, c` by kind:
        FIXED octets; EXTENDED first part, parts, 1 if the last has no FX bit;
        COUNTED counter octets, element octets; CHAINED element octets;
        COMPOUND first child, children, octets of its FSPEC (0: closed by FX bits).
    children: int64: node of each place in an FSPEC, -1 where nothing is defined.
    parts: int64: octets of each part of extended nodes.
    operations: int64 (m, 6): bit, bits, signed, lowest, highest, column. A column below -1
        chooses the profile: the FSPEC goes on at child `choices[-2 - column + value]`.
    scales: float64 (m,). choices: int64.
    roots: int64 (256,): the node of each category's record, -1 where it is not read.
    needed: int64 (256, 1 + MOST_NEEDED): how many columns, then those that every record must
        have, filled up with -1.
    """

    nodes: IntColumn
    children: IntColumn
    parts: IntColumn
    operations: IntColumn
    scales: FloatColumn
    choices: IntColumn
    roots: IntColumn
    needed: IntColumn


class Column(NamedTuple):
    """A column by the path of its field, such as `040/RHO`, and whether every record needs it."""

    path: str
    needed: bool = False


class _Compiler:
    """Arrays in the making; one per program."""

    def __init__(self, *, refuse_spare: bool) -> None:
        self.refuse_spare = refuse_spare
        self.nodes: list[list[int]] = []
        self.children: list[int] = []
        self.parts: list[int] = []
        self.operations: list[list[int]] = []
        self.scales: list[float] = []
        self.choices: list[int] = []
        self.table: Table
        self.places: dict[str, int] = {}

    def category(self, table: Table, columns: Sequence[Column]) -> int:
        """Add a table; the number of its record node."""
        self.table = table
        self.places = {column.path: place for place, column in enumerate(columns)}
        chosen_at = len(self.choices)
        items = {name: self._node(name, node) for name, node in table.items.items()}
        firsts: dict[str, int] = {}
        for profile, order in table.uaps.items():
            firsts[profile] = len(self.children)
            self.children += [items.get(name or "", -1) for name in order]
        fallback, order = next(iter(table.uaps.items()))
        for value in range(len(self.choices) - chosen_at):
            profile = table.choose["cases"].get(str(value), fallback)
            self.choices[chosen_at + value] = firsts[profile]
        return self._add(COMPOUND, firsts[fallback], len(order), 0)

    def _node(self, path: str, node: Node) -> int:
        match node:
            case {"compound": fields}:
                made = [-1 if f is None else self._node(f"{path}/{f[0]}", f[1]) for f in fields]
                first = len(self.children)
                self.children += made
                return self._add(COMPOUND, first, len(made), node.get("fspec_octets", 0))
            case {"explicit": _}:
                return self._add(EXPLICIT, 0, 0, 0)
            case {"repetitive": "fx", "of": element}:
                return self._add(CHAINED, (bits_of(element) + 8) // 8, 0, 0)
            case {"repetitive": count, "of": element}:
                return self._add(COUNTED, count, octets_of(element), 0)
            case {"extended": _}:
                first, octets = len(self.parts), part_octets(node)
                self.parts += octets
                made_node = self._add(EXTENDED, first, len(octets), int("open_end" in node))
            case _:
                made_node = self._add(FIXED, octets_of(node), 0, 0)
        for leaf in leaves(path, node):
            self._operations(leaf)
        self.nodes[made_node][5] = len(self.operations) - self.nodes[made_node][4]
        return made_node

    def _add(self, kind: int, a: int, b: int, c: int) -> int:
        self.nodes.append([kind, a, b, c, len(self.operations), 0])
        return len(self.nodes) - 1

    def _operations(self, leaf: Leaf) -> None:
        """What to do with one field: take it into a column, check it, choose by it."""
        bits = leaf.node["bits"]
        lowest, highest = limits_of(leaf.node)
        place = self.places.get(leaf.path, NO_COLUMN)
        bounded = "min" in leaf.node or "max" in leaf.node
        limits = EXTRA_LIMITS.get((self.table.category, leaf.path))
        if limits is not None:
            (lowest, highest), bounded = limits, True
        if place != NO_COLUMN or bounded or (leaf.path == "" and self.refuse_spare):
            row = [leaf.bit, bits, int(bool(leaf.node.get("signed"))), lowest, highest, place]
            self.operations.append(row)
            self.scales.append(scale_of(leaf.node))
        if leaf.path == self.table.choose.get("item"):
            row = [leaf.bit, bits, 0, 0, (1 << bits) - 1, -2 - len(self.choices)]
            self.operations.append(row)
            self.scales.append(1.0)
            self.choices += [0] * (1 << bits)


def compile_program(
    tables: Sequence[Table],
    columns: Mapping[int, Sequence[Column]],
    *,
    refuse_spare: bool = True,
) -> Program:
    """The program that reads the categories of `tables`, taking `columns[category]` out.

    A path that an edition does not have gives a column of NaN.
    """
    compiler = _Compiler(refuse_spare=refuse_spare)
    roots = np.full(256, -1, dtype=np.int64)
    needed = np.full((256, 1 + MOST_NEEDED), -1, dtype=np.int64)
    for table in tables:
        wanted = columns[table.category]
        roots[table.category] = compiler.category(table, wanted)
        must = [place for place, column in enumerate(wanted) if column.needed]
        needed[table.category, : 1 + len(must)] = [len(wanted), *must]
    return Program(
        nodes=_array(compiler.nodes, 6),
        children=np.asarray(compiler.children, dtype=np.int64),
        parts=np.asarray([*compiler.parts, 0], dtype=np.int64),
        operations=_array(compiler.operations, 6),
        scales=np.asarray([*compiler.scales, 0.0], dtype=np.float64),
        choices=np.asarray([*compiler.choices, 0], dtype=np.int64),
        roots=roots,
        needed=needed,
    )


def _array(rows: list[list[int]], width: int) -> IntColumn:
    return np.asarray(rows or [[0] * width], dtype=np.int64).reshape(-1, width)
