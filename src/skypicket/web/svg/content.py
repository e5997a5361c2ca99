"""What of the picture is drawn for whom: few tracks made into nouns, the most urgent first."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from skypicket.domain.incidents import Alarm
from skypicket.domain.noun import Column, IntColumn
from skypicket.domain.times import NS_PER_S
from skypicket.domain.tracks import Track, TrackBatch, TrackState, track_id, tracks_of
from skypicket.engine.runtime import Runtime
from skypicket.geo import outlines
from skypicket.geo.geoid import TheatreGeoid
from skypicket.web.api.alarms import alarms_for
from skypicket.web.api.answers import Asker
from skypicket.web.api.coverage import coverage_of
from skypicket.web.api.reports import report_views
from skypicket.web.api.sensors import SensorView, sensor_views
from skypicket.web.api.system import system_view
from skypicket.web.api.tracks import TrackList, Wanted, declarations_for
from skypicket.web.api.zones import zones_for
from skypicket.web.operate.views import place_views
from skypicket.web.svg.drawing import Drawing, DrawnTrack
from skypicket.web.svg.ground import SILENT
from skypicket.web.svg.themes import Theme
from skypicket.web.svg.view import View, view_of

MOST_TRACKS = 1_500
LOW_AMSL_M = 3_000.0
OLD_LOSS_NS = 300 * NS_PER_S
REACH_AGL_M = 200
BESIDE_SHARE = 0.25
_GRAVITY = {"warning": 0, "caution": 1, "advisory": 2}


class Asked(NamedTuple):
    """What of the Earth is asked for, and how it is drawn."""

    box: tuple[float, float, float, float] | None
    width_px: int
    height_px: int
    theme: Theme


def home_box(runtime: Runtime) -> tuple[float, float, float, float]:
    """The rectangle of the state whose border is watched: west, south, east, north."""
    south, west, north, east = outlines.bounds(runtime.settings.system.home)
    return west, south, east, north


def drawing_for(asker: Asker, asked: Asked) -> Drawing:
    """The drawing that the asker may see."""
    runtime, who = asker.runtime, asker.principal
    view = view_of(asked.box or home_box(runtime), asked.width_px, asked.height_px)
    alarms = tuple(alarm for alarm in alarms_for(asker) if alarm.state != "cleared")
    listed = TrackList(asker, Wanted())
    tracks, hidden, elsewhere = _tracks(asker, listed, alarms, view)
    sensors = sensor_views(runtime, asker.picture) if who.may("sensors.read") else ()
    reaches = _reaches(asker) if who.may("coverage.read") else {}
    return Drawing(
        view=view,
        theme=asked.theme,
        system=system_view(runtime, asker.picture),
        stale_s=stale_s(asker),
        tracks=tuple(tracks),
        hidden_count=hidden,
        alarms=alarms,
        zones=tuple(zones_for(asker)),
        sensors=sensors,
        reaches_m=reaches,
        empty="" if tracks or hidden else why_empty(asker, sensors, elsewhere),
        past=asker.picture.past,
        reports=report_views(runtime, asker.picture) if who.may("reports.read") else (),
        ahead=place_views(runtime, asker.picture)
        if asker.is_own and who.may("places.read")
        else (),
    )


def _reaches(asker: Asker) -> dict[str, float]:
    """How far each sensor sees a small object at 200 m."""
    return {
        view.sensor_id: reach.radius_m
        for view in coverage_of(asker)
        for reach in view.reach
        if reach.agl_m == REACH_AGL_M
    }


def stale_s(asker: Asker) -> float:
    """Real seconds since the picture was brought up to date; 0 before the first."""
    picture = asker.picture
    if picture.time_ns == 0 or picture.past:
        return 0.0
    age_s = (asker.now_ns - picture.time_ns) / NS_PER_S
    return max(0.0, age_s / max(asker.runtime.clock.speed_factor, 1.0))


def why_empty(asker: Asker, sensors: tuple[SensorView, ...], elsewhere: int) -> str:
    """Why no track is drawn, in a sentence or two."""
    if elsewhere:
        return f"No track in this part of the picture; {elsewhere} elsewhere."
    if not asker.is_own:
        return "No track is released to you now. That is not to say that there is none."
    if asker.picture.tracks is None:
        return "There is no picture yet: the tracker has said nothing since the start."
    counting = [one for one in sensors if one.silence_counts]
    silent = [one for one in counting if one.state in SILENT]
    if counting and len(silent) == len(counting):
        return "No sensor is heard. An empty picture says nothing about what flies."
    said = "No track: nothing was detected where sensors look."
    if silent:
        said += f" {len(silent)} of {len(counting)} sensors are silent; nobody looks there."
    return said


def _tracks(
    asker: Asker, listed: TrackList, alarms: tuple[Alarm, ...], view: View
) -> tuple[list[DrawnTrack], int, int]:
    """The tracks to draw, how many more are in the view, and how many elsewhere."""
    levels = _levels(alarms)
    batch = listed.batch
    made: list[tuple[Track, float]] = []
    inside = 0
    if batch is not None and len(batch):
        rows = np.flatnonzero(_in_view(batch, view) & ~_settled(batch, levels, asker))
        rows = rows[_urgent_first(batch, rows, levels)]
        inside = len(rows)
        shown = batch.take(rows[:MOST_TRACKS])
        sigma_mps = np.maximum(shown.columns["sigma_east_mps"], shown.columns["sigma_north_mps"])
        made = list(zip(listed.declared(tracks_of(shown)), sigma_mps.tolist(), strict=True))
    rest = [
        track
        for track in listed.forgotten
        if (track.track_id in levels or asker.now_ns - track.updated_ns < OLD_LOSS_NS)
        and view.shows(track.lon_deg, track.lat_deg, BESIDE_SHARE * view.width_px)
    ]
    made += [(track, 0.0) for track in rest]
    geoid = _undulation_m(asker.runtime)
    losses = {} if not asker.is_own else asker.picture.losses
    drawn = [
        DrawnTrack(
            track=track,
            sigma_mps=mps,
            amsl_m=None if track.alt_m is None else track.alt_m - geoid,
            level=levels.get(track.track_id, ""),
            loss=losses.get(track.track_id),
        )
        for track, mps in made
    ]
    total = inside + len(rest)
    return drawn, total - len(drawn), len(listed) - total


def _levels(alarms: tuple[Alarm, ...]) -> dict[str, str]:
    """The gravest level of the alarms that name each track."""
    found: dict[str, str] = {}
    for alarm in sorted(alarms, key=lambda one: -_GRAVITY[one.level]):
        found.update(dict.fromkeys(alarm.track_ids, alarm.level))
    return found


def _in_view(batch: TrackBatch, view: View) -> Column:
    """Whether each track is in the picture; one that is lost also a little beside it."""
    west, south, east, north = view.bounds
    lat, lon = batch.columns["lat_deg"], batch.columns["lon_deg"]
    lost = batch.columns["state"] == TrackState.LOST
    wide = np.where(lost, BESIDE_SHARE * (east - west), 0.0)
    high = np.where(lost, BESIDE_SHARE * (north - south), 0.0)
    across = (lon >= west - wide) & (lon <= east + wide)
    inside: Column = across & (lat >= south - high) & (lat <= north + high)
    return inside


def _settled(batch: TrackBatch, levels: Mapping[str, str], asker: Asker) -> Column:
    """Whether a track was lost a while ago and no alarm names it: it would only be in the way."""
    columns, fates = batch.columns, declarations_for(asker)
    old = (columns["state"] == TrackState.LOST) & (
        asker.now_ns - columns["updated_ns"] > OLD_LOSS_NS
    )
    for row in np.flatnonzero(old).tolist():
        name = track_id(columns["track_key"][row])
        if name in levels or name in fates:
            old[row] = False
    settled: Column = old
    return settled


def _urgent_first(batch: TrackBatch, rows: IntColumn, levels: Mapping[str, str]) -> IntColumn:
    """The order of rows: what an alarm names, then measured, then low, then by key."""
    columns = batch.columns
    keys = columns["track_key"][rows]
    named = {int(name, 16): _GRAVITY[level] for name, level in levels.items()}
    rank = np.array([named.get(int(key), len(_GRAVITY)) for key in keys])
    low = np.nan_to_num(columns["alt_m"][rows], nan=0.0) < LOW_AMSL_M
    order: IntColumn = np.lexsort((keys, ~low, columns["basis"][rows], rank))
    return order


def _undulation_m(runtime: Runtime) -> float:
    """Mean sea level above the ellipsoid in the theatre."""
    given = runtime.settings.rules.geoid_m
    theatre = runtime.settings.system.theatre
    return (
        TheatreGeoid.at(theatre.lat_deg, theatre.lon_deg).undulation_m if given is None else given
    )
