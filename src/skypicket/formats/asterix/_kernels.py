"""The walk over data blocks: FSPEC, items, columns. Plain loops over arrays, no Python object."""

from typing import Any

import numpy as np
from numba import njit

from skypicket.domain.noun import Column, FloatColumn, IntColumn
from skypicket.formats.asterix.program import (
    CHAINED,
    COMPOUND,
    COUNTED,
    EXTENDED,
    FIXED,
    NO_COLUMN,
    Program,
)

# Why a block is not read; `reasons.py` gives each its word.
(
    SHORT_HEADER,
    BAD_LENGTH,
    SHORT_BLOCK,
    UNSUPPORTED_CATEGORY,
    RECORD_OVERRUN,
    UNDEFINED_ITEM,
    FSPEC_OVERRUN,
    EMPTY_RECORD,
    UNKNOWN_EXTENSION,
    BAD_ITEM_LENGTH,
    SPARE_BITS,
    BAD_VALUE,
    MISSING_ITEM,
    NO_ROOM,
) = range(1, 15)

_DEEPEST = 6
_NO_MORE, _UNDEFINED = -2, -1


@njit(cache=True, nogil=True, inline="always")
def _bits(buffer: Column, start: int, bit: int, bits: int) -> Any:
    """The unsigned number in `bits` bits, `bit` bits after octet `start`; at most 57 bits."""
    first = start + (bit >> 3)
    last = start + ((bit + bits - 1) >> 3)
    value = np.int64(0)
    for place in range(first, last + 1):
        value = (value << 8) | np.int64(buffer[place])
    value >>= 7 - ((bit + bits - 1) & 7)
    return value & ((np.int64(1) << bits) - 1)


@njit(cache=True, nogil=True)
def _item_end(
    nodes: IntColumn, parts: IntColumn, node: int, buffer: Column, at: int, end: int
) -> tuple[int, int]:
    """Where an item that starts at `at` ends, and 0 or why it cannot be read."""
    kind, a = nodes[node, 0], nodes[node, 1]
    b, c = nodes[node, 2], nodes[node, 3]
    if kind == EXTENDED:
        for part in range(b):
            at += parts[a + part]
            if at > end or (part == b - 1 and c == 1) or buffer[at - 1] & 1 == 0:
                return at, 0
        return at, UNKNOWN_EXTENSION
    if kind == COUNTED:
        if at + a > end:
            return at + a, 0
        return at + a + b * _bits(buffer, at, 0, 8 * a), 0
    if kind == CHAINED:
        while True:
            at += a
            if at > end or buffer[at - 1] & 1 == 0:
                return at, 0
    if at >= end:
        return at + 1, 0
    if buffer[at] == 0:
        return at, BAD_ITEM_LENGTH
    return at + int(buffer[at]), 0


@njit(cache=True, nogil=True, inline="always")
def _open(
    nodes: IntColumn, node: int, buffer: Column, at: int, end: int, stack: IntColumn, level: int
) -> tuple[int, int]:
    """Enter a record or compound; where its items begin or the fault is, and 0 or why.

    stack: int64 (levels, 6): first child, children, place of the FSPEC, next child, children per
    octet, end of the FSPEC.
    """
    count, fixed_octets = nodes[node, 2], nodes[node, 3]
    begin = at + fixed_octets
    if fixed_octets == 0:
        most = (count + 6) // 7
        while True:
            begin += 1
            if begin > end or buffer[begin - 1] & 1 == 0:
                break
            if begin - at == most:
                return begin - 1, FSPEC_OVERRUN
    if begin > end:
        return begin, RECORD_OVERRUN
    stack[level, 0] = nodes[node, 1]
    stack[level, 1] = count
    stack[level, 2] = at
    stack[level, 3] = 0
    stack[level, 4] = 8 if fixed_octets > 0 else 7
    stack[level, 5] = begin
    return begin, 0


@njit(cache=True, nogil=True, inline="always")
def _next(children: IntColumn, buffer: Column, stack: IntColumn, level: int) -> tuple[int, int]:
    """The node that the FSPEC of a level announces next, and the octet that does."""
    while True:
        index, width = stack[level, 3], stack[level, 4]
        octet = stack[level, 2] + index // width
        if octet >= stack[level, 5]:
            return _NO_MORE, octet
        stack[level, 3] = index + 1
        if (int(buffer[octet]) >> (7 - index % width)) & 1:
            if index >= stack[level, 1]:
                return _UNDEFINED, octet
            return children[stack[level, 0] + index], octet


@njit(cache=True, nogil=True, inline="always")
def _take(
    nodes: IntColumn,
    operations: IntColumn,
    scales: FloatColumn,
    choices: IntColumn,
    node: int,
    buffer: Column,
    at: int,
    end: int,
    stack: IntColumn,
    out: FloatColumn,
) -> tuple[int, int]:
    """Check the fields of an item and put them into `out`; the fault's place, and 0 or why."""
    first = nodes[node, 4]
    for operation in range(first, first + nodes[node, 5]):
        bit, bits = operations[operation, 0], operations[operation, 1]
        if bit + bits > 8 * (end - at):
            break
        value = _bits(buffer, at, bit, bits)
        if operations[operation, 2] == 1 and value >> (bits - 1) == 1:
            value -= np.int64(1) << bits
        lowest, highest = operations[operation, 3], operations[operation, 4]
        column = operations[operation, 5]
        if value < lowest or value > highest:
            spare = column == NO_COLUMN and highest == 0
            return at + (bit >> 3), SPARE_BITS if spare else BAD_VALUE
        if column >= 0:
            out[column] = value * scales[operation]
        elif column < NO_COLUMN:
            stack[0, 0] = choices[-2 - column + value]
    return at, 0


@njit(cache=True, nogil=True)
def _record(
    nodes: IntColumn,
    children: IntColumn,
    parts: IntColumn,
    operations: IntColumn,
    scales: FloatColumn,
    choices: IntColumn,
    root: int,
    buffer: Column,
    at: int,
    end: int,
    stack: IntColumn,
    out: FloatColumn,
) -> tuple[int, int, int]:
    """Read one record into `out`; (its end or the fault's place, 0 or why, item's place)."""
    level, item = 0, -1
    at, why = _open(nodes, root, buffer, at, end, stack, 0)
    while level >= 0 and why == 0:
        node, octet = _next(children, buffer, stack, level)
        if node == _NO_MORE:
            level -= 1
            continue
        if level == 0:
            item = stack[0, 3] - 1
        if node == _UNDEFINED:
            return octet, UNDEFINED_ITEM, item
        if nodes[node, 0] == COMPOUND:
            level += 1
            at, why = _open(nodes, node, buffer, at, end, stack, level)
            continue
        item_end = at + nodes[node, 1]
        if nodes[node, 0] != FIXED:
            item_end, why = _item_end(nodes, parts, node, buffer, at, end)
            if why != 0:
                return at, why, item
        if item_end > end:
            return item_end, RECORD_OVERRUN, item
        place, why = _take(
            nodes, operations, scales, choices, node, buffer, at, item_end, stack, out
        )
        at = item_end if why == 0 else place
    if why == 0 and item < 0:
        why = EMPTY_RECORD
    return at, why, item


@njit(cache=True, nogil=True, inline="always")
def _header(roots: IntColumn, buffer: Column, at: int, fault: IntColumn) -> tuple[int, int]:
    """Where the block that starts at `at` ends, and 0 or why it cannot be entered."""
    size = len(buffer)
    fault[1], fault[2], fault[3], fault[4], fault[5], fault[6] = at, at, buffer[at], -1, -1, 0
    if size - at < 3:
        fault[6] = 3 - (size - at)
        return size, SHORT_HEADER
    length = (int(buffer[at + 1]) << 8) | int(buffer[at + 2])
    if length < 4:
        return size, BAD_LENGTH
    if at + length > size:
        fault[6] = at + length - size
        return size, SHORT_BLOCK
    if roots[buffer[at]] < 0:
        return at + length, UNSUPPORTED_CATEGORY
    return at + length, 0


@njit(cache=True, nogil=True, inline="always")
def _missing(needed: IntColumn, values: FloatColumn) -> int:
    """The first column that every record must have and this one has not, -1 for none."""
    for column in needed:
        if column >= 0 and np.isnan(values[column]):
            return column
    return -1


@njit(cache=True, nogil=True)
def _block(
    nodes: IntColumn,
    children: IntColumn,
    parts: IntColumn,
    operations: IntColumn,
    scales: FloatColumn,
    choices: IntColumn,
    roots: IntColumn,
    needed: IntColumn,
    buffer: Column,
    at: int,
    end: int,
    stack: IntColumn,
    out: FloatColumn,
    rows: IntColumn,
    fault: IntColumn,
) -> tuple[int, int]:
    """Read the records of a block into `out` and `rows`; (how many, 0 or why not)."""
    category, place, count = int(buffer[at]), at + 3, 0
    width = needed[category, 0]
    while place < end:
        if count == len(rows):
            return count, NO_ROOM
        values = out[count, :width]
        values[:] = np.nan
        record = place
        place, why, item = _record(
            nodes,
            children,
            parts,
            operations,
            scales,
            choices,
            roots[category],
            buffer,
            place,
            end,
            stack,
            values,
        )
        if why == 0:
            lacking = _missing(needed[category, 1:], values)
            if lacking >= 0:
                why, item, place = MISSING_ITEM, -2 - lacking, record
        if why != 0:
            fault[6] = place - end if why == RECORD_OVERRUN else 0
            fault[1] = record if why == RECORD_OVERRUN else place
            fault[4], fault[5] = count, item
            return count, why
        rows[count, 0], rows[count, 1], rows[count, 2] = record, at, category
        count += 1
    return count, 0


@njit(cache=True, nogil=True)
def read_blocks(
    program: Program,
    buffer: Column,
    start: int,
    out: FloatColumn,
    rows: IntColumn,
    faults: IntColumn,
) -> tuple[int, int, int]:
    """Read the blocks from octet `start`: (rows, faults, octets read).

    out: float64 (capacity, columns), NaN where nothing is said.
    rows: int64 (capacity, 3): offset of the record, of its block, and the category.
    faults: int64 (m, 7): why, offset, block's offset, category, record's number, place of the
    item in the FSPEC (-1: none, below: column that lacks), octets needed beyond the end.
    A block with a fault leaves no row. Stops before a block that does not fit into `out` or
    `faults`.
    """
    nodes, children, parts, operations, scales, choices, roots, needed = program
    stack = np.zeros((_DEEPEST, 6), dtype=np.int64)
    count, fault_count, at = 0, 0, start
    while at < len(buffer) and fault_count < len(faults):
        fault = faults[fault_count]
        end, why = _header(roots, buffer, at, fault)
        if why == 0:
            more, why = _block(
                nodes,
                children,
                parts,
                operations,
                scales,
                choices,
                roots,
                needed,
                buffer,
                at,
                end,
                stack,
                out[count:],
                rows[count:],
                fault,
            )
            if why == NO_ROOM:
                break
            if why == 0:
                count += more
        if why != 0:
            fault[0] = why
            fault_count += 1
        at = end
    return count, fault_count, at


@njit(cache=True, nogil=True)
def spell(values: FloatColumn, bits: int, alphabet: Column, out: Column) -> None:
    """Each value's groups of `bits` bits as letters, highest first; NaN leaves zeros.

    out: uint32 (n, width), code points. Spaces at the end become zeros.
    """
    width = out.shape[1]
    mask = (np.int64(1) << bits) - 1
    for row in range(len(values)):
        if np.isnan(values[row]):
            continue
        number = np.int64(values[row])
        blank = True
        for place in range(width - 1, -1, -1):
            letter = alphabet[number & mask]
            blank = blank and letter == 32
            out[row, place] = 0 if blank else letter
            number >>= bits
