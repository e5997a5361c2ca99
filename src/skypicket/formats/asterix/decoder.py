"""The decoder of one source: data blocks into batches, statuses and rejects."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from skypicket.domain.codec import pack, unpack
from skypicket.domain.contracts import Decoding, Entry, Reject, SourceDescription
from skypicket.domain.errors import FormatError
from skypicket.domain.noun import FloatColumn, IntColumn
from skypicket.domain.observations import ObservationBatch
from skypicket.domain.sensors import SensorStatus
from skypicket.domain.times import NS_PER_DAY, NS_PER_S
from skypicket.formats.asterix.columns import (
    MARK,
    PLOT,
    PLOTS,
    TAKEN,
    Rows,
    program_for,
    read_rows,
)
from skypicket.formats.asterix.identity import Directory, Station
from skypicket.formats.asterix.marks import NORTH, SECTOR, status_of
from skypicket.formats.asterix.plots import Envelope, Plots, detections, said
from skypicket.formats.asterix.reasons import EDITION_DOUBTS, other_editions, refusal
from skypicket.formats.asterix.sectors import Assembly, detected
from skypicket.formats.asterix.settings import settings_of
from skypicket.formats.asterix.tables import load_table
from skypicket.formats.origin import Refusal, rejected

NAME = "asterix"
JUMP_NS = 60 * NS_PER_S


class _Run(NamedTuple):
    """Neighbouring records of one block and one station."""

    category: int
    address: int
    block: int
    first: int
    last: int


class AsterixDecoder:
    """Reads categories 034 and 048 of one source."""

    def __init__(self, description: SourceDescription) -> None:
        self.settings = settings_of(description)
        self.directory = Directory(description)
        self.program = program_for(self.settings.editions, self.settings.spare_bits)
        self.tables = {c: load_table(c, edition) for c, edition in self.settings.editions}
        self.assemblies: dict[int, Assembly] = {}
        self.clocks: dict[int, tuple[int, int]] = {}  # newest time and its receipt
        self.health: dict[int, str] = {}  # state of the last status

    def decode(self, entry: Entry) -> Decoding:
        """The nouns in the entry; blocks that cannot be read whole give one reject each."""
        if not entry.payload:
            empty = Refusal("truncated", 0, "ASTERIX: the payload is empty.")
            return Decoding(rejects=(rejected(entry, NAME, empty),))
        rows = read_rows(entry.payload, self.program)
        rejects = [rejected(entry, NAME, self._fault(entry, fault)) for fault in rows.faults]
        batches: list[ObservationBatch] = []
        statuses: list[SensorStatus] = []
        for address, assembly in self.assemblies.items():
            if assembly.stale(entry.received_ns):
                batches += assembly.give_up(self._envelope(address, entry))
        runs = self._known(rows, entry, rejects)
        time_ns = _times(rows, entry.received_ns) if runs else rows.offset
        for run in runs:
            here = slice(run.first, run.last)
            statuses += self._clock(run, int(time_ns[run.last - 1]), entry)
            if run.category == PLOTS:
                sequence = np.full(run.last - run.first, entry.sequence, dtype=np.int64)
                plots = Plots(rows.values[:, here], time_ns[here], rows.offset[here], sequence)
                batches += self._plots(run.address, plots, entry)
            else:
                for row in range(run.first, run.last):
                    mark = rows.values[:, row]
                    batches += self._mark(run.address, mark, int(time_ns[row]), entry)
                    statuses += self._status(run.address, mark, int(time_ns[row]), entry)
        return Decoding(batches=tuple(batches), statuses=tuple(statuses), rejects=tuple(rejects))

    def _fault(self, entry: Entry, fault: IntColumn) -> Refusal:
        """Why a block is refused; a fault that another edition does not have says so."""
        why, block, category = int(fault[0]), int(fault[2]), int(fault[3])
        table = self.tables.get(category)
        paths = tuple(column.path for column in TAKEN.get(category, {}).values())
        found = refusal(fault, table, paths)
        if table is None or why not in EDITION_DOUBTS:
            return found
        length = int.from_bytes(entry.payload[block + 1 : block + 3], "big")
        content = entry.payload[block : block + length]
        fitting = [
            edition
            for edition in other_editions(table)
            if not len(read_rows(content, program_for(((category, edition),))).faults)
        ]
        if not fitting:
            return found
        detail = (
            f"{found.detail} It reads as edition {' or '.join(fitting)}: if the radar sends that, "
            f'set editions = {{ "{category:03d}" = "{fitting[-1]}" }} for this source.'
        )
        return Refusal("wrong_edition", found.offset, detail)

    def _known(self, rows: Rows, entry: Entry, rejects: list[Reject]) -> list[_Run]:
        """The runs of records in order, without the blocks of stations that are not known."""
        runs = _runs(rows)
        unknown = {r.block: r.address for r in runs if self.directory.station(r.address) is None}
        if not unknown:
            return runs
        for block, address in unknown.items():
            detail = (
                f"ASTERIX block at {block}: SAC/SIC {address >> 8}/{address & 255} is no sensor "
                f"of source {entry.source!r}. Name it in identities, or drop the sender."
            )
            rejects.append(rejected(entry, NAME, Refusal("unknown_sensor", block, detail)))
        rejects.sort(key=lambda reject: reject.offset)
        return [run for run in runs if run.block not in unknown]

    def _plots(self, address: int, plots: Plots, entry: Entry) -> list[ObservationBatch]:
        envelope = self._envelope(address, entry)
        if self.settings.every_record:
            return list(said(plots, envelope))
        if not self.settings.sectors:
            return detected(plots.take(detections(plots)), envelope)
        return self._assembly(address).add(plots, envelope)

    def _mark(
        self, address: int, mark: FloatColumn, time_ns: int, entry: Entry
    ) -> list[ObservationBatch]:
        """What is said when a crossing or a north marker arrives."""
        if not self.settings.sectors:
            return []
        assembly, envelope = self._assembly(address), self._envelope(address, entry)
        sector_deg = float(mark[MARK["sector_deg"]])
        if mark[MARK["message"]] == NORTH:
            return assembly.north(time_ns, envelope)
        if mark[MARK["message"]] == SECTOR and not np.isnan(sector_deg):
            return assembly.cross(sector_deg, time_ns, envelope)
        return []

    def _status(
        self, address: int, mark: FloatColumn, time_ns: int, entry: Entry
    ) -> list[SensorStatus]:
        """A status for each message that is no crossing, and for a crossing that says news."""
        is_crossing = mark[MARK["message"]] == SECTOR
        if is_crossing and np.isnan(mark[MARK["nogo"]]):
            return []
        status = status_of(mark, time_ns, self._station(address), entry)
        news = self.health.get(address) != status.state or status.restarted
        if is_crossing and not news:
            return []
        self.health[address] = status.state
        return [status]

    def _clock(self, run: _Run, time_ns: int, entry: Entry) -> list[SensorStatus]:
        """A status if the station's time has jumped against the time of receipt."""
        before = self.clocks.get(run.address)
        self.clocks[run.address] = (time_ns, entry.received_ns)
        if before is None:
            return []
        jump_ns = (time_ns - before[0]) - (entry.received_ns - before[1])
        if abs(jump_ns) <= JUMP_NS:
            return []
        station = self._station(run.address)
        return [
            SensorStatus(
                sensor_id=station.sensor_id,
                time_ns=time_ns,
                state="degraded",
                received_ns=entry.received_ns,
                clock_error_s=(time_ns - entry.received_ns) / NS_PER_S,
                text=f"time jumps by {jump_ns / NS_PER_S:+.1f} s",
                releasability=station.releasability,
            )
        ]

    def _station(self, address: int) -> Station:
        station = self.directory.station(address)
        assert station is not None  # the runs of others are left out
        return station

    def _envelope(self, address: int, entry: Entry) -> Envelope:
        return Envelope(self._station(address), entry.source, entry.sequence, entry.received_ns)

    def _assembly(self, address: int) -> Assembly:
        found = self.assemblies.get(address)
        if found is None:
            period_ns = int(self._station(address).period_s * NS_PER_S)
            found = Assembly(self.settings.timeout_ns or 2 * period_ns, period_ns)
            self.assemblies[address] = found
        return found

    def snapshot(self) -> bytes:
        """All state: what waits for its sector, clocks, health, and which stations spoke."""
        return pack(
            {
                "assemblies": [[a, assembly.state()] for a, assembly in self.assemblies.items()],
                "clocks": [[address, *clock] for address, clock in self.clocks.items()],
                "health": [[address, health] for address, health in self.health.items()],
            }
        )

    def restore(self, state: bytes) -> None:
        """Take up a snapshot; b"" is the state of a new decoder.

        Raises:
            FormatError: the bytes are no snapshot of this version.
        """
        self.assemblies, self.clocks, self.health = {}, {}, {}
        if not state:
            return
        said_before = unpack(state)
        try:
            for address, time_ns, received_ns in said_before["clocks"]:
                self.clocks[address] = (time_ns, received_ns)
                self.directory.station(address)
            self.health.update((address, health) for address, health in said_before["health"])
            for address, assembly in said_before["assemblies"]:
                self._assembly(address).take_up(assembly)
        except (KeyError, TypeError, ValueError) as error:
            raise FormatError(f"No snapshot of an ASTERIX decoder: {error!r}.") from error


def _runs(rows: Rows) -> list[_Run]:
    """Neighbouring records of the same block and station, in order."""
    count = len(rows.offset)
    if not count:
        return []
    address = (rows.values[0] * 256 + rows.values[1]).astype(np.int64)
    changes = np.diff(rows.block) | np.diff(address)
    edges = [0, *(np.flatnonzero(changes) + 1).tolist(), count]
    return [
        _Run(int(rows.category[first]), int(address[first]), int(rows.block[first]), first, last)
        for first, last in pairwise(edges)
    ]


def _times(rows: Rows, received_ns: int) -> IntColumn:
    """Time of applicability of each row: the day on which it is nearest to its receipt.

    A service message without a time has that of its receipt. No time lies before 1970.
    """
    of_plots = rows.category == PLOTS
    seconds = np.where(
        of_plots, rows.values[PLOT["time_of_day_s"]], rows.values[MARK["time_of_day_s"]]
    )
    untimed = np.isnan(seconds)
    of_day_ns = np.rint(np.where(untimed, 0.0, seconds) * NS_PER_S).astype(np.int64)
    time_ns = of_day_ns + (received_ns - received_ns % NS_PER_DAY)
    ahead_ns = time_ns - received_ns
    time_ns[ahead_ns > NS_PER_DAY // 2] -= NS_PER_DAY
    time_ns[ahead_ns < -(NS_PER_DAY // 2)] += NS_PER_DAY
    time_ns[time_ns < 0] += NS_PER_DAY
    return np.where(untimed, received_ns, time_ns)
