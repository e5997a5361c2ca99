"""The fields of structs: name, type in words, default, and what the docstring says of each."""

import inspect
import re
from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import inspect as types

from skypicket.domain.codec import to_json

_BOUNDS = (("ge", "≥"), ("gt", ">"), ("le", "≤"), ("lt", "<"))


def field_rows(kind: type[msgspec.Struct]) -> list[tuple[str, str, str, str]]:
    """A row per field: name, type, default, meaning."""
    shape = types.type_info(kind)
    assert isinstance(shape, types.StructType)
    meanings = field_meanings(kind)
    return [
        (f"`{field.encode_name}`", type_words(field.type), _default(field), meanings[field.name])
        for field in shape.fields
    ]


def field_meanings(kind: type[msgspec.Struct]) -> dict[str, str]:
    """What the docstring says of each field, "" where it says nothing.

    A meaning begins with `name: ` or `name, other_name: ` and ends at a blank line or where the
    next begins; or it is the sentence that names the field in backticks.
    """
    names = kind.__struct_fields__
    meanings = dict.fromkeys(names, "")
    text = inspect.getdoc(kind) or ""
    word = "(?:" + "|".join(map(re.escape, sorted(names, key=len, reverse=True))) + ")"
    starts = list(re.finditer(rf"(?<![\w`])({word}(?:,\s+{word})*):\s", text)) if names else []
    for number, start in enumerate(starts):
        end = starts[number + 1].start() if number + 1 < len(starts) else len(text)
        meaning = text[start.end() : end].split("\n\n", 1)[0]
        for name in re.split(r",\s+", start[1]):
            meanings[name] = " ".join(meaning.split()).rstrip(";. ") + "."
    for name in names:
        if not meanings[name]:
            inside = (n for n in names if re.search(rf"\b{name}\b", meanings[n]))
            meanings[name] = next((f"see `{other}`." for other in inside), _sentence(name, text))
    return meanings


def _sentence(name: str, text: str) -> str:
    sentences = re.split(r"(?<=[.;])\s+", " ".join(text.split()))
    found = (s for s in sentences if re.search(rf"`(?:\w+:)?{name}`", s))
    return next(found, "").rstrip(";. ") + "." if f"{name}`" in text else ""


def structs_below(kinds: Iterable[type[msgspec.Struct]]) -> list[type[msgspec.Struct]]:
    """Every struct that stands inside the given ones, in order of first appearance."""
    given = list(kinds)
    found: dict[type[msgspec.Struct], None] = {}
    waiting: list[types.Type] = [types.type_info(kind) for kind in given]
    while waiting:
        shape = waiting.pop(0)
        if isinstance(shape, types.StructType):
            if shape.cls in found:
                continue
            found[shape.cls] = None
        waiting += _inner(shape)
    return [kind for kind in found if kind not in given]


def _inner(shape: types.Type) -> list[types.Type]:  # noqa: PLR0911 -- a case per kind of type
    match shape:
        case types.StructType(fields=fields):
            return [field.type for field in fields]
        case types.UnionType(types=members):
            return list(members)
        case types.TupleType(item_types=items):
            return list(items)
        case types.DictType(key_type=key, value_type=value):
            return [key, value]
        case types.VarTupleType(item_type=item) | types.ListType(item_type=item):
            return [item]
        case types.Metadata(type=inner):
            return [inner]
        case _:
            return []


def type_words(shape: types.Type) -> str:  # noqa: PLR0911 -- a case per kind of type
    """A type in words.

    >>> type_words(types.type_info(float | None))
    'number or nothing'
    """
    match shape:
        case types.Metadata(type=inner):
            return type_words(inner)
        case types.LiteralType(values=values):
            return ", ".join(f"`{value}`" for value in values)
        case types.UnionType(types=members):
            return " or ".join(dict.fromkeys(type_words(m) for m in members))
        case types.StructType(cls=cls):
            return f"{cls.__name__}"
        case types.VarTupleType(item_type=item) | types.ListType(item_type=item):
            return f"list of {type_words(item)}"
        case types.TupleType(item_types=items):
            return "(" + ", ".join(type_words(i) for i in items) + ")"
        case types.DictType(value_type=value):
            return f"table of {type_words(value)}"
        case _:
            return _plain_words(shape)


def _plain_words(shape: types.Type) -> str:  # noqa: PLR0911 -- a case per kind of type
    match shape:
        case types.FloatType() | types.IntType():
            word = "number" if isinstance(shape, types.FloatType) else "integer"
            bounds = [
                f"{sign} {_short(getattr(shape, name))}"
                for name, sign in _BOUNDS
                if getattr(shape, name) is not None
            ]
            return " ".join([word, ", ".join(bounds)]).strip()
        case types.StrType():
            return "text"
        case types.BoolType():
            return "true or false"
        case types.BytesType():
            return "bytes"
        case types.NoneType():
            return "nothing"
        case types.AnyType():
            return "anything"
        case types.EnumType(cls=cls):
            return ", ".join(f"`{member.value}`" for member in cls)
        case types.CustomType():
            return "column"
        case _:
            raise NotImplementedError(f"{shape} has no words yet; add them here.")


def _short(value: float) -> str:
    return f"{value:,}".replace(",", " ") if isinstance(value, int) else f"{value:g}"


def _default(field: types.Field) -> str:
    if field.required:
        return "*required*"
    value: Any = field.default
    if value is msgspec.NODEFAULT:
        value = field.default_factory()
    if isinstance(value, msgspec.Struct):
        return "its defaults"
    return f"`{to_json(value).decode()}`" if value is not None else ""
