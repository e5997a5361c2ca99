"""What operators decide by: the objects that alarms name, and the places ahead of them.

Both come from the model `simple-1`, which says of itself what it assumes. They are for the own
side only: no partner's picture has any.
"""

from typing import Literal, cast
from weakref import WeakKeyDictionary

import msgspec
import numpy as np

from skypicket.assessment import ahead, fate
from skypicket.assessment.samples import Paths
from skypicket.domain.incidents import AlarmLevel, Declaration
from skypicket.domain.times import zulu
from skypicket.engine.picture import Picture
from skypicket.engine.runtime import Runtime
from skypicket.web.operate.outlook import Known, Outlook, outlook_of
from skypicket.web.operate.theatre import since_s

ObjectState = Literal["flying", "lost", "left", "down", "never_real"]
DECLARED = "declared"  # the model of what a named person said
_KEPT: "WeakKeyDictionary[Picture, tuple[Outlook, tuple[PlaceAhead, ...]]]" = WeakKeyDictionary()
MOST_PLACES = 50
MOST_OBJECTS = 100  # whose paths are looked along; beyond it the gravest
LEAST_AIRBORNE = 0.02


class ObjectView(msgspec.Struct, frozen=True, kw_only=True):
    """One object that an open alarm or incident names, and what may have become of it.

    The four probabilities sum to 1. `lat_deg`, `lon_deg` are where it is measured now, or where it
    was measured last; a report never moves them. It is within `radius_m` of there with 95 %, if it
    flies and has not left. `last_evidence_ns` is the newest measurement or report of it. `owner`
    is "" for nobody. `model` is `declared` where a named person said what became of it.
    """

    object_id: str
    track_id: str
    incident_id: str | None
    alarm_ids: tuple[str, ...]
    title: str
    level: AlarmLevel
    state: ObjectState
    p_airborne: float
    p_left: float
    p_down: float
    p_never_real: float
    last_evidence_ns: int
    lat_deg: float
    lon_deg: float
    radius_m: float
    owner: str
    next_decision_ns: int | None
    model: str
    model_text: str


class PlaceAhead(msgspec.Struct, frozen=True, kw_only=True):
    """A populated place of the home state that objects may reach within 30 minutes.

    `probability` is that at least one comes within 3 km. Given that, the first comes after
    `minutes` (median), between `minutes_from` and `minutes_to` (5 % and 95 %).
    """

    name: str
    state: str
    population: int
    lat_deg: float
    lon_deg: float
    probability: float
    minutes_from: float
    minutes: float
    minutes_to: float
    object_ids: tuple[str, ...]
    model: str
    model_text: str


def object_views(runtime: Runtime, picture: Picture) -> tuple[ObjectView, ...]:
    """Every object that an open alarm or incident names, the gravest first, lost ones before."""
    return tuple(_view(known) for known in outlook_of(runtime, picture).objects)


def place_views(runtime: Runtime, picture: Picture) -> tuple[PlaceAhead, ...]:
    """At most 50 places ahead of the objects, the soonest first.

    Objects that are only advised of because of what they are (slow, come down from high) do not
    count, nor those that a person settled.
    """
    outlook = outlook_of(runtime, picture)
    kept = _KEPT.get(picture)
    if kept is None or kept[0] is not outlook:
        kept = _KEPT[picture] = (outlook, _places(runtime, outlook))
    return kept[1]


def _places(runtime: Runtime, outlook: Outlook) -> tuple[PlaceAhead, ...]:
    quiet = runtime.settings.incidents.advisory_rules
    count = [known for known in outlook.objects if _counts(known, quiet)][:MOST_OBJECTS]
    if not count or outlook.theatre is None:
        return ()
    theatre = outlook.theatre
    fleet, order = _fleet(outlook, count)
    found = ahead.ahead(ahead.arrivals(fleet, theatre.gazetteer), MOST_PLACES)
    by: dict[int, list[str]] = {}
    for place, index in zip(*(column.tolist() for column in found.by), strict=True):
        by.setdefault(place, []).append(order[index].group.object_id)
    rows = zip(found.place.tolist(), found.probability.tolist(), found.minutes.T, strict=True)
    return tuple(
        PlaceAhead(
            name=theatre.places[place].name,
            state=theatre.places[place].state,
            population=theatre.places[place].population,
            lat_deg=theatre.places[place].lat_deg,
            lon_deg=theatre.places[place].lon_deg,
            probability=float(np.clip(probability, 0.0, 1.0)),
            minutes_from=float(minutes[0]),
            minutes=float(minutes[1]),
            minutes_to=float(minutes[2]),
            object_ids=tuple(sorted(by.get(place, ()))),
            model=fate.MODEL,
            model_text=fate.MODEL_TEXT,
        )
        for place, probability, minutes in rows
    )


def _view(known: Known) -> ObjectView:
    group, declared = known.group, known.declared
    incident = group.incident
    airborne, left, down, never = known.chances
    state = "lost" if known.row is None else "flying"
    return ObjectView(
        object_id=group.object_id,
        track_id=known.track_id,
        incident_id=None if incident is None else incident.incident_id,
        alarm_ids=tuple(alarm.alarm_id for alarm in group.alarms),
        title=group.title,
        level=cast("AlarmLevel", group.level),
        state=cast("ObjectState", state if declared is None else declared.outcome),
        p_airborne=airborne,
        p_left=left,
        p_down=down,
        p_never_real=never,
        last_evidence_ns=known.evidence_ns,
        lat_deg=known.lat_deg,
        lon_deg=known.lon_deg,
        radius_m=known.radius_m,
        owner="" if incident is None else incident.owner,
        next_decision_ns=None if incident is None else incident.next_decision_ns,
        model=fate.MODEL if declared is None else DECLARED,
        model_text=fate.MODEL_TEXT if declared is None else _said(declared),
    )


def _said(declared: Declaration) -> str:
    word = declared.outcome.replace("_", " ")
    return f"{declared.operator} declared it {word} at {zulu(declared.time_ns)}: {declared.comment}"


def _counts(known: Known, quiet: tuple[str, ...]) -> bool:
    if known.declared is not None or known.chances[0] < LEAST_AIRBORNE:
        return False
    alarms = known.group.alarms
    return not alarms or any(
        alarm.level != "advisory" or not alarm.rule.endswith(quiet) for alarm in alarms
    )


def _fleet(outlook: Outlook, count: list[Known]) -> tuple[ahead.Fleet, list[Known]]:
    """The paths of the objects: those that are measured from now on, the others from their loss."""
    theatre = outlook.theatre
    assert theatre is not None
    flying = [known for known in count if known.row is not None]
    lost = [known for known in count if known.seed is not None]
    paths: list[Paths] = []
    since = [0.0] * len(flying)
    leave = [np.full((len(flying), fate.PATHS), np.inf)]
    existence, speed = [known.chances[0] for known in flying], [0.0] * len(flying)
    if flying and outlook.tracks is not None:
        batch = outlook.tracks.take(np.array([known.row for known in flying]))
        paths.append(theatre.flying(batch))
        speed = np.hypot(batch.columns["east_mps"], batch.columns["north_mps"]).tolist()
    for known in lost:
        assert known.seed is not None
        course = theatre.course(known.seed)
        paths.append(course.paths)
        leave.append(course.passage.leave_s)
        since.append(since_s(known.seed, outlook.time_ns))
        existence.append(known.seed.existence)
        speed.append(float(np.hypot(known.seed.east_mps, known.seed.north_mps)))
    fleet = ahead.Fleet(
        paths=Paths(*(np.concatenate(part) for part in zip(*paths, strict=True))),
        since_s=np.array(since),
        leave_s=np.concatenate(leave),
        existence=np.array(existence),
        weights=fate.class_weights(np.array(speed)),
    )
    return fleet, [*flying, *lost]
