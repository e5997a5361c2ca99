"""What an operator asks for, checked against the picture before it is captured.

A 201 means that the act is on disk; what follows from it the stages say a moment later.
"""

from typing import NamedTuple

import msgspec
from litestar.exceptions import ClientException, HTTPException, NotFoundException
from litestar.exceptions import PermissionDeniedException as Denied
from litestar.status_codes import HTTP_409_CONFLICT

from skypicket.domain.contracts import OperatorAction, Outcome
from skypicket.domain.incidents import Alarm, Incident
from skypicket.domain.times import NS_PER_S, zulu
from skypicket.engine.picture import Picture
from skypicket.engine.runtime import Runtime
from skypicket.incidents.operators import (
    ACTIONS,
    ALARM_ACTIONS,
    NEEDS_COMMENT,
    OBJECT_ACTIONS,
)
from skypicket.web.access.principal import Principal
from skypicket.web.operate.outlook import Known, outlook_of

MOST_COMMENT = 2_000
LONGEST_DECISION_S = 7 * 86_400
NEEDS_TIME = ("shelve", "decide")


class Act(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an operator wants done.

    `subject` is the id of an alarm, of an incident, or for `declare` also of a track. `until_ns`
    says when a shelved alarm comes back, or when the next decision is due. `outcome` is for
    `declare`; `lost` takes an earlier word back.
    """

    action: str
    subject: str
    comment: str = ""
    until_ns: int | None = None
    outcome: Outcome | None = None


class Conflict(HTTPException):
    """It cannot be done any more, or not yet."""

    status_code = HTTP_409_CONFLICT


class _Subject(NamedTuple):
    alarm: Alarm | None
    incident: Incident | None


def checked(runtime: Runtime, principal: Principal, act: Act) -> OperatorAction:
    """The act as it goes into the capture, with who did it and when.

    Raises:
        ClientException: something is missing or wrong; the detail says what.
        PermissionDeniedException: whoever asks may do other things, but not this.
        NotFoundException: there is no such subject.
        Conflict: the subject is settled already.
    """
    if act.action not in ACTIONS:
        raise ClientException(f"action={act.action!r} is none of {', '.join(ACTIONS)}.")
    if not principal.may(f"actions.{act.action}"):
        raise Denied(f"{principal.name} may not {act.action}: it needs 'actions.{act.action}'.")
    now_ns = runtime.clock()
    _check_words(act)
    _check_time(act, now_ns, runtime)
    tracks = _check_subject(act, runtime)
    return OperatorAction(
        action=act.action,
        subject=act.subject,
        time_ns=now_ns,
        operator=principal.name,
        comment=act.comment.strip(),
        until_ns=act.until_ns,
        outcome=act.outcome,
        track_ids=tracks,
    )


def _check_words(act: Act) -> None:
    comment = act.comment.strip()
    if not comment and act.action in (*NEEDS_COMMENT, "shelve"):
        raise ClientException(f"{act.action} needs a comment: say why, it goes into the record.")
    if len(comment) > MOST_COMMENT:
        raise ClientException(
            f"The comment has {len(comment)} characters; at most {MOST_COMMENT} are kept."
        )
    if act.action in OBJECT_ACTIONS and act.outcome is None:
        raise ClientException("declare needs an outcome: left, down, never_real, or lost.")
    if act.action not in OBJECT_ACTIONS and act.outcome is not None:
        raise ClientException(f"{act.action} takes no outcome; declare does.")


def _check_time(act: Act, now_ns: int, runtime: Runtime) -> None:
    if act.action not in NEEDS_TIME:
        if act.until_ns is not None:
            raise ClientException(f"{act.action} takes no until_ns; shelve and decide do.")
        return
    if act.until_ns is None:
        raise ClientException(f"{act.action} needs until_ns: when it is to be looked at again.")
    longest_s = float(LONGEST_DECISION_S)
    if act.action == "shelve":
        longest_s = runtime.settings.incidents.longest_shelve_s
    if not now_ns < act.until_ns <= now_ns + longest_s * NS_PER_S:
        raise ClientException(
            f"until_ns={act.until_ns} ({zulu(act.until_ns)}) must lie after {zulu(now_ns)} and no "
            f"more than {longest_s / 3_600:g} hours later."
        )


def _check_subject(act: Act, runtime: Runtime) -> tuple[str, ...]:
    """The tracks of a declared object; none for other acts."""
    picture = runtime.picture
    found = _subject_of(act, picture)
    if act.action in OBJECT_ACTIONS:
        return _tracks(act, found, runtime)
    if act.action in ALARM_ACTIONS:
        if found.alarm is None:
            raise NotFoundException(f"There is no alarm {act.subject!r}.")
        if found.alarm.state == "cleared":
            raise Conflict(f"The alarm is cleared already. {found.alarm.text}")
        if act.action == "acknowledge" and found.alarm.state == "acknowledged":
            raise Conflict(f"{found.alarm.handled_by or 'Someone'} has acknowledged it already.")
        return ()
    incident = found.incident
    if incident is None:
        raise NotFoundException(f"There is no incident {act.subject!r}, nor an alarm of one.")
    if incident.state == "closed":
        raise Conflict(f"The incident {incident.title!r} is closed; nothing joins it any more.")
    return ()


def _subject_of(act: Act, picture: Picture) -> _Subject:
    alarm = picture.alarms.get(act.subject)
    incident = picture.incidents.get(act.subject)
    if incident is None and alarm is not None and alarm.incident_id is not None:
        incident = picture.incidents.get(alarm.incident_id)
    return _Subject(alarm, incident)


def _tracks(act: Act, found: _Subject, runtime: Runtime) -> tuple[str, ...]:
    """All tracks of the one lost object that is meant."""
    named = [known for known in outlook_of(runtime, runtime.picture).objects if _is(known, act)]
    if not named and found.alarm is None and found.incident is None:
        if act.subject not in runtime.picture.losses:
            raise NotFoundException(f"{act.subject!r} is no lost track, and no incident or alarm.")
        return (act.subject,)  # lost quietly: no alarm names it
    if not named:
        raise Conflict(f"{act.subject!r} names no object that is lost.")
    lost = [known for known in named if known.row is None]
    if not lost:
        raise Conflict("It is measured now, so it is neither left nor down; clear its alarm.")
    fitting = [known for known in lost if _changes(known, act.outcome)]
    if not fitting:
        said = lost[0].declared
        if said is None:
            raise Conflict("Nobody has declared it, so there is nothing to take back.")
        raise Conflict(f"{said.operator} has declared it {said.outcome} already.")
    if len(fitting) > 1:
        raise Conflict(
            f"{len(fitting)} lost objects are meant; name the track of one: "
            f"{', '.join(known.track_id for known in fitting)}."
        )
    return fitting[0].group.track_ids


def _is(known: Known, act: Act) -> bool:
    group = known.group
    incident = "" if group.incident is None else group.incident.incident_id
    alarms = {alarm.alarm_id for alarm in group.alarms}
    return act.subject in {*group.track_ids, group.object_id, incident, *alarms}


def _changes(known: Known, outcome: Outcome | None) -> bool:
    """Whether the word is another than what stands."""
    standing = "lost" if known.declared is None else known.declared.outcome
    return standing != outcome
