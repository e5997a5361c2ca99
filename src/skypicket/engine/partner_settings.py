"""The partners of a configuration, and what of the configuration each of them is told of."""

from typing import Annotated

import msgspec
from msgspec import Meta

from skypicket.domain.errors import ConfigurationError
from skypicket.domain.labels import Releasability
from skypicket.domain.sensors import Sensor
from skypicket.engine.toml_places import line_of

PartnerCode = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_]{0,15}$")]


class PartnerSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A partner for whom a picture is made, from the sensors whose label names its code.

    Attributes:
        code: as it stands in `releasable_to` of the sensors' labels, and in its accounts.
        name: the partner's name, for people.
    """

    code: PartnerCode
    name: str = ""


def check_partners(partners: tuple[PartnerSettings, ...], text: str, name: str) -> None:
    """Refuse a partner that stands twice.

    Raises:
        ConfigurationError: the message names file, line and cure.
    """
    seen: set[str] = set()
    for number, partner in enumerate(partners):
        if partner.code in seen:
            place = f"{name}:{line_of(text, f'partners[{number}]')}"
            raise ConfigurationError(f"{place}: the partner {partner.code!r} stands twice.")
        seen.add(partner.code)


def permitted(sensors: tuple[Sensor, ...], code: str) -> tuple[Sensor, ...]:
    """The sensors whose label names the partner."""
    return tuple(sensor for sensor in sensors if sensor.releasability.permits(code))


def label_of_picture(sensors: tuple[Sensor, ...], code: str) -> Releasability:
    """The label of all that is made from the partner's sensors: the meet of theirs.

    Without a sensor it names nobody, so that nothing is released.
    """
    labels = [sensor.releasability for sensor in permitted(sensors, code)]
    if not labels:
        return Releasability()
    label = labels[0]
    for other in labels[1:]:
        label = label.meet(other)
    return label
