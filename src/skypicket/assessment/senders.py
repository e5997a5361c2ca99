"""Senders that speak from two places at once: no honest one flies so fast from word to word."""

import math
from hashlib import blake2b
from typing import Any, NamedTuple

import msgspec
import numpy as np

from skypicket.assessment.rules import Rules
from skypicket.domain.noun import Column
from skypicket.domain.observations import ObservationBatch
from skypicket.domain.times import NS_PER_S
from skypicket.geo.frame import TheatreFrame

_IDENTITIES = ("icao24", "uas_id", "serial_number")
_PUBLIC = "icao24"  # an aircraft's address; the others may lead to a person
_WORDS_APART = 3  # so many words from the other place, so that one false word is none
_SLACK_S, _SLACK_M = 2.0, 1_000.0  # of clocks that differ, and of what errors do not say
_NAME_CHARACTERS = 8


class Jump(NamedTuple):
    """A sender that speaks from two places: what it calls itself, where, how fast it would fly."""

    claimed: str
    time_ns: int
    lat_deg: float
    lon_deg: float
    speed_mps: float
    sequence: int
    offset: int
    over: bool


class _Place(msgspec.Struct):
    """Where a sender spoke from last."""

    time_ns: int
    east_m: float
    north_m: float
    sigma_m: float


class _Sender(msgspec.Struct):
    """One claimed identity: its place, the other place that it may speak from, and how often."""

    claimed: str
    here: _Place
    there: _Place | None = None
    words: int = 0
    speed_mps: float = 0.0  # that it needed to get there
    said_ns: int = 0  # 0: not suspect
    newest_ns: int = 0
    lat_deg: float = 0.0
    lon_deg: float = 0.0


class Senders:
    """Follows every claimed identity from word to word."""

    def __init__(self, rules: Rules, frame: TheatreFrame) -> None:
        self._rules, self._frame = rules, frame
        self._senders: dict[str, _Sender] = {}

    def heard(self, batch: ObservationBatch) -> list[Jump]:
        """The senders that turn out by this batch to speak from two places."""
        names = _identities(batch)
        east, north = self._frame.to_plane(batch.column("lat_deg"), batch.column("lon_deg"))
        sigma_m, time_ns = batch.column("sigma_m").tolist(), batch.time_ns.tolist()
        places = zip(time_ns, east.tolist(), north.tolist(), sigma_m, strict=True)
        said = []
        for row, (name, place) in enumerate(zip(names, places, strict=True)):
            if name and all(map(math.isfinite, place)):
                sender = self._senders.get(name)
                if sender is None:
                    called = _called(batch, row, name)
                    self._senders[name] = _Sender(claimed=called, here=_Place(*place))
                elif (speed_mps := self._speak(sender, _Place(*place))) > 0.0:
                    said.append(_jump(sender, batch, row, speed_mps))
        return said

    def tick(self, time_ns: int) -> list[Jump]:
        """Forget who has not spoken for long; tell of those who speak from one place again."""
        keep_ns = round(self._rules.claim_keep_s * NS_PER_S)
        said = []
        for name, sender in sorted(self._senders.items()):
            if sender.said_ns and time_ns - sender.said_ns > keep_ns:
                sender.said_ns = 0
                said.append(_over(sender, time_ns))
            if time_ns - sender.newest_ns > keep_ns and not sender.said_ns:
                del self._senders[name]
        return said

    def _speak(self, sender: _Sender, place: _Place) -> float:
        """Take a word of a sender; the speed that it needs if it is suspect by it, else 0."""
        sender.newest_ns = max(sender.newest_ns, place.time_ns)
        speed_mps = self._needed_mps(sender.here, place)
        if speed_mps == 0.0:
            if place.time_ns >= sender.here.time_ns:
                sender.here = place
            return 0.0
        there, keep_ns = sender.there, round(self._rules.claim_keep_s * NS_PER_S)
        recent = there is not None and abs(place.time_ns - there.time_ns) <= keep_ns
        if there is None or not recent or self._needed_mps(there, place) > 0.0:
            sender.there, sender.words, sender.speed_mps = place, 1, speed_mps
            return 0.0
        sender.there, sender.words = place, sender.words + 1
        if sender.words < _WORDS_APART:
            return 0.0
        sender.here, sender.there, sender.words = place, sender.here, 0
        again, sender.said_ns = sender.said_ns > 0, place.time_ns
        return 0.0 if again else sender.speed_mps

    def _needed_mps(self, a: _Place, b: _Place) -> float:
        """How fast an object flew that spoke from both places; 0 where one can."""
        way_m = math.hypot(b.east_m - a.east_m, b.north_m - a.north_m)
        way_m -= 3.0 * (a.sigma_m + b.sigma_m) + _SLACK_M
        gap_s = abs(b.time_ns - a.time_ns) / NS_PER_S + _SLACK_S
        speed_mps = way_m / gap_s
        return speed_mps if speed_mps > self._rules.claim_max_mps else 0.0

    def content(self) -> list[tuple[str, Any]]:
        """All state, for a snapshot."""
        return sorted(self._senders.items())

    def restore(self, content: list[Any]) -> None:
        """Take up the state of `content`."""
        self._senders = dict(msgspec.convert(content, list[tuple[str, _Sender]]))


def _identities(batch: ObservationBatch) -> list[str]:
    """What tells the sender of each row from all others, "" where nothing does."""
    out = np.full(len(batch), "", dtype="<U64")
    for name in reversed(_IDENTITIES):
        said: Column | None = batch.claims.get(name)
        if said is not None:
            out = np.where(said != "", _prefixed(name, said), out)
    return [str(text) for text in out]


def _prefixed(name: str, said: Column) -> Column:
    """Aircraft addresses as they are; what may lead to a person, as its hash only."""
    if name == _PUBLIC:
        return said
    return np.array([blake2b(str(text).encode(), digest_size=8).hexdigest() for text in said])


def _called(batch: ObservationBatch, row: int, name: str) -> str:
    """What a sender is called in what is said of it, as tracks call it."""
    address, callsign = (batch.claims.get(claim) for claim in (_PUBLIC, "callsign"))
    if address is None or not address[row]:
        return name  # the hash
    called = str(callsign[row]).strip() if callsign is not None else ""
    return (called or str(address[row]))[:_NAME_CHARACTERS]


def _jump(sender: _Sender, batch: ObservationBatch, row: int, speed_mps: float) -> Jump:
    sender.lat_deg = float(batch.column("lat_deg")[row])
    sender.lon_deg = float(batch.column("lon_deg")[row])
    return Jump(
        sender.claimed, int(batch.time_ns[row]), sender.lat_deg, sender.lon_deg, speed_mps,
        int(batch.sequences[row]), int(batch.offset[row]), over=False,
    )  # fmt: skip


def _over(sender: _Sender, time_ns: int) -> Jump:
    return Jump(sender.claimed, time_ns, sender.lat_deg, sender.lon_deg, 0.0, 0, 0, over=True)
