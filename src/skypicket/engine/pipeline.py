"""From a captured entry to all that follows from it: decoders, then stages, in order.

One entry at a time, no clock, no I/O: the same entries give the same nouns, byte for byte.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, cast

import msgspec
import structlog

from skypicket import formats
from skypicket.assessment import AssessmentStage
from skypicket.domain.codec import from_json, pack, to_json, unpack
from skypicket.domain.contracts import (
    Decoder,
    Decoding,
    Entry,
    OperatorAction,
    Reject,
    SourceDescription,
    Stage,
    Tick,
)
from skypicket.domain.errors import InputError
from skypicket.domain.noun import Noun
from skypicket.domain.observations import ObservationBatch
from skypicket.domain.sensors import Registration, Sensor, SensorStatus
from skypicket.domain.tracks import TrackBatch
from skypicket.engine.configuration import Configuration
from skypicket.engine.settings import Settings, SourceSettings
from skypicket.geo.borders import Borders, load_borders
from skypicket.geo.frame import TheatreFrame
from skypicket.incidents import IncidentStage
from skypicket.links import MemorySettings

if TYPE_CHECKING:
    from skypicket.tracking import Tracker

_log = structlog.get_logger("skypicket.pipeline")
View = Callable[[Settings], Settings]


def whole(settings: Settings) -> Settings:
    """The settings as they are: the own picture is made from everything."""
    return settings


class Pipeline:
    """Decoders by source and the stages, wired; `step` says all that follows from one entry.

    `entry_kind` configuration (re)builds it: the first entry of every capture is one, so that a
    capture stands alone. What fails inside a decoder or stage is fenced: logged, counted in
    `failures`, told as a `Reject` with reason `failed`, and the next entry goes on.

    `view` gives the part of the settings that the stages are built from, and whose sources and
    sensors are let in; bytes are decoded with all of them, so that none is taken for another.
    """

    def __init__(self, view: View = whole) -> None:
        self.settings = Settings()
        self._view = view
        self.failures: dict[str, int] = {}
        self._told = b""
        self._sources: dict[str, SourceSettings] = {}
        self._sensors: dict[str, Sensor] = {}
        self._decoders: dict[str, Decoder] = {}
        self._stages: dict[str, Stage] = {}
        self.borders: Borders | None = None

    def step(self, entry: Entry) -> list[Noun]:
        """The nouns that follow from the entry, in the order in which they were said.

        Before the first configuration nothing follows: nobody knows what the bytes mean.
        """
        if not self._told and entry.kind != "configuration":
            return []
        match entry.kind:
            case "configuration":
                return self._configured(entry)
            case "message":
                said = self._decode(entry)
            case "tick":
                said = [Tick(time_ns=entry.received_ns)]
            case "operator":
                said = self._operator(entry)
            case "job":
                said = []
        return self._flow(entry, said)

    def _flow(self, entry: Entry, said: list[Noun]) -> list[Noun]:
        for name, stage in self._stages.items():
            for noun in tuple(said):
                if isinstance(noun, stage.takes):
                    said.extend(self._fenced(entry, name, partial(stage.step, noun)))
        return said

    def _fenced(
        self, entry: Entry, name: str, call: Callable[[], Iterable[Noun]]
    ) -> Iterable[Noun]:
        try:
            return call()
        except Exception as error:  # noqa: BLE001 -- the engine's fence: one bad entry stops nobody
            self.failures[name] = self.failures.get(name, 0) + 1
            _log.exception("fenced", part=name, source=entry.source, sequence=entry.sequence)
            sentence = f"{name} failed with {type(error).__name__}; the entry stays in the capture."
            return (_reject(entry, name, "failed", sentence),)

    def _decode(self, entry: Entry) -> list[Noun]:
        decoder = self._decoders.get(entry.source)
        if decoder is None:
            sentence = f"No source {entry.source!r} is configured; add it to [[sources]]."
            return [_reject(entry, "", "unknown_source", sentence)]
        if entry.erased:
            sentence = "The key of this personal entry was destroyed; its content is gone."
            return [_reject(entry, "", "erased", sentence)]
        name = f"decoder {entry.source}"
        found = self._fenced(entry, name, partial(_said, decoder, entry))
        return [self._admit(entry, noun) for noun in found]

    def _admit(self, entry: Entry, noun: Noun) -> Noun:
        """The noun with its origin and its sensor's label, or why it is not let in."""
        if isinstance(noun, Reject):
            return noun
        assert isinstance(noun, ObservationBatch | SensorStatus)
        source = self._sources[entry.source]
        sensor = self._sensors.get(noun.sensor_id)
        if sensor is None or (source.sensors and noun.sensor_id not in source.sensors):
            sentence = f"Source {entry.source!r} may not speak for sensor {noun.sensor_id!r}."
            return _reject(entry, source.format, "unknown_sensor", sentence)
        if noun.simulated and self.settings.system.mode == "live":
            sentence = f"Sensor {noun.sensor_id!r} sends simulated input; a live system refuses it."
            return _reject(entry, source.format, "simulated", sentence)
        if not isinstance(noun, ObservationBatch):
            return cast("Noun", msgspec.structs.replace(noun, releasability=sensor.releasability))
        return msgspec.structs.replace(
            noun,
            source=entry.source,
            sequence=entry.sequence,
            received_ns=entry.received_ns,
            releasability=sensor.releasability,
        )

    def _operator(self, entry: Entry) -> list[Noun]:
        try:
            return [from_json(entry.payload, OperatorAction)]
        except InputError as error:
            return [_reject(entry, "operator", "malformed", str(error))]

    def _configured(self, entry: Entry) -> list[Noun]:
        try:
            self._configure(entry.payload)
        except InputError as error:
            return [_reject(entry, "configuration", "malformed", str(error))]
        return []

    def _configure(self, payload: bytes) -> None:
        if payload == self._told:
            return
        settings = from_json(payload, Configuration).settings
        if self._told and to_json(meaning_of(settings)) == to_json(meaning_of(self.settings)):
            self._told, self.settings = payload, settings
            return
        from skypicket.tracking import Tracker  # noqa: PLC0415 -- brings the compiler, slow to import

        system = settings.system
        frame = TheatreFrame(system.theatre.lat_deg, system.theatre.lon_deg)
        borders = load_borders(frame, tuple(dict.fromkeys((system.home, *system.states))))
        seen = self._view(settings)
        sensors = seen.sensors_by_id
        rules = msgspec.structs.replace(settings.rules, home=system.home)
        self.settings, self._told, self._sensors = settings, payload, sensors
        self.borders = borders
        self._sources = {s.id: s for s in seen.sources}
        self._decoders = {
            s.id: decoder_of(s, settings) for s in settings.sources if s.id in self._sources
        }
        self._stages = {
            "tracking": Tracker(
                settings.tracking,
                sensors,
                frame,
                border_m=partial(borders.signed_distance_m, system.home),
            ),
            "assessment": AssessmentStage(rules, borders, frame, sensors),
            "incidents": IncidentStage(settings.incidents, frame),
        }

    def glance(self, time_ns: int) -> TrackBatch | None:
        """The shown tracks at a time, without changing anything; None before a configuration."""
        return None if self.tracker is None else self.tracker.glance(time_ns)

    def registrations(self) -> dict[str, Registration]:
        """What is known of each radar's errors, by its id; nothing is changed by asking."""
        known = () if self.tracker is None else self.tracker.registrations()
        return {one.sensor_id: one for one in known}

    def snapshot(self) -> bytes:
        """All state: `restore` continues as if never interrupted."""
        return pack(
            {
                "told": self._told,
                "failures": self.failures,
                "decoders": {k: v.snapshot() for k, v in self._decoders.items()},
                "stages": {k: v.snapshot() for k, v in self._stages.items()},
            }
        )

    def restore(self, state: bytes) -> None:
        """Take up the state of a snapshot of the same code version."""
        kept = unpack(state)
        if kept["told"]:
            self._configure(kept["told"])
        self.failures = kept["failures"]
        parts: Mapping[str, Decoder | Stage]
        for key, parts in (("decoders", self._decoders), ("stages", self._stages)):
            for name, part in parts.items():
                part.restore(kept[key][name])

    @property
    def tracker(self) -> "Tracker | None":
        """The tracking stage, None before the first configuration."""
        return cast("Tracker | None", self._stages.get("tracking"))


def meaning_of(settings: Settings) -> Settings:
    """The settings without those that change nothing of what follows from an entry.

    A restart on another port, or with another place for its files, keeps every track and alarm.
    """
    plain = Settings()
    kept = msgspec.structs.replace(
        settings.system,
        name=plain.system.name,
        state_dir=plain.system.state_dir,
        tick_s=plain.system.tick_s,
        retention_days=plain.system.retention_days,
        snapshot_s=plain.system.snapshot_s,
        show_s=plain.system.show_s,
        history_s=plain.system.history_s,
        history_hours=plain.system.history_hours,
        history_mb=plain.system.history_mb,
    )
    sources = tuple(
        msgspec.structs.replace(source, link=MemorySettings(), shed="never", personal="no")
        for source in settings.sources
    )
    return msgspec.structs.replace(
        settings, system=kept, sources=sources, zones=(), partners=(), web=plain.web, scenario={}
    )


def decoder_of(source: SourceSettings, settings: Settings) -> Decoder:
    """The decoder of one configured source, told of the sensors that may speak there.

    Raises:
        ConfigurationError: format or option unknown.
    """
    known = settings.sensors_by_id
    sensors = {i: known[i] for i in source.sensors} if source.sensors else known
    description = SourceDescription(source=source.id, sensors=sensors, options=source.options)
    return formats.load(source.format).decoder(description)


def _said(decoder: Decoder, entry: Entry) -> Sequence[Noun]:
    decoding: Decoding = decoder.decode(entry)
    return (*decoding.statuses, *decoding.batches, *decoding.rejects)


def _reject(entry: Entry, format_name: str, reason: str, sentence: str) -> Reject:
    return Reject(
        source=entry.source,
        sequence=entry.sequence,
        received_ns=entry.received_ns,
        format=format_name,
        reason=reason,
        offset=0,
        detail=sentence,
    )


def recorded(noun: Noun) -> bool:
    """Whether the noun belongs in the record: all that is rare, nothing that is columnar."""
    if isinstance(noun, SensorStatus):
        return noun.state != "alive" or noun.lost > 0 or noun.restarted
    return not isinstance(noun, ObservationBatch | TrackBatch | Tick)
