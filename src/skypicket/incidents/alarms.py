"""The alarms that stand: one row per object and cause, raised once and then revised."""

from hashlib import blake2b
from typing import Any

import msgspec

from skypicket.domain.assessments import Evidence
from skypicket.domain.incidents import Alarm, AlarmLevel, AlarmState
from skypicket.domain.labels import NOT_RELEASED, Releasability
from skypicket.incidents.rules import IncidentRules
from skypicket.incidents.words import clock

LOOK_NS = 10_000_000_000
AGES = ("raised", "acknowledged")
LEVELS: tuple[AlarmLevel, ...] = ("advisory", "caution", "warning")
RANK: dict[AlarmLevel, int] = {level: rank for rank, level in enumerate(LEVELS)}
BACK = " Back from the shelf"


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What an alarm is to say; `subject` is the first track or cluster of the object."""

    cause: str
    subject: str
    level: AlarmLevel
    time_ns: int
    title: str
    text: str
    probability: float
    lat_deg: float | None = None
    lon_deg: float | None = None
    track_ids: tuple[str, ...] = ()
    incident_id: str | None = None
    rule: str = ""
    evidence: tuple[Evidence, ...] = ()
    raid_id: str | None = None
    releasability: Releasability = NOT_RELEASED


def alarm_id(cause: str, subject: str) -> str:
    """The stable name of the alarm of one object for one cause: 16 hexadecimal digits.

    >>> alarm_id("Incursion", "00000000000000ff")
    'bcf9e6ceaae92c56'
    """
    return blake2b(f"{cause}|{subject}".encode(), digest_size=8).hexdigest()


class AlarmBook:
    """All alarms, by id. Nothing is removed from it but what was cleared long ago."""

    def __init__(self) -> None:
        self._alarms: dict[str, Alarm] = {}
        self._due_ns = 0

    def get(self, cause: str, subject: str) -> Alarm | None:
        """The alarm of this object for this cause, whatever its state."""
        return self._alarms.get(alarm_id(cause, subject))

    def by_id(self, identifier: str) -> Alarm | None:
        """The alarm of this id."""
        return self._alarms.get(identifier)

    def standing(self, cause: str, subject: str) -> Alarm | None:
        """The alarm of this object for this cause, unless it was cleared."""
        found = self.get(cause, subject)
        return None if found is None or found.state == "cleared" else found

    def of_incident(self, incident_id: str) -> list[Alarm]:
        """The alarms of an incident that are not cleared, in order of their ids."""
        found = (a for _, a in sorted(self._alarms.items()) if a.incident_id == incident_id)
        return [alarm for alarm in found if alarm.state != "cleared"]

    def of_raid(self, raid_id: str) -> list[Alarm]:
        """The alarms that belong to a raid's row and are not cleared, in order of their ids."""
        found = (a for _, a in sorted(self._alarms.items()) if a.raid_id == raid_id)
        return [alarm for alarm in found if alarm.state != "cleared"]

    def say(self, draft: Draft) -> Alarm:
        """Raise the alarm, or revise it; a higher level or a new beginning raises it again.

        While it stands, its level never falls and its incident never changes.
        """
        before = self.get(draft.cause, draft.subject)
        identifier = alarm_id(draft.cause, draft.subject)
        fields = {name: getattr(draft, name) for name in _SHARED}
        if before is None or before.state == "cleared":
            alarm = Alarm(
                alarm_id=identifier,
                revision=1 if before is None else before.revision + 1,
                state="raised",
                raised_ns=draft.time_ns,
                **fields,
            )
            return self._keep(alarm)
        higher = RANK[draft.level] > RANK[before.level]
        fields["level"] = draft.level if higher else before.level
        fields["incident_id"] = before.incident_id or draft.incident_id
        fields["raid_id"] = before.raid_id or draft.raid_id
        fields["track_ids"] = _together(before.track_ids, draft.track_ids)
        fields["releasability"] = before.releasability.meet(draft.releasability)
        if higher:
            return self.raise_again(before, fields.pop("time_ns"), **fields)
        return self._keep(msgspec.structs.replace(before, revision=before.revision + 1, **fields))

    def change(self, alarm: Alarm, state: AlarmState, time_ns: int, **fields: Any) -> Alarm:
        """Put an alarm into another state; `fields` are others of `Alarm` that change with it.

        Whoever put it into the state before is not named in the new one.
        """
        if state != alarm.state:
            fields = {"handled_by": "", "comment": "", **fields}
        return self._keep(
            msgspec.structs.replace(
                alarm, state=state, time_ns=time_ns, revision=alarm.revision + 1, **fields
            )
        )

    def raise_again(self, alarm: Alarm, time_ns: int, **fields: Any) -> Alarm:
        """Raise a standing alarm anew: whoever handled it before must look again."""
        nobody = {"handled_by": "", "comment": "", "shelved_until_ns": None, "time_ns": time_ns}
        return self._keep(
            msgspec.structs.replace(
                alarm, state="raised", revision=alarm.revision + 1, **{**nobody, **fields}
            )
        )

    def tick(self, time_ns: int, rules: IncidentRules) -> list[Alarm]:
        """Raise what was shelved long enough; end, aloud, advisories without news; forget old ones.

        Looks once in ten seconds.
        """
        if time_ns < self._due_ns:
            return []
        self._due_ns = time_ns + LOOK_NS
        said = [
            self.raise_again(alarm, time_ns, text=_back(alarm, time_ns))
            for _, alarm in sorted(self._alarms.items())
            if alarm.state == "shelved" and (alarm.shelved_until_ns or 0) <= time_ns
        ]
        for identifier, alarm in sorted(self._alarms.items()):
            age_s = (time_ns - alarm.time_ns) / 1e9
            if not alarm.track_ids:
                continue
            if alarm.state == "cleared" and age_s > rules.keep_cleared_s:
                del self._alarms[identifier]
            elif alarm.state in AGES and alarm.level == "advisory" and age_s > rules.advisory_s:
                minutes = rules.advisory_s / 60
                text = f"Nothing new for {minutes:.0f} min, so the advisory ends. {alarm.text}"
                said.append(self.change(alarm, "cleared", time_ns, text=text))
        return said

    def _keep(self, alarm: Alarm) -> Alarm:
        if alarm.state != "shelved" and alarm.shelved_until_ns is not None:
            alarm = msgspec.structs.replace(alarm, shelved_until_ns=None)
        self._alarms[alarm.alarm_id] = alarm
        return alarm

    def content(self) -> dict[str, Any]:
        """All state, for a snapshot."""
        return {
            "alarms": [alarm for _, alarm in sorted(self._alarms.items())],
            "due_ns": self._due_ns,
        }

    def restore(self, content: dict[str, Any]) -> None:
        """Take up the state of `content`."""
        alarms = msgspec.convert(content["alarms"], list[Alarm])
        self._alarms = {alarm.alarm_id: alarm for alarm in alarms}
        self._due_ns = content["due_ns"]


_SHARED = tuple(name for name in Draft.__struct_fields__ if name != "subject")


def _together(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))


def _back(alarm: Alarm, time_ns: int) -> str:
    """The text of an alarm that comes back by itself: what it said, and that it was put aside."""
    who = f", where {alarm.handled_by} had put it" if alarm.handled_by else ""
    why = f": {alarm.comment}" if alarm.comment else ""
    return f"{alarm.text.split(BACK)[0]}{BACK} since {clock(time_ns)}{who}{why}."
