"""The embedded runner: links, capture writer and stages, each on its own thread.

    links (asyncio) ──▶ writer thread ──fsync──▶ capture ──▶ stage thread ──▶ record, picture

The stage thread reads the capture, never the links: what is on disk is all that there is, and a
slow stage costs memory only, never a message.
"""

import asyncio
import contextlib
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

import structlog

from skypicket.domain.codec import to_json
from skypicket.domain.contracts import Entry, EntryKind, Link, LinkHealth, Message, OperatorAction
from skypicket.domain.errors import SkypicketError, UnavailableError
from skypicket.domain.times import NS_PER_DAY, NS_PER_S
from skypicket.engine.configuration import configuration_payload
from skypicket.engine.gate import Gate
from skypicket.engine.glances import Glances
from skypicket.engine.history import HistoryKeeper
from skypicket.engine.kernels import cached, make_ready
from skypicket.engine.partners import PartnerStages, PartnerThread, secret_of
from skypicket.engine.picture import Picture
from skypicket.engine.pipeline import Pipeline, recorded
from skypicket.engine.recorded import read_record
from skypicket.engine.settings import Settings
from skypicket.geo.borders import Borders
from skypicket.links import MemoryLink
from skypicket.store.capture import Capture
from skypicket.store.queue import SourcePolicy
from skypicket.store.record import Record
from skypicket.store.snapshots import Snapshots
from skypicket.store.tail import CaptureTail
from skypicket.store.writer import CaptureWriter

_log = structlog.get_logger("skypicket.runtime")
READ_TIMEOUT_S = 0.25
RETRY_S = 1.0
DRAIN_S = 5.0
SHORTEST_WAIT_S = 0.001
SWITCH_S = 0.001


class EngineClock(Protocol):
    """A clock that knows its own speed."""

    speed_factor: float

    def __call__(self) -> int:
        """Engine time now, in nanoseconds since 1970."""
        ...

    def wait_s(self, time_ns: int) -> float:
        """Real seconds until the clock shows `time_ns`."""
        ...


class Runtime:
    """One embedded system: `start`, then `await serve(links)`, then `stop`.

    Args:
        settings: the configuration.
        state: folder of capture, vault, record and snapshots; made if missing.
        clock: the engine clock, which stamps all receipts.
    """

    def __init__(self, settings: Settings, state: Path, clock: EngineClock) -> None:
        self.settings = settings
        self.state = state
        self.clock = clock
        self.picture = Picture()
        self.links: dict[str, Link] = {}
        self._pipeline = Pipeline()
        self._glances = Glances(self._pipeline, self.picture, settings.system.show_s)
        self._stopping = threading.Event()
        self._after = threading.Event()
        self._stage_thread = threading.Thread(target=self._run_stages, name="stages")
        # Writing a snapshot waits for the disk; the stages must not.
        self._saver = ThreadPoolExecutor(1, "snapshots")
        self._saving: Future[None] | None = None
        self._stop_by_s = 0.0
        self._done_sequence = 0
        self.failure = ""
        self._partners: list[PartnerThread] = []
        self.partner_pictures: dict[str, Picture] = {}  # by the partner's code, from `start` on
        self.started_ns = clock()
        self.port = 0

    def start(self, after: threading.Event | None = None) -> None:
        """Open the state, take up where an earlier run stopped, and start the threads.

        Kernels that must be compiled, or that the state needs, are waited for; cached ones are
        loaded on the stage thread, before its first entry and not before `after` is set: a server
        answers sooner when it does not share its start with them.

        Raises:
            UnavailableError: the state folder is in use or cannot be written.
        """
        self._after = after or self._after
        if after is None:
            self._after.set()
        if not cached() or self.settings.partners:
            make_ready()
        sys.setswitchinterval(SWITCH_S)  # a stage in pure Python must not hold up the writer
        self.state.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.capture = Capture.open(self.state / "capture")
        self.record = Record.open(self.state / "system.record")
        self.snapshots = Snapshots(self.state / "snapshots", version("skypicket"))
        self.history = HistoryKeeper(self.state, self.settings.system)
        self._restore()
        self.tail = CaptureTail(self.capture)
        policies = {
            source.id: SourcePolicy(personal=source.personal, shed=source.shed)
            for source in self.settings.sources
        }
        self._prepare_partners()
        self.writer = CaptureWriter(self.capture, self.clock, self._committed, policies=policies)
        self.writer.start()
        for partner in self._partners:
            partner.start()
        self.submit("configuration", configuration_payload(self.settings))
        self._stage_thread.start()

    def _prepare_partners(self) -> None:
        for partner in self.settings.partners:
            stages = PartnerStages(self.settings, partner.code, secret_of(self.state))
            self.partner_pictures[partner.code] = stages.picture
            self._partners.append(PartnerThread(stages, self.capture, self.clock, partner.code))

    def _committed(self, entries: Sequence[Entry]) -> None:
        self.tail.push(entries)
        for partner in self._partners:
            partner.push(entries)

    def _restore(self) -> None:
        head, _ = self.capture.head()
        kept = self.snapshots.newest(up_to=head)
        if kept is not None:
            make_ready()
            self._done_sequence, state = kept
            self._pipeline.restore(state)
            self._recall()
            _log.info("restored", sequence=self._done_sequence, head=head)

    def _recall(self) -> None:
        """Show again what was said up to the snapshot: a standing alarm outlives a restart."""
        for said in read_record(self.state / "system.record"):
            if said.entry > self._done_sequence:
                break
            self.picture.recall(said.noun)

    def _run_stages(self) -> None:
        """The stage thread; whatever ends it is said by /healthz."""
        try:
            self._after.wait()
            make_ready()
            self._loop()
            self._saver.shutdown()
            self.record.flush()
            self.snapshots.write(self._done_sequence, self._pipeline.snapshot())
        except Exception as error:  # noqa: BLE001 -- the thread's own fence: nobody else sees it
            self.failure = f"The stages have ended: {type(error).__name__}: {error}"
            _log.exception("stages_ended")

    def _loop(self) -> None:
        """Work through what is captured, save now and then, retry what failed."""
        saved_s = time.monotonic()
        while not (self._stopping.is_set() and (self.behind == 0 or self._out_of_time())):
            try:
                self._work()
                if time.monotonic() - saved_s > self.settings.system.snapshot_s:
                    self._save()
                    saved_s = time.monotonic()
            except (OSError, SkypicketError) as error:
                self.failure = f"The record cannot be written: {error}"
                _log.exception("stages_wait")
                if self._stopping.wait(RETRY_S):
                    return
            else:
                self.failure = ""

    def _out_of_time(self) -> bool:
        return time.monotonic() > self._stop_by_s

    def _work(self) -> None:
        wait_s = self._glances.wait_s(READ_TIMEOUT_S)
        entries = self.tail.next(self._done_sequence, wait_s)
        for entry in entries:
            if self._stopping.is_set() and self._out_of_time():
                break
            said = self._pipeline.step(entry)
            self._done_sequence = entry.sequence  # first: a full disk must not step it twice
            self.picture.take(entry, said, self.clock())
            if entry.kind == "tick":
                self.picture.registrations = self._pipeline.registrations()
                self.history.show(self.picture)
            self.record.append(entry.sequence, [noun for noun in said if recorded(noun)])
            self._glances.after(entry, said)
        if entries:
            self.record.flush()
        self._glances.show()

    def _save(self) -> None:
        """Save a snapshot, the record first, so that none is ever ahead of it; drop old days."""
        self.record.flush()
        if self._saving is None or self._saving.done():
            state = self._pipeline.snapshot()
            self._saving = self._saver.submit(self.snapshots.write, self._done_sequence, state)
            self._saving.add_done_callback(_say_if_failed)
        days = self.settings.system.retention_days
        if days > 0:
            for path in self.capture.retain(days, self.clock()):
                _log.info("day_dropped", file=path.name)

    @property
    def borders(self) -> Borders | None:
        """The borders of the theatre, which anybody may ask; None before the first entry."""
        return self._pipeline.borders

    @property
    def well(self) -> bool:
        """Whether the stages work."""
        return not self.failure and self._stage_thread.is_alive()

    @property
    def partner_faults(self) -> dict[str, str]:
        """Why a partner's picture stands still, by its code; those that are well are not in it."""
        return {one.code: said for one in self._partners if (said := one.fault)}

    @property
    def behind(self) -> int:
        """Captured entries that the stages have not worked through."""
        return int(self.capture.head()[0]) - self._done_sequence

    async def serve(self, links: dict[str, Link], until: asyncio.Event) -> None:
        """Run the links and the ticks until `until` is set.

        Raises:
            UnavailableError: a link can never work as configured.
        """
        self.links = links
        sources = {source.id: source for source in self.settings.sources}
        gate = Gate(self.writer, sources, lambda: self.behind)
        tasks = [asyncio.create_task(link.run(gate), name=name) for name, link in links.items()]
        waiter = asyncio.create_task(until.wait(), name="until")
        ticker = asyncio.create_task(self._tick(), name="ticks")
        try:
            await self._watch([*tasks, ticker], waiter)
        finally:
            for task in (*tasks, ticker, waiter):
                task.cancel()
            await asyncio.gather(*tasks, ticker, waiter, return_exceptions=True)

    async def _watch(self, tasks: list[asyncio.Task[None]], waiter: asyncio.Task[bool]) -> None:
        running: set[asyncio.Task[None] | asyncio.Task[bool]] = {*tasks, waiter}
        while waiter in running:
            done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                if task is not waiter and (error := task.exception()) is not None:
                    raise error

    async def _tick(self) -> None:
        period_ns = round(self.settings.system.tick_s * NS_PER_S)
        due_ns = self.clock() // period_ns * period_ns + period_ns
        day = due_ns // NS_PER_DAY
        while True:
            while (wait_s := self.clock.wait_s(due_ns)) > 0:
                await asyncio.sleep(max(wait_s, SHORTEST_WAIT_S))
            with contextlib.suppress(UnavailableError):  # said by /healthz; the next tick follows
                if due_ns // NS_PER_DAY != day:  # so that each day's file can be read alone
                    self.submit("configuration", configuration_payload(self.settings))
                    day = due_ns // NS_PER_DAY
                self.submit("tick")
            due_ns = max(due_ns + period_ns, self.clock() // period_ns * period_ns)

    def operate(self, action: OperatorAction) -> None:
        """Say what an operator did; it enters at the top like everything else."""
        self.submit("operator", to_json(action))

    async def act(self, action: OperatorAction) -> int:
        """Capture what an operator did; its capture sequence, once it is safely on disk.

        Raises:
            UnavailableError: it cannot be captured now.
        """
        message = Message(source="engine", payload=to_json(action))
        return await asyncio.wrap_future(self.writer.submit("operator", message))

    def submit(self, kind: EntryKind, payload: bytes = b"") -> None:
        """Capture an entry of the engine's own.

        Raises:
            UnavailableError: it cannot be captured now.
        """
        self.writer.submit(kind, Message(source="engine", payload=payload))

    async def deliver(self, source: str, payload: bytes) -> int:
        """Take a message that came over HTTP; its capture sequence, once it is on disk.

        Raises:
            UnavailableError: it cannot be captured now.
        """
        link = self.links.get(source)
        if isinstance(link, MemoryLink):
            return await link.deliver(payload)
        return await self.writer.deliver(Message(source=source, payload=payload))

    def health(self) -> dict[str, LinkHealth]:
        """How each link is."""
        return {name: link.health() for name, link in self.links.items()}

    def stop(self) -> None:
        """Drain the writer, let the stages catch up for a while, save, and close all files.

        What they did not reach is in the capture; the next start works through it.
        """
        self.writer.stop()
        self._stop_by_s = time.monotonic() + DRAIN_S
        self._stopping.set()
        self._after.set()
        self._stage_thread.join()
        for partner in self._partners:
            partner.stop()
        if self.behind:
            _log.warning("stopped_behind", behind=self.behind)
        with contextlib.ExitStack() as files:
            files.callback(self.capture.close)
            files.callback(self.record.close)
            files.callback(self.tail.close)
            files.callback(self.history.close)


def _say_if_failed(saving: "Future[None]") -> None:
    """A snapshot that could not be written costs time at the next start, nothing else."""
    error = saving.exception()
    if error is not None:
        _log.warning("snapshot_failed", error=str(error))
