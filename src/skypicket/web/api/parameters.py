"""Wrong parameters, told in a sentence: which one, its value, and what to give instead."""

import math
import re
from typing import Annotated, Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import ClientException, ValidationException
from litestar.params import QueryParameter

_NAMES_OF_LITESTAR = frozenset({"request", "state", "scope", "socket", "headers", "cookies"})
_REASONS = (
    (re.compile(r"Expected `int`, got `str`"), "is no whole number"),
    (re.compile(r"Expected `float`, got `str`"), "is no number"),
    (re.compile(r"Expected `(?:int|float)` (?P<bound>[<>]=? .+)"), "must be {bound}"),
    (re.compile(r"Invalid enum value .*"), "is none of the words that are known here"),
    (re.compile(r"Missing required .*"), "is missing"),
)

BoundingBox = Annotated[
    str | None,
    QueryParameter(
        description="Only what is, or may be, inside: west,south,east,north in degrees."
    ),
]


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that says what went wrong, and what to do."""

    status_code: int
    detail: str


class Box(msgspec.Struct, frozen=True):
    """A rectangle in degrees."""

    west_deg: float
    south_deg: float
    east_deg: float
    north_deg: float


def box_of(text: str, name: str = "bbox") -> Box:
    """The rectangle that `west,south,east,north` says.

    Raises:
        ClientException: it says none; the detail names value and cure.

    >>> box_of("20.9,53.9,26.9,56.5").south_deg
    53.9
    """
    cure = "Give west,south,east,north in degrees, for instance bbox=20.9,53.9,26.9,56.5."
    numbers = numbers_of(text, name, 4, cure)
    box = Box(*numbers)
    if not (
        -180 <= box.west_deg < box.east_deg <= 180 and -90 <= box.south_deg < box.north_deg <= 90
    ):
        raise ClientException(
            f"{name}={text}: west must be below east and south below north, within ±180 and ±90. "
            f"{cure}"
        )
    return box


def numbers_of(text: str, name: str, count: int, cure: str) -> tuple[float, ...]:
    """Numbers with commas between them.

    Raises:
        ClientException: they are not so many numbers.
    """
    try:
        numbers = tuple(float(part) for part in text.split(","))
    except ValueError:
        numbers = ()
    if len(numbers) != count or not all(math.isfinite(number) for number in numbers):
        raise ClientException(f"{name}={text} is not {count} numbers with commas. {cure}")
    return numbers


def wrong_parameter(request: Request[Any, Any, Any], error: ValidationException) -> Response[Fault]:
    """The answer to a parameter that its type refuses."""
    faults = error.extra if isinstance(error.extra, list) else []
    sentences = [_sentence(request, fault) for fault in faults] or [str(error.detail)]
    return Response(Fault(status_code=400, detail=" ".join(sentences)), status_code=400)


def asked_names(handler: Any) -> dict[str, tuple[str, str]]:
    """The query parameters of a handler by its own names: as they are asked for, and what they are.

    Those that Litestar fills in by itself are left out.
    """
    found = {}
    for name, field in handler.parsed_fn_signature.parameters.items():
        if name not in _NAMES_OF_LITESTAR:
            said = field.kwarg_definition
            asked = getattr(said, "name", None) or name
            found[name] = (str(asked), str(getattr(said, "description", None) or ""))
    return found


def _sentence(request: Request[Any, Any, Any], fault: dict[str, Any]) -> str:
    key = str(fault.get("key", "a parameter"))
    name, described = asked_names(request.route_handler).get(key, (key, ""))
    value = request.query_params.get(name, request.path_params.get(name, ""))
    message = str(fault.get("message", "is refused"))
    reason = message
    for pattern, words in _REASONS:
        match = pattern.search(message)
        if match:
            reason = words.format(**match.groupdict())
            break
    return f"{name}={value} {reason}. {described}".rstrip()


async def refuse_unknown(request: Request[Any, Any, Any]) -> None:
    """Refuse a parameter that the resource does not know, so that a typing error shows.

    Raises:
        ClientException: the detail names those that are known.
    """
    known = {asked for asked, _ in asked_names(request.route_handler).values()}
    known -= request.path_params.keys()
    unknown = [name for name in request.query_params if name not in known]
    if unknown:
        listed = ", ".join(sorted(known)) if known else "none"
        raise ClientException(
            f"{request.url.path} takes no parameter {unknown[0]!r}. It takes: {listed}."
        )
