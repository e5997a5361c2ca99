"""What every decoder does with its source: options, sensor, label, rejects."""

from collections.abc import Collection
from typing import NamedTuple

from skypicket.domain.contracts import Entry, Reject, SourceDescription
from skypicket.domain.errors import ConfigurationError
from skypicket.domain.labels import NOT_RELEASED, Releasability
from skypicket.domain.sensors import Sensor, SensorKind


class Refusal(NamedTuple):
    """Why bytes are not read: a stable word, the byte offset, and a sentence."""

    reason: str
    offset: int
    detail: str


def rejected(entry: Entry, format_name: str, refusal: Refusal, base: int = 0) -> Reject:
    """The refusal as a noun; `base` is where the refused record starts in the payload."""
    return Reject(
        source=entry.source,
        sequence=entry.sequence,
        received_ns=entry.received_ns,
        format=format_name,
        reason=refusal.reason,
        offset=base + refusal.offset,
        detail=refusal.detail,
    )


def check_options(description: SourceDescription, format_name: str, known: Collection[str]) -> None:
    """Refuse options that the format does not have.

    Raises:
        ConfigurationError: an option is unknown; the message lists the known ones.
    """
    for option in description.options:
        if option not in known:
            raise ConfigurationError(
                f"Source {description.source!r}: the format {format_name} has no option "
                f"{option!r}. It has {', '.join(sorted(known)) or 'none'}."
            )


def number_option(description: SourceDescription, name: str, default: float) -> float:
    """The option `name` as a number that is not negative.

    Raises:
        ConfigurationError: it is something else.
    """
    value = description.options.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not value >= 0:
        raise ConfigurationError(
            f"Source {description.source!r}: option {name} is {value!r}; it takes a number ≥ 0."
        )
    return float(value)


def sensor_of(description: SourceDescription, kind: SensorKind) -> str:
    """The sensor that a source speaks for when its messages name none.

    It is the option `sensor`; else the only sensor of `kind` that the source may speak for; else,
    where no sensor is configured, the name of the source itself.

    Raises:
        ConfigurationError: the option names no sensor of the source, or the choice is open.
    """
    sensors = description.sensors
    chosen = description.options.get("sensor")
    if chosen is not None:
        if not isinstance(chosen, str) or (sensors and chosen not in sensors):
            raise ConfigurationError(
                f"Source {description.source!r}: option sensor is {chosen!r}, but the source may "
                f"speak for {', '.join(sensors) or 'no sensor'}."
            )
        return chosen
    if not sensors or description.source in sensors:
        return description.source
    fitting = [sensor.id for sensor in sensors.values() if sensor.kind == kind]
    if len(fitting) != 1:
        raise ConfigurationError(
            f"Source {description.source!r} may speak for {len(fitting)} sensors of kind {kind}. "
            f'Name one: sensors = ["…"], or options = {{ sensor = "…" }}.'
        )
    return fitting[0]


def label_of(sensor: Sensor | None) -> Releasability:
    """The label that observations of a sensor carry; an unknown sensor's go to no partner."""
    return NOT_RELEASED if sensor is None else sensor.releasability
