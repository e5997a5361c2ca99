"""Observations as Parquet: the keys of the lines are its columns, a row is a line."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from skypicket.domain.noun import Column, FloatColumn, IntColumn
from skypicket.domain.observations import ObservationBatch
from skypicket.formats.observation_lines import clean, text_column
from skypicket.formats.observation_table import KINDS, MAX_CLAIM_NAMES, VALUE_COLUMNS, Table
from skypicket.formats.origin import Refusal

_REQUIRED = ("kind", "sensor_id", "time_ns")
_WORDS = ("text", "claims")
_KEYS = (*_REQUIRED, *VALUE_COLUMNS, *_WORDS, "received_ns", "simulated")


def read_table(content: bytes) -> Table | Refusal:
    """The rows of a Parquet file; a row's offset is its number.

    `time_ns` may be integer or timestamp, `claims` is a map from text to text. Reasons:
    `malformed_parquet`, `unknown_key`, `missing_key`, `wrong_type`, `unknown_value`.
    """
    try:
        found = pq.read_table(pa.BufferReader(content))
        names = found.column_names
    except (pa.ArrowException, OSError, ValueError) as error:
        return Refusal("malformed_parquet", 0, f"No Parquet: {str(error)[:200]}.")
    for name in names:
        if name not in _KEYS:
            return Refusal("unknown_key", 0, f"The column {name!r} is not known.")
    for name in _REQUIRED:
        if name not in names or found[name].null_count:
            return Refusal("missing_key", 0, f"The column {name!r} is missing or has nulls.")
    try:
        return _table(found)
    except (pa.ArrowException, ValueError, TypeError) as error:
        return Refusal("wrong_type", 0, f"A column has the wrong type: {str(error)[:200]}.")


def _table(found: pa.Table) -> Table | Refusal:
    kinds = pc.index_in(found["kind"].cast(pa.string()), value_set=pa.array(KINDS))
    if kinds.null_count:
        return Refusal("unknown_value", 0, f"A kind is none of {', '.join(KINDS)}.")
    sensors = found["sensor_id"].cast(pa.string()).combine_chunks().dictionary_encode()
    sensor_ids = sensors.dictionary.to_pylist()
    if not all(0 < len(name) <= 64 for name in sensor_ids):
        return Refusal("out_of_range", 0, "A sensor_id is empty or longer than 64 characters.")
    claims = _claims(found)
    if len(claims) > MAX_CLAIM_NAMES:
        return Refusal("too_many_claims", 0, f"There are more than {MAX_CLAIM_NAMES} claims.")
    n = found.num_rows
    given = found.column_names
    received = _times(found["received_ns"]) if "received_ns" in given else np.full(n, -1)
    flags = _flags(found["simulated"]) if "simulated" in given else np.zeros(n, dtype=bool)
    return Table(
        kind=_integers(kinds),
        sensor=_integers(sensors.indices),
        sensor_ids=sensor_ids,
        time_ns=_times(found["time_ns"]),
        received_ns=received,
        simulated=flags,
        offset=np.arange(n, dtype=np.int64),
        values={name: _numbers(found[name]) for name in VALUE_COLUMNS if name in given},
        claims=claims,
    )


def _integers(column: Any) -> IntColumn:
    return np.asarray(column.cast(pa.int64()).to_numpy(zero_copy_only=False), dtype=np.int64)


def _times(column: Any) -> IntColumn:
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.timestamp("ns", tz=column.type.tz))
    elif not pa.types.is_integer(column.type):
        raise TypeError(f"a time is {column.type}, not an integer or a timestamp")
    return _integers(pc.fill_null(column.cast(pa.int64()), -1))


def _flags(column: Any) -> Column:
    if not pa.types.is_boolean(column.type):
        raise TypeError(f"simulated is {column.type}, not a boolean")
    return np.asarray(pc.fill_null(column, False).to_numpy(zero_copy_only=False), dtype=bool)


def _numbers(column: Any) -> FloatColumn:
    kind = column.type
    if not (pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_boolean(kind)):
        raise TypeError(f"a number is {kind}")
    if pa.types.is_boolean(kind):
        column = column.cast(pa.int8())
    numbers = column.cast(pa.float64()).to_numpy(zero_copy_only=False)
    return np.array(numbers, dtype=np.float64)  # writable: what is absent may be completed


def _claims(found: pa.Table) -> dict[str, Column]:
    words: dict[str, dict[int, str]] = {}
    if "claims" in found.column_names:
        if not pa.types.is_map(found["claims"].type):
            raise TypeError(f"claims is {found['claims'].type}, not a map")
        for row, pairs in enumerate(found["claims"].to_pylist()):
            for name, word in pairs or ():
                words.setdefault(str(name), {})[row] = clean(str(word or ""))
    if "text" in found.column_names:
        kinds = found["kind"].cast(pa.string()).to_pylist()
        for row, word in enumerate(found["text"].cast(pa.string()).to_pylist()):
            if word and kinds[row] != "sighting":
                raise ValueError(f"row {row} is no sighting, but has a text")
            if word:
                words.setdefault("text", {})[row] = clean(word)
    return {name: text_column(said, found.num_rows) for name, said in words.items()}


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
