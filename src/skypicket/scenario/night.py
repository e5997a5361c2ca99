"""A night: one TOML text that holds a system's settings and what truly happens to it."""

import heapq
from collections.abc import Callable, Iterator
from functools import cached_property
from importlib import resources
from typing import Any

import msgspec

from skypicket.domain.errors import ConfigurationError
from skypicket.domain.noun import Column
from skypicket.domain.sensors import Sensor, SensorKind, with_defaults
from skypicket.domain.times import NS_PER_S, parse_time
from skypicket.geo.frame import TheatreFrame
from skypicket.physics.detection import DetectionField
from skypicket.scenario.acoustic import node_emissions
from skypicket.scenario.adsb import adsb_emissions
from skypicket.scenario.calls import call_emissions
from skypicket.scenario.cast import cast_of
from skypicket.scenario.faults import with_faults
from skypicket.scenario.plan import plan_of
from skypicket.scenario.radar import radar_emissions
from skypicket.scenario.stage import Emission, Scene, Voice
from skypicket.scenario.truth import Truth, TruthPoint

SUFFIX = ".toml"
Speaks = Callable[[Scene, Voice], Iterator[Emission]]
_SPEAKS: dict[SensorKind, Speaks] = {
    "radar": radar_emissions,
    "adsb": adsb_emissions,
    "acoustic": node_emissions,
    "person": call_emissions,
}


class Night:
    """A simulated night.

    Where everything flies is laid out by `prepare`, or when it is first asked for.

    Attributes:
        name: its file's name, or "night".
        title: one line for people; a reconstruction says so here.
        reconstruction: whether it re-creates a real night from published facts.
        settings_text: the whole TOML text, which the engine reads.
        start_ns, end_ns: the span in which anything is said.
        plan: the `[scenario]` table.
        sensors: by id, absent values filled with their defaults.
    """

    def __init__(self, text: str, name: str) -> None:
        tables = _tables(text, name)
        self.name = name
        self.settings_text = text
        self.plan = plan_of(tables, name)
        self.reconstruction = self.plan.reconstruction
        self.title = self.plan.title
        self.start_ns = parse_time(self.plan.start)
        self.end_ns = self.start_ns + round(self.plan.duration_s * NS_PER_S)
        self._voices = _voices(tables, name)
        self.sensors = {voice.sensor.id: voice.sensor for voice in self._voices}
        self._frame = _frame(tables, name)
        for fault in self.plan.faults:
            if fault.sensor not in self.sensors:
                raise ConfigurationError(f"{name}: a fault names {fault.sensor!r}, no sensor here.")

    @cached_property
    def objects(self) -> Truth:
        """Where everything truly is.

        Raises:
            ConfigurationError: an object's plan cannot be flown.
        """
        return cast_of(self.plan, self._frame)

    @cached_property
    def _field(self) -> DetectionField:
        sensors = self.sensors.values()
        return DetectionField(sensors, self._frame, geoid_m=self.plan.geoid_m)

    def prepare(self) -> "Night":
        """This night, laid out: no later question waits for that.

        Raises:
            ConfigurationError: an object's plan cannot be flown.
        """
        assert self.objects is not None
        assert self._field is not None
        return self

    def emissions(self, seed: int) -> Iterator[Emission]:
        """All that the sensors say, in order of receipt; the same for the same seed.

        Ties are ordered by source, then sensor. Those that are `lost` are never received.
        """
        scene = Scene(self.plan, self.objects, self._field, seed)
        streams = []
        for voice in self._voices:
            speaks = _SPEAKS[voice.sensor.kind]
            faults = [f for f in self.plan.faults if f.sensor == voice.sensor.id]
            streams.append(with_faults(scene, voice, faults, speaks(scene, voice)))
        for emission in heapq.merge(*streams, key=_order):
            if emission.received_ns > self.end_ns:
                return
            yield emission

    def truth(self, time_ns: int) -> tuple[TruthPoint, ...]:
        """Where every object truly is at a time; those on the ground are left out."""
        return self.objects.points(time_ns)

    def truth_table(self, step_s: float = 10.0) -> dict[str, Column]:
        """All true places every `step_s`: `object`, `time_ns`, `lat_deg`, `lon_deg`, `amsl_m`."""
        return self.objects.table(step_s, self.plan.duration_s)


def _order(emission: Emission) -> tuple[int, str, str]:
    return emission.received_ns, emission.source, emission.noun.sensor_id


def _tables(text: str, name: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = msgspec.toml.decode(text)
    except msgspec.DecodeError as error:
        raise ConfigurationError(f"{name}: is no valid TOML: {error}.") from error
    return found


def _frame(tables: dict[str, Any], name: str) -> TheatreFrame:
    theatre = tables.get("system", {}).get("theatre", {})
    try:
        return TheatreFrame(float(theatre["lat_deg"]), float(theatre["lon_deg"]))
    except (KeyError, TypeError, ValueError) as error:
        raise ConfigurationError(
            f"{name}: [system] needs theatre = {{ lat_deg = …, lon_deg = … }}."
        ) from error


def _voices(tables: dict[str, Any], name: str) -> list[Voice]:
    try:
        sensors = msgspec.convert(tables.get("sensors", []), list[Sensor])
    except msgspec.ValidationError as error:
        raise ConfigurationError(f"{name}: [[sensors]]: {error}.") from error
    carried: dict[str, str] = {}
    for source in tables.get("sources", []):
        for sensor_id in source.get("sensors", []):
            carried.setdefault(sensor_id, source.get("id", ""))
    voices = []
    for sensor in sensors:
        if sensor.id not in carried:
            raise ConfigurationError(
                f"{name}: no [[sources]] table carries the sensor {sensor.id!r}. Add it to one."
            )
        if sensor.kind not in _SPEAKS:
            raise ConfigurationError(
                f"{name}: a night has no simulation of {sensor.kind!r} sensors such as "
                f"{sensor.id!r}. It has {', '.join(_SPEAKS)}."
            )
        voices.append(Voice(with_defaults(sensor), carried[sensor.id]))
    desks = [voice.sensor.id for voice in voices if voice.sensor.kind == "person"]
    if len(desks) > 1:
        raise ConfigurationError(
            f"{name}: the sensors {', '.join(desks)} are of kind person; a night's calls go to "
            "one desk. Keep one."
        )
    return voices


def night_names() -> tuple[str, ...]:
    """The built-in nights, in alphabetical order.

    >>> "vilnius-2025-07-28" in night_names()
    True
    """
    folder = resources.files("skypicket.scenario") / "nights"
    names = [file.name for file in folder.iterdir() if file.name.endswith(SUFFIX)]
    return tuple(sorted(name.removesuffix(SUFFIX) for name in names))


def load_night(name_or_text: str) -> Night:
    """A built-in night by name, or the night that a TOML text (more than one line) says.

    Raises:
        ConfigurationError: no such night, or a wrong text; the message names the key.

    >>> load_night("vilnius-2025-07-28").reconstruction
    True
    """
    if "\n" in name_or_text:
        return Night(name_or_text, "night").prepare()
    if name_or_text not in night_names():
        raise ConfigurationError(
            f"There is no night {name_or_text!r}. Built in are {', '.join(night_names())}."
        )
    file = resources.files("skypicket.scenario") / "nights" / f"{name_or_text}{SUFFIX}"
    return Night(file.read_text(encoding="utf-8"), name_or_text)
