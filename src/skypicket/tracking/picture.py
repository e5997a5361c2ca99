"""What the tracker says: the shown tracks of its table as a `TrackBatch`."""

import numpy as np

from skypicket.domain.noun import Column, FloatColumn, IntColumn
from skypicket.domain.tracks import CONTRIBUTOR_COLUMNS, FILTER_COLUMNS, TrackBatch, TrackState
from skypicket.geo.frame import TheatreFrame
from skypicket.tracking._kernels import show
from skypicket.tracking._kernels.tables import Knobs
from skypicket.tracking.claims import texts
from skypicket.tracking.config import TrackerConfig
from skypicket.tracking.declared import Declared
from skypicket.tracking.filter import knobs_of
from skypicket.tracking.table import Table


class Painter:
    """Reads a table, changes nothing in it."""

    def __init__(
        self, table: Table, frame: TheatreFrame, sensors: tuple[str, ...], config: TrackerConfig
    ) -> None:
        self._table = table
        self._frame = frame
        self._sensors = sensors
        self._config = config
        self._knobs: Knobs = knobs_of(config)
        self.declared = Declared()

    def of_all(self, time_ns: int) -> TrackBatch:
        """Every shown track, extrapolated to a time."""
        return self._batch(np.arange(self._table.used), time_ns, complete=True)

    def of(self, rows: IntColumn, time_ns: int) -> TrackBatch:
        """Those of the rows that are shown."""
        return self._batch(rows, time_ns, complete=False)

    def _batch(self, rows: IntColumn, time_ns: int, *, complete: bool) -> TrackBatch:
        config, tracks = self._config, self._table.tracks
        rows, states = show.shown(tracks, rows, time_ns, config.show_tentative, config.keep_lost_s)
        order = np.argsort(tracks.key[rows])  # the same order, whatever rows they sit in
        rows, states = rows[order], states[order]
        if len(self.declared):
            states = self.declared.states(tracks.key[rows], states, tracks.support_ns[rows])
        return TrackBatch(
            time_ns=time_ns,
            columns=self._columns(rows, states, time_ns),
            sensors=self._sensors,
            callsigns=texts(tracks.callsign[rows]),
            complete=complete,
        )

    def _columns(self, rows: IntColumn, states: Column, time_ns: int) -> dict[str, Column]:
        tracks = self._table.tracks
        values = show.extrapolated(tracks, rows, time_ns, self._knobs)
        lat_deg, lon_deg = self._frame.to_geodetic(values[:, show.EAST], values[:, show.NORTH])
        show.turn_to_true(values, self._frame.convergence_deg(lat_deg, lon_deg))
        sigmas = np.sqrt(values[:, show.VAR_EAST : show.COVARIANCE])
        east_m, north_m, up_m, east_mps, north_mps = sigmas.T
        lost = states >= TrackState.LOST
        existence = np.where(lost, tracks.seen_existence[rows], tracks.existence[rows])
        columns: dict[str, Column] = {
            "track_key": tracks.key[rows],
            "state": states,
            "basis": tracks.basis[rows],
            "born_ns": tracks.born_ns[rows],
            "updated_ns": tracks.support_ns[rows],
            "lat_deg": lat_deg,
            "lon_deg": lon_deg,
            "alt_m": values[:, show.UP],
            "east_mps": values[:, show.EAST_MPS],
            "north_mps": values[:, show.NORTH_MPS],
            "up_mps": values[:, show.UP_MPS],
            "sigma_east_m": east_m,
            "sigma_north_m": north_m,
            "correlation": values[:, show.COVARIANCE] / (east_m * north_m),
            "sigma_up_m": up_m,
            "sigma_east_mps": east_mps,
            "sigma_north_mps": north_mps,
            "existence_probability": existence,
        }
        contributors = (tracks.sensor, tracks.sensor_ns, tracks.sequence, tracks.offset)
        for name, column in zip(CONTRIBUTOR_COLUMNS, contributors, strict=True):
            columns[name] = column[rows]
        return columns | self._filter_columns(rows, values)

    def _filter_columns(self, rows: IntColumn, values: FloatColumn) -> dict[str, Column]:
        table = self._table
        believed = show.believed_q(table.tracks, table.modes, rows, self._knobs)
        return dict(zip(FILTER_COLUMNS, (show.motion_correlation(values), believed), strict=True))
