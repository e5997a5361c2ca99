"""The rows of the plain page: alarms and tracks in words, the most urgent first. Pure."""

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from skypicket.domain.incidents import Alarm
from skypicket.domain.times import NS_PER_S
from skypicket.domain.tracks import Basis, Track, TrackBatch, TrackState, track_ids, tracks_of
from skypicket.geo.places import describe
from skypicket.web.page.plain_words import Words

ALARM_ROWS = 60
TRACK_ROWS = 60
LOW_M = 3_000.0
TWO_SIGMA = 2.45  # of the 95 % circle round a position in the plane
_GRAVITY = {"warning": 0, "caution": 1, "advisory": 2}

Row = tuple[str, tuple[str, ...]]


class Listed(NamedTuple):
    """What the plain page lists: alarms, the most urgent tracks, and how many more there are."""

    alarms: Sequence[Alarm]
    tracks: Sequence[Track]
    hidden_count: int = 0


def alarm_rows(alarms: Iterable[Alarm], words: Words) -> Iterator[Row]:
    """Alarms that stand before those that are cleared, the gravest and newest first."""
    ordered = sorted(
        alarms,
        key=lambda a: (a.state == "cleared", _GRAVITY[a.level], -a.raised_ns, a.alarm_id),
    )
    for alarm in ordered[:ALARM_ROWS]:
        yield (
            "cleared" if alarm.state == "cleared" else alarm.level,
            (words[alarm.level], clock_text(alarm.raised_ns), alarm.text, words[alarm.state]),
        )


def urgent_tracks(batch: TrackBatch, alarms: Iterable[Alarm]) -> list[Track]:
    """At most `TRACK_ROWS` tracks of a batch, by the order of `urgent_first`, from its columns."""
    columns = batch.columns
    named = {name for a in alarms if a.state != "cleared" for name in a.track_ids}
    alarmed = np.array([name in named for name in track_ids(columns["track_key"])], dtype=bool)
    height_m = np.nan_to_num(columns["alt_m"], nan=0.0)
    claimed, lost = columns["basis"] == Basis.CLAIMED, columns["state"] == TrackState.LOST
    rank = np.select([alarmed, claimed, lost, height_m <= LOW_M], [0, 4, 2, 1], 3)
    rows = np.lexsort((columns["track_key"], height_m, rank))[:TRACK_ROWS]
    return list(tracks_of(batch.take(rows)))


def urgent_first(tracks: Iterable[Track], alarms: Iterable[Alarm]) -> list[Track]:
    """Tracks that an open alarm names, then measured low ones, then lost ones, then the others."""
    named = {name for a in alarms if a.state != "cleared" for name in a.track_ids}

    def urgency(track: Track) -> tuple[int, float, str]:
        height_m = track.alt_m or 0.0
        if track.track_id in named:
            return 0, height_m, track.track_id
        if track.basis == "claimed":
            return 4, height_m, track.track_id
        if track.state == "lost":
            return 2, height_m, track.track_id
        return 1 if height_m <= LOW_M else 3, height_m, track.track_id

    return sorted(tracks, key=urgency)


def track_rows(tracks: Iterable[Track], now_ns: int, words: Words) -> Iterator[Row]:
    """One row for each track; a lost one is an area, and has no height."""
    for track in tracks:
        place = describe(track.lat_deg, track.lon_deg)
        lost = track.state == "lost"
        if lost:
            radius_km = TWO_SIGMA * max(track.sigma_east_m, track.sigma_north_m) / 1000
            place = words["lost_within"].format(radius_km=f"{radius_km:.0f}", place=place)
        known = track.alt_m is not None and not lost
        course_deg = math.degrees(math.atan2(track.east_mps, track.north_mps)) % 360
        age_s = max(0.0, (now_ns - track.updated_ns) / NS_PER_S)
        yield (
            track.state,
            (
                track.callsign or track.track_id[:6],
                words.get(track.state, track.state),
                f"{track.existence_probability:.2f}",
                place,
                f"{track.alt_m:.0f}" if known else words["unknown_height"],
                f"{math.hypot(track.east_mps, track.north_mps) * 3.6:.0f}",
                f"{course_deg:03.0f}°",
                words["ago"].format(seconds=f"{age_s:.0f}"),
                words.get(track.basis, track.basis),
            ),
        )


def clock_text(time_ns: int) -> str:
    """The time of day in Zulu.

    >>> clock_text(1_753_667_760_000_000_000)
    '01:56:00Z'
    """
    second = time_ns // NS_PER_S % 86_400
    return f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}Z"
