"""What operators may do to alarms and incidents; each act is kept with who did it and why."""

import msgspec

from skypicket.domain.contracts import OperatorAction
from skypicket.domain.incidents import Alarm
from skypicket.domain.labels import Releasability
from skypicket.domain.noun import Noun
from skypicket.incidents.alarms import AlarmBook
from skypicket.incidents.cases import Case, CaseBook, Line
from skypicket.incidents.words import clock

# Alarms: the subject is an alarm's id. Incidents: that of an incident, or of one of its alarms.
ALARM_ACTIONS = ("acknowledge", "shelve", "clear")
INCIDENT_ACTIONS = ("own", "note", "close")
ACTIONS = (*ALARM_ACTIONS, *INCIDENT_ACTIONS)
NEEDS_COMMENT = ("clear", "note", "close")
_DONE = {"acknowledge": "acknowledged", "shelve": "put aside", "clear": "cleared"}


def act(action: OperatorAction, alarms: AlarmBook, cases: CaseBook, shelve_s: float) -> list[Noun]:
    """What follows from an operator's act; nothing if it is unknown, or its subject is.

    `clear`, `note` and `close` need a comment: without one nothing follows. The server can say
    so at once, by `ACTIONS` and `NEEDS_COMMENT`.
    """
    if action.action in NEEDS_COMMENT and not action.comment.strip():
        return []
    alarm = alarms.by_id(action.subject)
    if action.action in ALARM_ACTIONS:
        return [] if alarm is None else _on_alarm(action, alarm, (alarms, cases), shelve_s)
    case = cases.by_id(alarm.incident_id or "" if alarm is not None else action.subject)
    if action.action not in INCIDENT_ACTIONS or case is None or case.incident.state == "closed":
        return []
    return _on_incident(action, case, alarms, cases)


def _on_alarm(
    action: OperatorAction, alarm: Alarm, books: tuple[AlarmBook, CaseBook], shelve_s: float
) -> list[Noun]:
    alarms, cases = books
    if alarm.state == "cleared":
        return []
    match action.action:
        case "acknowledge":
            changed = alarms.change(alarm, "acknowledged", action.time_ns)
        case "shelve":
            until_ns = action.time_ns + int(shelve_s * 1e9)
            changed = alarms.shelve(alarm, action.time_ns, until_ns)
        case _:
            text = f"Cleared by {action.operator}: {action.comment} ({alarm.text})"
            changed = alarms.change(alarm, "cleared", action.time_ns, text=text)
    said: list[Noun] = [changed]
    case = cases.by_id(alarm.incident_id or "")
    if case is not None and case.incident.state == "open":
        what = f"Alarm {alarm.title!r} {_DONE[action.action]}"
        said += cases.write(case, _line(action, what, alarm.releasability))
    return said


def _on_incident(
    action: OperatorAction, case: Case, alarms: AlarmBook, cases: CaseBook
) -> list[Noun]:
    match action.action:
        case "own":
            case.incident = msgspec.structs.replace(case.incident, owner=action.operator)
            return cases.write(case, _line(action, "Ownership taken", case.incident.releasability))
        case "note":
            return cases.write(case, _line(action, "Note", case.incident.releasability))
        case _:
            case.incident = msgspec.structs.replace(case.incident, state="closed")
            said = cases.write(case, _line(action, "Closed", case.incident.releasability))
            for alarm in alarms.of_incident(case.incident.incident_id):
                text = (
                    f"Incident closed by {action.operator} at {clock(action.time_ns)}: "
                    f"{action.comment} ({alarm.text})"
                )
                said.append(alarms.change(alarm, "cleared", action.time_ns, text=text))
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
