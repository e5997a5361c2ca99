"""Tracks as a Parquet table, written as they come."""

from pathlib import Path
from types import TracebackType

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from skypicket.domain.tracks import Basis, TrackBatch, TrackState, track_ids

STATES = np.array([state.name.lower() for state in TrackState])
BASES = np.array([basis.name.lower() for basis in Basis])
ROWS_PER_GROUP = 65_536
_NUMBERS = (
    "lat_deg",
    "lon_deg",
    "alt_m",
    "east_mps",
    "north_mps",
    "up_mps",
    "sigma_east_m",
    "sigma_north_m",
    "existence_probability",
)
SCHEMA = pa.schema(
    [
        ("time_ns", pa.int64()),
        ("track_id", pa.string()),
        *((name, pa.float64()) for name in _NUMBERS),
        ("state", pa.string()),
        ("basis", pa.string()),
        ("updated_ns", pa.int64()),
    ]
)


class TrackTable:
    """Appends track batches to a Parquet file; the same batches give the same bytes."""

    def __init__(self, path: Path) -> None:
        self._writer = pq.ParquetWriter(path, SCHEMA)
        self._waiting: list[pa.RecordBatch] = []
        self._rows = 0

    def append(self, batch: TrackBatch) -> None:
        """Add each row of the batch."""
        columns = batch.columns
        arrays = [
            pa.array(np.full(len(batch), batch.time_ns, dtype=np.int64)),
            pa.array(track_ids(columns["track_key"]), pa.string()),
            *(pa.array(columns[name]) for name in _NUMBERS),
            pa.array(STATES[columns["state"]].tolist(), pa.string()),
            pa.array(BASES[columns["basis"]].tolist(), pa.string()),
            pa.array(columns["updated_ns"]),
        ]
        self._waiting.append(pa.RecordBatch.from_arrays(arrays, schema=SCHEMA))
        self._rows += len(batch)
        if self._rows >= ROWS_PER_GROUP:
            self._flush()

    def _flush(self) -> None:
        if self._waiting:
            self._writer.write_table(pa.Table.from_batches(self._waiting, SCHEMA))
        self._waiting, self._rows = [], 0

    def close(self) -> None:
        """Write what waits, and close the file."""
        self._flush()
        self._writer.close()

    def __enter__(self) -> "TrackTable":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
