"""What stands around the picture: clock, banners, alarms, scale, north, and where it is from."""

import math
from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from skypicket.domain.incidents import Alarm
from skypicket.domain.times import NS_PER_S, zulu
from skypicket.web.svg.drawing import Drawing
from skypicket.web.svg.ground import text
from skypicket.web.svg.labels import Desk, Rectangle
from skypicket.web.svg.markup import path, tag
from skypicket.web.svg.objects import SIGNS
from skypicket.web.svg.themes import THEMES, Colours

HEAD_PX = 22.0
LINE_PX = 15.0
ALARMS_LISTED = 5
STALE_S = 5.0
SCALE_SHARE = 0.2
WIDE_SHARE = 0.6


def local_time(time_ns: int, zone: str) -> str:
    """The time on the wall of a zone, with the zone's name; "" where its rules are not here.

    >>> local_time(1_753_667_760_000_000_000, "Europe/Vilnius")
    '04:56:00 Europe/Vilnius'
    """
    try:
        there = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        return ""
    moment = datetime.fromtimestamp(time_ns // NS_PER_S, UTC).astimezone(there)
    return f"{moment:%H:%M:%S} {zone}"


def reserve(drawing: Drawing, desk: Desk) -> None:
    """Keep the room of the frame free of labels."""
    view = drawing.view
    desk.keep(Rectangle(0, 0, view.width_px, HEAD_PX + _banner_px(drawing)))
    desk.keep(Rectangle(0, view.height_px - HEAD_PX, view.width_px, view.height_px))
    rows = min(len(drawing.alarms), ALARMS_LISTED)
    if rows:
        top = HEAD_PX + _banner_px(drawing)
        desk.keep(Rectangle(0, top, view.width_px * WIDE_SHARE, top + LINE_PX * (rows + 1)))
    for alarm in placed_alarms(drawing):
        x, y = view.pixel(*_place(alarm))
        desk.keep(Rectangle(x - 22, y - 9, x + 22, y + 18))
    if drawing.empty:
        desk.keep(_empty_room(drawing, _empty_lines(drawing)))


def _banners(drawing: Drawing) -> list[str]:
    """What must not be overlooked, one line each."""
    system = drawing.system
    said = []
    if drawing.past:
        said.append("PAST, NOT NOW: what was known at the time above")
    if system.mode == "simulation":
        said.append("SIMULATION: nothing of this is real")
    if drawing.stale_s > STALE_S:
        said.append(f"STALE: this picture is {drawing.stale_s:.0f} s old")
    if not system.well:
        said.append(f"THE SYSTEM IS NOT WELL. {system.text}".rstrip())
    return said


def _banner_px(drawing: Drawing) -> float:
    return LINE_PX * len(_banners(drawing))


def frame(drawing: Drawing) -> Iterator[str]:
    """Head, banners, alarms, foot, and the sentence in the middle if there is nothing to see."""
    view, colours = drawing.view, THEMES[drawing.theme]
    system = drawing.system
    yield tag("rect", width=view.width_px, height=HEAD_PX, fill=colours.panel, fill_opacity="0.85")
    clock = zulu(system.time_ns)
    there = local_time(system.time_ns, system.profile.time_zone)
    clock = f"{clock} · {there}" if there else clock
    yield text(clock, (8, 15), 12, colours.text, colours.panel, font_weight="bold")
    count = f"{len(drawing.tracks) + drawing.hidden_count} tracks here"
    if drawing.hidden_count:
        count = f"{count}, {drawing.hidden_count} not drawn"
    name = f"{system.name} · {count}"
    yield text(name, (view.width_px - 8, 15), 11, colours.soft, colours.panel, text_anchor="end")
    for number, said in enumerate(_banners(drawing)):
        top = HEAD_PX + LINE_PX * number
        yield tag("rect", y=top, width=view.width_px, height=LINE_PX, fill=colours.banner)
        at = view.width_px / 2, top + 11.5
        yield text(
            said,
            at,
            11,
            colours.banner_text,
            colours.banner,
            text_anchor="middle",
            font_weight="bold",
        )
    yield from _alarm_list(drawing, colours)
    yield from _foot(drawing, colours)
    if drawing.empty:
        yield from _empty(drawing, colours)


def _alarm_list(drawing: Drawing, colours: Colours) -> Iterator[str]:
    """Alarms that stand, the gravest first: shape, word, time, title, state."""
    top = HEAD_PX + _banner_px(drawing)
    for number, alarm in enumerate(drawing.alarms[:ALARMS_LISTED]):
        at = 8, top + LINE_PX * (number + 1) - 2
        yield text(alarm_line(alarm), at, 11, getattr(colours, alarm.level), colours.halo)
    more = len(drawing.alarms) - ALARMS_LISTED
    if more > 0:
        at = 8, top + LINE_PX * (ALARMS_LISTED + 1) - 2
        yield text(f"and {more} more alarms", at, 11, colours.text, colours.halo)


def alarm_line(alarm: Alarm) -> str:
    """An alarm in one line."""
    since = zulu(alarm.raised_ns)[11:]
    return f"{SIGNS[alarm.level]} {alarm.level.upper()} {since} {alarm.title} ({alarm.state})"


def placed_alarms(drawing: Drawing) -> list[Alarm]:
    """Alarms with a mark of their own: those with a place whose tracks are not drawn anyway."""
    drawn = {one.track.track_id for one in drawing.tracks}
    return [
        alarm
        for alarm in drawing.alarms
        if alarm.lat_deg is not None
        and drawing.view.shows(*_place(alarm))
        and drawn.isdisjoint(alarm.track_ids)
    ]


def _place(alarm: Alarm) -> tuple[float, float]:
    """Longitude and latitude."""
    return alarm.lon_deg or 0.0, alarm.lat_deg or 0.0


def alarm_marks(drawing: Drawing) -> Iterator[str]:
    """The shape of an alarm's level at its place, with its word."""
    view, colours = drawing.view, THEMES[drawing.theme]
    for alarm in reversed(placed_alarms(drawing)):
        x, y = view.pixel(*_place(alarm))
        colour, halo = getattr(colours, alarm.level), colours.halo
        yield text(SIGNS[alarm.level], (x, y + 6), 16, colour, halo, text_anchor="middle")
        yield text(alarm.level.upper(), (x, y + 17), 8, colour, halo, text_anchor="middle")


def _foot(drawing: Drawing, colours: Colours) -> Iterator[str]:
    view = drawing.view
    base = view.height_px - HEAD_PX
    yield tag(
        "rect", y=base, width=view.width_px, height=HEAD_PX, fill=colours.panel, fill_opacity="0.85"
    )
    yield text(drawing.system.attribution, (8, base + 15), 9, colours.soft, colours.panel)
    middle_lat = view.position(view.width_px / 2, view.height_px / 2)[1]
    length_m = nice_length_m(SCALE_SHARE * view.width_px / view.pixels_per_m(middle_lat))
    length_px = length_m * view.pixels_per_m(middle_lat)
    right = view.width_px - 34
    bar = path(
        [
            (right - length_px, base + 9),
            (right - length_px, base + 14),
            (right, base + 14),
            (right, base + 9),
        ]
    )
    yield tag("path", d=bar, fill="none", stroke=colours.text, stroke_width=1.5, class_="scale")
    said = f"{length_m / 1000:g} km" if length_m >= 1000 else f"{length_m:g} m"
    yield text(
        said, (right - length_px - 6, base + 15), 10, colours.text, colours.panel, text_anchor="end"
    )
    x = view.width_px - 15
    arrow = path(
        [(x, base + 3), (x - 4, base + 12), (x, base + 10), (x + 4, base + 12)], closed=True
    )
    yield tag("path", d=arrow, fill=colours.text)
    yield text("N", (x, base + 21), 9, colours.text, colours.panel, text_anchor="middle")


def nice_length_m(most_m: float) -> float:
    """The longest of 1, 2 and 5 times a power of ten that is not above `most_m`.

    >>> nice_length_m(37_000.0)
    20000.0
    """
    power = 10.0 ** math.floor(math.log10(max(most_m, 1.0)))
    return max(step * power for step in (1, 2, 5) if step * power <= max(most_m, 1.0))


def _empty_lines(drawing: Drawing) -> list[str]:
    """The sentence in lines that fit."""
    fit = max(20, int(drawing.view.width_px * 0.8 / 7.5))
    lines: list[str] = [""]
    for word in drawing.empty.split():
        if len(lines[-1]) + len(word) >= fit and lines[-1]:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".lstrip()
    return lines


def _empty_room(drawing: Drawing, lines: list[str]) -> Rectangle:
    x, y = drawing.view.width_px / 2, drawing.view.height_px / 2
    wide = 4.2 * max(map(len, lines)) + 12
    high = 10 * len(lines) + 8
    return Rectangle(x - wide, y - high, x + wide, y + high)


def _empty(drawing: Drawing, colours: Colours) -> Iterator[str]:
    """Why there is nothing to see, in the middle of the picture."""
    lines = _empty_lines(drawing)
    room = _empty_room(drawing, lines)
    yield tag(
        "rect",
        x=room.left_px,
        y=room.top_px,
        width=room.right_px - room.left_px,
        height=room.bottom_px - room.top_px,
        fill=colours.panel,
        fill_opacity="0.9",
        stroke=colours.soft,
    )
    for number, line in enumerate(lines):
        at = drawing.view.width_px / 2, room.top_px + 23 + 20 * number
        yield text(line, at, 13, colours.text, colours.panel, text_anchor="middle", class_="empty")
