"""Where everything truly is at any time of a night."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from skypicket.domain.noun import Column, FloatColumn
from skypicket.domain.times import NS_PER_S
from skypicket.geo.frame import TheatreFrame
from skypicket.physics.airframes import Airframe


class Actor(NamedTuple):
    """One object: knots (time in seconds since the night's start, plane and height), and identity.

    It is in the air from the first knot to the last, even and straight between knots.
    """

    id: str
    airframe: Airframe
    time_s: FloatColumn
    east_m: FloatColumn
    north_m: FloatColumn
    amsl_m: FloatColumn
    rcs_m2: float
    icao24: str = ""
    callsign: str = ""


class TruthPoint(NamedTuple):
    """Where one object truly is."""

    id: str
    airframe: str
    lat_deg: float
    lon_deg: float
    amsl_m: float
    east_mps: float
    north_mps: float


class Truth:
    """The objects of a night in the theatre plane."""

    def __init__(self, actors: Sequence[Actor], frame: TheatreFrame, start_ns: int) -> None:
        self.actors = tuple(actors)
        self.frame = frame
        self.start_ns = start_ns
        self._first_s = np.array([actor.time_s[0] for actor in actors])
        self._last_s = np.array([actor.time_s[-1] for actor in actors])

    def between(self, first_s: float, last_s: float) -> list[int]:
        """Indices of the objects that are in the air at any time of the span."""
        return np.flatnonzero((self._first_s <= last_s) & (self._last_s >= first_s)).tolist()

    def airborne(self, index: int, time_s: FloatColumn) -> Column:
        """Whether the object is in the air at the times, bool in their shape."""
        there: Column = (time_s >= self._first_s[index]) & (time_s <= self._last_s[index])
        return there

    def place(
        self, index: int, time_s: FloatColumn
    ) -> tuple[FloatColumn, FloatColumn, FloatColumn]:
        """East, north and height above sea level at the times; at its ends before and after."""
        actor = self.actors[index]
        return (
            np.interp(time_s, actor.time_s, actor.east_m),
            np.interp(time_s, actor.time_s, actor.north_m),
            np.interp(time_s, actor.time_s, actor.amsl_m),
        )

    def velocity(
        self, index: int, time_s: FloatColumn
    ) -> tuple[FloatColumn, FloatColumn, FloatColumn]:
        """East, north and up components in m/s over the second that follows the times."""
        actor = self.actors[index]
        leg = np.clip(np.searchsorted(actor.time_s, time_s, "right") - 1, 0, len(actor.time_s) - 2)
        span_s = np.diff(actor.time_s)[leg]
        return (
            np.diff(actor.east_m)[leg] / span_s,
            np.diff(actor.north_m)[leg] / span_s,
            np.diff(actor.amsl_m)[leg] / span_s,
        )

    def points(self, time_ns: int) -> tuple[TruthPoint, ...]:
        """Every object that is in the air at a time."""
        time_s = np.array([(time_ns - self.start_ns) / NS_PER_S])
        return tuple(self._point(index, time_s) for index in self.between(time_s[0], time_s[0]))

    def _point(self, index: int, time_s: FloatColumn) -> TruthPoint:
        actor = self.actors[index]
        east_m, north_m, amsl_m = self.place(index, time_s)
        east_mps, north_mps, _ = self.velocity(index, time_s)
        lat_deg, lon_deg = self.frame.to_geodetic(east_m, north_m)
        return TruthPoint(
            actor.id,
            actor.airframe.name,
            *(float(value[0]) for value in (lat_deg, lon_deg, amsl_m, east_mps, north_mps)),
        )

    def table(self, step_s: float, duration_s: float) -> dict[str, Column]:
        """All places every `step_s`: `object`, `time_ns`, `lat_deg`, `lon_deg`, `amsl_m`."""
        pieces = []
        steps_s = np.arange(0.0, duration_s + step_s / 2, step_s)
        for index, actor in enumerate(self.actors):
            time_s = steps_s[self.airborne(index, steps_s)]
            east_m, north_m, amsl_m = self.place(index, time_s)
            lat_deg, lon_deg = self.frame.to_geodetic(east_m, north_m)
            time_ns = self.start_ns + np.round(time_s * NS_PER_S).astype(np.int64)
            names = np.full(len(time_s), actor.id, dtype="<U64")
            pieces.append((names, time_ns, lat_deg, lon_deg, amsl_m))
        columns = ("object", "time_ns", "lat_deg", "lon_deg", "amsl_m")
        if not pieces:
            return {name: np.zeros(0) for name in columns}
        return {
            name: np.concatenate(parts)
            for name, parts in zip(columns, zip(*pieces, strict=True), strict=True)
        }
