"""The walk over data blocks: FSPEC, items, columns. Plain loops over arrays, no Python object."""

from typing import Any

import numpy as np
from numba import njit

from skypicket.domain.noun import Column, FloatColumn, IntColumn

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
) = range(1, 14)

_DEEPEST = 6
_FIXED, _EXTENDED, _COUNTED, _CHAINED, _COMPOUND, _EXPLICIT = 0, 1, 2, 3, 4, 5


@njit(cache=True, nogil=True)
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
    kind: int, a: int, b: int, c: int, parts: IntColumn, buffer: Column, at: int, end: int
) -> tuple[int, int]:
    """Where an item that starts at `at` ends, and 0 or why it cannot be read."""
    if kind == _FIXED:
        return at + a, 0
    if kind == _EXTENDED:
        for part in range(b):
            at += parts[a + part]
            if at > end:
                return at, 0
            if part == b - 1 and c == 1:
                return at, 0
            if buffer[at - 1] & 1 == 0:
                return at, 0
        return at, UNKNOWN_EXTENSION
    if kind == _COUNTED:
        if at + a > end:
            return at + a, 0
        return at + a + b * _bits(buffer, at, 0, 8 * a), 0
    if kind == _CHAINED:
        while True:
            at += a
            if at > end or buffer[at - 1] & 1 == 0:
                return at, 0
    if at >= end:
        return at + 1, 0
    if buffer[at] == 0:
        return at, BAD_ITEM_LENGTH
    return at + int(buffer[at]), 0


@njit(cache=True, nogil=True)
def _fspec_end(buffer: Column, at: int, end: int, count: int, fixed_octets: int) -> tuple[int, int]:
    """Where an FSPEC of `count` places ends, and 0 or why it cannot be read."""
    if fixed_octets > 0:
        return at + fixed_octets, 0
    most = (count + 6) // 7
    for octet in range(most):
        if at + octet >= end:
            return at + octet + 1, 0
        if buffer[at + octet] & 1 == 0:
            return at + octet + 1, 0
    return at + most - 1, FSPEC_OVERRUN


@njit(cache=True, nogil=True)
def _record(
    buffer: Column,
    at: int,
    end: int,
    root: int,
    nodes: IntColumn,
    children: IntColumn,
    parts: IntColumn,
    operations: IntColumn,
    scales: FloatColumn,
    choices: IntColumn,
    stack: IntColumn,
    out: FloatColumn,
    row: int,
) -> tuple[int, int, int]:
    """Read one record into `out[:, row]`; (its end or the fault's place, why, item's place).

    stack: per level: first child, children, FSPEC's place, next child, 8 or 7 bits per octet.
    """
    fspec_end, why = _fspec_end(buffer, at, end, nodes[root, 2], 0)
    if why != 0:
        return fspec_end, why, -1
    if fspec_end > end:
        return fspec_end, RECORD_OVERRUN, -1
    stack[0, 0] = nodes[root, 1]
    stack[0, 1] = nodes[root, 2]
    stack[0, 2] = at
    stack[0, 3] = 0
    stack[0, 4] = 7
    stack[0, 5] = fspec_end
    level = 0
    at = fspec_end
    item = -1
    while level >= 0:
        index = stack[level, 3]
        width = stack[level, 4]
        octet = stack[level, 2] + index // width
        if octet >= stack[level, 5]:
            level -= 1
            continue
        stack[level, 3] = index + 1
        if (np.int64(buffer[octet]) >> (7 - index % width)) & 1 == 0:
            continue
        if level == 0:
            item = index
        node = children[stack[level, 0] + index] if index < stack[level, 1] else np.int64(-1)
        if node < 0:
            return octet, UNDEFINED_ITEM, item
        kind = nodes[node, 0]
        if kind == _COMPOUND:
            count = nodes[node, 2]
            fspec_end, why = _fspec_end(buffer, at, end, count, nodes[node, 3])
            if why != 0:
                return fspec_end, why, item
            if fspec_end > end:
                return fspec_end, RECORD_OVERRUN, item
            level += 1
            stack[level, 0] = nodes[node, 1]
            stack[level, 1] = count
            stack[level, 2] = at
            stack[level, 3] = 0
            stack[level, 4] = 8 if nodes[node, 3] > 0 else 7
            stack[level, 5] = fspec_end
            at = fspec_end
            continue
        if kind == _FIXED:
            item_end = at + nodes[node, 1]
        else:
            item_end, why = _item_end(
                kind, nodes[node, 1], nodes[node, 2], nodes[node, 3], parts, buffer, at, end
            )
            if why != 0:
                return at, why, item
        if item_end > end:
            return item_end, RECORD_OVERRUN, item
        length_bits = 8 * (item_end - at)
        for operation in range(nodes[node, 4], nodes[node, 4] + nodes[node, 5]):
            bit = operations[operation, 0]
            bits = operations[operation, 1]
            if bit + bits > length_bits:
                break
            value = _bits(buffer, at, bit, bits)
            if operations[operation, 2] == 1 and value >> (bits - 1) == 1:
                value -= np.int64(1) << bits
            column = operations[operation, 5]
            if value < operations[operation, 3] or value > operations[operation, 4]:
                spare = column == -1 and operations[operation, 4] == 0
                return at + (bit >> 3), SPARE_BITS if spare else BAD_VALUE, item
            if column >= 0:
                out[column, row] = value * scales[operation]
            elif column < -1:
                stack[0, 0] = choices[-2 - column + value]
        at = item_end
    if item < 0:
        return at, EMPTY_RECORD, -1
    return at, 0, -1


@njit(cache=True, nogil=True)
def read_blocks(
    buffer: Column,
    start: int,
    nodes: IntColumn,
    children: IntColumn,
    parts: IntColumn,
    operations: IntColumn,
    scales: FloatColumn,
    choices: IntColumn,
    roots: IntColumn,
    needed: IntColumn,
    out: FloatColumn,
    rows: IntColumn,
    faults: IntColumn,
) -> tuple[int, int, int]:
    """Read the blocks from octet `start`: (rows, faults, octets read).

    out: float64 (columns, capacity), filled per row, NaN where nothing is said.
    rows: int64 (3, capacity): offset of the record, of its block, and the category.
    faults: int64 (m, 7): why, offset, block's offset, category, record's number, place of the
    item in the FSPEC (-1: none), octets that were needed beyond the end. A block with a fault
    leaves no row. Stops before a block that does not fit into `out` or `faults`.
    """
    size = len(buffer)
    capacity = rows.shape[1]
    stack = np.zeros((_DEEPEST, 6), dtype=np.int64)
    count = 0
    fault_count = 0
    at = start
    while at < size:
        if fault_count == len(faults):
            return count, fault_count, at
        why, place, number, item, missing = 0, at, -1, -1, 0
        block_end = size
        category = int(buffer[at])
        length = size - at
        if length < 3:
            why, missing = SHORT_HEADER, 3 - length
        else:
            length = (int(buffer[at + 1]) << 8) | int(buffer[at + 2])
            if length < 4:
                why = BAD_LENGTH
            elif at + length > size:
                why, missing = SHORT_BLOCK, at + length - size
            else:
                block_end = at + length
                if roots[category] < 0:
                    why = UNSUPPORTED_CATEGORY
        block_rows = count
        if why == 0:
            place = at + 3
            number = 0
            width = needed[category, 0]
            while place < block_end:
                if count == capacity:
                    return block_rows, fault_count, at
                for column in range(width):
                    out[column, count] = np.nan
                record = place
                place, why, item = _record(
                    buffer,
                    place,
                    block_end,
                    roots[category],
                    nodes,
                    children,
                    parts,
                    operations,
                    scales,
                    choices,
                    stack,
                    out,
                    count,
                )
                if why == 0:
                    for want in needed[category, 1:]:
                        if want >= 0 and np.isnan(out[want, count]):
                            why, item, place = MISSING_ITEM, -2 - want, record
                if why != 0:
                    if why == RECORD_OVERRUN:
                        missing = place - block_end
                        place = record
                    break
                rows[0, count] = record
                rows[1, count] = at
                rows[2, count] = category
                count += 1
                number += 1
        if why != 0:
            count = block_rows
            faults[fault_count, 0] = why
            faults[fault_count, 1] = place
            faults[fault_count, 2] = at
            faults[fault_count, 3] = category
            faults[fault_count, 4] = number
            faults[fault_count, 5] = item
            faults[fault_count, 6] = missing
            fault_count += 1
        at = block_end
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
