"""Wrong parameters, told in a sentence: which one, its value, and what to give instead."""

import math
import re
from typing import Annotated, Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import ClientException, ValidationException
from litestar.params import Parameter

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
    Parameter(
        description="Only what lies inside: west,south,east,north in degrees.",
        examples=[],
        pattern=None,
    ),
]


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that says what went wrong, and what to do."""

    status_code: int
    detail: str


class Box(msgspec.Struct, frozen=True):
    """A rectangle in degrees."""

    west: float
    south: float
    east: float
    north: float


def box_of(text: str, name: str = "bbox") -> Box:
    """The rectangle that `west,south,east,north` says.

    Raises:
        ClientException: it says none; the detail names value and cure.

    >>> box_of("20.9,53.9,26.9,56.5").south
    53.9
    """
    cure = "Give west,south,east,north in degrees, for instance bbox=20.9,53.9,26.9,56.5."
    numbers = numbers_of(text, name, 4, cure)
    box = Box(*numbers)
    if not (-180 <= box.west < box.east <= 180 and -90 <= box.south < box.north <= 90):
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


def _sentence(request: Request[Any, Any, Any], fault: dict[str, Any]) -> str:
    name = str(fault.get("key", "a parameter"))
    value = request.query_params.get(name, request.path_params.get(name, ""))
    message = str(fault.get("message", "is refused"))
    reason = message
    for pattern, words in _REASONS:
        match = pattern.search(message)
        if match:
            reason = words.format(**match.groupdict())
            break
    field = request.route_handler.parsed_fn_signature.parameters.get(name)
    described = getattr(getattr(field, "kwarg_definition", None), "description", None)
    return f"{name}={value} {reason}. {described or ''}".rstrip()


async def refuse_unknown(request: Request[Any, Any, Any]) -> None:
    """Refuse a parameter that the resource does not know, so that a typing error shows.

    Raises:
        ClientException: the detail names those that are known.
    """
    handler = request.route_handler
    known = handler.parsed_fn_signature.parameters.keys() - _NAMES_OF_LITESTAR
    known -= request.path_params.keys()
    asked = [name for name in request.query_params if name not in known]
    if asked:
        listed = ", ".join(sorted(known)) if known else "none"
        raise ClientException(
            f"{request.url.path} takes no parameter {asked[0]!r}. It takes: {listed}."
        )
