"""Raid: many objects that approach or are inside at about the same time, said as one thing."""

from collections.abc import Iterable
from functools import reduce
from hashlib import blake2b
from typing import Any

import msgspec
import numpy as np

from skypicket.assessment.approach import RULE as APPROACH
from skypicket.assessment.approach import TURNED
from skypicket.assessment.evidence import by_rule
from skypicket.assessment.incursion import LEFT
from skypicket.assessment.incursion import RULE as INCURSION
from skypicket.assessment.rules import Rules
from skypicket.domain.assessments import Approach, Evidence, Incursion, Loss, Raid, Regained
from skypicket.domain.labels import Releasability
from skypicket.domain.noun import Noun
from skypicket.domain.times import NS_PER_S, zulu
from skypicket.geo.frame import TheatreFrame

RULE, OVER = "raid", "raid_over"
MOST_MEMBERS_TOLD = 16


class Member(msgspec.Struct, kw_only=True):
    """One object that approaches, is inside, or was lost there; by the track that it has now."""

    track_id: str
    first_ns: int
    newest_ns: int
    probability: float
    lat_deg: float
    lon_deg: float
    what: str
    label: Releasability
    evidence: tuple[Evidence, ...] = ()
    standing: bool = True
    in_raid: bool = False


class RaidWatch:
    """Counts the objects of which plain approaches and incursions were said.

    A raid begins when `raid_count` of them were first spoken of within `raid_s`, and at least so
    many are real with `raid_probability`. While it stands, others that come within `raid_s` after
    the newest join it. It is over when fewer than `raid_off_count` still stand: those that turned
    away, left again, or were settled by a person do not; a lost one does for `loss_keep_s`.
    """

    def __init__(self, rules: Rules, frame: TheatreFrame) -> None:
        self._rules, self._frame = rules, frame
        self._members: dict[str, Member] = {}
        self._tracks: list[str] = []  # all that the standing raid ever named
        self._raid_id = ""
        self._first_ns = self._joined_ns = self._said_ns = 0
        self._news = False

    def step(self, said: Iterable[Noun], time_ns: int) -> list[Raid]:
        """What follows from what the other watches said, and from time."""
        for noun in said:
            match noun:
                case Approach() | Incursion():
                    self._follow(noun)
                case Regained():
                    self._rename(noun.lost_track_id, noun.track_id)
                case Loss() if noun.track_id in self._members:
                    self._members[noun.track_id].newest_ns = noun.last_seen_ns
                    self._members[noun.track_id].what = "lost"
                case _:
                    pass
        if not self._members:
            return []
        self._forget(time_ns)
        return self._standing(time_ns) if self._raid_id else self._begin(time_ns)

    def settle(self, track_ids: Iterable[str]) -> None:
        """A person said what became of these."""
        for track in track_ids:
            if track in self._members:
                self._members[track].standing = False

    def _follow(self, noun: Approach | Incursion) -> None:
        word = noun.evidence[0].rule if noun.evidence else ""
        member = self._members.get(noun.track_id)
        if word in (TURNED, LEFT):
            if member is not None:
                member.standing = False
            return
        if word not in (APPROACH, INCURSION):
            return  # slow, descended, doubtful, from a quiet neighbour
        if member is None:
            member = self._members[noun.track_id] = Member(
                track_id=noun.track_id,
                first_ns=noun.time_ns,
                newest_ns=noun.time_ns,
                probability=noun.probability,
                lat_deg=noun.lat_deg,
                lon_deg=noun.lon_deg,
                what=word,
                label=noun.releasability,
            )
        member.newest_ns, member.probability, member.what = noun.time_ns, noun.probability, word
        member.lat_deg, member.lon_deg = noun.lat_deg, noun.lon_deg
        member.evidence = tuple(e for e in noun.evidence if e.sequence)[:1]
        member.label = member.label.meet(noun.releasability)
        member.standing = True

    def _rename(self, lost: str, track: str) -> None:
        member = self._members.pop(lost, None)
        if member is not None:
            member.track_id = track
            self._members[track] = member
            if member.in_raid and track not in self._tracks:
                self._tracks.append(track)

    def _forget(self, time_ns: int) -> None:
        """Let go of lost members after a while, and of those that ended and were of no raid."""
        keep_ns = int(self._rules.loss_keep_s * NS_PER_S)
        window_ns = int(self._rules.raid_s * NS_PER_S)
        for track, member in list(self._members.items()):
            if member.what == "lost" and time_ns - member.newest_ns > keep_ns:
                member.standing = False
            over = not member.standing and time_ns - member.newest_ns > window_ns
            if over and not member.in_raid:
                del self._members[track]

    def _begin(self, time_ns: int) -> list[Raid]:
        since_ns = time_ns - int(self._rules.raid_s * NS_PER_S)
        fresh = [m for m in self._sorted() if m.standing and m.first_ns >= since_ns]
        if len(fresh) < self._rules.raid_count:
            return []
        if self._probability(fresh) < self._rules.raid_probability:
            return []
        name = f"raid|{time_ns}|{'|'.join(member.track_id for member in fresh)}"
        self._raid_id = blake2b(name.encode(), digest_size=8).hexdigest()
        self._first_ns = min(member.first_ns for member in fresh)
        self._join(fresh)
        return [self._say(time_ns, RULE)]

    def _standing(self, time_ns: int) -> list[Raid]:
        until_ns = self._joined_ns + int(self._rules.raid_s * NS_PER_S)
        self._join(
            [
                m
                for m in self._sorted()
                if m.standing and not m.in_raid and self._first_ns <= m.first_ns <= until_ns
            ]
        )
        count = sum(m.standing and m.in_raid for m in self._members.values())
        if count < self._rules.raid_off_count:
            said = [self._say(time_ns, OVER)]
            self._raid_id, self._tracks = "", []
            self._members = {t: m for t, m in self._members.items() if m.standing}
            for member in self._members.values():
                member.in_raid = False
            return said
        waited = time_ns - self._said_ns >= self._rules.raid_repeat_s * NS_PER_S
        return [self._say(time_ns, RULE)] if self._news and waited else []

    def _join(self, members: list[Member]) -> None:
        for member in members:
            member.in_raid = True
            self._tracks.append(member.track_id)
            self._joined_ns = max(self._joined_ns, member.first_ns)
            self._news = True

    def _sorted(self) -> list[Member]:
        return sorted(self._members.values(), key=lambda m: (m.first_ns, m.track_id))

    def _probability(self, members: list[Member]) -> float:
        """P(at least `raid_count` of them are what was said of them), independently."""
        return at_least(self._rules.raid_count, [member.probability for member in members])

    def _say(self, time_ns: int, word: str) -> Raid:
        self._said_ns, self._news = time_ns, False
        members = [m for m in self._sorted() if m.in_raid]
        standing = [m for m in members if m.standing]
        places = self._frame.to_plane([m.lat_deg for m in members], [m.lon_deg for m in members])
        east, north = float(np.median(places[0])), float(np.median(places[1]))
        lat_deg, lon_deg = self._frame.to_geodetic(east, north)
        return Raid(
            raid_id=self._raid_id,
            time_ns=time_ns,
            probability=self._probability(members),
            border=self._rules.home,
            first_ns=self._first_ns,
            lat_deg=float(lat_deg),
            lon_deg=float(lon_deg),
            radius_m=float(np.hypot(places[0] - east, places[1] - north).max()),
            standing_count=len(standing),
            track_ids=tuple(dict.fromkeys(self._tracks)),
            evidence=(by_rule(word, self._sentence(word, len(standing))), *_told(members)),
            releasability=reduce(Releasability.meet, (m.label for m in members)),
        )

    def _sentence(self, word: str, standing: int) -> str:
        if word == OVER:
            return (
                f"Only {standing} of them still approach or are inside, and the rule ends a raid "
                f"below {self._rules.raid_off_count}."
            )
        return (
            f"{len(set(self._tracks))} were first spoken of since {zulu(self._first_ns)}, and the "
            f"rule says a raid from {self._rules.raid_count} within "
            f"{self._rules.raid_s / 60:.0f} min."
        )

    def content(self) -> dict[str, Any]:
        """All state, for a snapshot."""
        return {
            "members": self._sorted(),
            "tracks": self._tracks,
            "raid_id": self._raid_id,
            "times": (self._first_ns, self._joined_ns, self._said_ns),
            "news": self._news,
        }

    def restore(self, content: dict[str, Any]) -> None:
        """Take up the state of `content`."""
        members = msgspec.convert(content["members"], list[Member])
        self._members = {member.track_id: member for member in members}
        self._tracks, self._raid_id = list(content["tracks"]), content["raid_id"]
        self._first_ns, self._joined_ns, self._said_ns = content["times"]
        self._news = content["news"]


def at_least(count: int, probabilities: Iterable[float]) -> float:
    """P(at least so many of independent events), by adding one event after the other.

    >>> at_least(2, [0.5, 0.5, 1.0])
    0.75
    """
    chance = np.zeros(count + 1)  # of exactly 0, 1, … events; the last of `count` or more
    chance[0] = 1.0
    for probability in probabilities:
        moved = chance[:-1] * probability
        chance[:-1] -= moved
        chance[1:] += moved
    return float(min(chance[count], 1.0))


def _told(members: list[Member]) -> tuple[Evidence, ...]:
    """The newest observation of each member, or a sentence where none is known."""
    return tuple(
        msgspec.structs.replace(e, sentence=f"Track {m.track_id} ({m.what}): {e.sentence}")
        for m in members[:MOST_MEMBERS_TOLD]
        for e in m.evidence or (by_rule("", f"P {m.probability:.2f}."),)
    )
