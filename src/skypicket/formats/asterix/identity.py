"""Which sensor a SAC/SIC is, and which SAC/SIC a sensor has."""

import re
from collections.abc import Mapping
from hashlib import blake2b
from typing import NamedTuple

from skypicket.domain.contracts import SourceDescription
from skypicket.domain.errors import ConfigurationError
from skypicket.domain.labels import Releasability
from skypicket.domain.sensors import DEFAULTS, Sensor, with_defaults
from skypicket.formats.origin import label_of

MOST_STATIONS = 64  # of one source; more are noise, and would cost memory
_ADDRESS = re.compile(r"(\d{1,3})/(\d{1,3})")


class Station(NamedTuple):
    """What the decoder needs to know of one radar; defaults of a radar where it is not known."""

    sensor_id: str
    min_range_m: float
    max_range_m: float
    period_s: float
    sigma_range_m: float
    sigma_azimuth_deg: float
    releasability: Releasability


def parse_address(text: str) -> int | None:
    """SAC × 256 + SIC of a text like `25/201`, None if it is none.

    >>> parse_address("25/201"), parse_address("R1"), parse_address("25/300")
    (6601, None, None)
    """
    found = _ADDRESS.fullmatch(text)
    if found is None:
        return None
    sac, sic = int(found[1]), int(found[2])
    return sac * 256 + sic if sac < 256 and sic < 256 else None


def address_of(sensor_id: str) -> int:
    """SAC × 256 + SIC that a sensor is sent under.

    An id of the form `SAC/SIC` says it itself; any other has two octets of its hash, so that both
    ends agree without being told. The option `identities` overrides that when receiving.

    >>> address_of("25/201"), address_of("radar-east") == address_of("radar-east")
    (6601, True)
    """
    said = parse_address(sensor_id)
    if said is not None:
        return said
    return int.from_bytes(blake2b(sensor_id.encode(), digest_size=2).digest(), "big")


def station_of(sensor_id: str, sensor: Sensor | None) -> Station:
    """The station that a sensor is; one that is not configured has the defaults of a radar."""
    filled = DEFAULTS["radar"] if sensor is None else with_defaults(sensor)
    return Station(
        sensor_id=sensor_id,
        min_range_m=filled.min_range_m or 0.0,
        max_range_m=filled.max_range_m or 0.0,
        period_s=filled.period_s or 0.0,
        sigma_range_m=filled.sigma_range_m or 0.0,
        sigma_azimuth_deg=filled.sigma_azimuth_deg or 0.0,
        releasability=label_of(sensor),
    )


class Directory:
    """The stations that a source may speak for, by SAC × 256 + SIC."""

    def __init__(self, description: SourceDescription) -> None:
        self.source = description.source
        self.sensors = description.sensors
        self._only = self._only_sensor(description)
        self._known = self._addresses(description)
        self._stations: dict[int, Station] = {}

    def _only_sensor(self, description: SourceDescription) -> str | None:
        chosen = description.options.get("sensor")
        if chosen is None:
            return None
        if not isinstance(chosen, str) or (self.sensors and chosen not in self.sensors):
            raise ConfigurationError(
                f"Source {self.source!r}: option sensor is {chosen!r}, but the source may speak "
                f"for {', '.join(self.sensors) or 'no sensor'}."
            )
        return chosen

    def _addresses(self, description: SourceDescription) -> dict[int, str]:
        known = {address_of(s.id): s.id for s in self.sensors.values() if s.kind == "radar"}
        known |= {a: name for name in self.sensors if (a := parse_address(name)) is not None}
        identities = description.options.get("identities", {})
        if not isinstance(identities, Mapping):
            raise ConfigurationError(
                f"Source {self.source!r}: option identities is {identities!r}; it takes a table "
                'like { "25/201" = "radar-east" }.'
            )
        for text, sensor_id in identities.items():
            address = parse_address(str(text))
            if address is None or (self.sensors and sensor_id not in self.sensors):
                raise ConfigurationError(
                    f"Source {self.source!r}: option identities has {text!r} = {sensor_id!r}. "
                    f"Write SAC/SIC = id, with one of {', '.join(self.sensors) or 'your sensors'}."
                )
            known[address] = str(sensor_id)
        return known

    def station(self, address: int) -> Station | None:
        """The station of an address.

        None if sensors are configured and it is none of them, or if the source has already
        spoken for `MOST_STATIONS` others.
        """
        found = self._stations.get(address)
        if found is None:
            name = self._only or self._known.get(address)
            if name is None:
                if self.sensors:
                    return None
                name = f"{address >> 8}/{address & 255}"
            if len(self._stations) >= MOST_STATIONS:
                return None
            found = self._stations[address] = station_of(name, self.sensors.get(name))
        return found
