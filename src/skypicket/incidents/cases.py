"""The incidents: opened once, added to line by line, closed by a person."""

from hashlib import blake2b
from typing import Any, NamedTuple

import msgspec
import numpy as np

from skypicket.domain.assessments import Evidence
from skypicket.domain.incidents import AlarmLevel, Incident, IncidentEntry
from skypicket.domain.labels import NOT_RELEASED, Releasability
from skypicket.domain.noun import Noun
from skypicket.incidents.alarms import RANK
from skypicket.incidents.rules import IncidentRules


class Place(NamedTuple):
    """A time and a place in the theatre plane, with the errors of both (one sigma)."""

    time_ns: int
    east_m: float
    north_m: float
    sigma_m: float = 0.0
    sigma_s: float = 0.0


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be written into an incident."""

    what: str
    text: str
    time_ns: int
    received_ns: int
    track_id: str = ""
    evidence: tuple[Evidence, ...] = ()
    releasability: Releasability = NOT_RELEASED


class Case(msgspec.Struct, kw_only=True):
    """An incident with the places where its object was for certain.

    `by_rule` says that the rule, and no person, set the next decision; `reminded_ns` for which
    decision it was said that it is overdue.
    """

    incident: Incident
    by_rule: bool = False
    reminded_ns: int = 0
    contacts: list[Place] = msgspec.field(default_factory=list)
    clusters: list[str] = msgspec.field(default_factory=list)


class CaseBook:
    """All incidents, by id."""

    def __init__(self, rules: IncidentRules) -> None:
        self._rules = rules
        self._cases: dict[str, Case] = {}

    def by_id(self, identifier: str) -> Case | None:
        """The incident of this id."""
        return self._cases.get(identifier)

    def of_track(self, track_ids: tuple[str, ...]) -> Case | None:
        """The open incident that holds one of these tracks."""
        for case in self._open():
            if set(track_ids) & set(case.incident.track_ids):
                return case
        return None

    def of_cluster(self, cluster_id: str) -> Case | None:
        """The open incident that holds this cluster of reports."""
        return next((case for case in self._open() if cluster_id in case.clusters), None)

    def in_reach(self, place: Place) -> Case | None:
        """The open and joinable incident whose object could best have been there then."""
        speeds = [(self.speed_needed_mps(case, place), case) for case in self._open()]
        fitting = [(speed, case) for speed, case in speeds if speed is not None]
        if not fitting:
            return None
        return min(fitting, key=lambda pair: (pair[0], pair[1].incident.incident_id))[1]

    def speed_needed_mps(self, case: Case, place: Place) -> float | None:
        """How fast the object flew if it was there then; None if that is too fast or too late.

        It must have come there from where it was for certain before, and gone on to where it was
        next.
        """
        window_ns = int(self._rules.join_s * 1e9)
        slack_ns = int(2e9 * place.sigma_s)
        late = place.time_ns - slack_ns > case.incident.joinable_until_ns
        if late or not case.contacts or place.time_ns < case.contacts[0].time_ns - window_ns:
            return None
        before = [c for c in case.contacts if c.time_ns <= place.time_ns][-1:]
        after = [c for c in case.contacts if c.time_ns > place.time_ns][:1]
        speed = max(_speed_mps(contact, place) for contact in (*before, *after))
        return speed if speed <= self._rules.join_speed_mps else None

    def open(self, subject: str, level: AlarmLevel, title: str, line: Line) -> list[Noun]:
        """A new incident with its first line."""
        name = f"incident|{subject}|{line.received_ns}"
        incident = Incident(
            incident_id=blake2b(name.encode(), digest_size=8).hexdigest(),
            revision=0,
            level=level,
            state="open",
            opened_ns=line.received_ns,
            time_ns=line.received_ns,
            title=title,
            joinable_until_ns=line.received_ns + int(self._rules.join_s * 1e9),
            track_ids=(line.track_id,) if line.track_id else (),
            releasability=line.releasability,
        )
        case = self._cases[incident.incident_id] = Case(incident=incident)
        return self.write(case, line)

    def contact(self, case: Case, place: Place, now_ns: int) -> None:
        """The object was measured there: the incident stays joinable from now on."""
        case.contacts.append(place)
        case.contacts.sort()
        self.seen_again(case, now_ns)

    def seen_again(self, case: Case, now_ns: int) -> None:
        """The object was measured: the time in which others join begins anew."""
        until_ns = now_ns + int(self._rules.join_s * 1e9)
        if until_ns > case.incident.joinable_until_ns:
            case.incident = msgspec.structs.replace(case.incident, joinable_until_ns=until_ns)

    def write(self, case: Case, line: Line, level: AlarmLevel = "advisory") -> list[Noun]:
        """Append a line; the incident's level rises to `level` if that is higher."""
        before = case.incident
        tracks = dict.fromkeys((*before.track_ids, *([line.track_id] if line.track_id else [])))
        case.incident = msgspec.structs.replace(
            before,
            revision=before.revision + 1,
            level=level if RANK[level] > RANK[before.level] else before.level,
            time_ns=max(before.time_ns, line.received_ns),
            track_ids=tuple(tracks),
            entry_count=before.entry_count + 1,
            releasability=before.releasability.meet(line.releasability),
        )
        entry = IncidentEntry(
            incident_id=before.incident_id,
            number=case.incident.entry_count,
            **{name: getattr(line, name) for name in Line.__struct_fields__},
        )
        return [case.incident, entry]

    def decide_by(self, case: Case, time_ns: int | None, *, by_rule: bool) -> None:
        """When the next decision is due; what a person set is not put off by a rule."""
        before_ns = case.incident.next_decision_ns
        if by_rule and before_ns is not None and not case.by_rule:
            time_ns = before_ns if time_ns is None else min(before_ns, time_ns)
            by_rule = time_ns != before_ns
        case.by_rule = by_rule
        self.set(case, next_decision_ns=time_ns)

    def set(self, case: Case, **fields: Any) -> None:
        """Change fields of an incident; the next line that is written says it."""
        case.incident = msgspec.structs.replace(case.incident, **fields)

    def overdue(self, time_ns: int) -> list[Case]:
        """Open incidents whose decision is due and was not asked for yet."""
        return [
            case
            for case in self._open()
            if (due_ns := case.incident.next_decision_ns) is not None
            and due_ns <= time_ns
            and due_ns != case.reminded_ns
        ]

    def _open(self) -> list[Case]:
        return [c for _, c in sorted(self._cases.items()) if c.incident.state == "open"]

    def content(self) -> list[Any]:
        """All state, for a snapshot."""
        return [
            {
                "incident": c.incident,
                "contacts": c.contacts,
                "clusters": c.clusters,
                "by_rule": c.by_rule,
                "reminded_ns": c.reminded_ns,
            }
            for _, c in sorted(self._cases.items())
        ]

    def restore(self, content: list[Any]) -> None:
        """Take up the state of `content`."""
        cases = msgspec.convert(content, list[Case])
        self._cases = {case.incident.incident_id: case for case in cases}


def _speed_mps(contact: Place, place: Place) -> float:
    """The least speed that leads from one place to the other, both within their errors."""
    slack_m = 2 * np.hypot(contact.sigma_m, place.sigma_m)
    way = np.hypot(place.east_m - contact.east_m, place.north_m - contact.north_m) - slack_m
    apart_s = abs(place.time_ns - contact.time_ns) / 1e9 + 2 * place.sigma_s
    return max(float(way), 0.0) / max(apart_s, 1.0)
