"""What wakes people, and what is kept from the first call to the report."""

from typing import Literal

from skypicket.domain.assessments import Evidence
from skypicket.domain.contracts import Outcome
from skypicket.domain.noun import Noun

AlarmLevel = Literal["warning", "caution", "advisory"]
AlarmState = Literal["raised", "acknowledged", "shelved", "cleared"]


class Alarm(Noun, frozen=True, kw_only=True):
    """Wakes operators. `cause` is the assessment's class name, for instance `Incursion`.

    An alarm is said anew with the same `alarm_id` when it changes; `revision` counts. `text` is
    one plain sentence: what, where (place name, then coordinates), when (Zulu), how sure.
    `handled_by` put it into its state, with `comment`; "" if no person did. `shelved_until_ns`:
    then it comes back by itself. `raid_id` is the alarm of the raid that it is a part of.
    """

    alarm_id: str
    revision: int
    level: AlarmLevel
    state: AlarmState
    cause: str
    time_ns: int
    raised_ns: int
    title: str
    text: str
    probability: float
    lat_deg: float | None = None
    lon_deg: float | None = None
    track_ids: tuple[str, ...] = ()
    incident_id: str | None = None
    rule: str = ""
    evidence: tuple[Evidence, ...] = ()
    handled_by: str = ""
    comment: str = ""
    shelved_until_ns: int | None = None
    raid_id: str | None = None


class Incident(Noun, frozen=True, kw_only=True):
    """From the first call to the wreck and the report; its entries are said one by one.

    `joinable_until_ns`: until then reports and tracks that the object could have caused join it.
    `owner` is a named person or desk; "" until someone takes it. `next_decision_ns` is when the
    next decision is due, `decision` what was said of it last. `outcome` is what a named person
    said became of its lost object; "" while nobody did.
    """

    incident_id: str
    revision: int
    level: AlarmLevel
    state: Literal["open", "closed"]
    opened_ns: int
    time_ns: int
    title: str
    joinable_until_ns: int
    owner: str = ""
    track_ids: tuple[str, ...] = ()
    entry_count: int = 0
    next_decision_ns: int | None = None
    decision: str = ""
    outcome: Literal["", "left", "down", "never_real"] = ""


class IncidentEntry(Noun, frozen=True, kw_only=True):
    """One line of an incident, appended and never changed.

    `time_ns` is when it happened, `received_ns` when it became known:
    "heard 04:56, received 06:50".
    """

    incident_id: str
    number: int
    time_ns: int
    received_ns: int
    what: str
    text: str
    track_id: str = ""
    evidence: tuple[Evidence, ...] = ()


class Declaration(Noun, frozen=True, kw_only=True):
    """What a named person says became of a lost object, of all its tracks; no machine says it.

    `lost` takes an earlier word back: nobody knows. `contradicted` is set when the object was
    measured again after it had been declared; then `outcome` is `lost`.
    """

    track_ids: tuple[str, ...]
    time_ns: int
    outcome: Outcome
    operator: str
    comment: str
    incident_id: str | None = None
    contradicted: bool = False
