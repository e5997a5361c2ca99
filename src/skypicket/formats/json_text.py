"""Strict JSON: typed, no unknown keys where the type forbids them, no key twice."""

import json
import re
from typing import TypeVar

import msgspec

from skypicket.formats.origin import Refusal

T = TypeVar("T")

TOO_DEEP = Refusal("too_deep", 0, "The JSON is nested too deeply to be read.")

_PATH = re.compile(r" - at `(?P<path>[^`]*)`$")
_UNKNOWN = re.compile(r"unknown field `(?P<key>.*?)`", re.DOTALL)
_MISSING = re.compile(r"missing required field `(?P<key>.*?)`")
_BYTE = re.compile(r"\(byte (?P<byte>\d+)\)")
# What msgspec's sentence tells of the fault; all others are of bounds, lengths and patterns.
_SIGNS = ((", got `", "wrong_type"), ("Invalid enum value", "unknown_value"))
_KEY = re.compile(r"[\w-]+")
_KEY_SHOWN = 40  # characters of a sender's key that a message repeats


class _TwiceError(Exception):
    """A JSON object says one key twice."""


def read_json(payload: bytes, decoder: msgspec.json.Decoder[T]) -> T | Refusal:
    """What the payload says as the decoder's type, or why it is refused.

    Reasons: `malformed_json`, `truncated`, `not_utf8`, `too_deep`, `wrong_type`, `out_of_range`,
    `unknown_value`, `unknown_key`, `missing_key`, `duplicate_key`. The offset is the byte of the
    fault, or of the key that is at fault.
    """
    value = read_typed(payload, decoder)
    return value if isinstance(value, Refusal) else duplicate_key(payload) or value


def read_typed(payload: bytes, decoder: msgspec.json.Decoder[T]) -> T | Refusal:
    """As `read_json`, but of a key that stands twice the last is taken: look for that elsewhere."""
    try:
        return decoder.decode(payload)
    except RecursionError:
        return TOO_DEEP
    except ValueError as error:  # msgspec's errors, and invalid UTF-8
        return refusal_of(error, payload)


def refusal_of(error: ValueError, payload: bytes) -> Refusal:
    """The refusal that an error of msgspec (or of UTF-8) amounts to; it repeats no value."""
    if isinstance(error, UnicodeDecodeError):
        return Refusal("not_utf8", error.start, f"Byte {error.start} is no UTF-8.")
    if isinstance(error, msgspec.ValidationError):
        return _misfit(str(error), payload)
    if "truncated" in str(error):
        return Refusal("truncated", len(payload), "The JSON ends before it is complete.")
    byte = _BYTE.search(str(error))
    offset = min(int(byte["byte"]), len(payload)) if byte else 0
    return Refusal("malformed_json", offset, f"{error}.")


def _misfit(text: str, payload: bytes) -> Refusal:
    """Why JSON that is sound is not what the type says."""
    at = _PATH.search(text)
    path = at["path"] if at else "$"
    sentence = text[: at.start()] if at else text
    if unknown := _UNKNOWN.search(sentence):
        key = unknown["key"]
        where = _offset_of(key, payload)
        return Refusal("unknown_key", where, f"{path}.{key[:_KEY_SHOWN]} is not a known key.")
    if missing := _MISSING.search(sentence):
        return Refusal("missing_key", 0, f"{path}.{missing['key']} is missing.")
    keys = _KEY.findall(path)
    offset = _offset_of(keys[-1], payload) if keys else 0
    reason = next((word for sign, word in _SIGNS if sign in sentence), "out_of_range")
    return Refusal(reason, offset, f"{path}: {sentence[:200]}.")


def _offset_of(key: str, payload: bytes, start: int = 0) -> int:
    return max(payload.find(json.dumps(key, ensure_ascii=False).encode(errors="replace"), start), 0)


def duplicate_key(payload: bytes) -> Refusal | None:
    """Why a payload in which an object says a key twice is refused; None if none does.

    Readers differ in which of the two they believe, so such a text can say two things at once.

    >>> duplicate_key(b'{"a": 1, "b": {"c": 1, "c": 2}}').reason
    'duplicate_key'
    """
    try:
        json.loads(payload.decode(), object_pairs_hook=_no_key_twice, parse_int=float)
    except _TwiceError as error:
        key = str(error)
        offset = _offset_of(key, payload, _offset_of(key, payload) + 1)
        return Refusal("duplicate_key", offset, f"The key {key[:_KEY_SHOWN]!r} stands twice.")
    except RecursionError:
        return TOO_DEEP
    except UnicodeDecodeError as error:
        return Refusal("not_utf8", error.start, f"Byte {error.start} is no UTF-8.")
    except ValueError as error:
        return Refusal("malformed_json", 0, f"{error}.")
    return None


def _no_key_twice(pairs: list[tuple[str, object]]) -> None:
    keys = {key for key, _ in pairs}
    if len(keys) == len(pairs):
        return
    for key, _ in pairs:
        if key not in keys:
            raise _TwiceError(key)
        keys.remove(key)


def plain_text(text: str, limit: int) -> str:
    r"""The text without control characters, outer blanks and what is beyond `limit` characters.

    >>> plain_text(" drone\x07 over\n the lake ", 12)
    'drone over t'
    """
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(text.split())[:limit].rstrip()
