"""The picture in a terminal: alarms first, then tracks, then what is silent."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import numpy as np
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from skypicket.cli.console import say
from skypicket.domain.assessments import Approach
from skypicket.domain.incidents import Alarm
from skypicket.domain.times import NS_PER_S, zulu
from skypicket.domain.tracks import Basis, Track, TrackState, track_ids, tracks_of
from skypicket.engine.picture import Picture
from skypicket.engine.runtime import Runtime
from skypicket.geo.places import describe

REFRESH_S = 0.25
TRACK_ROWS = 14
ALARM_ROWS = 8
LOW_M = 3_000.0
LOST_LATELY_NS = 300 * NS_PER_S
LEVELS = {
    "warning": ("bold white on red", "▲"),
    "caution": ("bold yellow", "◆"),
    "advisory": ("cyan", "●"),
}
ORDER = {"warning": 0, "caution": 1, "advisory": 2}
STATE_STYLE = {
    "confirmed": "bold",
    "coasting": "yellow",
    "lost": "bold magenta",
    "tentative": "dim",
}
LOCAL_OFFSET = timezone(timedelta(hours=3))  # of the built-in nights: Lithuania in summer


def local(time_ns: int) -> str:
    """The time on a Lithuanian wall in summer: `04:56:10`."""
    moment = datetime.fromtimestamp(time_ns // NS_PER_S, UTC)
    return moment.astimezone(LOCAL_OFFSET).strftime("%H:%M:%S")


async def watch(runtime: Runtime, until: asyncio.Event, title: str) -> None:
    """Show the picture until told to stop: a live table on a terminal, lines otherwise."""
    console = Console()
    if console.is_terminal:
        with Live(console=console, auto_refresh=False, screen=False) as live:
            while not until.is_set():
                live.update(wall(runtime, title), refresh=True)
                await _pause(until)
            live.update(wall(runtime, title), refresh=True)
        return
    teller = Teller(runtime.picture)
    while not until.is_set():
        for line in teller.news():
            say(line)
        await _pause(until)
    for line in teller.news():
        say(line)


async def _pause(until: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(until.wait(), REFRESH_S)
    except TimeoutError:
        return


class Teller:
    """Says each alarm once per change, as plain lines, and now and then how things stand."""

    def __init__(self, picture: Picture, every_s: float = 600.0) -> None:
        self._picture = picture
        self._every_ns = int(every_s * NS_PER_S)
        self._told: dict[str, tuple[str, str, str]] = {}
        self._next_ns = 0

    def news(self) -> Iterator[str]:
        """The lines since the last call."""
        picture = self._picture
        for alarm in sorted(picture.alarms.values(), key=lambda a: (a.time_ns, a.alarm_id)):
            now = (alarm.level, alarm.state, alarm.cause)
            if self._told.get(alarm.alarm_id) != now:
                self._told[alarm.alarm_id] = now
                yield f"{zulu(alarm.time_ns)} {alarm.level.upper():<8} {alarm.state}: {alarm.text}"
        if picture.time_ns >= self._next_ns and picture.time_ns:
            self._next_ns = picture.time_ns + self._every_ns
            yield f"{zulu(picture.time_ns)} {summary(picture)}"


def summary(picture: Picture) -> str:
    """One line: how many tracks of which state, alarms and observations."""
    counts = dict.fromkeys(TrackState, 0)
    if picture.tracks is not None:
        for value in picture.tracks.columns["state"]:
            counts[TrackState(int(value))] += 1
    tracks = ", ".join(f"{n} {state.name.lower()}" for state, n in counts.items() if n)
    raised = sum(alarm.state != "cleared" for alarm in picture.alarms.values())
    return (
        f"tracks: {tracks or 'none'}; alarms open: {raised}; "
        f"observations: {picture.observations}; rejects: {sum(picture.reject_counts.values())}"
    )


def wall(runtime: Runtime, title: str) -> RenderableType:
    """The whole picture."""
    picture = runtime.picture
    now_ns = runtime.clock()
    return Group(
        _header(picture, title, runtime.clock.speed_factor),
        _alarms(picture),
        _tracks(picture, now_ns),
        _trust(runtime),
    )


def _header(picture: Picture, title: str, speed: float) -> RenderableType:
    clock = f"{zulu(picture.time_ns)}   {local(picture.time_ns)} local" if picture.time_ns else "—"
    pace = f"   {speed:g} × real time" if speed != 1 else ""
    return Panel(Text(f"{clock}{pace}\n{summary(picture)}"), title=title, title_align="left")


def _alarms(picture: Picture) -> RenderableType:
    table = Table(title="Alarms", title_justify="left", expand=True, show_edge=False)
    for name in ("", "level", "since", "what", "state"):
        table.add_column(name, no_wrap=name != "what")
    open_first = sorted(
        picture.alarms.values(),
        key=lambda a: (a.state == "cleared", ORDER[a.level], -a.time_ns, a.alarm_id),
    )
    for alarm in open_first[:ALARM_ROWS]:
        table.add_row(*_alarm_row(alarm))
    if not picture.alarms:
        table.add_row("", "", "", "No alarm so far.", "")
    if len(open_first) > ALARM_ROWS:
        table.add_row("", "", "", f"and {len(open_first) - ALARM_ROWS} more", "")
    return table


def _alarm_row(alarm: Alarm) -> tuple[RenderableType, ...]:
    style, sign = LEVELS[alarm.level]
    style = "dim" if alarm.state == "cleared" else style
    return (
        Text(sign, style=style),
        Text(alarm.level, style=style),
        Text(local(alarm.raised_ns)),
        Text(alarm.text),
        Text(alarm.state),
    )


def _tracks(picture: Picture, now_ns: int) -> RenderableType:
    table = Table(title="Tracks (measured)", title_justify="left", expand=True, show_edge=False)
    for name in (
        "track",
        "state",
        "P(real)",
        "where",
        "height m",
        "km/h",
        "course",
        "to border",
        "age",
    ):
        table.add_column(
            name, no_wrap=True, justify="left" if name in {"track", "state", "where"} else "right"
        )
    shown, hidden = most_urgent(picture)
    for track in shown:
        table.add_row(*_track_row(track, picture.approaches.get(track.track_id), now_ns))
    if not shown:
        table.add_row(
            "", "", "", "No measured track: nothing was detected where sensors look.", *[""] * 5
        )
    if hidden:
        table.add_row("", "", "", f"and {hidden} more", *[""] * 5)
    return table


def most_urgent(picture: Picture) -> tuple[list[Track], int]:
    """The measured tracks that are shown, the most urgent first, and how many are left out.

    First those that an open alarm names, then what flies and is low, then what was lost just
    now, then what flies high. What was lost long ago is shown only while an alarm names it.
    """
    if picture.tracks is None or not len(picture.tracks):
        return [], 0
    columns = picture.tracks.columns
    named = {t for a in picture.alarms.values() if a.state != "cleared" for t in a.track_ids}
    alarmed = np.array([name in named for name in track_ids(columns["track_key"])], dtype=bool)
    lost = columns["state"] == TrackState.LOST
    old = picture.tracks.time_ns - columns["updated_ns"] > LOST_LATELY_NS
    height_m = np.nan_to_num(columns["alt_m"], nan=0.0)
    rank = np.select([alarmed, lost, height_m > LOW_M], [0, 2, 3], 1)
    rows = np.flatnonzero((columns["basis"] == Basis.MEASURED) & (alarmed | ~(lost & old)))
    order = (columns["track_key"][rows], height_m[rows], rank[rows])
    rows = rows[np.lexsort(order)]
    return list(tracks_of(picture.tracks.take(rows[:TRACK_ROWS]))), max(0, len(rows) - TRACK_ROWS)


def _track_row(track: Track, approach: Approach | None, now_ns: int) -> tuple[str | Text, ...]:
    style = STATE_STYLE.get(track.state, "")
    speed = float(np.hypot(track.east_mps, track.north_mps))
    course = float(np.degrees(np.arctan2(track.east_mps, track.north_mps))) % 360
    where = describe(track.lat_deg, track.lon_deg)
    if track.state == "lost":
        radius_km = 2.45 * max(track.sigma_east_m, track.sigma_north_m) / 1000
        where = f"? within {radius_km:.0f} km of {where}"
    return (
        Text(track.track_id[:6], style=style),
        Text(track.state, style=style),
        f"{track.existence_probability:.2f}",
        where,
        "—" if track.alt_m is None or track.state == "lost" else f"{track.alt_m:.0f}",
        f"{speed * 3.6:.0f}",
        f"{course:03.0f}°",
        _to_border(approach, now_ns),
        f"{max(0.0, (now_ns - track.updated_ns) / NS_PER_S):.0f} s",
    )


def _to_border(approach: Approach | None, now_ns: int) -> str:
    if approach is None or approach.crossing_ns < now_ns:
        return ""
    minutes = (approach.crossing_ns - now_ns) / (60 * NS_PER_S)
    return f"{minutes:.0f} min ({approach.probability:.0%})"


def _trust(runtime: Runtime) -> RenderableType:
    health = runtime.health()
    down = sorted(source for source, link in health.items() if link.state != "up")
    lost = sum(runtime.picture.lost_messages.values())
    rejects = sum(runtime.picture.reject_counts.values())
    latency_ms = runtime.picture.latency_s(0.99) / runtime.clock.speed_factor * 1000
    gone = sorted(s for s, status in runtime.picture.statuses.items() if status.state == "gone")
    words = [
        f"links up: {len(health) - len(down)}/{len(health)}",
        f"down: {', '.join(down)}" if down else "",
        f"sensors gone: {', '.join(gone)}" if gone else "",
        f"messages lost on the way: {lost}",
        f"rejects: {rejects}",
        f"behind: {runtime.behind} entries",
        f"receipt to track p99: {latency_ms:.0f} ms",
    ]
    return Text("   ".join(word for word in words if word), style="dim")
