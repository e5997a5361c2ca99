"""A lost object with its alarm and its incident, as a scene for tests shows it."""

from typing import Any

from skypicket.domain.contracts import Outcome
from skypicket.domain.incidents import Declaration, Incident
from skypicket.testing.builders import NIGHT_NS
from skypicket.testing.scenes import Scene, a_loss, an_alarm

LOST = "00000000000000aa"


def an_incident(incident_id: str = "i1", **more: Any) -> Incident:
    """An open incident of a lost object that nobody owns; `more` are other fields of `Incident`."""
    said: dict[str, Any] = {
        "incident_id": incident_id,
        "revision": 1,
        "level": "warning",
        "state": "open",
        "opened_ns": NIGHT_NS,
        "time_ns": NIGHT_NS,
        "title": "Lost inside: Lithuania",
        "joinable_until_ns": NIGHT_NS,
        "track_ids": (LOST,),
    }
    return Incident(**said | more)


def show_loss(scene: Scene, track_id: str = LOST) -> None:
    """Show a lost object with an alarm `alarm-<track>` and the incident `i1`."""
    alarm = an_alarm(f"alarm-{track_id}", cause="Loss", track_ids=(track_id,), incident_id="i1")
    scene.say(a_loss(track_id), alarm, an_incident())


def a_declaration(outcome: Outcome, *tracks: str) -> Declaration:
    """What Rūta says became of a lost object."""
    return Declaration(
        track_ids=tracks or (LOST,),
        time_ns=NIGHT_NS,
        outcome=outcome,
        operator="Rūta",
        comment="found by a farmer",
    )
