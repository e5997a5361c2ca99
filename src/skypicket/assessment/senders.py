"""Senders that speak from two places at once: no honest one flies so fast from word to word."""

from hashlib import blake2b
from typing import NamedTuple

import numpy as np

from skypicket.assessment.rules import Rules
from skypicket.assessment.table import Rows
from skypicket.domain.noun import Column, FloatColumn, IntColumn
from skypicket.domain.observations import ObservationBatch
from skypicket.domain.times import NS_PER_S
from skypicket.geo.frame import TheatreFrame

_IDENTITIES = ("icao24", "uas_id", "serial_number")
_PUBLIC = "icao24"  # an aircraft's address; the others may lead to a person
_WORDS_APART = 3  # so many words from the other place, so that one false word is none
_SLACK_S, _SLACK_M = 2.0, 1_000.0  # of clocks that differ, and of what errors do not say
_NAME_CHARACTERS = 8
_NAME = "<U32"
_PLACE = [("ns", "<i8"), ("east", "<f8"), ("north", "<f8"), ("sigma", "<f8")]


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


SENDER = np.dtype(
    [
        ("name", _NAME),
        ("claimed", _NAME),
        *((f"here_{name}", kind) for name, kind in _PLACE),  # where it spoke from last
        *((f"there_{name}", kind) for name, kind in _PLACE),  # the other place it may speak from
        ("words", "<i4"),  # from there, 0 for none
        ("speed", "<f8"),  # that it needed to get there, m/s
        ("said_ns", "<i8"),  # 0: not suspect
        ("newest_ns", "<i8"),
        ("lat", "<f8"),
        ("lon", "<f8"),
    ]
)


class Senders:
    """Follows every claimed identity from word to word."""

    def __init__(self, rules: Rules, frame: TheatreFrame) -> None:
        self._rules, self._frame = rules, frame
        self._rows = np.zeros(0, dtype=SENDER)
        self._places: dict[str, int] = {}  # where each name stands in the rows

    def heard(self, batch: ObservationBatch) -> list[Jump]:
        """The senders that turn out by this batch to speak from two places."""
        names = _identities(batch)
        said = np.zeros(len(batch), dtype=_PLACE)
        said["ns"], said["sigma"] = batch.time_ns, batch.column("sigma_m")
        said["east"], said["north"] = self._frame.to_plane(
            batch.column("lat_deg"), batch.column("lon_deg")
        )
        sound = np.isfinite(said["east"] + said["north"] + said["sigma"]) & (names != "")
        rows = np.flatnonzero(sound)
        places = self._numbers(batch, rows, names, said)
        once = np.bincount(places, minlength=len(self._rows))[places] == 1
        plain = once & (self._needed_mps("here", places, said[rows]) == 0.0)
        self._follow(places[plain], said[rows[plain]])
        jumps = []
        for row, place in zip(rows[~plain], places[~plain], strict=True):
            if (speed_mps := self._speak(int(place), said[row])) > 0.0:
                jumps.append(_jump(self._rows[place], batch, int(row), speed_mps))
        return jumps

    def tick(self, time_ns: int) -> list[Jump]:
        """Forget who has not spoken for long; tell of those who speak from one place again."""
        rows, keep_ns = self._rows, self._keep_ns
        over = np.flatnonzero((rows["said_ns"] > 0) & (time_ns - rows["said_ns"] > keep_ns))
        said = [_over(rows[place], time_ns) for place in over[np.argsort(rows["name"][over])]]
        rows["said_ns"][over] = 0
        gone = (time_ns - rows["newest_ns"] > keep_ns) & (rows["said_ns"] == 0)
        if gone.any():
            self._lay(rows[~gone])
        return said

    @property
    def _keep_ns(self) -> int:
        return round(self._rules.claim_keep_s * NS_PER_S)

    def _lay(self, rows: Rows) -> None:
        self._rows = rows
        self._places = {name: place for place, name in enumerate(rows["name"].tolist())}

    def _numbers(
        self, batch: ObservationBatch, rows: IntColumn, names: Column, said: Column
    ) -> IntColumn:
        """Where the sender of each of the rows stands; who was never heard is added."""
        new: dict[str, int] = {}
        for row, name in zip(rows.tolist(), names[rows].tolist(), strict=True):
            if name not in self._places and name not in new:
                new[name] = row
        if new:
            added = np.zeros(len(new), dtype=SENDER)
            added["name"] = list(new)
            added["claimed"] = [_called(batch, row, name) for name, row in new.items()]
            first = said[list(new.values())]
            added["newest_ns"] = first["ns"]
            for name, _ in _PLACE:
                added[f"here_{name}"] = first[name]
            self._places |= {name: len(self._rows) + n for n, name in enumerate(new)}
            self._rows = np.concatenate([self._rows, added])
        known = self._places
        return np.array([known[name] for name in names[rows].tolist()], dtype=np.int64)

    def _follow(self, places: IntColumn, said: Column) -> None:
        """Take words that an honest sender can say, one of each sender."""
        rows = self._rows
        rows["newest_ns"][places] = np.maximum(rows["newest_ns"][places], said["ns"])
        later = said["ns"] >= rows["here_ns"][places]
        for name, _ in _PLACE:
            rows[f"here_{name}"][places[later]] = said[name][later]

    def _speak(self, place: int, said: Rows) -> float:
        """Take a word of a sender; the speed that it needs if it is suspect by it, else 0."""
        sender, at = self._rows[place], np.array([place])
        speed_mps = float(self._needed_mps("here", at, said)[0])
        if speed_mps == 0.0:
            self._follow(at, said.reshape(1))
            return 0.0
        sender["newest_ns"] = max(sender["newest_ns"], said["ns"])
        recent = sender["words"] > 0 and abs(said["ns"] - sender["there_ns"]) <= self._keep_ns
        again = recent and self._needed_mps("there", at, said)[0] == 0.0
        if not again:
            sender["speed"] = speed_mps
        sender["words"] = sender["words"] + 1 if again else 1
        for name, _ in _PLACE:
            sender[f"there_{name}"] = said[name]
        if sender["words"] < _WORDS_APART:
            return 0.0
        for name, _ in _PLACE:
            sender[f"there_{name}"], sender[f"here_{name}"] = sender[f"here_{name}"], said[name]
        sender["words"], suspect = 0, sender["said_ns"] > 0
        sender["said_ns"] = said["ns"]
        return 0.0 if suspect else float(sender["speed"])

    def _needed_mps(self, where: str, places: IntColumn, said: Column) -> FloatColumn:
        """How fast an object flew that spoke `here` or `there` and in `said`; 0 where one can."""
        east, north, sigma, ns = (
            self._rows[f"{where}_{name}"][places] for name in ("east", "north", "sigma", "ns")
        )
        way_m = np.hypot(said["east"] - east, said["north"] - north)
        way_m -= 3.0 * (sigma + said["sigma"]) + _SLACK_M
        gap_s = np.abs(said["ns"] - ns) / NS_PER_S + _SLACK_S
        speed_mps = way_m / gap_s
        return np.where(speed_mps > self._rules.claim_max_mps, speed_mps, 0.0)

    def content(self) -> bytes:
        """All state, for a snapshot."""
        return self._rows.tobytes()

    def restore(self, content: bytes) -> None:
        """Take up the state of `content`."""
        self._lay(np.frombuffer(content, dtype=SENDER).copy())


def _identities(batch: ObservationBatch) -> Column:
    """What tells the sender of each row from all others, "" where nothing does."""
    out: Column = np.full(len(batch), "", dtype=_NAME)
    for name in reversed(_IDENTITIES):
        said: Column | None = batch.claims.get(name)
        if said is not None:
            out = np.where(said != "", _prefixed(name, said), out)
    return out.astype(_NAME)


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


def _jump(sender: Rows, batch: ObservationBatch, row: int, speed_mps: float) -> Jump:
    sender["lat"], sender["lon"] = batch.column("lat_deg")[row], batch.column("lon_deg")[row]
    return Jump(
        str(sender["claimed"]), int(batch.time_ns[row]), float(sender["lat"]), float(sender["lon"]),
        speed_mps, int(batch.sequences[row]), int(batch.offset[row]), over=False,
    )  # fmt: skip


def _over(sender: Rows, time_ns: int) -> Jump:
    lat_deg, lon_deg = float(sender["lat"]), float(sender["lon"])
    return Jump(str(sender["claimed"]), time_ns, lat_deg, lon_deg, 0.0, 0, 0, over=True)
