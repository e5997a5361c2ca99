"""A partner's picture: the same stages, over what of the capture its labels permit.

The partner's stages have decoders, tracks and alarms of their own, on a thread of their own. They
are told of the partner's sensors only, and see only what those sent; personal sources, operators
and other configurations are left out. So nothing that a secret sensor measures can change what the
partner sees. The picture lags by the greatest delay of its sensors.

It is made anew at each start, from the last 30 minutes of the capture: what was over before then
is not in it. The labels are always those of the running configuration.
"""

import threading
from collections.abc import Sequence
from pathlib import Path
from secrets import token_bytes
from typing import Protocol

import msgspec
import structlog

from skypicket.domain.assessments import Approach, Loss
from skypicket.domain.contracts import Entry
from skypicket.domain.errors import InputError
from skypicket.domain.incidents import Alarm, Incident, IncidentEntry
from skypicket.domain.noun import Noun
from skypicket.domain.times import NS_PER_S
from skypicket.domain.tracks import TrackBatch
from skypicket.engine.aliases import Aliases
from skypicket.engine.configuration import configuration_payload
from skypicket.engine.partner_settings import label_of_picture, permitted
from skypicket.engine.picture import Picture
from skypicket.engine.pipeline import Pipeline
from skypicket.engine.settings import Settings, SourceSettings
from skypicket.sharing import Clearance, released
from skypicket.store.capture import Capture
from skypicket.store.reader import CaptureReader
from skypicket.store.tail import CaptureTail

_log = structlog.get_logger("skypicket.partners")
REBUILT_NS = 1_800 * NS_PER_S
READ_TIMEOUT_S = 0.25
RETRY_S = 1.0
SECRET_BYTES = 32
SHOWN = (TrackBatch, Approach, Loss, Alarm, Incident, IncidentEntry)


class Waiting(Protocol):
    """A clock that says how long it is until a time."""

    def __call__(self) -> int:
        """Engine time now."""
        ...

    def wait_s(self, time_ns: int) -> float:
        """Real seconds until the clock shows `time_ns`."""
        ...


def view_of(settings: Settings, code: str) -> Settings:
    """The settings as far as the partner's picture is made from them."""
    sensors = permitted(settings.sensors, code)
    ids = {sensor.id for sensor in sensors}
    sources = tuple(s for source in settings.sources if (s := _narrowed(source, ids)) is not None)
    return msgspec.structs.replace(
        settings, sensors=sensors, sources=sources, zones=(), partners=(), scenario={}
    )


def _narrowed(source: SourceSettings, ids: set[str]) -> SourceSettings | None:
    """The source with the permitted sensors only; None if it is personal, or none is left.

    An empty list would mean all sensors, so a source whose sensors are all withheld must go.
    """
    kept = tuple(name for name in source.sensors if name in ids)
    if source.personal != "no" or not ids or (source.sensors and not kept):
        return None
    return msgspec.structs.replace(source, sensors=kept)


class PartnerStages:
    """Entries of the capture into one partner's picture. No clock, no I/O, no thread.

    Args:
        settings: the running configuration; whatever the capture holds of others is passed over.
        code: the partner.
        secret: of which the partner's own names of tracks, alarms and incidents are made.
    """

    def __init__(self, settings: Settings, code: str, secret: bytes) -> None:
        self.picture = Picture()
        self.delay_s = label_of_picture(settings.sensors, code).delay_s
        label = label_of_picture(settings.sensors, code)
        self._label = msgspec.structs.replace(label, delay_s=0.0)  # the thread waits for it
        self._clearance = Clearance(code)
        self._aliases = Aliases(secret, code)
        self._pipeline = Pipeline(lambda told: view_of(told, code))
        self._pipeline.step(
            Entry(
                sequence=0,
                kind="configuration",
                source="engine",
                received_ns=0,
                payload=configuration_payload(settings),
            )
        )

    def step(self, entry: Entry) -> None:
        """Take up an entry, if it is one that may be seen."""
        if entry.kind not in {"message", "tick"} or entry.personal or entry.erased:
            return
        told = (self._told(noun, entry) for noun in self._pipeline.step(entry))
        seen = msgspec.structs.replace(entry, sequence=0, source="", topic="", payload=b"")
        self.picture.take(seen, [noun for noun in told if noun is not None], entry.received_ns)

    def _told(self, noun: Noun, entry: Entry) -> Noun | None:
        """What the gate leaves of a noun, under the partner's own names.

        Every noun here was made from the partner's sensors alone, so it has the meet of their
        labels, whether or not the stage that made it carried labels along.
        """
        if not isinstance(noun, SHOWN) or (isinstance(noun, TrackBatch) and not noun.complete):
            return None
        labelled = msgspec.structs.replace(noun, releasability=self._label)
        passed: Noun | None = released(labelled, self._clearance, entry.received_ns)
        return None if passed is None else self._aliases.renamed(passed)


class PartnerThread:
    """Follows the capture for one partner, and never gets nearer to now than its delay.

    `failure` says why the picture stands still: as long as it tries again, and for good if the
    thread has ended.
    """

    def __init__(self, stages: PartnerStages, capture: Capture, clock: Waiting, code: str) -> None:
        self.code = code
        self.failure = ""
        self._stages, self._capture, self._clock = stages, capture, clock
        self._tail = CaptureTail(capture)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"partner {code}")

    def push(self, entries: Sequence[Entry]) -> None:
        """Take up entries that were just committed."""
        self._tail.push(entries)

    def start(self) -> None:
        """Begin 30 minutes before now."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread and let go of the capture."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()
        self._tail.close()

    @property
    def fault(self) -> str:
        """Why the picture stands still, in one sentence; "" when it does not."""
        begun = self._thread.ident is not None
        if begun and not self._thread.is_alive() and not self._stopping.is_set():
            why = self.failure or "nobody knows why"
            return f"It has ended ({why}); only a restart makes it again."
        return f"It waits and tries again: {self.failure}." if self.failure else ""

    def _run(self) -> None:
        """The thread; whatever ends it is said by /healthz."""
        try:
            self._follow()
        except BaseException as error:  # noqa: BLE001 -- the thread's last word: nobody else sees it
            self.failure = _words_of(error)
            _log.exception("partner_ended", partner=self.code)

    def _follow(self) -> None:
        after: int | None = None
        while not self._stopping.is_set():
            try:
                if after is None:
                    after = self._beginning()
                for entry in self._tail.next(after, READ_TIMEOUT_S):
                    if not self._due(entry):
                        return
                    after = entry.sequence  # first: an entry that cannot be taken is passed over
                    self._stages.step(entry)
                self.failure = ""
            except Exception as error:  # noqa: BLE001 -- the thread's own fence: nobody else sees it
                if self.failure != (said := _words_of(error)):  # once, not at each attempt
                    _log.exception("partner_waits", partner=self.code)
                self.failure = said
                self._stopping.wait(RETRY_S)

    def _due(self, entry: Entry) -> bool:
        """Wait until the entry is as old as it must be; false if there is no time for that."""
        due_ns = entry.received_ns + round(self._stages.delay_s * NS_PER_S)
        while self._clock() < due_ns:
            wait_s = min(max(self._clock.wait_s(due_ns), 0.001), READ_TIMEOUT_S)
            if self._stopping.wait(wait_s):
                return False
        return not self._stopping.is_set()

    def _beginning(self) -> int:
        reader = self._capture.reader()
        try:
            return sequence_before(reader, self._capture.head()[0], self._clock() - REBUILT_NS)
        finally:
            reader.close()


def _words_of(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}".rstrip(": ")


def sequence_before(reader: CaptureReader, head: int, since_ns: int) -> int:
    """The sequence of the newest entry that was received before `since_ns`; 0 if there is none."""
    low, high = 0, head
    while low < high:
        middle = (low + high) // 2
        try:
            page = reader.raw_page(middle)
        except InputError:  # dropped with the days that are not kept
            low = middle + 1
            continue
        if page and page[0].received_ns < since_ns:
            low = page[0].sequence
        else:
            high = middle
    return low


def secret_of(state: Path) -> bytes:
    """The secret of a state folder from which partners' names of things are made."""
    path = state / "partners.key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_bytes(token_bytes(SECRET_BYTES))
    return path.read_bytes()
