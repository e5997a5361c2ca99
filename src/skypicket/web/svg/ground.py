"""What stands still in the picture: land, borders, zones, places, sensors and their reach."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np

from skypicket.geo.gazetteer import places_within
from skypicket.geo.simple_outlines import LonLatPolygon, simple_polygons
from skypicket.web.api.sensors import SensorView
from skypicket.web.api.zones import polygons_of
from skypicket.web.svg.drawing import Drawing
from skypicket.web.svg.labels import Desk
from skypicket.web.svg.markup import path, tag, words
from skypicket.web.svg.themes import THEMES, Colours
from skypicket.web.svg.view import View

PLACES_TRIED = 200
PLACES_SHOWN = 45
FINEST_PX = 0.8  # vertices nearer than this to the last drawn one are left out
EDGE_PX = 20.0  # shapes are cut this far outside, where their new edges are not seen
ROUND_CORNERS = 64
SILENT = frozenset({"silent", "gone", "never_heard"})


def ground(drawing: Drawing) -> Iterator[str]:
    """Land and borders first, zones upon them."""
    colours = THEMES[drawing.theme]
    view = drawing.view
    yield tag("rect", width=view.width_px, height=view.height_px, fill=colours.sea)
    home = drawing.system.home
    for state in (*(s for s in drawing.system.states if s != home), home):
        own = state == home
        shape = _outline(view, state)
        if shape:
            yield tag(
                "path",
                d=shape,
                fill=colours.home_land if own else colours.land,
                stroke=colours.home_border if own else colours.border,
                stroke_width=2.0 if own else 1.0,
                fill_rule="evenodd",
            )
    for zone in drawing.zones:
        if zone.kind != "border":
            yield from _zone(view, colours, polygons_of(zone), zone.name)


def _zone(
    view: View, colours: Colours, polygons: Sequence[LonLatPolygon], name: str
) -> Iterator[str]:
    shape = outline_of(view, polygons)
    if shape:
        yield tag(
            "path",
            tag("title", words(name)),
            d=shape,
            fill=colours.zone,
            fill_opacity="0.1",
            stroke=colours.zone,
            stroke_width=1.2,
            stroke_dasharray="6 3 1 3",
        )


@lru_cache(maxsize=64)
def _outline(view: View, state: str) -> str:
    return outline_of(view, simple_polygons(state))


def outline_of(view: View, polygons: Sequence[LonLatPolygon]) -> str:
    """Polygons of (longitude, latitude) as the `d` of a path, cut to the picture."""
    import shapely  # noqa: PLC0415 -- slow to import, and no start needs it

    lines: list[str] = []
    for rings in polygons:
        drawn = [np.array([view.pixel(lon, lat) for lon, lat in ring]) for ring in rings]
        shape = shapely.Polygon(drawn[0], drawn[1:])
        if not shape.is_valid:
            shape = shapely.make_valid(shape)
        cut = shapely.clip_by_rect(
            shape, -EDGE_PX, -EDGE_PX, view.width_px + EDGE_PX, view.height_px + EDGE_PX
        )
        for part in shapely.get_parts(cut):
            if part.geom_type == "Polygon" and not part.is_empty:
                lines += [_line(ring.coords) for ring in (part.exterior, *part.interiors)]
    return "".join(lines)


def _line(points: Sequence[tuple[float, float]]) -> str:
    """The path of a ring, without vertices that are not seen."""
    kept: list[tuple[float, float]] = []
    for x, y in points:
        if not kept or abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= FINEST_PX:
            kept.append((x, y))
    return path(kept, closed=True) if len(kept) > 2 else ""


def places(drawing: Drawing, desk: Desk) -> Iterator[str]:
    """The most populous places whose names fit beside each other."""
    view, colours = drawing.view, THEMES[drawing.theme]
    west, south, east, north = view.bounds
    shown = 0
    for place in places_within(south, west, north, east, PLACES_TRIED):
        x, y = view.pixel(place.lon_deg, place.lat_deg)
        size = 12 if place.population >= 100_000 else 10
        if shown < PLACES_SHOWN and desk.take(x + 4, y - size, place.name, size):
            shown += 1
            yield tag("circle", cx=x, cy=y, r=1.8, fill=colours.place)
            yield text(place.name, (x + 4, y), size, colours.place, colours.halo)


def sensors(drawing: Drawing, desk: Desk) -> Iterator[str]:
    """Each sensor's site and reach, where the asker may know them; a silent one says so."""
    view, colours = drawing.view, THEMES[drawing.theme]
    for sensor in drawing.sensors:
        x, y = view.pixel(sensor.lon_deg, sensor.lat_deg)
        silent = sensor.state in SILENT and sensor.silence_counts
        radius_m = drawing.reaches_m.get(sensor.sensor_id, 0.0)
        if radius_m > 0:
            yield tag(
                "circle",
                cx=x,
                cy=y,
                r=radius_m * view.pixels_per_m(sensor.lat_deg),
                fill="none",
                stroke=colours.reach,
                stroke_width=1.0,
                stroke_opacity="0.4" if silent else "0.7",
                stroke_dasharray="2 6" if silent else "none",
            )
        yield _site(sensor, (x, y), colours)
        if silent:
            yield from _name(sensor, (x, y), colours, desk)


def _site(sensor: SensorView, at: tuple[float, float], colours: Colours) -> str:
    heard = sensor.state not in SILENT
    return tag(
        "rect",
        tag("title", words(_said(sensor))),
        x=at[0] - 3,
        y=at[1] - 3,
        width=6,
        height=6,
        fill=colours.reach if heard else "none",
        stroke=colours.reach,
        stroke_width=1.2,
    )


def _name(
    sensor: SensorView, at: tuple[float, float], colours: Colours, desk: Desk
) -> Iterator[str]:
    """The name and state of a silent sensor, where there is room."""
    x, y = at
    if desk.take(x + 6, y - 6, _said(sensor), 9):
        yield text(_said(sensor), (x + 6, y + 4), 9, colours.reach, colours.halo)


def _said(sensor: SensorView) -> str:
    return f"{sensor.sensor_id} {sensor.state.replace('_', ' ')}"


def text(
    said: str, at: tuple[float, float], size_px: float, fill: str, halo: str, **more: str | float
) -> str:
    """Words with an edge in the ground's colour, so that they can be read on everything."""
    x, y = at
    return tag(
        "text",
        words(said),
        x=x,
        y=y,
        font_size=size_px,
        fill=fill,
        stroke=halo,
        stroke_width=2.5,
        paint_order="stroke",
        **more,
    )
