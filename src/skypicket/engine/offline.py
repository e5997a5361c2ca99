"""Nights without waiting: a scenario into a capture, a capture into its record."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import msgspec
import numpy as np

from skypicket import formats
from skypicket.domain.contracts import EntryKind, Message
from skypicket.domain.errors import InputError
from skypicket.domain.times import NS_PER_S
from skypicket.engine.captures import make_folder
from skypicket.engine.configuration import configuration_payload
from skypicket.engine.kernels import make_ready
from skypicket.engine.pipeline import Pipeline, recorded
from skypicket.engine.settings import Settings, parse_settings
from skypicket.formats.acoustic_encoding import AcousticSender
from skypicket.scenario import Emission, Night
from skypicket.store.capture import Capture
from skypicket.store.chain import Unwritten
from skypicket.store.record import Record
from skypicket.store.vault import KEY_BYTES, Vault

ENTRIES_PER_COMMIT = 512


def settings_of(night: Night) -> Settings:
    """The settings that a night's text holds.

    Raises:
        ConfigurationError: the engine's part of the night is wrong.
    """
    return parse_settings(night.settings_text, night.name)


class NightEncoder:
    """Turns what a night's sensors say into the entries that real ones would cause.

    Acoustic nodes number their messages, each for itself; what is lost on the way takes a number
    and gives no entry.
    """

    def __init__(self, settings: Settings) -> None:
        self._sensors = settings.sensors_by_id
        self._formats = {source.id: formats.load(source.format) for source in settings.sources}
        self._senders: dict[str, AcousticSender] = {}

    def entries(self, emission: Emission) -> list[Unwritten]:
        """The entries of one emission, in order; [] if it was lost on the way."""
        messages = self._messages(emission)
        if emission.lost:
            return []
        return [
            Unwritten(
                kind="message",
                source=emission.source,
                received_ns=emission.received_ns,
                payload=message.payload,
                topic=message.topic,
            )
            for message in messages
        ]

    def _messages(self, emission: Emission) -> Sequence[Message]:
        load, noun = self._formats[emission.source], emission.noun
        if load.name != "acoustic":
            return load.encode(noun, self._sensors[noun.sensor_id])
        sender = self._senders.get(noun.sensor_id)
        if sender is None:
            sender = self._senders[noun.sensor_id] = AcousticSender("night")
        return sender.send(noun)


def night_entries(night: Night, settings: Settings, seed: int) -> Iterator[Unwritten]:
    """All that enters on a simulated night in order of receipt: configuration, messages, ticks."""
    encoder = NightEncoder(settings)
    personal = {source.id: source.personal for source in settings.sources}
    tick_ns = round(settings.system.tick_s * NS_PER_S)
    next_tick_ns = night.start_ns
    yield _own("configuration", night.start_ns, configuration_payload(settings))
    for emission in night.emissions(seed):
        while next_tick_ns <= emission.received_ns:
            yield _own("tick", next_tick_ns)
            next_tick_ns += tick_ns
        for unwritten in encoder.entries(emission):
            yield msgspec.structs.replace(unwritten, personal=personal[emission.source])
    while next_tick_ns <= night.end_ns:
        yield _own("tick", next_tick_ns)
        next_tick_ns += tick_ns


def _own(kind: EntryKind, received_ns: int, payload: bytes = b"") -> Unwritten:
    return Unwritten(kind=kind, source="engine", received_ns=received_ns, payload=payload)


def seeded_keys(seed: int) -> Callable[[], bytes]:
    """Keys for the personal entries of a simulated night: nobody's secrets, so from the seed."""
    generator = np.random.default_rng([seed, 0x6B657973])
    return lambda: generator.bytes(KEY_BYTES)


def run_night(night: Night, seed: int, folder: Path) -> Iterator[int]:
    """Run a night into `night.capture` and `night.record` in `folder`; yields the time reached.

    Raises:
        InputError: the folder already holds a night.
    """
    make_folder(folder)
    capture_path, record_path = folder / "night.capture", folder / "night.record"
    for path in (capture_path, record_path):
        if path.exists():
            raise InputError(f"{path} exists already. Name another folder, or remove it.")
    settings = settings_of(night)
    make_ready()
    vault = Vault(seeded_keys(seed))
    with (
        closing(Capture.open(capture_path, vault, single=True)) as capture,
        closing(Record.open(record_path)) as record,
    ):
        pipeline = Pipeline()
        for batch in _batched(night_entries(night, settings, seed), ENTRIES_PER_COMMIT):
            for entry in capture.append(batch):
                record.append(entry.sequence, [n for n in pipeline.step(entry) if recorded(n)])
            yield batch[-1].received_ns


def _batched(items: Iterator[Unwritten], size: int) -> Iterator[list[Unwritten]]:
    batch: list[Unwritten] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
