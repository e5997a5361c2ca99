"""Markdown for the reference pages."""

import inspect
from collections.abc import Iterable, Sequence


def first_line(thing: object) -> str:
    """The first line of a docstring: its fact."""
    return (inspect.getdoc(thing) or "").partition("\n")[0]


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    r"""A Markdown table; "" without rows.

    >>> print(table(("a", "b"), [("1", "x | y")]))
    | a | b |
    |---|---|
    | 1 | x \| y |
    """
    body = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    if not body:
        return ""
    return "\n".join(["| " + " | ".join(head) + " |", "|" + "---|" * len(head), *body])
