"""Observation lines as text: JSON lines into a table, and a batch into JSON lines.

The quick way reads all lines at once. It is left for the slow one, line by line, where anything is
wrong, so that a bad line rejects only itself.
"""

from functools import lru_cache
from itertools import repeat
from operator import attrgetter
from typing import Annotated, Any, NamedTuple

import msgspec
import numpy as np
from msgspec import UNSET, Meta, UnsetType

from skypicket.domain.noun import Column, FloatColumn, IntColumn
from skypicket.domain.observations import Kind, ObservationBatch
from skypicket.domain.sensors import Identifier
from skypicket.formats.json_text import duplicate_key, plain_text, read_json
from skypicket.formats.observation_table import (
    KINDS,
    MAX_CLAIM_NAMES,
    VALUE_COLUMNS,
    RowRefusal,
    Table,
)
from skypicket.formats.origin import Refusal

TEXT_CHARACTERS = 280

_TimeNs = Annotated[int, Meta(ge=0, le=2**63 - 1)]
_ClaimName = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
_ClaimText = Annotated[str, Meta(max_length=TEXT_CHARACTERS)]

_NAN = float("nan")
_QUOTE, _NEWLINE = ord('"'), ord("\n")
_IS_FILLED = ~np.isin(np.arange(256, dtype=np.uint8), np.frombuffer(b" \t\r\n", dtype=np.uint8))
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


class _Said(NamedTuple):
    """What lines say beside numbers: claims as columns, how many strings that took, and faults."""

    claims: dict[str, Column]
    strings: IntColumn
    faults: dict[int, Refusal]


def read_lines(payload: bytes) -> tuple[Table, list[RowRefusal]]:
    r"""The rows of all good lines, and why the others are refused; blank lines are nothing.

    >>> line = b'{"kind":"presence","sensor_id":"A1","time_ns":5,"snr_db":6}\n'
    >>> table, refused = read_lines(line * 2 + b"{}")
    >>> len(table), refused[0].offset, refused[0].refusal.reason
    (2, 120, 'missing_key')
    """
    starts, quotes = _outline(payload)
    try:
        lines = _LINE.decode_lines(payload)
    except (ValueError, RecursionError):
        lines = []
    if len(lines) != len(starts):
        return _one_by_one(payload, starts)
    said = _said(payload, lines)
    table = _table(payload, lines, starts, said)
    return _without(table, said.faults | _twice(payload, table, quotes, said))


def _outline(payload: bytes) -> tuple[IntColumn, IntColumn]:
    """Where each line that is not blank starts, and how many quotes it has."""
    text = np.frombuffer(payload, dtype=np.uint8)
    starts = np.append(0, np.flatnonzero(text == _NEWLINE) + 1)
    starts = starts[starts < len(text)]
    if not len(starts):
        return starts, starts
    filled = np.add.reduceat(_IS_FILLED[text], starts, dtype=np.int64) > 0
    quotes = np.add.reduceat(text == _QUOTE, starts, dtype=np.int64)
    return starts[filled], quotes[filled]


def _line_at(payload: bytes, start: int) -> bytes:
    stop = payload.find(b"\n", start)
    return payload[start : stop if stop >= 0 else len(payload)]


def _one_by_one(payload: bytes, starts: IntColumn) -> tuple[Table, list[RowRefusal]]:
    lines, offsets, refused = [], [], []
    for start in starts.tolist():
        found = read_json(_line_at(payload, start), _LINE)
        if isinstance(found, Refusal):
            refused.append(RowRefusal(start, found))
        else:
            lines.append(found)
            offsets.append(start)
    said = _said(payload, lines)
    table = _table(payload, lines, np.array(offsets, dtype=np.int64), said)
    table, faulty = _without(table, said.faults)
    return table, sorted(refused + faulty)


def _without(table: Table, faults: dict[int, Refusal]) -> tuple[Table, list[RowRefusal]]:
    if not faults:
        return table, []
    good = np.ones(len(table), dtype=bool)
    good[list(faults)] = False
    refused = [RowRefusal(int(table.offset[row]), faults[row]) for row in sorted(faults)]
    return table.take(good), refused


def _twice(payload: bytes, table: Table, quotes: IntColumn, said: _Said) -> dict[int, Refusal]:
    """The lines that say a key twice.

    Each string has two quotes around it. A key that stands twice, or an escaped quote, makes more
    of them than the parsed line needs; only such lines are looked at closely.
    """
    strings = said.strings + (table.received_ns >= 0)
    for column in table.values.values():
        strings += ~np.isnan(column)
    found = {}
    for row in np.flatnonzero(quotes != 2 * strings).tolist():
        refusal = duplicate_key(_line_at(payload, int(table.offset[row])))
        if refusal:
            found[row] = refusal
    return found


def _may_say(payload: bytes, key: str) -> bool:
    return b"\\u" in payload or f'"{key}"'.encode() in payload  # a key may be written in escapes


def _said(payload: bytes, lines: list[Any]) -> _Said:
    strings = np.full(len(lines), _STRINGS_ALWAYS, dtype=np.int64)
    words: dict[str, dict[int, str]] = {}
    faults: dict[int, Refusal] = {}
    if any(_may_say(payload, key) for key in ("claims", "text", "simulated")):
        for row, line in enumerate(lines):
            strings[row] += 2 * (line.text is not UNSET) + (line.simulated is not UNSET)
            claims = {} if line.text is UNSET else {"text": line.text}
            if line.claims is not UNSET:
                strings[row] += 1 + 2 * len(line.claims)
                claims |= line.claims
            if line.text is not UNSET and line.kind != "sighting":
                faults[row] = Refusal("unknown_key", 0, f"$.text is no key of a {line.kind} line.")
            for name, word in claims.items():
                if name not in words and len(words) == MAX_CLAIM_NAMES:
                    faults[row] = Refusal("too_many_claims", 0, _TOO_MANY_CLAIMS)
                else:
                    words.setdefault(name, {})[row] = clean(word)
    claims = {name: text_column(said, len(lines)) for name, said in words.items()}
    return _Said(claims, strings, faults)


def clean(word: str) -> str:
    """A claim without control characters; most need no cleaning."""
    return word if word.isprintable() else plain_text(word, TEXT_CHARACTERS)


def text_column(words: dict[int, str], n: int) -> Column:
    """A column of n texts, "" where `words` has none."""
    width = max(1, *map(len, words.values()))
    column = np.full(n, "", dtype=f"<U{width}")
    column[list(words)] = list(words.values())
    return column


def _table(payload: bytes, lines: list[Any], offset: IntColumn, said: _Said) -> Table:
    def numbers(name: str, dtype: type) -> Column:
        return np.fromiter(map(attrgetter(name), lines), dtype, len(lines))

    sensor_index: dict[str, int] = {}
    sensors = [sensor_index.setdefault(line.sensor_id, len(sensor_index)) for line in lines]
    return Table(
        kind=np.array([_KIND_INDEX[line.kind] for line in lines], dtype=np.int64),
        sensor=np.array(sensors, dtype=np.int64),
        sensor_ids=list(sensor_index),
        time_ns=numbers("time_ns", np.int64),
        received_ns=numbers("received_ns", np.int64),
        simulated=np.array([line.simulated is True for line in lines], dtype=bool),
        offset=offset,
        values={n: numbers(n, np.float64) for n in VALUE_COLUMNS if _may_say(payload, n)},
        claims=said.claims,
    )


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
