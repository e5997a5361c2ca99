"""What people reported, and the places that objects may reach, which a simple model tells."""

from collections.abc import Iterator

from skypicket.domain.times import zulu
from skypicket.web.api.reports import ReportView
from skypicket.web.operate.views import PlaceAhead
from skypicket.web.svg.drawing import Drawing
from skypicket.web.svg.ground import text
from skypicket.web.svg.labels import WIDTH_SHARE, Desk
from skypicket.web.svg.markup import short, tag, words
from skypicket.web.svg.themes import THEMES, Colours

PLACES_NAMED = 8  # as many as the wall names
MARK_PX = 5.0
NAME_SIZE = 10.0
BUBBLE = "M-8-8H8V4H0L-5 9V4H-8Z"  # somebody says so


def places_ahead(drawing: Drawing, desk: Desk) -> Iterator[str]:
    """The soonest places in the picture: a ring, the name, and the minutes, where there is room."""
    view, colours = drawing.view, THEMES[drawing.theme]
    inside = [one for one in drawing.ahead if view.shows(one.lon_deg, one.lat_deg)]
    for place in sorted(inside, key=lambda one: (one.minutes, one.name))[:PLACES_NAMED]:
        x, y = view.pixel(place.lon_deg, place.lat_deg)
        said = ahead_text(place)
        width = WIDTH_SHARE * NAME_SIZE * len(said)
        for left in (x + MARK_PX + 4, x - MARK_PX - 4 - width):
            if desk.take(left, y - 6, said, NAME_SIZE):
                yield _ring(place, (x, y), colours)
                yield text(said, (left, y + 4), NAME_SIZE, colours.text, colours.halo)
                break


def ahead_text(place: PlaceAhead) -> str:
    """The name and in how many minutes something may be there."""
    minutes = round(place.minutes)
    return f"{place.name} now" if minutes <= 0 else f"{place.name} ~{minutes} min"


def _ring(place: PlaceAhead, at: tuple[float, float], colours: Colours) -> str:
    told = f"{ahead_text(place)}, P {place.probability:.2f}. Simple model: {place.model_text}"
    return tag(
        "circle",
        tag("title", words(told)),
        cx=at[0],
        cy=at[1],
        r=MARK_PX,
        fill="none",
        stroke=colours.text,
        stroke_width=1.4,
        stroke_dasharray="2 2",
        class_="ahead",
    )


def reports(drawing: Drawing) -> Iterator[str]:
    """Each report as a bubble, hollow where it is second-hand; the one heard last on top."""
    view, colours = drawing.view, THEMES[drawing.theme]
    for report in drawing.reports:
        if view.shows(report.lon_deg, report.lat_deg):
            yield _report(report, view.pixel(report.lon_deg, report.lat_deg), colours)


def _report(report: ReportView, at: tuple[float, float], colours: Colours) -> str:
    hand = "first-hand" if report.first_hand else "second-hand"
    told = f"Report, {hand}, heard {zulu(report.heard_ns)}, received {zulu(report.received_ns)}"
    return tag(
        "path",
        tag("title", words(told)),
        d=BUBBLE,
        transform=f"translate({short(at[0])} {short(at[1])})",
        fill=colours.text if report.first_hand else "none",
        stroke=colours.text,
        stroke_width=1.6,
        stroke_dasharray="none" if report.first_hand else "3 2",
        class_="report",
    )
