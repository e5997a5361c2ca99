"""The label gate: what of a noun one clearance may have. What is not named here goes to nobody.

A partner never sees: a sensor, its site, its P(detect), silence or state; which sensors fed
something, and where that is captured; whoever operates the system, what they did and said; to
whom else something goes; how much is withheld. Times of measurement are told to the whole second
below, because the turning of a radar, and so its site, could be read from finer ones.
"""

from typing import Any, TypeVar

import msgspec
import numpy as np

from skypicket.domain.assessments import Approach, Evidence, Incursion, Loss, Raid, Regained
from skypicket.domain.incidents import Alarm, Incident, IncidentEntry
from skypicket.domain.labels import Releasability
from skypicket.domain.noun import Column, Noun
from skypicket.domain.times import NS_PER_S
from skypicket.domain.tracks import CONTRIBUTOR_COLUMNS, FILTER_COLUMNS, Track, TrackBatch
from skypicket.domain.zones import Zone
from skypicket.sharing.clearance import Clearance
from skypicket.sharing.coarse import added_radius_m, added_sigma_m, snapped, snapped_one
from skypicket.sharing.words import coarse_alarm_text, coarse_entry_text, over_text

N = TypeVar("N", bound=Noun)
# Alarms and lines of incidents that come from tracks; those of sensors, reports and people do not.
CAUSES = frozenset({"Approach", "Incursion", "Loss", "Raid", "Regained"})


def applied(label: Releasability, clearance: Clearance) -> Releasability:
    """The label of what has been coarsened and delayed for a partner; it names no other partner.

    >>> applied(Releasability(owner="LTU", releasable_to=("EST", "LVA")), Clearance("EST"))
    Releasability(owner='LTU', releasable_to=('EST',), coarsen_m=0.0, delay_s=0.0)
    """
    return Releasability(owner=label.owner, releasable_to=(clearance.partner,))


def released(noun: N, clearance: Clearance, now_ns: int) -> N | None:
    """What the clearance may have of the noun at `now_ns`; None if it may have nothing of it.

    The own side has all. What was released once may be asked again: nothing changes any more.

    >>> released(Zone(zone_id="z", name="Zone", kind="restricted"), Clearance("LVA"), 0) is None
    True
    """
    if clearance.is_own:
        return noun
    label = noun.releasability
    if not clearance.permits(label):
        return None
    time_ns = getattr(noun, "time_ns", now_ns)
    if label.delay_s > 0 and time_ns + label.delay_s * NS_PER_S > now_ns:
        return None
    told: Noun | None = _told(noun, label.coarsen_m)
    if told is None:
        return None
    return msgspec.structs.replace(told, releasability=applied(label, clearance))  # type: ignore[return-value]


def _told(noun: Noun, coarsen_m: float) -> Noun | None:
    """The fields that may leave; every kind of noun that is not here stays."""
    told: Noun | None = None
    match noun:
        case TrackBatch():
            told = _batch(noun, coarsen_m)
        case Track():
            told = _track(noun, coarsen_m)
        case Approach() | Incursion() | Loss() | Regained() | Raid():
            told = _assessment(noun, coarsen_m)
        case Alarm() if noun.cause in CAUSES:
            told = _alarm(noun, coarsen_m)
        case Incident():
            told = _incident(noun)
        case IncidentEntry() if noun.what in CAUSES:
            told = _entry(noun, coarsen_m)
        case Zone():
            told = noun
        case _:
            pass
    return told


def _batch(batch: TrackBatch, coarsen_m: float) -> TrackBatch:
    own = (*CONTRIBUTOR_COLUMNS, *FILTER_COLUMNS)
    columns = {n: v for n, v in batch.columns.items() if n not in own}
    for name in ("born_ns", "updated_ns"):
        columns[name] = _whole_seconds(columns[name])
    if coarsen_m > 0:
        columns |= _coarse_columns(columns, coarsen_m)
    return msgspec.structs.replace(batch, columns=columns, sensors=())


def _coarse_columns(columns: dict[str, Column], coarsen_m: float) -> dict[str, Column]:
    places = snapped(columns["lat_deg"], columns["lon_deg"], coarsen_m)
    before = columns["sigma_east_m"], columns["sigma_north_m"]
    east, north = (np.hypot(sigma, added_sigma_m(coarsen_m)) for sigma in before)
    return {
        "lat_deg": places.lat_deg,
        "lon_deg": places.lon_deg,
        "sigma_east_m": east,
        "sigma_north_m": north,
        "correlation": columns["correlation"] * before[0] * before[1] / (east * north),
    }


def _whole_seconds(time_ns: Any) -> Any:
    return time_ns // NS_PER_S * NS_PER_S


def _track(track: Track, coarsen_m: float) -> Track:
    fields: dict[str, Any] = {
        "contributors": (),
        "born_ns": _whole_seconds(track.born_ns),
        "updated_ns": _whole_seconds(track.updated_ns),
    }
    if coarsen_m > 0:
        names = ("lat_deg", "lon_deg", "sigma_east_m", "sigma_north_m", "correlation")
        one = _coarse_columns({name: np.array([getattr(track, name)]) for name in names}, coarsen_m)
        fields |= {name: float(values[0]) for name, values in one.items()}
    return msgspec.structs.replace(track, **fields)


def _assessment(noun: Any, coarsen_m: float) -> Any:
    fields: dict[str, Any] = {"evidence": _reasons(noun.evidence, coarsen_m)}
    if coarsen_m > 0:
        if hasattr(noun, "lat_deg"):
            place = snapped_one(noun.lat_deg, noun.lon_deg, coarsen_m)
            fields["lat_deg"], fields["lon_deg"] = place
        if hasattr(noun, "sigma_m"):
            fields["sigma_m"] = float(np.hypot(noun.sigma_m, added_sigma_m(coarsen_m)))
        if hasattr(noun, "crossing_sigma_s"):
            fields["crossing_sigma_s"] = None  # it would tell how well the place is known
        if hasattr(noun, "radius_m"):
            fields["radius_m"] = noun.radius_m + added_radius_m(coarsen_m)
        if hasattr(noun, "inside_m"):
            fields["inside_m"] = float(np.round(noun.inside_m / coarsen_m) * coarsen_m)
    return msgspec.structs.replace(noun, **fields)


def _reasons(evidence: tuple[Evidence, ...], coarsen_m: float) -> tuple[Evidence, ...]:
    """The rules and computations; never an observation, nor a figure that says the place.

    >>> _reasons((Evidence(sentence="Sensor R1 saw it.", sensor_id="R1"),), 0)
    ()
    """
    own = (e for e in evidence if not (e.sensor_id or e.source or e.sequence))
    if coarsen_m > 0:
        return tuple(Evidence(sentence="By this rule.", rule=e.rule) for e in own if e.rule)
    return tuple(Evidence(sentence=e.sentence, rule=e.rule) for e in own)


def _alarm(alarm: Alarm, coarsen_m: float) -> Alarm:
    """The alarm as the machine raised it: what people did with it is theirs."""
    over = alarm.state == "cleared"
    place: tuple[float, float] | tuple[None, None] = (None, None)
    if alarm.lat_deg is not None and alarm.lon_deg is not None:
        place = alarm.lat_deg, alarm.lon_deg
        if coarsen_m > 0:
            place = snapped_one(*place, coarsen_m)
    text = alarm.text
    if over:
        text = over_text(alarm)
    elif coarsen_m > 0 or alarm.handled_by:
        text = coarse_alarm_text(alarm, place, coarsen_m)
    return Alarm(
        alarm_id=alarm.alarm_id,
        revision=alarm.revision,
        level=alarm.level,
        state="cleared" if over else "raised",
        cause=alarm.cause,
        time_ns=alarm.time_ns,
        raised_ns=alarm.raised_ns,
        title=alarm.title,
        text=text,
        probability=alarm.probability,
        lat_deg=place[0],
        lon_deg=place[1],
        track_ids=alarm.track_ids,
        incident_id=alarm.incident_id,
        rule=alarm.rule,
        evidence=_reasons(alarm.evidence, coarsen_m),
        raid_id=alarm.raid_id,
    )


def _incident(incident: Incident) -> Incident:
    """The incident without its owner, decisions and outcome, and without counting its lines."""
    return Incident(
        incident_id=incident.incident_id,
        revision=incident.revision,
        level=incident.level,
        state=incident.state,
        opened_ns=incident.opened_ns,
        time_ns=incident.time_ns,
        title=incident.title,
        joinable_until_ns=incident.joinable_until_ns,
        track_ids=incident.track_ids,
    )


def _entry(entry: IncidentEntry, coarsen_m: float) -> IncidentEntry:
    text = coarse_entry_text(entry, coarsen_m) if coarsen_m > 0 else entry.text
    return msgspec.structs.replace(entry, text=text, evidence=_reasons(entry.evidence, coarsen_m))
