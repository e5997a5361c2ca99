"""What operators may do to alarms and incidents; each act is kept with who did it and why."""

from typing import Any

from skypicket.domain.contracts import OperatorAction
from skypicket.domain.incidents import Alarm
from skypicket.domain.labels import Releasability
from skypicket.domain.noun import Noun
from skypicket.incidents.alarms import LEVELS, RANK
from skypicket.incidents.books import Books
from skypicket.incidents.cases import Case, Line
from skypicket.incidents.declarations import declare
from skypicket.incidents.raids import CAUSE as RAID
from skypicket.incidents.words import clock

# Alarms: the subject is an alarm's id. Incidents: that of an incident, or of one of its alarms.
# Objects: that of a track, an incident or an alarm; of all the lost objects that it names.
ALARM_ACTIONS = ("acknowledge", "shelve", "clear", "escalate")
INCIDENT_ACTIONS = ("own", "note", "close", "decide")
OBJECT_ACTIONS = ("declare",)
ACTIONS = (*ALARM_ACTIONS, *INCIDENT_ACTIONS, *OBJECT_ACTIONS)
NEEDS_COMMENT = ("clear", "escalate", "note", "close", "decide", "declare")


def act(action: OperatorAction, books: Books) -> list[Noun]:
    """What follows from an operator's act; nothing if it is unknown, or its subject is.

    Those of `NEEDS_COMMENT` without a comment are nothing, either. The server can say so at once.
    """
    if action.action in NEEDS_COMMENT and not action.comment.strip():
        return []
    if action.action in OBJECT_ACTIONS:
        return declare(action, books)
    alarm = books.alarms.by_id(action.subject)
    if action.action in ALARM_ACTIONS:
        return [] if alarm is None else _on_alarm(action, alarm, books)
    case = books.cases.by_id(alarm.incident_id or "" if alarm is not None else action.subject)
    if action.action not in INCIDENT_ACTIONS or case is None or case.incident.state == "closed":
        return []
    return _on_incident(action, case, books)


def _on_alarm(action: OperatorAction, alarm: Alarm, books: Books) -> list[Noun]:
    if alarm.state == "cleared":
        return []
    changed, what = _changed(action, alarm, books)
    said: list[Noun] = [changed]
    if alarm.cause == RAID and action.action in ("acknowledge", "shelve"):
        members = books.alarms.of_raid(alarm.alarm_id)
        said += [_changed(action, m, books)[0] for m in members if m.state == "raised"]
    said += books.raids.follow(books.alarms, changed)
    case = books.cases.by_id(alarm.incident_id or "")
    if case is not None and case.incident.state == "open":
        text = f"Alarm {alarm.title!r} {what}"
        said += books.cases.write(case, _line(action, text, alarm.releasability), changed.level)
    return said


def _changed(action: OperatorAction, alarm: Alarm, books: Books) -> tuple[Alarm, str]:
    """The alarm after the act, and what was done to it."""
    alarms, time_ns = books.alarms, action.time_ns
    by: dict[str, Any] = {"handled_by": action.operator, "comment": action.comment}
    match action.action:
        case "acknowledge":
            return alarms.change(alarm, "acknowledged", time_ns, **by), "acknowledged"
        case "shelve":
            until_ns = _shelved_until_ns(action, books)
            what = f"put aside until {clock(until_ns)}"
            changed = alarms.change(alarm, "shelved", time_ns, shelved_until_ns=until_ns, **by)
            return changed, what
        case "escalate":
            level = LEVELS[min(RANK[alarm.level] + 1, len(LEVELS) - 1)]
            return alarms.raise_again(alarm, time_ns, level=level, **by), f"escalated to {level}"
        case _:
            text = f"Cleared by {action.operator}: {action.comment} ({alarm.text})"
            return alarms.change(alarm, "cleared", time_ns, text=text, **by), "cleared"


def _shelved_until_ns(action: OperatorAction, books: Books) -> int:
    """When a shelved alarm comes back: always, and not later than the rules allow."""
    longest_ns = action.time_ns + int(books.rules.longest_shelve_s * 1e9)
    if action.until_ns is None or action.until_ns <= action.time_ns:
        return min(action.time_ns + int(books.rules.shelve_s * 1e9), longest_ns)
    return min(action.until_ns, longest_ns)


def _on_incident(action: OperatorAction, case: Case, books: Books) -> list[Noun]:
    alarms, cases = books.alarms, books.cases
    label = case.incident.releasability
    match action.action:
        case "own":
            cases.set(case, owner=action.operator)
            return cases.write(case, _line(action, "Ownership taken", label))
        case "note":
            return cases.write(case, _line(action, "Note", label))
        case "decide":
            if action.until_ns is None or action.until_ns <= action.time_ns:
                return []
            cases.decide_by(case, action.until_ns, by_rule=False)
            cases.set(case, decision=action.comment)
            what = f"Decided; the next decision is due at {clock(action.until_ns)};"
            return cases.write(case, _line(action, what, label))
        case _:
            cases.set(case, state="closed", next_decision_ns=None)
            said = cases.write(case, _line(action, "Closed", label))
            for alarm in alarms.of_incident(case.incident.incident_id):
                text = (
                    f"Incident closed by {action.operator} at {clock(action.time_ns)}: "
                    f"{action.comment} ({alarm.text})"
                )
                by = {"handled_by": action.operator, "comment": action.comment}
                said.append(alarms.change(alarm, "cleared", action.time_ns, text=text, **by))
            return said


def _line(action: OperatorAction, what: str, label: Releasability) -> Line:
    comment = f": {action.comment}" if action.comment else "."
    return Line(
        what=action.action,
        text=f"{what} by {action.operator}{comment}",
        time_ns=action.time_ns,
        received_ns=action.time_ns,
        releasability=label,
    )
