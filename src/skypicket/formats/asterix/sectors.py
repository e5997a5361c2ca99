"""Plots between sector crossings become one batch that says which sector was looked at.

The rules, all driven by what is received and never by a clock:

* A sector reaches from one crossing (I034/000 = 2, or a north marker that fits the rotation) to
  the next. A plot belongs to the sector during which it was measured.
* Some radars send plots long after the crossing. The delay is learned as the largest of the last
  two turns, and a sector is said that much later; a plot that is later still goes out at once,
  alone, without a sector.
* Without crossings, or when they stop for `timeout_ns`, each block is a batch without a sector.
* A sector much wider than the one before means that a crossing was lost, and plots perhaps with
  it: nothing is claimed for it, unless both its crossings came in one message.
* Where times and azimuths contradict each other, the batch claims no sector: silence is evidence,
  and must not be claimed wrongly.
"""

from typing import Any, NamedTuple

import numpy as np

from skypicket.domain.observations import ObservationBatch, SweptSector
from skypicket.domain.times import NS_PER_S
from skypicket.formats.asterix.plots import Envelope, Plots, detections, join, measured

LONGEST_SECTOR_NS = 60 * NS_PER_S
MOST_WAITING = 50_000
EDGE_DEG = 5.0  # how far outside its sector a plot may lie: time is given in steps of 1/128 s
_STEADY = 2.0  # a sweep may be this many times faster or slower than the one before
_WIDER = 1.6  # how much wider than the sector before one may be
_NORTH_STEADY = 1.1  # the same for north markers, which some radars send beside the crossings


class Sector(NamedTuple):
    """A sector that was looked at, and is not said yet."""

    start_deg: float
    extent_deg: float
    from_ns: int
    to_ns: int


class Assembly:
    """The plots of one station that wait for their sectors."""

    def __init__(self, timeout_ns: int, period_ns: int) -> None:
        self.timeout_ns = timeout_ns
        self.period_ns = period_ns
        self.pieces: list[Plots] = []
        self.sectors: list[Sector] = []
        self.mark: tuple[float, int, int, int] | None = None  # azimuth, time, received, entry
        self.rate_degps = 0.0  # of the last sweep; 0 while unknown
        self.width_deg = 0.0  # of the last sector; 0 while unknown
        self.lags_ns = (0, 0)  # largest of this turn, and of the turn before
        self.turn_ns = 0  # when this turn began
        self.simulated = False  # what the newest record said

    def add(self, plots: Plots, envelope: Envelope) -> list[ObservationBatch]:
        """Take plots; what of them is said at once."""
        self.simulated = bool(plots.raw("simulated")[-1] == 1)
        plots = plots.take(detections(plots))
        if not len(plots.time_ns):
            return []
        if self.mark is None:
            return detected(plots, envelope)
        age_ns = self.mark[1] - int(plots.time_ns.min())
        if self.lags_ns[0] < age_ns <= min(self.timeout_ns, LONGEST_SECTOR_NS):
            self.lags_ns = (age_ns, self.lags_ns[1])
        oldest_ns = self.sectors[0].from_ns if self.sectors else self.mark[1]
        late = plots.time_ns < oldest_ns
        if not late.any():
            self.pieces.append(plots)
            return []
        if not late.all():
            self.pieces.append(plots.take(~late))
        return detected(plots.take(late), envelope)

    def cross(self, azimuth_deg: float, time_ns: int, envelope: Envelope) -> list[ObservationBatch]:
        """The beam crosses `azimuth_deg`; what is said with that."""
        if self.mark is None or not 0 <= time_ns - self.mark[1] <= LONGEST_SECTOR_NS:
            said = self._all(envelope)
            self._begin(azimuth_deg, time_ns, envelope)
            return said
        mark_deg, mark_ns, _, mark_entry = self.mark
        extent_deg, took_ns = (azimuth_deg - mark_deg) % 360.0, time_ns - mark_ns
        if extent_deg == 0.0:
            if not self._is_turn(took_ns):
                self.mark = (mark_deg, mark_ns, envelope.received_ns, envelope.sequence)
                return []
            extent_deg = 360.0
        self.mark = (azimuth_deg, time_ns, envelope.received_ns, envelope.sequence)
        if took_ns:
            sector = Sector(mark_deg, extent_deg, mark_ns, time_ns)
            whole = mark_entry == envelope.sequence or self._is_next(extent_deg)
            self._swept(sector, claimed=whole)
        if time_ns - self.turn_ns > self.period_ns:
            self.turn_ns, self.lags_ns = time_ns, (0, self.lags_ns[0])
        return self._due(envelope)

    def _swept(self, sector: Sector, *, claimed: bool) -> None:
        """Note that the beam went through a sector, if it did so steadily and nothing was lost."""
        rate_degps = sector.extent_deg * NS_PER_S / (sector.to_ns - sector.from_ns)
        self.width_deg = sector.extent_deg
        if self.rate_degps and not _alike(rate_degps, self.rate_degps, _STEADY):
            self.rate_degps = 0.0
            return
        self.rate_degps = rate_degps
        if claimed:
            self.sectors.append(sector)

    def _is_next(self, extent_deg: float) -> bool:
        """Whether the sector is as wide as those before, so that no crossing was lost in it."""
        return not self.width_deg or extent_deg <= _WIDER * self.width_deg

    def north(self, time_ns: int, envelope: Envelope) -> list[ObservationBatch]:
        """A north marker: a crossing of 0° if the antenna can be there by now."""
        if self.mark is None or not self.rate_degps or time_ns <= self.mark[1]:
            return []
        rate_degps = (-self.mark[0] % 360.0) * NS_PER_S / (time_ns - self.mark[1])
        if not _alike(rate_degps, self.rate_degps, _NORTH_STEADY):
            return []
        return self.cross(0.0, time_ns, envelope)

    def stale(self, received_ns: int) -> bool:
        """Whether crossings came before and have stopped, or too many plots wait for one."""
        if self.mark is None:
            return False
        waiting = sum(len(piece.time_ns) for piece in self.pieces)
        return received_ns - self.mark[2] > self.timeout_ns or waiting > MOST_WAITING

    def give_up(self, envelope: Envelope) -> list[ObservationBatch]:
        """Wait no longer for crossings; what is said with that."""
        said = self._all(envelope)
        self.mark, self.lags_ns = None, (0, 0)
        self.rate_degps = self.width_deg = 0.0
        return said

    def _begin(self, azimuth_deg: float, time_ns: int, envelope: Envelope) -> None:
        self.mark = (azimuth_deg, time_ns, envelope.received_ns, envelope.sequence)
        self.rate_degps = self.width_deg = 0.0
        self.lags_ns, self.turn_ns = (0, 0), time_ns

    def _is_turn(self, took_ns: int) -> bool:
        """Whether the same azimuth again means a whole turn, or one crossing sent twice."""
        turn_ns = 360.0 / self.rate_degps * NS_PER_S if self.rate_degps else float(self.period_ns)
        return took_ns > turn_ns / 2

    def _all(self, envelope: Envelope) -> list[ObservationBatch]:
        """Everything that waits, whatever may still come."""
        said = [batch for sector in self.sectors for batch in self._say(sector, envelope)]
        self.sectors = []
        if self.pieces:
            said += detected(join(self.pieces), envelope)
            self.pieces = []
        return said

    def _due(self, envelope: Envelope) -> list[ObservationBatch]:
        assert self.mark is not None
        said: list[ObservationBatch] = []
        while self.sectors and self.mark[1] - self.sectors[0].to_ns >= max(self.lags_ns):
            said += self._say(self.sectors.pop(0), envelope)
        return said

    def _say(self, sector: Sector, envelope: Envelope) -> list[ObservationBatch]:
        """The batches of one sector: first what was measured before it, then its own."""
        station = envelope.station
        swept = SweptSector(
            start_azimuth_deg=sector.start_deg,
            extent_deg=sector.extent_deg,
            min_range_m=station.min_range_m,
            max_range_m=station.max_range_m,
            from_ns=sector.from_ns,
            to_ns=sector.to_ns,
        )
        covered = envelope._replace(swept=swept)
        if not self.pieces:
            return [measured(_NOTHING, covered._replace(simulated=self.simulated))]
        waiting = join(self.pieces)
        after = waiting.time_ns > sector.to_ns
        self.pieces = [waiting.take(after)] if after.any() else []
        before = waiting.time_ns < sector.from_ns
        said = detected(waiting.take(before), envelope) if before.any() else []
        own = waiting.take(~(after | before))
        if not len(own.time_ns):
            return [*said, measured(own, covered._replace(simulated=self.simulated))]
        ahead_deg = (own.raw("azimuth_deg") - sector.start_deg) % 360.0
        outside = (ahead_deg > sector.extent_deg + EDGE_DEG) & (ahead_deg < 360.0 - EDGE_DEG)
        return said + detected(own, envelope if outside.any() else covered)

    def state(self) -> dict[str, Any]:
        """All that changes, for a snapshot."""
        return {
            "pieces": [list(join(self.pieces))] if self.pieces else [],
            "sectors": [list(sector) for sector in self.sectors],
            "mark": None if self.mark is None else list(self.mark),
            "rate_degps": self.rate_degps,
            "width_deg": self.width_deg,
            "lags_ns": list(self.lags_ns),
            "turn_ns": self.turn_ns,
            "simulated": self.simulated,
        }

    def take_up(self, state: dict[str, Any]) -> None:
        """Go on from a snapshot."""
        self.pieces = [Plots(*piece) for piece in state["pieces"]]
        self.sectors = [Sector(*sector) for sector in state["sectors"]]
        self.mark = None if state["mark"] is None else tuple(state["mark"])
        self.rate_degps = state["rate_degps"]
        self.width_deg = state["width_deg"]
        self.lags_ns = tuple(state["lags_ns"])
        self.turn_ns = state["turn_ns"]
        self.simulated = state["simulated"]


def _alike(one: float, other: float, factor: float) -> bool:
    return one * factor >= other and other * factor >= one


def detected(plots: Plots, envelope: Envelope) -> list[ObservationBatch]:
    """Detections as batches: the real ones, which cover the sector, then the simulated."""
    if not len(plots.time_ns):
        return []
    simulated = plots.raw("simulated") == 1
    if simulated.all() or not simulated.any():
        return [measured(plots, envelope._replace(simulated=bool(simulated[0])))]
    return [
        measured(plots.take(~simulated), envelope),
        measured(plots.take(simulated), envelope._replace(swept=None, simulated=True)),
    ]


_EMPTY = np.zeros(0, dtype=np.int64)
_NOTHING = Plots(np.zeros((64, 0)), _EMPTY, _EMPTY, _EMPTY)
