"""Nouns as JSON, and state as compact bytes."""

from io import BytesIO
from typing import Any, TypeVar

import msgspec
import numpy as np

from skypicket.domain.errors import FormatError, InputError

T = TypeVar("T")
# MessagePack extensions: an array as (type, shape, bytes), and one with named fields as NumPy
# saves it, which costs forty times as much.
_ARRAY, _FIELDS = 1, 2


def _to_builtin(value: object) -> object:
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, np.generic):
        return value.item()
    raise NotImplementedError(f"{type(value).__name__} is not said in JSON.")


def _from_builtin(kind: type, value: object) -> object:
    if kind is np.ndarray or getattr(kind, "__origin__", None) is np.ndarray:
        items = [np.nan if item is None else item for item in value]  # type: ignore[attr-defined]
        return np.asarray(items)
    raise NotImplementedError(f"{kind} is not read from JSON.")


_JSON = msgspec.json.Encoder(enc_hook=_to_builtin, order="deterministic")


def to_json(noun: object) -> bytes:
    """One line of JSON, the same bytes for the same noun; NaN becomes null.

    >>> from skypicket.domain.contracts import Tick
    >>> to_json(Tick(time_ns=5))[:22]
    b'{"noun":"Tick","releas'
    """
    return _JSON.encode(noun)


def from_json(text: bytes | str, kind: type[T]) -> T:
    """The noun of class `kind` that the JSON says.

    Raises:
        InputError: no JSON, or not of that kind; the message names the field's path.
    """
    try:
        return msgspec.json.decode(text, type=kind, dec_hook=_from_builtin)
    except msgspec.MsgspecError as error:
        raise InputError(f"{kind.__name__}: {error}") from error


def _to_pack(value: object) -> object:
    if isinstance(value, np.ndarray):
        if value.dtype.names is None and not value.dtype.hasobject:
            told = (value.dtype.str, value.shape, value.tobytes())
            return msgspec.msgpack.Ext(_ARRAY, msgspec.msgpack.encode(told))
        content = BytesIO()
        np.save(content, value, allow_pickle=False)
        return msgspec.msgpack.Ext(_FIELDS, content.getvalue())
    if isinstance(value, np.generic):
        return value.item()
    raise NotImplementedError(f"{type(value).__name__} cannot be kept in a snapshot.")


def _from_pack(code: int, content: memoryview) -> object:
    if code == _ARRAY:
        dtype, shape, told = msgspec.msgpack.decode(content)
        return np.frombuffer(told, dtype=dtype).reshape(shape).copy()
    if code == _FIELDS:
        return np.load(BytesIO(content), allow_pickle=False)
    raise FormatError(f"Snapshot holds the unknown extension {code}.")


def pack(state: object) -> bytes:
    """Any mixture of builtins, structs and arrays as bytes, for snapshots."""
    return msgspec.msgpack.encode(state, enc_hook=_to_pack)


def unpack(state: bytes) -> Any:
    """What `pack` was given, with structs as dicts.

    Raises:
        FormatError: the bytes are no snapshot.
    """
    try:
        return msgspec.msgpack.decode(state, ext_hook=_from_pack)
    except (msgspec.MsgspecError, ValueError) as error:
        raise FormatError(f"No snapshot: {error}") from error
