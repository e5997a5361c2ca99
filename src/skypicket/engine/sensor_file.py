"""Reading TOML files strictly, and the sensor file that several commands take."""

import re
from collections.abc import Iterator
from math import isfinite
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from skypicket.domain.errors import ConfigurationError, InputError
from skypicket.domain.labels import NOT_RELEASED, Releasability
from skypicket.domain.sensors import Sensor, with_defaults
from skypicket.engine.toml_places import line_of

T = TypeVar("T")
_PATH = re.compile(r" - at `\$\.?(?P<path>[^`]*)`$")


class SensorFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """SENSORS.toml: `[[sensors]]` tables, and nothing else."""

    sensors: tuple[Sensor, ...]


def read_text(path: Path) -> str:
    """The text of a file, without the byte order mark that some editors write before it.

    Raises:
        InputError: the file cannot be opened, or is no UTF-8 text.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"{path}: cannot be opened: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: is no UTF-8 text (byte {error.start}).") from error


def parse_toml(text: str, name: str) -> dict[str, Any]:
    """The tables of a TOML text; `name` is the file's, for messages.

    Raises:
        ConfigurationError: it is no TOML, or a number in it is not finite; the message names file
            and line.
    """
    try:
        tables: dict[str, Any] = msgspec.toml.decode(text)
    except msgspec.DecodeError as error:
        raise ConfigurationError(f"{name}: is no valid TOML: {error}.") from error
    except RecursionError as error:
        raise ConfigurationError(f"{name}: is nested too deeply to be read.") from error
    for path, value in _numbers(tables, ""):
        if not isfinite(value):
            place = f"{name}:{line_of(text, path)}" if line_of(text, path) else name
            raise ConfigurationError(
                f"{place}: {path}: {value} is not a finite number. "
                "Give one, or remove the key where it has a default."
            )
    return tables


def _numbers(value: Any, path: str) -> Iterator[tuple[str, float]]:
    """Each floating-point number in the tables, with its path."""
    match value:
        case dict():
            for key, inner in value.items():
                yield from _numbers(inner, f"{path}.{key}" if path else key)
        case list():
            for number, inner in enumerate(value):
                yield from _numbers(inner, f"{path}[{number}]")
        case float():
            yield path, value


def convert(tables: dict[str, Any], kind: type[T], text: str, name: str) -> T:
    """The tables as a struct of class `kind`; unknown keys are refused with their line.

    Raises:
        ConfigurationError: the message names file, line, path and what was expected.
    """
    try:
        return msgspec.convert(tables, type=kind, strict=True)
    except msgspec.ValidationError as error:
        raise ConfigurationError(_with_place(str(error), text, name)) from error


def _with_place(message: str, text: str, name: str) -> str:
    match = _PATH.search(message)
    path = match["path"] if match else ""
    sentence = message[: match.start()] if match else message
    unknown = re.search(r"unknown field `([^`]+)`", sentence)
    if unknown:
        path = f"{path}.{unknown[1]}" if path else unknown[1]
        sentence = f"the key {unknown[1]!r} is not known here; remove it or correct its name"
    line = line_of(text, path)
    place = f"{name}:{line}" if line else name
    return f"{place}: {path or 'the file'}: {sentence}."


def parse_sensors(text: str, name: str) -> dict[str, Sensor]:
    r"""The sensors of a SENSORS.toml text by id, absent values filled with their defaults.

    Raises:
        ConfigurationError: not that kind of file, or an id stands twice.

    >>> text = '[[sensors]]\nid="R1"\nkind="radar"\nlat_deg=54.7\nlon_deg=25.3'
    >>> parse_sensors(text, "SENSORS.toml")["R1"].max_range_m
    100000.0
    """
    found = convert(parse_toml(text, name), SensorFile, text, name)
    return sensors_by_id(found.sensors, text, name)


def sensors_by_id(sensors: tuple[Sensor, ...], text: str, name: str) -> dict[str, Sensor]:
    """The sensors by id, with defaults; refuses an id that stands twice and an empty reach."""
    by_id: dict[str, Sensor] = {}
    for number, sensor in enumerate(sensors):
        place = f"{name}:{line_of(text, f'sensors[{number}].id')}"
        if sensor.id in by_id:
            raise ConfigurationError(f"{place}: the sensor id {sensor.id!r} stands twice.")
        full = with_defaults(sensor)
        assert full.min_range_m is not None
        assert full.max_range_m is not None
        if full.min_range_m >= full.max_range_m:
            raise ConfigurationError(
                f"{place}: sensor {sensor.id!r} reaches from {full.min_range_m} m to "
                f"{full.max_range_m} m: min_range_m must be smaller than max_range_m."
            )
        by_id[sensor.id] = full
    return by_id


def read_sensors(path: Path) -> dict[str, Sensor]:
    """The sensors of a SENSORS.toml file by id, absent values filled with their defaults.

    Raises:
        InputError: the file cannot be opened.
        ConfigurationError: its content is wrong; the message names line, path and cure.
    """
    return parse_sensors(read_text(path), str(path))


def label_of(sensor: Sensor | None) -> Releasability:
    """The label that a sensor's observations carry: its own, none for an unknown sensor."""
    return sensor.releasability if sensor is not None else NOT_RELEASED
