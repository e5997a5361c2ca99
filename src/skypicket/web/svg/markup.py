"""SVG from plain values: every text is escaped, every number short, no script and no style."""

import re
from html import escape

# What XML 1.0 cannot hold, and what turns the direction of text around.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


def words(text: str) -> str:
    """Text as markup; characters that XML cannot hold are shown as replaced.

    >>> words("<script>") == "&lt;script&gt;", words(chr(0)) == chr(0xFFFD)
    (True, True)
    """
    return escape(_FORBIDDEN.sub("\ufffd", text))


def short(number: float) -> str:
    """A number with one decimal at most, the same on every machine.

    >>> short(12.04), short(-0.01), short(3)
    ('12', '0', '3')
    """
    said = f"{number:.1f}"
    said = said.removesuffix(".0")
    return "0" if said == "-0" else said


def tag(name: str, *inside: str, **attributes: str | float) -> str:
    """An element around markup that was made here; `stroke_width` is `stroke-width`.

    >>> tag("circle", cx=1.0, r=2.5, class_="dot")
    '<circle cx="1" r="2.5" class="dot"/>'
    """
    said = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_value(value)}"'
        for key, value in attributes.items()
    )
    return f"<{name}{said}>{''.join(inside)}</{name}>" if inside else f"<{name}{said}/>"


def _value(value: str | float) -> str:
    return words(value) if isinstance(value, str) else short(value)


def path(points: list[tuple[float, float]], *, closed: bool = False) -> str:
    """The `d` of a line through points in pixels.

    >>> path([(0.0, 0.0), (1.5, 2.0)], closed=True)
    'M0 0L1.5 2Z'
    """
    said = "L".join(f"{short(x)} {short(y)}" for x, y in points)
    return f"M{said}{'Z' * closed}"
