"""The objects of a picture with what may have become of them, worked out once per tick."""

from threading import Lock
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import msgspec
import numpy as np

from skypicket.assessment import fate
from skypicket.assessment.picture import largest_sigma_m
from skypicket.domain.assessments import Loss
from skypicket.domain.incidents import Declaration
from skypicket.domain.noun import FloatColumn
from skypicket.domain.times import NS_PER_S
from skypicket.domain.tracks import TrackBatch, TrackState, track_keys
from skypicket.engine.picture import Picture
from skypicket.engine.runtime import Runtime
from skypicket.web.operate.groups import RANK, Group, groups_of
from skypicket.web.operate.theatre import Seed, Theatre, radii_m, since_s, theatre_of

CIRCLE_95 = 2.4477  # radius of 95 % of a circular Gaussian, in sigmas
MEASURED_NOW = {TrackState.TENTATIVE, TrackState.CONFIRMED, TrackState.COASTING}


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """One object, and how it is known: by a row of the tracks that are measured, or by a seed."""

    group: Group
    track_id: str
    row: int | None
    seed: Seed | None
    declared: Declaration | None
    chances: tuple[float, float, float, float]
    lat_deg: float
    lon_deg: float
    radius_m: float
    evidence_ns: int


class _Lost(NamedTuple):
    group: Group
    track_id: str
    seed: Seed


class Outlook(NamedTuple):
    """All objects at a time; `tracks` are those that `Known.row` refers to."""

    time_ns: int
    objects: tuple[Known, ...]
    tracks: TrackBatch | None
    theatre: Theatre | None


NOTHING = Outlook(0, (), None, None)


class _Kept(NamedTuple):
    """What an outlook was made from, to see whether it still holds."""

    made_from: tuple[Any, ...]
    outlook: Outlook


_KEPT: WeakKeyDictionary[Picture, _Kept] = WeakKeyDictionary()
_LOCK = Lock()


def outlook_of(runtime: Runtime, picture: Picture) -> Outlook:
    """The outlook of the own picture, now or past; nothing for a partner's.

    Worked out anew when the tracks, alarms, incidents or losses are others.
    """
    if picture is not runtime.picture and not picture.past:
        return NOTHING
    theatre = theatre_of(runtime)
    if theatre is None:
        return NOTHING
    made_from = (
        picture.tracks,
        picture.alarms,
        picture.incidents,
        picture.losses,
        picture.declarations,
    )
    with _LOCK:
        kept = _KEPT.get(picture)
        if kept is None or any(a is not b for a, b in zip(kept.made_from, made_from, strict=True)):
            # Before the first tick after a start the picture does not know what time it is.
            now_ns = picture.time_ns or runtime.clock()
            kept = _Kept(made_from, _make(theatre, picture, now_ns))
            _KEPT[picture] = kept
        return kept.outlook


def _make(theatre: Theatre, picture: Picture, now_ns: int) -> Outlook:
    tracks = picture.tracks
    time_ns = now_ns if tracks is None else max(now_ns, tracks.time_ns)
    rows = _rows(tracks, picture)
    told: list[Known] = []
    lost: list[_Lost] = []
    for group in groups_of(picture):
        at = _flying(group, picture, rows)
        if at is not None and tracks is not None:
            told.append(_measured(group, at, tracks, picture))
        elif (found := _seed(group, picture, rows)) is not None:
            lost.append(_Lost(group, *found))
    told += _all_lost(lost, picture, (theatre, time_ns))
    told.sort(key=lambda one: (-RANK[one.group.level], one.row is not None, one.group.object_id))
    return Outlook(time_ns, tuple(told), tracks, theatre)


def _rows(tracks: TrackBatch | None, picture: Picture) -> dict[str, int]:
    """The row of each track that an alarm or incident names and that is in the picture."""
    if tracks is None or not len(tracks):
        return {}
    named = {t for alarm in picture.alarms.values() for t in alarm.track_ids}
    named |= {t for incident in picture.incidents.values() for t in incident.track_ids}
    ours = track_keys(named)
    keys = tracks.columns["track_key"]
    found = np.flatnonzero(np.isin(keys, ours))
    return {f"{int(keys[row]):016x}": int(row) for row in found}


def _flying(group: Group, picture: Picture, rows: dict[str, int]) -> tuple[str, int] | None:
    """The track under which the object is measured now, and its row; None if it is not."""
    if picture.tracks is None:
        return None
    states, updated = (picture.tracks.columns[name] for name in ("state", "updated_ns"))
    found = [(track, rows[track]) for track in group.track_ids if track in rows]
    found = [(track, row) for track, row in found if states[row] in MEASURED_NOW]
    return max(found, key=lambda one: (updated[one[1]], one[0]), default=None)


def _all_lost(lost: list[_Lost], picture: Picture, at: tuple[Theatre, int]) -> list[Known]:
    """What may have become of each, all at once."""
    if not lost:
        return []
    theatre, time_ns = at
    courses = [theatre.course(one.seed) for one in lost]
    since = np.array([since_s(one.seed, time_ns) for one in lost])
    passage = fate.Passage(
        *(np.concatenate(part) for part in zip(*(c.passage for c in courses), strict=True))
    )
    speeds = np.array([np.hypot(one.seed.east_mps, one.seed.north_mps) for one in lost])
    existence = np.array([one.seed.existence for one in lost])
    fates = np.stack(fate.fate(existence, speeds, since, passage), axis=1)
    radii = radii_m(courses, since)
    return [_known(one, picture, fates[i], float(radii[i])) for i, one in enumerate(lost)]


def _known(one: _Lost, picture: Picture, chances: FloatColumn, radius_m: float) -> Known:
    said = picture.declarations
    declared = next((said[t] for t in one.group.track_ids if t in said), None)
    return Known(
        group=one.group,
        track_id=one.track_id,
        row=None,
        seed=one.seed,
        declared=declared,
        chances=_declared(declared) or _chances(chances),
        lat_deg=one.seed.lat_deg,
        lon_deg=one.seed.lon_deg,
        radius_m=radius_m,
        evidence_ns=max(one.seed.seen_ns, _heard_ns(one.group, picture)),
    )


def _measured(group: Group, at: tuple[str, int], tracks: TrackBatch, picture: Picture) -> Known:
    track, row = at
    columns = tracks.columns
    sigma = largest_sigma_m(*(columns[n][row : row + 1] for n in _ELLIPSE))
    existence = columns["existence_probability"][row : row + 1]
    return Known(
        group=group,
        track_id=track,
        row=row,
        seed=None,
        declared=None,
        chances=_chances(np.concatenate(fate.flying_fate(existence))),
        lat_deg=float(columns["lat_deg"][row]),
        lon_deg=float(columns["lon_deg"][row]),
        radius_m=CIRCLE_95 * float(sigma[0]),
        evidence_ns=max(int(columns["updated_ns"][row]), _heard_ns(group, picture)),
    )


_ELLIPSE = ("sigma_east_m", "sigma_north_m", "correlation")


def _seed(group: Group, picture: Picture, rows: dict[str, int]) -> tuple[str, Seed] | None:
    """Where the object was measured last: by its newest loss, else its track, else its alarm."""
    losses = [picture.losses[track] for track in group.track_ids if track in picture.losses]
    if losses:
        newest = max(losses, key=lambda loss: (loss.last_seen_ns, loss.track_id))
        return newest.track_id, _of_loss(newest)
    tracks = picture.tracks
    row = next(((t, rows[t]) for t in reversed(group.track_ids) if t in rows), None)
    if row is not None and tracks is not None:
        return row[0], _of_row(tracks, row[1])
    for alarm in group.alarms:
        if alarm.lat_deg is not None and alarm.lon_deg is not None:
            place = alarm.lat_deg, alarm.lon_deg
            return group.track_ids[-1], Seed(*place, 0.0, 0.0, alarm.time_ns, alarm.probability)
    return None


def _of_loss(loss: Loss) -> Seed:
    course = np.radians(loss.course_deg)
    return Seed(
        lat_deg=loss.lat_deg,
        lon_deg=loss.lon_deg,
        east_mps=loss.speed_mps * float(np.sin(course)),
        north_mps=loss.speed_mps * float(np.cos(course)),
        seen_ns=loss.last_seen_ns,
        existence=loss.probability,
    )


def _of_row(tracks: TrackBatch, row: int) -> Seed:
    """A track that is shown as lost lies where it would be now; its seed where it was."""
    value = {name: float(tracks.columns[name][row]) for name in _SEEDED}
    updated_ns = int(tracks.columns["updated_ns"][row])
    ago_s = (tracks.time_ns - updated_ns) / NS_PER_S
    lat_deg = value["lat_deg"] - value["north_mps"] * ago_s / METRES_PER_DEG
    shrink = max(float(np.cos(np.radians(lat_deg))), 0.01)
    return Seed(
        lat_deg=lat_deg,
        lon_deg=value["lon_deg"] - value["east_mps"] * ago_s / METRES_PER_DEG / shrink,
        east_mps=value["east_mps"],
        north_mps=value["north_mps"],
        seen_ns=updated_ns,
        existence=value["existence_probability"],
    )


_SEEDED = ("lat_deg", "lon_deg", "east_mps", "north_mps", "existence_probability")
METRES_PER_DEG = 111_195.0  # of latitude, on the mean sphere


def _heard_ns(group: Group, picture: Picture) -> int:
    """When people last reported what the object can have caused; 0 if nobody did."""
    if group.incident is None:
        return 0
    entries = picture.entries.get(group.incident.incident_id, ())
    return max((entry.time_ns for entry in entries if entry.what == "report"), default=0)


def _chances(found: FloatColumn) -> tuple[float, float, float, float]:
    airborne, left, down, never = np.clip(found, 0.0, 1.0).tolist()
    return airborne, left, down, never


def _declared(said: Declaration | None) -> tuple[float, float, float, float] | None:
    """What a named person said is taken for certain, and told as theirs."""
    if said is None:
        return None
    words = ("lost", "left", "down", "never_real")
    airborne, left, down, never = (float(said.outcome == word) for word in words)
    return airborne, left, down, never
