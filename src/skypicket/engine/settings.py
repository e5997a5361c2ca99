"""The configuration of a system: what a CONFIG.toml may say, every key with its default."""

from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from skypicket.assessment.rules import Rules
from skypicket.domain.errors import ConfigurationError
from skypicket.domain.sensors import Identifier, Latitude, Longitude, Positive, Sensor
from skypicket.domain.zones import Zone
from skypicket.engine.partner_settings import PartnerSettings, check_partners
from skypicket.engine.sensor_file import (
    convert,
    parse_toml,
    read_sensors,
    read_text,
    sensors_by_id,
)
from skypicket.engine.toml_places import line_of
from skypicket.engine.web_settings import OidcSettings, WebSettings, check_web
from skypicket.engine.zones import check_zones
from skypicket.incidents.rules import IncidentRules
from skypicket.links import LinkSettings, MemorySettings
from skypicket.tracking import TrackerConfig

__all__ = [
    "OidcSettings",
    "PartnerSettings",
    "Settings",
    "SourceSettings",
    "SystemSettings",
    "TheatreSettings",
    "WebSettings",
    "parse_settings",
    "read_sensors",
    "read_settings",
]

STATES = ("LTU", "LVA", "EST", "POL", "BLR", "RUS", "FIN", "UKR", "ROU", "MDA")
State = Literal["LTU", "LVA", "EST", "POL", "BLR", "RUS", "FIN", "UKR", "ROU", "MDA"]


class _Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file: unknown keys are refused."""


class TheatreSettings(_Table, frozen=True, kw_only=True):
    """The centre of the theatre plane, WGS 84. Positions stay exact within 500 km of it.

    Attributes:
        lat_deg: latitude of the centre.
        lon_deg: longitude of the centre.
    """

    lat_deg: Latitude = 55.0
    lon_deg: Longitude = 24.5


class SystemSettings(_Table, frozen=True, kw_only=True):
    """The system as a whole.

    Attributes:
        name: its name, shown to people.
        mode: `live` refuses simulated input; `simulation` accepts it and says so everywhere.
        home: the state whose border is watched.
        states: the states whose borders are loaded; `home` is always among them.
        theatre: the centre of the plane in which tracks are kept.
        state_dir: folder of capture, record and snapshots, relative to the file.
        tick_s: how often the stages are told the time, and all that is shown is made anew.
        show_s: how soon a message shows between ticks: the least time between two showings.
        retention_days: whole capture days older than this are removed; 0 keeps all.
        snapshot_s: how often the state is saved, so that a restart is quick.
        history_s: how often what is shown is kept, for replay and the ways of tracks.
        history_hours: for how long it is kept.
        history_mb: and how much of it; beyond it the oldest is dropped.
    """

    name: str = "skypicket"
    mode: Literal["live", "simulation"] = "live"
    home: State = "LTU"
    states: tuple[State, ...] = ("LTU", "LVA", "POL", "BLR", "RUS")
    theatre: TheatreSettings = TheatreSettings()
    state_dir: str = "state"
    tick_s: Annotated[float, Meta(ge=0.1, le=60)] = 1.0
    show_s: Annotated[float, Meta(ge=0.05, le=60)] = 0.25
    retention_days: Annotated[int, Meta(ge=0)] = 30
    snapshot_s: Positive = 60.0
    history_s: Annotated[float, Meta(ge=1, le=60)] = 5.0
    history_hours: Annotated[int, Meta(ge=1)] = 24
    history_mb: Annotated[int, Meta(ge=10)] = 4_000


class SourceSettings(_Table, frozen=True, kw_only=True):
    """One source: a link that brings bytes, and the format that reads them.

    Attributes:
        id: its name, in the capture and in every message.
        format: the name of the format; `skypicket decode --help` lists them.
        link: where the bytes come from; `type` is `udp`, `mqtt`, `http`, `file` or `memory`.
        sensors: ids of the sensors that may speak here; empty means all that are configured.
        personal: encrypt each message before it is written: `report` with a key of its own,
            `daily` with one key for each day.
        shed: `first` gives this source up first when the system is overloaded, `never` last.
        options: options of the format.
    """

    id: Identifier
    format: str
    link: LinkSettings = MemorySettings()
    sensors: tuple[str, ...] = ()
    personal: Literal["no", "report", "daily"] = "no"
    shed: Literal["never", "first"] = "never"
    options: dict[str, Any] = {}


class Settings(_Table, frozen=True, kw_only=True):
    """CONFIG.toml as a whole.

    Attributes:
        system: the system as a whole.
        sensors_file: a SENSORS.toml beside this file, instead of `sensors`.
        sensors: the sensors.
        sources: where bytes come from.
        zones: areas that mean something to people; shown, and changing nothing that is computed.
        tracking: the tracker's settings.
        rules: when a track or report means something.
        incidents: what becomes an alarm or an incident.
        partners: for whom a picture is made, each from what its labels permit.
        web: the HTTP server.
        scenario: the simulated night, in files that `skypicket scenario` reads.
    """

    system: SystemSettings = SystemSettings()
    sensors_file: str | None = None
    sensors: tuple[Sensor, ...] = ()
    sources: tuple[SourceSettings, ...] = ()
    zones: tuple[Zone, ...] = ()
    tracking: TrackerConfig = TrackerConfig()
    rules: Rules = Rules()
    incidents: IncidentRules = IncidentRules()
    partners: tuple[PartnerSettings, ...] = ()
    web: WebSettings = WebSettings()
    scenario: dict[str, Any] = {}

    @property
    def sensors_by_id(self) -> dict[str, Sensor]:
        """The sensors by id."""
        return {sensor.id: sensor for sensor in self.sensors}


def parse_settings(text: str, name: str, folder: Path | None = None) -> Settings:
    """The settings that a TOML text says; `name` is the file's, for messages.

    Sensors have their defaults filled in; a `sensors_file` is read from `folder`, so that the
    result stands alone.

    Raises:
        ConfigurationError: the message names file, line and cure.
    """
    settings = convert(parse_toml(text, name), Settings, text, name)
    if settings.sensors_file is not None:
        sensors = _sensors_beside(settings, text, name, folder)
    else:
        sensors = sensors_by_id(settings.sensors, text, name)
    settings = msgspec.structs.replace(settings, sensors=tuple(sensors.values()), sensors_file=None)
    _check_sources(settings, text, name)
    check_web(settings.web, text, name)
    check_zones(settings.zones, text, name)
    check_partners(settings.partners, text, name)
    return settings


def _sensors_beside(
    settings: Settings, text: str, name: str, folder: Path | None
) -> dict[str, Sensor]:
    place = f"{name}:{line_of(text, 'sensors_file')}"
    if settings.sensors:
        raise ConfigurationError(f"{place}: give `sensors_file` or `[[sensors]]`, not both.")
    if folder is None:
        raise ConfigurationError(f"{place}: `sensors_file` needs a configuration in a folder.")
    assert settings.sensors_file is not None
    return read_sensors(folder / settings.sensors_file)


def _check_sources(settings: Settings, text: str, name: str) -> None:
    seen: set[str] = set()
    known = settings.sensors_by_id
    for number, source in enumerate(settings.sources):
        place = f"{name}:{line_of(text, f'sources[{number}]')}"
        if source.id in seen:
            raise ConfigurationError(f"{place}: the source id {source.id!r} stands twice.")
        seen.add(source.id)
        for sensor_id in source.sensors:
            if sensor_id not in known:
                raise ConfigurationError(
                    f"{place}: source {source.id!r} names the sensor {sensor_id!r}, which no "
                    "[[sensors]] table describes. Add the table, or correct the id."
                )


def read_settings(path: Path) -> Settings:
    """The settings of a CONFIG.toml file.

    Raises:
        InputError: the file cannot be opened.
        ConfigurationError: its content is wrong; the message names file, line and cure.
    """
    return parse_settings(read_text(path), str(path), path.parent)
