"""Rows of category 048 into observation batches."""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from skypicket.domain.noun import Column, FloatColumn, IntColumn
from skypicket.domain.observations import Kind, ObservationBatch, Swept, batch_of
from skypicket.formats.asterix.columns import PLOT
from skypicket.formats.asterix.identity import Station
from skypicket.formats.asterix.text import decimal, hexadecimal, letters, octal

# I048/020 TYP in words, for claims.
DETECTIONS = np.array(
    ["none", "psr", "ssr", "ssr+psr", "mode_s", "mode_s", "mode_s+psr", "mode_s+psr", ""],
    dtype="<U10",
)
_OPTIONAL = ("amsl_m", "pressure_alt_m", "radial_mps")
_REPORTS = np.array(["", "test", "field_monitor", "extrapolated"], dtype="<U13")


class Plots(NamedTuple):
    """n records of one station: raw columns as `Rows.values`, with time and whereabouts.

    values: float64 (columns, n). time_ns, offset, sequence: int64 (n,).
    """

    values: FloatColumn
    time_ns: IntColumn
    offset: IntColumn
    sequence: IntColumn

    def raw(self, name: str) -> FloatColumn:
        """A raw column by its name in `PLOT`."""
        column: FloatColumn = self.values[PLOT[name]]
        return column

    def take(self, rows: Column | slice) -> "Plots":
        """The given rows only."""
        return Plots(
            self.values[:, rows], self.time_ns[rows], self.offset[rows], self.sequence[rows]
        )


def join(pieces: list[Plots]) -> Plots:
    """The pieces one after the other."""
    if len(pieces) == 1:
        return pieces[0]
    return Plots(
        np.concatenate([piece.values for piece in pieces], axis=1),
        *(np.concatenate(columns) for columns in list(zip(*pieces, strict=True))[1:]),
    )


def detections(plots: Plots) -> Column:
    """Which records are measurements of something that flies, bool (n,).

    Not: extrapolations (TYP 0), test and field monitor reports, and records without a range and
    an azimuth of their own (none, only a calculated position, or a range beyond 256 NM).
    """
    measurable: Column = (
        ~np.isnan(plots.raw("range_m"))
        & ~np.isnan(plots.raw("azimuth_deg"))
        & (plots.raw("type") != 0)
        & (plots.raw("test") != 1)
        & (plots.raw("field_monitor") != 1)
        & (plots.raw("extended_range") != 1)
    )
    return measurable


class Envelope(NamedTuple):
    """What a batch carries beside its rows; `sequence` is that of the entry at hand."""

    station: Station
    source: str
    sequence: int
    received_ns: int
    swept: Swept | None = None
    simulated: bool = False


def measured(plots: Plots, envelope: Envelope) -> ObservationBatch:
    """Detections as one `range_azimuth` batch.

    Heights and Mode 3/A that the radar itself calls not validated or garbled, and Doppler speeds
    that it calls doubtful, are left out.
    """
    level = np.where(_flagged(plots, "level"), np.nan, plots.raw("pressure_alt_m"))
    radial = np.where(plots.raw("doppler_doubtful") == 1, np.nan, plots.raw("radial_mps"))
    code = np.where(_flagged(plots, "mode_3a"), np.nan, plots.raw("mode_3a"))
    columns = _polar(plots, envelope.station)
    columns |= {"amsl_m": plots.raw("amsl_m"), "pressure_alt_m": level, "radial_mps": radial}
    return _batch("range_azimuth", plots, columns, _claims(plots, code), envelope)


def said(plots: Plots, envelope: Envelope) -> Iterator[ObservationBatch]:
    """Every record as a row, in order, with all that it says: for people and comparison.

    Records without a polar position have the calculated one turned into polar, or, without that,
    are rows of kind `presence`. A batch ends where the kind or the simulation bit changes.
    """
    polar = ~np.isnan(plots.raw("range_m")) & ~np.isnan(plots.raw("azimuth_deg"))
    x_m, y_m = plots.raw("x_m"), plots.raw("y_m")
    calculated = ~polar & ~np.isnan(x_m) & ~np.isnan(y_m)
    values = plots.values.copy()
    values[PLOT["range_m"], calculated] = np.hypot(x_m, y_m)[calculated]
    values[PLOT["azimuth_deg"], calculated] = np.degrees(np.arctan2(x_m, y_m))[calculated] % 360.0
    plots = plots._replace(values=values)
    positioned = polar | calculated
    simulated = plots.raw("simulated") == 1
    alike = positioned.astype(np.int64) * 2 + simulated
    edges = [0, *(np.flatnonzero(np.diff(alike)) + 1).tolist(), len(alike)]
    for first, last in pairwise(edges):
        rows = plots.take(slice(first, last))
        claims = _claims(rows, rows.raw("mode_3a")) | _remarks(rows, calculated[first:last])
        here = envelope._replace(simulated=bool(simulated[first]))
        if positioned[first]:
            columns = _polar(rows, envelope.station)
            columns |= {name: rows.raw(name) for name in _OPTIONAL}
            yield _batch("range_azimuth", rows, columns, claims, here)
        else:
            yield _batch("presence", rows, {}, claims, here)


def _flagged(plots: Plots, name: str) -> Column:
    flagged: Column = (plots.raw(f"{name}_invalid") == 1) | (plots.raw(f"{name}_garbled") == 1)
    return flagged


def _polar(plots: Plots, station: Station) -> dict[str, FloatColumn]:
    count = len(plots.time_ns)
    return {
        "range_m": plots.raw("range_m"),
        "azimuth_deg": plots.raw("azimuth_deg"),
        "sigma_range_m": np.full(count, station.sigma_range_m),
        "sigma_azimuth_deg": np.full(count, station.sigma_azimuth_deg),
    }


def _claims(plots: Plots, code: FloatColumn) -> dict[str, Column]:
    """What the aircraft or the radar says of identity, as text; columns without any are absent."""
    kinds = np.nan_to_num(plots.raw("type"), nan=8.0).astype(np.int64)
    claims = {
        "icao24": hexadecimal(plots.raw("address"), 6),
        "callsign": letters(plots.raw("callsign")),
        "mode_3a": octal(code, 4),
        "track_number": decimal(plots.raw("track_number")),
        "detection": DETECTIONS[kinds],
    }
    return {name: column for name, column in claims.items() if (column != "").any()}


def _remarks(plots: Plots, calculated: Column) -> dict[str, Column]:
    """Why a row is no measurement of something that flies, where it is none."""
    report = np.zeros(len(calculated), dtype=np.int64)
    report[plots.raw("type") == 0] = 3
    report[plots.raw("field_monitor") == 1] = 2
    report[plots.raw("test") == 1] = 1
    remarks: dict[str, Column] = {}
    if report.any():
        remarks["report"] = _REPORTS[report]
    if calculated.any():
        remarks["position"] = np.where(calculated, "calculated", "")
    return remarks


def _batch(
    kind: Kind,
    plots: Plots,
    columns: dict[str, FloatColumn],
    claims: dict[str, Column],
    envelope: Envelope,
) -> ObservationBatch:
    """The checked batch, without optional columns that hold nothing.

    Rows that came with earlier entries are told apart by the int64 column `sequence`.
    """
    table: dict[str, Column] = {
        name: values
        for name, values in columns.items()
        if name not in _OPTIONAL or not np.isnan(values).all()
    }
    table["offset"] = plots.offset
    batch = batch_of(
        kind,
        envelope.station.sensor_id,
        plots.time_ns,
        table,
        claims=claims,
        received_ns=envelope.received_ns,
        source=envelope.source,
        sequence=envelope.sequence,
        swept=envelope.swept,
        simulated=envelope.simulated,
        releasability=envelope.station.releasability,
    )
    if (plots.sequence != envelope.sequence).any():
        batch.columns["sequence"] = plots.sequence
    return batch
