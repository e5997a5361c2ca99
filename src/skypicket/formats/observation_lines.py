"""Observation lines as text: JSON lines into a table, and a batch into JSON lines.

The quick way reads all lines at once. It is left for the slow one, line by line, where anything is
wrong, so that a bad line rejects only itself.
"""

from functools import lru_cache
from itertools import repeat
from math import isnan
from operator import attrgetter
from typing import Annotated, Any, NamedTuple

import msgspec
import numpy as np
from msgspec import UNSET, Meta, UnsetType

from skypicket.domain.noun import Column, FloatColumn, IntColumn
from skypicket.domain.observations import Kind, ObservationBatch
from skypicket.domain.sensors import Identifier
from skypicket.formats.json_text import duplicate_key, plain_text, read_typed
from skypicket.formats.observation_table import (
    KINDS,
    MAX_CLAIM_NAMES,
    VALUE_COLUMNS,
    RowRefusal,
    Table,
)
from skypicket.formats.origin import Refusal

TEXT_CHARACTERS = 280
CLAIM_NAME = r"^[a-z][a-z0-9_]{0,31}$"

_TimeNs = Annotated[int, Meta(ge=0, le=2**63 - 1)]
_ClaimName = Annotated[str, Meta(pattern=CLAIM_NAME)]
_ClaimText = Annotated[str, Meta(max_length=TEXT_CHARACTERS)]

_NAN = float("nan")
_QUOTE, _OPEN, _CLOSE, _NEWLINE, _RETURN = b'"{}\n\r'
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # editors write it at the beginning of a file; it says nothing
_STRINGS_ALWAYS = 5  # kind and sensor_id with their values, and the key time_ns

# The line as a struct: its number keys are the columns of the nouns, so it is made from them.
Line: type[Any] = msgspec.defstruct(
    "Line",
    [
        ("kind", Kind),
        ("sensor_id", Identifier),
        ("time_ns", _TimeNs),
        *((n, bool | float if n == "first_hand" else float, _NAN) for n in VALUE_COLUMNS),
        ("text", _ClaimText | UnsetType, UNSET),
        ("claims", dict[_ClaimName, _ClaimText] | UnsetType, UNSET),
        ("received_ns", _TimeNs, -1),
        ("simulated", bool | UnsetType, UNSET),
    ],
    kw_only=True,
    forbid_unknown_fields=True,
    gc=False,
)
_LINE = msgspec.json.Decoder(Line)
_TOO_MANY_CLAIMS = f"The message has more than {MAX_CLAIM_NAMES} different claims."
_ENCODER = msgspec.json.Encoder()
_KIND_INDEX = {kind: index for index, kind in enumerate(KINDS)}


class _Outline(NamedTuple):
    """Where each line starts, how many quotes it has, and whether it is plainly one object."""

    starts: IntColumn
    quotes: IntColumn
    plain: bool


class _Words(NamedTuple):
    """What lines say beside numbers: claims by name and row, flags, strings used, faults."""

    claims: dict[str, dict[int, str]]
    simulated: Column
    strings: IntColumn
    faults: dict[int, Refusal]


def read_lines(payload: bytes) -> tuple[Table, list[RowRefusal]]:
    r"""The rows of all good lines, and why the others are refused; blank lines are nothing.

    A byte order mark before the first line is passed over; offsets count from the first byte all
    the same.

    >>> line = b'{"kind":"presence","sensor_id":"A1","time_ns":5,"snr_db":6}\n'
    >>> table, refused = read_lines(line * 2 + b"{}")
    >>> len(table), refused[0].offset, refused[0].refusal.reason
    (2, 120, 'missing_key')
    """
    if payload.startswith(_BYTE_ORDER_MARK):
        begin = len(_BYTE_ORDER_MARK)
        return _moved(*_read(payload[begin:]), begin)
    return _read(payload)


def _moved(
    table: Table, refused: list[RowRefusal], by_bytes: int
) -> tuple[Table, list[RowRefusal]]:
    """The same rows, so many bytes further on."""
    moved = [RowRefusal(row.offset + by_bytes, row.refusal) for row in refused]
    return msgspec.structs.replace(table, offset=table.offset + by_bytes), moved


def _read(payload: bytes) -> tuple[Table, list[RowRefusal]]:
    outline = _outline(payload)
    refused: list[RowRefusal] = []
    try:
        lines = _LINE.decode_lines(payload) if outline.plain else []
    except (ValueError, RecursionError):
        lines = []
    if len(lines) != len(outline.starts):
        lines, outline, refused = _one_by_one(payload, outline)
    table, faults = _table(payload, lines, outline)
    if not faults:
        return table, refused
    good = np.ones(len(table), dtype=bool)
    good[list(faults)] = False
    refused += [RowRefusal(int(table.offset[row]), faults[row]) for row in faults]
    return table.take(good), sorted(refused)


def _outline(payload: bytes) -> _Outline:
    """The lines that are not empty.

    They are plain if each starts with `{` and ends with `}`: then no object goes on in the next
    line, because `}`, a line's end and `{` can only stand between two objects.
    """
    if not payload:
        return _Outline(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), True)
    text = np.frombuffer(payload, dtype=np.uint8)
    starts = np.append(0, np.flatnonzero(text == _NEWLINE) + 1)
    stops = np.append(starts[1:] - 1, len(text))
    stops = stops - ((stops > starts) & (text.take(stops - 1, mode="clip") == _RETURN))
    filled = stops > starts
    starts, stops = starts[filled], stops[filled]
    quotes = np.flatnonzero(text == _QUOTE)
    count = np.searchsorted(quotes, stops) - np.searchsorted(quotes, starts)
    plain = bool(np.all(text[starts] == _OPEN) and np.all(text[stops - 1] == _CLOSE))
    return _Outline(starts, count, plain)


def _line_at(payload: bytes, start: int) -> bytes:
    stop = payload.find(b"\n", start)
    return payload[start : stop if stop >= 0 else len(payload)]


def _one_by_one(payload: bytes, outline: _Outline) -> tuple[list[Any], _Outline, list[RowRefusal]]:
    lines: list[Any] = []
    refused: list[RowRefusal] = []
    good: list[int] = []
    for row, start in enumerate(outline.starts.tolist()):
        text = _line_at(payload, start)
        found = read_typed(text, _LINE) if text.strip() else None
        if isinstance(found, Refusal):
            refused.append(RowRefusal(start, found))
        elif found is not None:
            lines.append(found)
            good.append(row)
    return lines, _Outline(outline.starts[good], outline.quotes[good], False), refused


def _table(payload: bytes, lines: list[Any], outline: _Outline) -> tuple[Table, dict[int, Refusal]]:
    """The columns of all lines, and what is wrong with some.

    Two quotes enclose each key and each value that is text, so the quotes of a line tell whether
    the columns that the first line has are all that it says. Lines with more quotes are looked
    at closely: they say something else too, or a key twice, or hold an escaped quote.
    """
    values = {
        name: _numbers(lines, name, np.float64)
        for name in VALUE_COLUMNS
        if lines and not isnan(getattr(lines[0], name))
    }
    received_ns = _numbers(lines, "received_ns", np.int64)
    strings = _STRINGS_ALWAYS + (received_ns >= 0).astype(np.int64)
    for column in values.values():
        strings += ~np.isnan(column)
    words = _words(lines, np.flatnonzero(outline.quotes != 2 * strings))
    strings += words.strings
    doubtful = np.flatnonzero(outline.quotes != 2 * strings)
    some = [lines[row] for row in doubtful.tolist()]
    for name in VALUE_COLUMNS:
        if name not in values and not all(isnan(getattr(line, name)) for line in some):
            values[name] = _numbers(lines, name, np.float64)
            strings += ~np.isnan(values[name])
    faults = words.faults | _twice(payload, outline, np.flatnonzero(outline.quotes != 2 * strings))
    sensor_index: dict[str, int] = {}
    sensors = [sensor_index.setdefault(line.sensor_id, len(sensor_index)) for line in lines]
    table = Table(
        kind=np.array([_KIND_INDEX[line.kind] for line in lines], dtype=np.int64),
        sensor=np.array(sensors, dtype=np.int64),
        sensor_ids=list(sensor_index),
        time_ns=_numbers(lines, "time_ns", np.int64),
        received_ns=received_ns,
        simulated=words.simulated,
        offset=outline.starts,
        values=values,
        claims={name: text_column(said, len(lines)) for name, said in words.claims.items()},
    )
    return table, faults


def _numbers(lines: list[Any], name: str, dtype: type) -> Column:
    return np.fromiter(map(attrgetter(name), lines), dtype, len(lines))


def _twice(payload: bytes, outline: _Outline, rows: IntColumn) -> dict[int, Refusal]:
    found = {}
    for row in rows.tolist():
        refusal = duplicate_key(_line_at(payload, int(outline.starts[row])))
        if refusal:
            found[row] = refusal
    return found


def _words(lines: list[Any], rows: IntColumn) -> _Words:
    """What the given rows say beside numbers; the others say nothing of the kind."""
    words = _Words({}, np.zeros(len(lines), dtype=bool), np.zeros(len(lines), dtype=np.int64), {})
    for row in rows.tolist():
        line = lines[row]
        words.simulated[row] = line.simulated is True
        words.strings[row] = 2 * (line.text is not UNSET) + (line.simulated is not UNSET)
        claims: dict[str, str] = {} if line.text is UNSET else {"text": line.text}
        if line.claims is not UNSET:
            words.strings[row] += 1 + 2 * len(line.claims)
            claims |= line.claims
        if line.text is not UNSET and line.kind != "sighting":
            sentence = f"$.text is no key of a {line.kind} line."
            words.faults[row] = Refusal("unknown_key", 0, sentence)
        for name, word in claims.items():
            if name not in words.claims and len(words.claims) == MAX_CLAIM_NAMES:
                words.faults[row] = Refusal("too_many_claims", 0, _TOO_MANY_CLAIMS)
            else:
                words.claims.setdefault(name, {})[row] = clean(word)
    return words


def clean(word: str) -> str:
    """A claim without control characters; most need no cleaning."""
    return word if word.isprintable() else plain_text(word, TEXT_CHARACTERS)


def text_column(words: dict[int, str], n: int) -> Column:
    """A column of n texts, "" where `words` has none."""
    width = max(1, *map(len, words.values()))
    column = np.full(n, "", dtype=f"<U{width}")
    column[list(words)] = list(words.values())
    return column


def observation_lines(batch: ObservationBatch) -> bytes:
    r"""Each row of the batch as a JSON line.

    >>> from skypicket.domain.observations import batch_of
    >>> observation_lines(batch_of("presence", "A1", np.array([5]), {"snr_db": [6.0]}))
    b'{"kind":"presence","sensor_id":"A1","time_ns":5,"snr_db":6.0}\n'
    """
    return _ENCODER.encode_lines(_rows(batch))


def _rows(batch: ObservationBatch) -> list[Any]:
    n = len(batch)
    names = tuple(sorted(batch.columns.keys() - {"time_ns", "offset"}, key=VALUE_COLUMNS.index))
    columns: list[Any] = [repeat(batch.kind, n), repeat(batch.sensor_id, n)]
    columns.append(batch.time_ns.tolist())
    columns += [_said_numbers(name, batch.columns[name]) for name in names]
    columns += _said_words(batch)
    columns.append(repeat(batch.received_ns if batch.received_ns > 0 else UNSET, n))
    columns.append(repeat(True if batch.simulated else UNSET, n))
    rows: list[Any] = list(map(_row_type(names), *columns))
    return rows


def _said_numbers(name: str, column: FloatColumn) -> list[Any]:
    if name == "first_hand":
        return [value >= 0.5 for value in column.tolist()]
    numbers: list[Any] = column.tolist()
    if np.isnan(column).any():
        return [UNSET if number != number else number for number in numbers]  # noqa: PLR0124
    return numbers


def _said_words(batch: ObservationBatch) -> list[Any]:
    """The columns `text` (for sightings) and `claims`."""
    n = len(batch)
    texts: Any = repeat(UNSET, n)
    claims = {name: column.tolist() for name, column in batch.claims.items()}
    if batch.kind == "sighting" and "text" in claims:
        texts = [text or UNSET for text in claims.pop("text")]
    if not claims:
        return [texts, repeat(UNSET, n)]
    rows = zip(*claims.values(), strict=True)
    said = [{k: v for k, v in zip(claims, row, strict=True) if v} or UNSET for row in rows]
    return [texts, said]


@lru_cache(maxsize=256)
def _row_type(names: tuple[str, ...]) -> type[Any]:
    """A struct with just these number keys, so that encoding looks at no others."""
    fields: list[Any] = [("kind", str), ("sensor_id", str), ("time_ns", int)]
    fields += [(name, Any, UNSET) for name in names]
    fields += [(name, Any, UNSET) for name in ("text", "claims", "received_ns", "simulated")]
    return msgspec.defstruct("Row", fields, gc=False)
