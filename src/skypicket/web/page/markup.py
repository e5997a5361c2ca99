"""HTML from plain text: every word is escaped, and no element carries a script or a style."""

from collections.abc import Iterable
from html import escape

STYLE = "/plain.css"


def element(name: str, *inside: str, **attributes: str) -> str:
    """An element around markup that was made here; `class_` is the attribute `class`.

    >>> element("a", text("1 < 2"), href='/?q="x"')
    '<a href="/?q=&quot;x&quot;">1 &lt; 2</a>'
    """
    said = "".join(f' {key.rstrip("_")}="{escape(value)}"' for key, value in attributes.items())
    return f"<{name}{said}>{''.join(inside)}</{name}>"


def text(words: str) -> str:
    """Text as markup.

    >>> text("<b>")
    '&lt;b&gt;'
    """
    return escape(words)


def table(heads: Iterable[str], rows: Iterable[tuple[str, tuple[str, ...]]]) -> str:
    """A table of texts; each row has a class of its own ("" for none)."""
    top = element("tr", *(element("th", text(head), scope="col") for head in heads))
    body = [
        element("tr", *(element("td", text(cell)) for cell in cells), class_=kind)
        for kind, cells in rows
    ]
    return element("table", element("thead", top), element("tbody", *body))


def page(language: str, title: str, *body: str, refresh_s: int = 0) -> bytes:
    """A whole document; it loads itself anew every `refresh_s` seconds if that is above 0."""
    again = f'<meta http-equiv="refresh" content="{refresh_s}">' if refresh_s else ""
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f'{again}<link rel="stylesheet" href="{STYLE}">{element("title", text(title))}'
    )
    document = element("html", element("head", head), element("body", *body), lang=language)
    return f"<!doctype html>\n{document}\n".encode()
