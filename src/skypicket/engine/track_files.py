"""Files of tracks: the columns of the public contract as JSON lines or as Parquet."""

from pathlib import Path
from typing import Protocol

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from skypicket.domain.noun import Column
from skypicket.domain.tracks import TrackBatch, TrackState, track_ids

_STATES = np.array([state.name.lower() for state in TrackState])
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
COLUMNS = ("time_ns", "track_id", *_NUMBERS, "state")
_SCHEMA = pa.schema(
    [
        ("time_ns", pa.int64()),
        ("track_id", pa.string()),
        *((name, pa.float64()) for name in _NUMBERS),
        ("state", pa.string()),
    ]
)
_ROWS_PER_GROUP = 65_536


class TrackWriter(Protocol):
    """Takes pictures, one after the other."""

    def append(self, picture: TrackBatch) -> None:
        """Write every track of the picture as a row."""
        ...

    def close(self) -> None:
        """Write what waits, and close the file."""
        ...


def writer_of(path: Path) -> TrackWriter:
    """A writer for the file's suffix.

    Raises:
        OSError: the file cannot be written.
    """
    return LinesWriter(path) if path.suffix == ".jsonl" else ParquetWriter(path)


def columns_of(picture: TrackBatch) -> dict[str, Column]:
    """The public columns of a picture; what is unknown is NaN."""
    columns = picture.columns
    return {
        "time_ns": np.full(len(picture), picture.time_ns, dtype=np.int64),
        "track_id": np.array(track_ids(columns["track_key"]), dtype=object),
        **{name: columns[name] for name in _NUMBERS},
        "state": _STATES[columns["state"]],
    }


class LinesWriter:
    """One JSON object per line; unknown heights are null."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._encoder = msgspec.json.Encoder()

    def append(self, picture: TrackBatch) -> None:
        """Write every track of the picture as a line."""
        columns = [column.tolist() for column in columns_of(picture).values()]
        rows = [dict(zip(COLUMNS, row, strict=True)) for row in zip(*columns, strict=True)]
        self._file.write(self._encoder.encode_lines(rows))

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class ParquetWriter:
    """The columns of the lines, with their types; unknown heights are null."""

    def __init__(self, path: Path) -> None:
        self._writer = pq.ParquetWriter(path, _SCHEMA)
        self._waiting: list[dict[str, Column]] = []
        self._rows = 0

    def append(self, picture: TrackBatch) -> None:
        """Take every track of the picture as a row."""
        if not len(picture):
            return
        self._waiting.append(columns_of(picture))
        self._rows += len(picture)
        if self._rows >= _ROWS_PER_GROUP:
            self._flush()

    def _flush(self) -> None:
        if self._waiting:
            arrays = [
                pa.array(np.concatenate([part[name] for part in self._waiting]), from_pandas=True)
                for name in COLUMNS
            ]
            self._writer.write_table(pa.Table.from_arrays(arrays, schema=_SCHEMA))
        self._waiting, self._rows = [], 0

    def close(self) -> None:
        """Write what waits, and close the file."""
        self._flush()
        self._writer.close()
