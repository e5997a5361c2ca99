"""What sensors say: one `ObservationBatch` per scan or message, in columns."""

from collections.abc import Iterator, Mapping
from hashlib import blake2b
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

import msgspec
import numpy as np

from skypicket.domain.errors import InputError
from skypicket.domain.noun import Column, FloatColumn, IntColumn, Noun

Kind = Literal[
    "position", "range_azimuth", "bearing", "presence", "self_report", "sensor_track", "sighting"
]


# Where each row was captured; no part of what it says.
ORIGIN = frozenset({"offset", "sequence"})


class Columns(NamedTuple):
    """The columns of one kind: those that every batch has, and those that it may have."""

    required: tuple[str, ...]
    optional: tuple[str, ...]


_ALTITUDE = ("alt_m", "sigma_alt_m")
_HEIGHT = (*_ALTITUDE, "amsl_m", "sigma_amsl_m", "pressure_alt_m")
_VELOCITY = ("east_mps", "north_mps", "up_mps", "sigma_mps")

# Every batch also has `time_ns` and `offset`. A value that a sensor did not give is NaN.
COLUMNS: Mapping[Kind, Columns] = MappingProxyType(
    {
        "position": Columns(("lat_deg", "lon_deg", "sigma_m"), (*_HEIGHT, "radial_mps")),
        "range_azimuth": Columns(
            ("range_m", "azimuth_deg", "sigma_range_m", "sigma_azimuth_deg"),
            ("elevation_deg", "sigma_elevation_deg", *_HEIGHT, "radial_mps", "snr_db"),
        ),
        "bearing": Columns(("azimuth_deg", "sigma_deg"), ("elevation_deg", "snr_db", *_ALTITUDE)),
        "presence": Columns((), ("snr_db", "probability", *_ALTITUDE)),
        "self_report": Columns(("lat_deg", "lon_deg", "sigma_m"), (*_HEIGHT, *_VELOCITY)),
        "sensor_track": Columns(("lat_deg", "lon_deg", "sigma_m"), (*_HEIGHT, *_VELOCITY)),
        "sighting": Columns(
            ("lat_deg", "lon_deg", "sigma_m", "sigma_time_s", "first_hand"),
            ("course_deg", "sigma_course_deg", *_HEIGHT),
        ),
    }
)


class SweptSector(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="sector"
):
    """The sector that a radar looked at: clockwise from `start_azimuth_deg` over `extent_deg`.

    Azimuths are from true north at the sensor. An extent of 360 is the whole disc.
    """

    start_azimuth_deg: float
    extent_deg: float
    min_range_m: float
    max_range_m: float
    from_ns: int
    to_ns: int


class SweptInterval(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="interval"
):
    """The time during which a sensor listened or looked all round."""

    from_ns: int
    to_ns: int


Swept = SweptSector | SweptInterval


class ObservationBatch(Noun, frozen=True, kw_only=True):
    """What one sensor said in one scan or message: n rows of one kind, in numpy columns.

    `columns` holds `time_ns` (int64, time of applicability), `offset` (int64, byte offset of the
    row's record in the payload) and the columns of `COLUMNS[kind]` (float64, NaN where not
    given), each of shape (n,). `claims` holds what the sender says of identity or intent, as
    text columns of shape (n,), "" where nothing is said: a claim is never a measurement.

    `swept` says where the sensor looked, so that silence there means something; None if unknown.
    `source` and `sequence` name the capture entry that the batch was decoded from; a batch put
    together from several entries also has an int64 column `sequence`, which then counts.

    Build one with `batch_of`, which checks the columns.
    """

    kind: Kind
    sensor_id: str
    columns: dict[str, Column]
    claims: dict[str, Column] = {}  # noqa: RUF012 -- msgspec copies an empty default
    received_ns: int = 0
    source: str = ""
    sequence: int = 0
    swept: Swept | None = None
    simulated: bool = False

    def __len__(self) -> int:
        return len(self.columns["time_ns"])

    @property
    def time_ns(self) -> IntColumn:
        """Time of applicability per row, int64 (n,)."""
        return self.columns["time_ns"]

    @property
    def offset(self) -> IntColumn:
        """Byte offset of each row's record in the payload, int64 (n,)."""
        return self.columns["offset"]

    @property
    def sequences(self) -> IntColumn:
        """Capture sequence of each row, int64 (n,)."""
        found = self.columns.get("sequence")
        return np.full(len(self), self.sequence, dtype=np.int64) if found is None else found

    def column(self, name: str) -> FloatColumn:
        """The column `name`, or NaN in every row where the batch does not have it."""
        found = self.columns.get(name)
        return np.full(len(self), np.nan) if found is None else found

    def content_key(self) -> bytes:
        """16 bytes that depend only on what is said: the last word in every tie of order."""
        digest = blake2b(f"{self.kind}\0{self.sensor_id}".encode(), digest_size=16)
        for table in (self.columns, self.claims):
            for name in sorted(table):
                if name not in ORIGIN:
                    digest.update(name.encode())
                    digest.update(np.ascontiguousarray(table[name]).tobytes())
        return digest.digest()

    def take(self, rows: Column) -> "ObservationBatch":
        """The batch with the given rows only (an index or boolean array)."""
        return msgspec.structs.replace(
            self,
            columns={name: values[rows] for name, values in self.columns.items()},
            claims={name: values[rows] for name, values in self.claims.items()},
        )


class Observation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One row of a batch, for people, JSON and tests; never on the hot path."""

    kind: Kind
    sensor_id: str
    time_ns: int
    values: dict[str, float]
    claims: dict[str, str] = {}
    received_ns: int = 0


def batch_of(
    kind: Kind,
    sensor_id: str,
    time_ns: Column,
    columns: Mapping[str, Any],
    **fields: Any,
) -> ObservationBatch:
    """A checked batch; a missing `offset` becomes zeros, values become float64.

    `fields` are the other fields of `ObservationBatch`.

    Raises:
        InputError: a required column is missing, a column is unknown, or lengths differ.

    >>> batch = batch_of("presence", "A1", np.array([0, 10]), {"snr_db": [6.0, 9.0]})
    >>> len(batch), batch.column("probability")
    (2, array([nan, nan]))
    """
    times = np.asarray(time_ns, dtype=np.int64)
    allowed = COLUMNS[kind]
    table: dict[str, Column] = {"time_ns": times}
    table["offset"] = np.asarray(columns.get("offset", np.zeros(len(times))), dtype=np.int64)
    if "sequence" in columns:
        table["sequence"] = np.asarray(columns["sequence"], dtype=np.int64)
    for name, values in columns.items():
        if name in ORIGIN or name == "time_ns":
            continue
        if name not in allowed.required and name not in allowed.optional:
            raise InputError(f"A {kind} batch of {sensor_id!r} has no column {name!r}.")
        table[name] = np.asarray(values, dtype=np.float64)
    for name in allowed.required:
        if name not in table:
            raise InputError(f"A {kind} batch of {sensor_id!r} needs the column {name!r}.")
    for name, values in (table | dict(fields.get("claims") or {})).items():
        if values.shape != times.shape:
            raise InputError(
                f"Column {name!r} of {sensor_id!r} has shape {values.shape}, not {times.shape}."
            )
    return ObservationBatch(kind=kind, sensor_id=sensor_id, columns=table, **fields)


def rows_of(batch: ObservationBatch) -> Iterator[Observation]:
    """Each row as an `Observation`, without the values that are NaN.

    >>> next(rows_of(batch_of("presence", "A1", np.array([5]), {"snr_db": [6.0]}))).values
    {'snr_db': 6.0}
    """
    names = [name for name in batch.columns if name not in ORIGIN and name != "time_ns"]
    for row in range(len(batch)):
        yield Observation(
            kind=batch.kind,
            sensor_id=batch.sensor_id,
            time_ns=int(batch.time_ns[row]),
            values={
                name: float(batch.columns[name][row])
                for name in names
                if not np.isnan(batch.columns[name][row])
            },
            claims={name: str(v[row]) for name, v in batch.claims.items() if v[row]},
            received_ns=batch.received_ns,
        )
