"""The picture put together: one SVG document, the same bytes for the same drawing."""

from collections.abc import Iterator

from skypicket.domain.times import zulu
from skypicket.web.svg.ahead import places_ahead, reports
from skypicket.web.svg.drawing import Drawing
from skypicket.web.svg.frame import alarm_marks, frame, reserve
from skypicket.web.svg.ground import ground, places, sensors
from skypicket.web.svg.labels import Desk
from skypicket.web.svg.markup import short, tag, words
from skypicket.web.svg.objects import objects

SVG = "http://www.w3.org/2000/svg"
FONTS = "DejaVu Sans, Liberation Sans, Arial, sans-serif"


def svg_of(drawing: Drawing) -> bytes:
    """The document; it holds no script, no style and no address of anything to load."""
    view = drawing.view
    title = tag("title", words(f"{drawing.system.name}, {zulu(drawing.system.time_ns)}"))
    width, height = short(view.width_px), short(view.height_px)
    head = (
        f'<svg xmlns="{SVG}" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'font-family="{FONTS}" role="img">'
    )
    body = "".join(_layers(drawing))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}{title}{body}</svg>\n'.encode()


def _layers(drawing: Drawing) -> Iterator[str]:
    """Each layer as a group, the lowest first; labels of objects get room before places do."""
    desk = Desk(drawing.view.width_px, drawing.view.height_px)
    reserve(drawing, desk)
    upon = list(objects(drawing, desk))
    soon = list(places_ahead(drawing, desk))
    for name, parts in (
        ("ground", ground(drawing)),
        ("sensors", sensors(drawing, desk)),
        ("places", places(drawing, desk)),
        ("reports", reports(drawing)),
        ("places-ahead", soon),
        ("tracks", upon),
        ("alarms", alarm_marks(drawing)),
        ("frame", frame(drawing)),
    ):
        yield tag("g", *parts, class_=name)
