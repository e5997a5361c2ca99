"""Observations as Parquet: the keys of the lines are its columns, a row is a line."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from skypicket.domain.noun import Column, FloatColumn, IntColumn
from skypicket.domain.observations import ObservationBatch
from skypicket.formats.observation_lines import (
    CLAIM_NAME,
    TEXT_CHARACTERS,
    clean,
    text_column,
)
from skypicket.formats.observation_table import (
    KINDS,
    MAX_CLAIM_NAMES,
    VALUE_COLUMNS,
    RowRefusal,
    Table,
)
from skypicket.formats.origin import Refusal

_REQUIRED = ("kind", "sensor_id", "time_ns")
_WORDS = ("text", "claims")
_KEYS = (*_REQUIRED, *VALUE_COLUMNS, *_WORDS, "received_ns", "simulated")
_SENSOR_ID_CHARACTERS = 64
_PANDAS_INDEX = re.compile(r"__index_level_\d+__")  # what pandas adds for an index of its own
_CLAIM_NAME = re.compile(CLAIM_NAME)

_Faults = dict[int, Refusal]


def read_table(content: bytes) -> tuple[Table, list[RowRefusal]] | Refusal:
    """The good rows of a Parquet file, and why others are refused; a row's offset is its number.

    `time_ns` may be integer or timestamp, `claims` a map or a struct of texts. A file as a whole is
    refused for `malformed_parquet`, `unknown_key`, `duplicate_key`, `missing_key` (no such column)
    and `wrong_type`, a row for `missing_key` (null), `unknown_value`, `out_of_range`,
    `unknown_key` and `too_many_claims`.
    """
    try:
        # Without threads: a process that ends while they do now and then aborted instead.
        found = pq.ParquetFile(pa.BufferReader(content)).read(use_threads=False)
    except (pa.ArrowException, OSError, ValueError) as error:
        return Refusal("malformed_parquet", 0, f"No Parquet: {_in_short(error)}")
    found = found.select([i for i, n in enumerate(found.column_names) if not _is_index(n)])
    refusal = _misnamed(found.column_names)
    if refusal is not None:
        return refusal
    faults: _Faults = {}
    try:
        table = _table(found, faults)
    except (pa.ArrowException, ValueError, TypeError) as error:
        return Refusal("wrong_type", 0, f"A column has the wrong type: {_in_short(error)}")
    good = np.ones(len(table), dtype=bool)
    good[list(faults)] = False
    rows = [RowRefusal(row, faults[row]) for row in sorted(faults)]
    return (table.take(good) if rows else table), rows


def _in_short(error: Exception) -> str:
    return " ".join(str(error).split())[:200].rstrip(".") + "."


def _is_index(name: str) -> bool:
    return _PANDAS_INDEX.fullmatch(name) is not None


def _misnamed(names: list[str]) -> Refusal | None:
    for name in names:
        if name not in _KEYS:
            return Refusal("unknown_key", 0, f"The column {name!r} is not known.")
        if names.count(name) > 1:
            return Refusal("duplicate_key", 0, f"The column {name!r} stands twice.")
    for name in _REQUIRED:
        if name not in names:
            return Refusal("missing_key", 0, f"The column {name!r} is missing.")
    return None


def _table(found: pa.Table, faults: _Faults) -> Table:
    """All rows as columns; `faults` takes what is wrong with some, which must then be left out."""
    n, given = found.num_rows, found.column_names
    for name in _REQUIRED:
        for row in _rows_where(pc.is_null(found[name])):
            faults[row] = Refusal("missing_key", 0, f"$.{name} is missing.")
    sensors = pc.fill_null(found["sensor_id"].cast(pa.string()), "").combine_chunks()
    sensors = sensors.dictionary_encode()
    claims = _claims(found, faults)
    received = _times(found["received_ns"]) if "received_ns" in given else np.full(n, -1)
    flags = _flags(found["simulated"]) if "simulated" in given else np.zeros(n, dtype=bool)
    return Table(
        kind=_kinds(found["kind"].cast(pa.string()), faults),
        sensor=_integers(sensors.indices),
        sensor_ids=_sensor_ids(sensors, faults),
        time_ns=_times(found["time_ns"]),
        received_ns=received,
        simulated=flags,
        offset=np.arange(n, dtype=np.int64),
        values={name: _numbers(found[name]) for name in VALUE_COLUMNS if name in given},
        claims=claims,
    )


def _rows_where(mask: Any) -> list[int]:
    rows: list[int] = np.flatnonzero(mask.to_numpy(zero_copy_only=False)).tolist()
    return rows


def _kinds(column: Any, faults: _Faults) -> IntColumn:
    kinds = pc.index_in(column, value_set=pa.array(KINDS))
    for row in _rows_where(pc.is_null(kinds)):
        faults.setdefault(
            row, Refusal("unknown_value", 0, f"$.kind is none of {', '.join(KINDS)}.")
        )
    return _integers(pc.fill_null(kinds, 0))


def _sensor_ids(sensors: Any, faults: _Faults) -> list[str]:
    """The different ids; a row whose id is not 1 to 64 characters long is at fault."""
    sensor_ids: list[str] = sensors.dictionary.to_pylist()
    bad = [not 0 < len(name) <= _SENSOR_ID_CHARACTERS for name in sensor_ids]
    for row in np.flatnonzero(np.array(bad, dtype=bool)[_integers(sensors.indices)]).tolist():
        sentence = f"$.sensor_id is empty or longer than {_SENSOR_ID_CHARACTERS} characters."
        faults.setdefault(row, Refusal("out_of_range", 0, sentence))
    return sensor_ids


def _integers(column: Any) -> IntColumn:
    return np.asarray(column.cast(pa.int64()).to_numpy(zero_copy_only=False), dtype=np.int64)


def _times(column: Any) -> IntColumn:
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.timestamp("ns", tz=column.type.tz))
    elif not pa.types.is_integer(column.type) and not pa.types.is_null(column.type):
        raise TypeError(f"a time is {column.type}, not an integer or a timestamp")
    return _integers(pc.fill_null(column.cast(pa.int64()), -1))


def _flags(column: Any) -> Column:
    if not pa.types.is_boolean(column.type) and not pa.types.is_null(column.type):
        raise TypeError(f"simulated is {column.type}, not a boolean")
    column = pc.fill_null(column.cast(pa.bool_()), False)
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=bool)


def _numbers(column: Any) -> FloatColumn:
    kind, types = column.type, pa.types
    if types.is_boolean(kind):
        column = column.cast(pa.int8())
    elif not (types.is_floating(kind) or types.is_integer(kind) or types.is_null(kind)):
        raise TypeError(f"a number is {kind}")
    numbers = column.cast(pa.float64()).to_numpy(zero_copy_only=False)
    return np.array(numbers, dtype=np.float64)  # writable: what is absent may be completed


def _claims(found: pa.Table, faults: _Faults) -> dict[str, Column]:
    words: dict[str, dict[int, str]] = {}
    for row, name, word in _said(found, faults):
        refusal = _unfit(name, word, words)
        if refusal is None:
            words.setdefault(name, {})[row] = clean(word)
        else:
            faults.setdefault(row, refusal)
    return {name: text_column(said, found.num_rows) for name, said in words.items()}


def _unfit(name: str, word: str, words: dict[str, dict[int, str]]) -> Refusal | None:
    """Why a claim cannot stand beside those known so far; None if it can."""
    if not _CLAIM_NAME.fullmatch(name):
        return Refusal("out_of_range", 0, f"$.claims: {name[:40]!r} is no name of a claim.")
    if len(word) > TEXT_CHARACTERS:
        sentence = f"$.claims.{name} has more than {TEXT_CHARACTERS} characters."
        return Refusal("out_of_range", 0, sentence)
    if name not in words and len(words) == MAX_CLAIM_NAMES:
        sentence = f"There are more than {MAX_CLAIM_NAMES} different claims."
        return Refusal("too_many_claims", 0, sentence)
    return None


def _said(found: pa.Table, faults: _Faults) -> Iterator[tuple[int, str, str]]:
    """Row, name and text of each claim, and of a sighting's text; "" and null say nothing."""
    given = found.column_names
    if "claims" in given:
        kind = found["claims"].type
        if not (pa.types.is_map(kind) or pa.types.is_struct(kind) or pa.types.is_null(kind)):
            raise TypeError(f"claims is {kind}, not a map or a struct")
        for row, said in enumerate(found["claims"].to_pylist()):
            for name, word in said.items() if isinstance(said, dict) else said or ():
                if not isinstance(word, str | None):
                    raise TypeError(f"a claim is {type(word).__name__}, not text")
                if word:
                    yield row, str(name), word
    if "text" not in given:
        return
    kinds = found["kind"].cast(pa.string()).to_pylist()
    for row, word in enumerate(found["text"].cast(pa.string()).to_pylist()):
        if word and kinds[row] != "sighting":
            faults.setdefault(row, Refusal("unknown_key", 0, "$.text is a key of sightings only."))
        elif word:
            yield row, "text", word


def to_parquet(batches: Iterable[ObservationBatch]) -> bytes:
    """The rows of the batches as one Parquet file; columns that nobody says are left out."""
    parts = [batch for batch in batches if len(batch)]
    columns: dict[str, Any] = {
        "kind": _repeated(parts, lambda part: part.kind, pa.string()),
        "sensor_id": _repeated(parts, lambda part: part.sensor_id, pa.string()),
        "time_ns": np.concatenate([np.zeros(0, dtype=np.int64), *(p.time_ns for p in parts)]),
    }
    for name in VALUE_COLUMNS:
        if any(name in part.columns for part in parts):
            column = np.concatenate([part.column(name) for part in parts])
            columns[name] = pa.array(column, from_pandas=True)  # NaN becomes null
    claims = [_pairs(part, row) for part in parts for row in range(len(part))]
    if any(claims):
        columns["claims"] = pa.array(claims, pa.map_(pa.string(), pa.string()))
    if any(part.received_ns for part in parts):
        columns["received_ns"] = _repeated(parts, lambda part: part.received_ns, pa.int64())
    if any(part.simulated for part in parts):
        columns["simulated"] = _repeated(parts, lambda part: part.simulated, pa.bool_())
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table(columns), sink)
    return bytes(sink.getvalue())


def _repeated(
    parts: list[ObservationBatch], said: Callable[[ObservationBatch], object], kind: Any
) -> Any:
    return pa.array([said(part) for part in parts for _ in range(len(part))], kind)


def _pairs(part: ObservationBatch, row: int) -> list[tuple[str, str]]:
    return [(name, str(column[row])) for name, column in part.claims.items() if column[row]]
