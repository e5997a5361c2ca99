"""Decisions that are overdue: no lost object waits in silence."""

from skypicket.domain.noun import Noun
from skypicket.incidents.books import Books
from skypicket.incidents.cases import Case, Line
from skypicket.incidents.words import clock

NOBODY = "no owner"


def overdue_lines(time_ns: int, books: Books) -> list[Noun]:
    """A line for each incident whose decision is due, once; its acknowledged losses are raised.

    What somebody has shelved stays aside until its own time.
    """
    said: list[Noun] = []
    for case in books.cases.overdue(time_ns):
        due_ns = case.incident.next_decision_ns
        assert due_ns is not None
        case.reminded_ns = due_ns
        said += books.cases.write(case, _line(case, due_ns, time_ns))
        for alarm in books.alarms.of_incident(case.incident.incident_id):
            if alarm.cause == "Loss" and alarm.state == "acknowledged":
                said.append(books.alarms.raise_again(alarm, time_ns))
    return said


def _line(case: Case, due_ns: int, time_ns: int) -> Line:
    incident = case.incident
    last = f" The last decision: {incident.decision}" if incident.decision else ""
    return Line(
        what="decision_due",
        text=f"A decision was due at {clock(due_ns)}; owner: {incident.owner or NOBODY}.{last}",
        time_ns=due_ns,
        received_ns=time_ns,
        releasability=incident.releasability,
    )
