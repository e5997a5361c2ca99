"""Rows of many sensors and kinds in columns: checked at once, cut into one batch per scan."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, get_args

import msgspec
import numpy as np

from skypicket.domain.contracts import Entry
from skypicket.domain.noun import Column, FloatColumn, IntColumn
from skypicket.domain.observations import COLUMNS, Kind, ObservationBatch
from skypicket.domain.sensors import Sensor, with_defaults
from skypicket.formats.origin import Refusal, label_of

KINDS: tuple[Kind, ...] = get_args(Kind)
VALUE_COLUMNS = tuple(
    dict.fromkeys(name for kind in KINDS for part in COLUMNS[kind] for name in part)
)
MAX_CLAIM_NAMES = 32  # per message, so that a claims table stays a table

_ANGLES = frozenset({"azimuth_deg", "course_deg"})
_BOUNDS: dict[str, tuple[float, float]] = {
    "lat_deg": (-90, 90),
    "lon_deg": (-180, 180),
    "azimuth_deg": (-180, 360),
    "course_deg": (-180, 360),
    "elevation_deg": (-90, 90),
    "range_m": (0, 1e8),
    "probability": (0, 1),
    "first_hand": (0, 1),
    "snr_db": (-1_000, 1_000),
}
_SIGMA_BOUNDS = (5e-324, 1e9)  # more than 0
_SPEED_BOUNDS = (-1e5, 1e5)
_HEIGHT_BOUNDS = (-1e5, 1e8)
# What a sensor's configuration says where a row does not: column → field of Sensor.
_FROM_SENSOR = {
    "sigma_m": "sigma_m",
    "sigma_range_m": "sigma_range_m",
    "sigma_azimuth_deg": "sigma_azimuth_deg",
    "sigma_deg": "sigma_azimuth_deg",
}


def bounds_of(name: str) -> tuple[float, float]:
    """The smallest and the largest value that a column takes, both included.

    >>> bounds_of("lat_deg"), bounds_of("sigma_m")[0] > 0
    ((-90, 90), True)
    """
    if name in _BOUNDS:
        return _BOUNDS[name]
    if name.startswith("sigma_"):
        return _SIGMA_BOUNDS
    return _SPEED_BOUNDS if name.endswith("_mps") else _HEIGHT_BOUNDS


class Table(msgspec.Struct, kw_only=True):
    """n rows. `kind` and `sensor` are int64 indices into `KINDS` and `sensor_ids`.

    `received_ns` is -1 where a row does not say it; `values` are NaN, `claims` "" where not said.
    """

    kind: IntColumn
    sensor: IntColumn
    sensor_ids: list[str]
    time_ns: IntColumn
    received_ns: IntColumn
    simulated: Column
    offset: IntColumn
    values: dict[str, FloatColumn]
    claims: dict[str, Column]

    def __len__(self) -> int:
        return len(self.time_ns)

    def take(self, rows: Column) -> "Table":
        """The table with the given rows only, in the given order."""
        changed: dict[str, Any] = {
            name: getattr(self, name)[rows]
            for name in ("kind", "sensor", "time_ns", "received_ns", "simulated", "offset")
        }
        for name in ("values", "claims"):
            changed[name] = {key: column[rows] for key, column in getattr(self, name).items()}
        return msgspec.structs.replace(self, **changed)


class RowRefusal(NamedTuple):
    """A row that is refused: where it starts, and why."""

    offset: int
    refusal: Refusal


def check(table: Table, sensors: Mapping[str, Sensor]) -> tuple[Table, list[RowRefusal]]:
    """The good rows with what their sensors' configuration completes, and the refused ones.

    Reasons: `unknown_sensor` (where any is configured), `unknown_key` (a column that the kind does
    not have), `missing_key`, `out_of_range`. Azimuths and courses come out in [0, 360).
    """
    refused: dict[int, Refusal] = {}
    if sensors:
        known = np.array([sensor_id in sensors for sensor_id in table.sensor_ids], dtype=bool)
        for row in np.flatnonzero(~known[table.sensor]):
            sentence = f"Sensor {table.sensor_ids[table.sensor[row]]!r} is not configured."
            refused[int(row)] = Refusal("unknown_sensor", 0, sentence)
    for name, early in (("time_ns", table.time_ns < 0), ("received_ns", table.received_ns < -1)):
        for row in np.flatnonzero(early):
            sentence = f"$.{name} lies before 1970."
            refused.setdefault(int(row), Refusal("out_of_range", 0, sentence))
    _complete(table, sensors)
    for name, values in table.values.items():
        low, high = bounds_of(name)
        for row in np.flatnonzero((values < low) | (values > high)):
            sentence = f"$.{name} is {values[row]:g}, not between {low:g} and {high:g}."
            refused.setdefault(int(row), Refusal("out_of_range", 0, sentence))
    _check_columns(table, refused)
    for name in _ANGLES & table.values.keys():
        column = table.values[name]
        turn = (column < 0) | (column >= 360)
        table.values[name] = np.where(turn, np.mod(column, 360.0), column)
    if not refused:
        return table, []
    good = np.ones(len(table), dtype=bool)
    good[list(refused)] = False
    rows = [RowRefusal(int(table.offset[row]), refused[row]) for row in sorted(refused)]
    return table.take(good), rows


def _check_columns(table: Table, refused: dict[int, Refusal]) -> None:
    for number in np.unique(table.kind):
        kind = KINDS[number]
        ours = table.kind == number
        for name, values in table.values.items():
            if name not in COLUMNS[kind].required and name not in COLUMNS[kind].optional:
                for row in np.flatnonzero(ours & ~np.isnan(values)):
                    sentence = f"$.{name} is no key of a {kind} line."
                    refused.setdefault(int(row), Refusal("unknown_key", 0, sentence))
        for name in COLUMNS[kind].required:
            column = table.values.get(name)
            absent = ours if column is None else ours & np.isnan(column)
            for row in np.flatnonzero(absent):
                sentence = f"$.{name} is missing: a {kind} line needs it."
                refused.setdefault(int(row), Refusal("missing_key", 0, sentence))


def _complete(table: Table, sensors: Mapping[str, Sensor]) -> None:
    """Fill errors that a row does not say from the configuration of its sensor, in place."""
    if not sensors:
        return
    for number in np.unique(table.kind):
        ours = table.kind == number
        for name in COLUMNS[KINDS[number]].required:
            if name not in _FROM_SENSOR:
                continue
            column = table.values.setdefault(name, np.full(len(table), np.nan))
            absent = ours & np.isnan(column)
            for index in np.unique(table.sensor[absent]):
                sensor = sensors.get(table.sensor_ids[index])
                if sensor is not None:
                    sigma = getattr(with_defaults(sensor), _FROM_SENSOR[name])
                    column[absent & (table.sensor == index)] = sigma


def batches_of(
    table: Table, sensors: Mapping[str, Sensor], entry: Entry
) -> Iterator[ObservationBatch]:
    """One batch per scan (same sensor, time, kind and flags), in the order of their first rows.

    The entry's receive time is taken where a row does not say its own.
    """
    if not len(table):
        return
    order, starts = _groups(table)
    if order is not None:
        table = table.take(order)
    stops = np.append(starts[1:], len(table))
    has_value = {
        name: np.logical_or.reduceat(~np.isnan(column), starts)
        for name, column in table.values.items()
    }
    has_claim = {
        name: np.logical_or.reduceat(column != "", starts) for name, column in table.claims.items()
    }
    labels = [label_of(sensors.get(sensor_id)) for sensor_id in table.sensor_ids]
    for group, (start, stop) in enumerate(zip(starts.tolist(), stops.tolist(), strict=True)):
        rows = slice(start, stop)
        columns: dict[str, Column] = {
            "time_ns": table.time_ns[rows],
            "offset": table.offset[rows],
        }
        columns |= {n: v[rows] for n, v in table.values.items() if has_value[n][group]}
        index, said_ns = int(table.sensor[start]), int(table.received_ns[start])
        yield ObservationBatch(
            kind=KINDS[table.kind[start]],
            sensor_id=table.sensor_ids[index],
            columns=columns,
            claims={n: v[rows] for n, v in table.claims.items() if has_claim[n][group]},
            received_ns=entry.received_ns if said_ns < 0 else said_ns,
            source=entry.source,
            sequence=entry.sequence,
            simulated=bool(table.simulated[start]),
            releasability=labels[index],
        )


def _groups(table: Table) -> tuple[Column | None, IntColumn]:
    """An order that brings each scan together (None: it already is), and where each starts."""
    keys = (table.kind, table.sensor, table.time_ns, table.received_ns, table.simulated)
    changes = np.zeros(len(table), dtype=bool)
    changes[0] = True
    for key in keys:
        changes[1:] |= key[1:] != key[:-1]
    starts = np.flatnonzero(changes)
    number: dict[tuple[int, ...], int] = {}
    runs = zip(*(key[starts].tolist() for key in keys), strict=True)
    group_of_run = np.array([number.setdefault(run, len(number)) for run in runs])
    if len(number) == len(starts):
        return None, starts
    group = np.repeat(group_of_run, np.diff(np.append(starts, len(table))))
    order = np.argsort(group, kind="stable")
    return order, np.flatnonzero(np.diff(group[order], prepend=-1))
