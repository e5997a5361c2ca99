"""What moves in the picture: tracks in their frames, areas of lost ones, their labels.

The frame is that of APP-6 for an unknown object in the air, simplified: a clover open at its foot.
Nothing is drawn as friend, for a claim proves nothing, and nothing as suspect, for only a named
person may say so.
"""

import math
from collections.abc import Iterator

from skypicket.domain.times import NS_PER_S
from skypicket.domain.tracks import Track
from skypicket.web.svg.drawing import Drawing, DrawnTrack
from skypicket.web.svg.ground import text
from skypicket.web.svg.labels import WIDTH_SHARE, Desk, Rectangle
from skypicket.web.svg.markup import path, short, tag, words
from skypicket.web.svg.themes import THEMES, Colours
from skypicket.web.svg.view import View

RADIUS_95 = 2.4477
# How errors grow after the last reckoning: the tracker's default density of acceleration, m²/s³.
ACCELERATION_Q_M2PS3 = 4.0
VECTOR_S = 60.0
LABEL_SIZE = 10.0
SMALLEST_ELLIPSE_PX = 4.0
FEW_SYMBOLS = 300
CLOVER = "M-4 6A5 5 0 1 1-5-3A5 5 0 1 1 5-3A5 5 0 1 1 4 6"
AREA_STATES = frozenset({"lost", "left", "down", "never_real"})
SIGNS = {"warning": "▲", "caution": "◆", "advisory": "●"}


def objects(drawing: Drawing, desk: Desk) -> Iterator[str]:
    """Areas first, then frames; labels as far as there is room, the most urgent first."""
    now_ns = drawing.system.time_ns
    colours = THEMES[drawing.theme]
    areas = [one for one in drawing.tracks if one.track.state in AREA_STATES]
    flying = [one for one in drawing.tracks if one.track.state not in AREA_STATES]
    for one in areas:
        yield from _area(drawing.view, colours, one, now_ns)
    for one in drawing.tracks:
        _keep_symbol(drawing, one, desk)
    for one in reversed(flying):  # the most urgent on top
        yield _ellipse(drawing.view, colours, one, now_ns)
        yield _flying(drawing.view, colours, one.track)
    for one in drawing.tracks:
        yield from _label(drawing, one, desk)


def _keep_symbol(drawing: Drawing, one: DrawnTrack, desk: Desk) -> None:
    """Let no words stand on the symbol, as long as there are few."""
    if len(drawing.tracks) > FEW_SYMBOLS:
        return
    x, y = _middle(drawing, one)
    desk.keep(Rectangle(x - 9, y - 9, x + 9, y + 9))


def _middle(drawing: Drawing, one: DrawnTrack) -> tuple[float, float]:
    """The pixel of its symbol: of a lost one the middle of its area."""
    if one.track.state in AREA_STATES:
        lon, lat, _ = area_of(one, drawing.system.time_ns)
        return drawing.view.pixel(lon, lat)
    return drawing.view.pixel(one.track.lon_deg, one.track.lat_deg)


def area_of(one: DrawnTrack, now_ns: int) -> tuple[float, float, float]:
    """Longitude, latitude and radius in metres of the circle that holds a lost object with 95 %.

    From its loss, if that was said: from where it was seen last, growing as fast as it flew.
    """
    loss, track = one.loss, one.track
    if loss is not None:
        since_s = max(0.0, (now_ns - loss.time_ns) / NS_PER_S)
        return loss.lon_deg, loss.lat_deg, loss.radius_m + loss.speed_mps * since_s
    east_m, north_m, _ = _sigmas_m(one, now_ns)
    return track.lon_deg, track.lat_deg, RADIUS_95 * max(east_m, north_m)


def ellipse_of(one: DrawnTrack, now_ns: int) -> tuple[float, float, float]:
    """Semi-axes in metres of the ellipse that holds the track with 95 %, and its turn in degrees.

    The turn is that of the first axis, from east to north. It grows with the age of the track.
    """
    east_m, north_m, covariance = _sigmas_m(one, now_ns)
    middle = (east_m**2 + north_m**2) / 2
    spread = math.hypot((east_m**2 - north_m**2) / 2, covariance)
    turn_deg = math.degrees(math.atan2(2 * covariance, east_m**2 - north_m**2)) / 2
    axes = (math.sqrt(max(middle + sign * spread, 0.0)) for sign in (1, -1))
    first, second = (RADIUS_95 * axis for axis in axes)
    return first, second, turn_deg


def _sigmas_m(one: DrawnTrack, now_ns: int) -> tuple[float, float, float]:
    """East and north error now, and their covariance."""
    track = one.track
    age_s = max(0.0, (now_ns - track.time_ns) / NS_PER_S)
    grown = (one.sigma_mps * age_s) ** 2 + ACCELERATION_Q_M2PS3 * age_s**3 / 3
    covariance = track.correlation * track.sigma_east_m * track.sigma_north_m
    return (
        math.sqrt(track.sigma_east_m**2 + grown),
        math.sqrt(track.sigma_north_m**2 + grown),
        covariance,
    )


def _ellipse(view: View, colours: Colours, one: DrawnTrack, now_ns: int) -> str:
    track = one.track
    x, y = view.pixel(track.lon_deg, track.lat_deg)
    first, second, turn_deg = ellipse_of(one, now_ns)
    scale = view.pixels_per_m(track.lat_deg)
    if first * scale < SMALLEST_ELLIPSE_PX:
        return ""
    return tag(
        "ellipse",
        rx=first * scale,
        ry=second * scale,
        transform=f"translate({short(x)} {short(y)}) rotate({short(-turn_deg)})",
        fill="none",
        stroke=colours.track,
        stroke_opacity="0.7",
        stroke_width=1.0,
    )


def _flying(view: View, colours: Colours, track: Track) -> str:
    x, y = view.pixel(track.lon_deg, track.lat_deg)
    claimed = track.basis == "claimed"
    sure = track.state == "confirmed" and not claimed
    frame = tag(
        "path",
        d=CLOVER,
        fill="none" if claimed else colours.unknown,
        fill_opacity="1" if sure else "0.35",
        stroke=colours.track if claimed else colours.ink,
        stroke_width=1.4,
        stroke_dasharray="none" if track.state == "confirmed" else "3 2",
    )
    scale = view.pixels_per_m(track.lat_deg) * VECTOR_S
    line = path([(0.0, 0.0), (track.east_mps * scale, -track.north_mps * scale)])
    vector = tag("path", d=line, fill="none", stroke=colours.track, stroke_width=1.6)
    title = tag("title", words(f"{track.track_id} {track.state}, {track.basis}"))
    place = f"translate({short(x)} {short(y)})"
    return tag("g", title, vector, frame, transform=place, class_="track")


def _area(view: View, colours: Colours, one: DrawnTrack, now_ns: int) -> Iterator[str]:
    """A dashed circle with a question mark; never a cross, which only a find gets."""
    lon, lat, radius_m = area_of(one, now_ns)
    x, y = view.pixel(lon, lat)
    declared = one.track.state != "lost"
    colour = colours.soft if declared else colours.track
    yield tag(
        "circle",
        tag("title", words(f"{one.track.track_id} {one.track.state}")),
        cx=x,
        cy=y,
        r=max(radius_m * view.pixels_per_m(lat), 8.0),
        fill=colour,
        fill_opacity="0.1",
        stroke=colour,
        stroke_width=1.6,
        stroke_dasharray="8 5",
        class_="lost",
    )
    sign = one.track.state.replace("_", " ") if declared else "?"
    size = 11 if declared else 18
    yield text(sign, (x, y + 6), size, colour, colours.halo, text_anchor="middle")


def _label(drawing: Drawing, one: DrawnTrack, desk: Desk) -> Iterator[str]:
    """Two lines beside the symbol, on the first side with room."""
    colours = THEMES[drawing.theme]
    lines = label_of(one, drawing.system.time_ns)
    longest = max(lines, key=len)
    x, y = _middle(drawing, one)
    width = WIDTH_SHARE * LABEL_SIZE * len(longest)
    sides = ((x + 13, y - 12), (x + 13, y + 4), (x - 13 - width, y - 12), (x - 13 - width, y + 4))
    for left, top in sides:
        if desk.take(left, top, longest, LABEL_SIZE, len(lines)):
            fill = getattr(colours, one.level) if one.level else colours.text
            for i, line in enumerate(lines):
                at = left, top + LABEL_SIZE * (1 + 1.2 * i)
                yield text(line, at, LABEL_SIZE, fill if i == 0 else colours.text, colours.halo)
            return


def label_of(one: DrawnTrack, now_ns: int) -> tuple[str, str]:
    """Name, alarm and state; then height with its reference, and speed.

    A callsign stands in quotation marks, because it is claimed. A lost track has no height.
    """
    track = one.track
    name = f"“{track.callsign}”" if track.callsign else track.track_id[:6]
    state = "" if track.state == "confirmed" else f" {track.state.replace('_', ' ')}"
    basis = " claimed" if track.basis == "claimed" else ""
    alarm = f"{SIGNS[one.level]} {one.level.upper()} " if one.level else ""
    first = f"{alarm}{name}{state}{basis} P{track.existence_probability:.2f}"
    age_s = max(0.0, (now_ns - track.updated_ns) / NS_PER_S)
    if track.state in AREA_STATES:
        _, _, radius_m = area_of(one, now_ns)
        return first, f"within {radius_m / 1000:.0f} km, seen {_age(age_s)} ago"
    height = "height unknown" if one.amsl_m is None else f"{one.amsl_m:.0f} m AMSL"
    speed = math.hypot(track.east_mps, track.north_mps) * 3.6
    aged = f" {_age(age_s)} old" if age_s >= 10 else ""
    return first, f"{height} {speed:.0f} km/h{aged}"


def _age(age_s: float) -> str:
    return f"{age_s:.0f} s" if age_s < 120 else f"{age_s / 60:.0f} min"
