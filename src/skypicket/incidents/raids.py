"""A raid is one row: an alarm that names all its tracks, whose own alarms refer to it."""

from typing import Any

from skypicket.domain.assessments import Raid
from skypicket.domain.incidents import Alarm, AlarmLevel
from skypicket.domain.noun import Noun
from skypicket.incidents.alarms import RANK, AlarmBook, Draft, alarm_id
from skypicket.incidents.objects import Objects
from skypicket.incidents.words import raid_text, state_name

CAUSE, OVER = "Raid", "raid_over"
MEMBERS = ("Incursion", "Loss", "Approach")


class RaidRows:
    """Which object belongs to which raid, and how many of it were there when it was said last."""

    def __init__(self) -> None:
        self._raid: dict[str, str] = {}  # by the object's first track
        self._told: dict[str, int] = {}  # tracks that each raid named

    def alarm_of(self, subject: str) -> str | None:
        """The id of the alarm of the raid that an object belongs to."""
        raid = self._raid.get(subject)
        return None if raid is None else alarm_id(CAUSE, raid)

    def step(self, alarms: AlarmBook, objects: Objects, noun: Raid) -> list[Noun]:
        """The row of a raid, and the alarms of its objects where they came to belong to it."""
        standing = alarms.standing(CAUSE, noun.raid_id)
        text = raid_text(noun)
        subjects = tuple(dict.fromkeys(objects.subject(track) for track in noun.track_ids))
        if noun.evidence and noun.evidence[0].rule == OVER:
            self._let_go(noun.raid_id)
            if standing is None:
                return []
            return [alarms.change(standing, "cleared", noun.time_ns, text=text)]
        for subject in subjects:
            self._raid.setdefault(subject, noun.raid_id)
        members = [a for subject in subjects for a in _members(alarms, subject)]
        grown = len(noun.track_ids) > self._told.get(noun.raid_id, 0)
        self._told[noun.raid_id] = len(noun.track_ids)
        row = alarms.say(_draft(noun, text, _gravest(members)))
        if grown and row.state != "raised":
            row = alarms.raise_again(row, noun.time_ns)
        joined = [
            alarms.change(alarm, alarm.state, noun.time_ns, raid_id=row.alarm_id)
            for alarm in members
            if alarm.raid_id is None
        ]
        return [row, *joined]

    def follow(self, alarms: AlarmBook, alarm: Alarm) -> list[Noun]:
        """The raid's row after one of its alarms was said: it is never the lesser of the two."""
        row = alarms.by_id(alarm.raid_id or "")
        if row is None or row.state == "cleared" or RANK[alarm.level] <= RANK[row.level]:
            return []
        return [alarms.raise_again(row, alarm.time_ns, level=alarm.level)]

    def _let_go(self, raid: str) -> None:
        self._told.pop(raid, None)
        self._raid = {subject: r for subject, r in self._raid.items() if r != raid}

    def content(self) -> dict[str, Any]:
        """All state, for a snapshot."""
        return {"raid": sorted(self._raid.items()), "told": sorted(self._told.items())}

    def restore(self, content: dict[str, Any]) -> None:
        """Take up the state of `content`."""
        self._raid, self._told = dict(content["raid"]), dict(content["told"])


def _members(alarms: AlarmBook, subject: str) -> list[Alarm]:
    found = (alarms.standing(cause, subject) for cause in MEMBERS)
    return [alarm for alarm in found if alarm is not None]


def _gravest(members: list[Alarm]) -> AlarmLevel:
    levels: list[AlarmLevel] = ["caution", *(alarm.level for alarm in members)]
    return max(levels, key=RANK.__getitem__)


def _draft(noun: Raid, text: str, level: AlarmLevel) -> Draft:
    return Draft(
        cause=CAUSE,
        subject=noun.raid_id,
        level=level,
        time_ns=noun.time_ns,
        title=f"Raid of {len(noun.track_ids)}: {state_name(noun.border)}",
        text=text,
        probability=noun.probability,
        lat_deg=noun.lat_deg,
        lon_deg=noun.lon_deg,
        track_ids=noun.track_ids,
        rule=noun.evidence[0].rule if noun.evidence else "",
        evidence=noun.evidence,
        releasability=noun.releasability,
    )
