"""The alarms that stand: one row per object and cause, raised once and then revised."""

from hashlib import blake2b
from typing import Any

import msgspec

from skypicket.domain.assessments import Evidence
from skypicket.domain.incidents import Alarm, AlarmLevel, AlarmState
from skypicket.domain.labels import NOT_RELEASED, Releasability
from skypicket.incidents.rules import IncidentRules

LOOK_NS = 10_000_000_000
AGES = ("raised", "acknowledged")
RANK: dict[AlarmLevel, int] = {"advisory": 0, "caution": 1, "warning": 2}


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
        self._shelved_until_ns: dict[str, int] = {}
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
        fields["track_ids"] = _together(before.track_ids, draft.track_ids)
        fields["releasability"] = before.releasability.meet(draft.releasability)
        state: AlarmState = "raised" if higher else before.state
        return self._keep(
            Alarm(
                alarm_id=identifier,
                revision=before.revision + 1,
                state=state,
                raised_ns=before.raised_ns,
                **fields,
            )
        )

    def change(self, alarm: Alarm, state: AlarmState, time_ns: int, **fields: Any) -> Alarm:
        """Put an alarm into another state; `fields` are others of `Alarm` that change with it."""
        return self._keep(
            msgspec.structs.replace(
                alarm, state=state, time_ns=time_ns, revision=alarm.revision + 1, **fields
            )
        )

    def shelve(self, alarm: Alarm, time_ns: int, until_ns: int) -> Alarm:
        """Put an alarm aside until then."""
        shelved = self.change(alarm, "shelved", time_ns)
        self._shelved_until_ns[alarm.alarm_id] = until_ns
        return shelved

    def tick(self, time_ns: int, rules: IncidentRules) -> list[Alarm]:
        """Raise what was shelved long enough; end, aloud, advisories without news; forget old ones.

        Looks once in ten seconds.
        """
        if time_ns < self._due_ns:
            return []
        self._due_ns = time_ns + LOOK_NS
        over = [i for i, until_ns in self._shelved_until_ns.items() if until_ns <= time_ns]
        said = [self.change(self._alarms[i], "raised", time_ns) for i in sorted(over)]
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
        self._alarms[alarm.alarm_id] = alarm
        if alarm.state != "shelved":
            self._shelved_until_ns.pop(alarm.alarm_id, None)
        return alarm

    def content(self) -> dict[str, Any]:
        """All state, for a snapshot."""
        return {
            "alarms": [alarm for _, alarm in sorted(self._alarms.items())],
            "due_ns": self._due_ns,
            "shelved": sorted(self._shelved_until_ns.items()),
        }

    def restore(self, content: dict[str, Any]) -> None:
        """Take up the state of `content`."""
        alarms = msgspec.convert(content["alarms"], list[Alarm])
        self._alarms = {alarm.alarm_id: alarm for alarm in alarms}
        self._due_ns = content["due_ns"]
        self._shelved_until_ns = dict(content["shelved"])


_SHARED = tuple(name for name in Draft.__struct_fields__ if name != "subject")


def _together(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))
