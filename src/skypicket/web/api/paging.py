"""Lists in pages: how many, from where, and the address of the next part."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar
from urllib.parse import urlencode

import msgspec
from litestar import Request
from litestar.params import QueryParameter

DEFAULT_LIMIT = 1_000
MOST = 10_000
FARTHEST = 2**31 - 1

T = TypeVar("T")

Limit = Annotated[
    int, QueryParameter(ge=1, le=MOST, description=f"How many items at most, 1 to {MOST}.")
]
Offset = Annotated[
    int,
    QueryParameter(ge=0, le=FARTHEST, description="How many items of the list are left out first."),
]


class Page(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """A part of a list: `items` from `offset` on, of `total` at `time_ns` of the engine clock.

    `next` is the address of the following part, null at the end. Each part is made from the
    picture at the moment it is asked for; one request with `limit=10000` is of one moment.
    """

    items: tuple[T, ...]
    total: int
    limit: int
    offset: int
    next: str | None
    time_ns: int


class Part(msgspec.Struct, frozen=True):
    """Which part of a list is asked for."""

    limit: int
    offset: int

    def of(self, total: int) -> range:
        """The rows of a list of that length.

        >>> Part(2, 3).of(4)
        range(3, 4)
        """
        first = min(self.offset, total)
        return range(first, min(first + self.limit, total))


def page_of(
    request: Request[Any, Any, Any], part: Part, things: Sequence[Any], time_ns: int
) -> Page[Any]:
    """The part of a list that is there as a whole."""
    return page_made(request, part, len(things), (lambda rows: [things[i] for i in rows], time_ns))


def page_made(
    request: Request[Any, Any, Any],
    part: Part,
    total: int,
    how: tuple[Callable[[range], Sequence[Any]], int],
) -> Page[Any]:
    """The part of a list of which only the asked rows are made; `how` makes them, and the time."""
    make, time_ns = how
    rows = part.of(total)
    return Page(
        items=tuple(make(rows)),
        total=total,
        limit=part.limit,
        offset=part.offset,
        next=next_address(request.url.path, list(request.query_params.multi_items()), part, total),
        time_ns=time_ns,
    )


def next_address(path: str, asked: Sequence[tuple[str, str]], part: Part, total: int) -> str | None:
    """The address of the following part, with all else that was asked; None at the end.

    >>> next_address("/api/v1/tracks", [("state", "lost"), ("limit", "10")], Part(10, 0), 25)
    '/api/v1/tracks?state=lost&limit=10&offset=10'
    """
    following = part.offset + part.limit
    if following >= total:
        return None
    kept = [(name, value) for name, value in asked if name not in {"limit", "offset"}]
    words = [*kept, ("limit", str(part.limit)), ("offset", str(following))]
    return f"{path}?{urlencode(words)}"
