from collections.abc import Callable, Mapping
from typing import Any

import pytest

from skypicket import formats
from skypicket.domain.contracts import Decoder, Decoding, Entry, SourceDescription
from skypicket.domain.sensors import Sensor
from skypicket.testing.builders import NIGHT_NS

EntryOf = Callable[..., Entry]
DecoderOf = Callable[..., Decoder]


@pytest.fixture
def entry_of() -> EntryOf:
    """An entry around a payload: `entry_of(payload, topic=…, received_ns=…)`."""

    def build(payload: bytes, **fields: Any) -> Entry:
        told: dict[str, Any] = {
            "sequence": 7,
            "kind": "message",
            "source": "s1",
            "received_ns": NIGHT_NS,
        }
        return Entry(payload=payload, **(told | fields))

    return build


@pytest.fixture
def decoder_of() -> DecoderOf:
    """A decoder by format name, with sensors and options: `decoder_of("report", R1)`."""

    def build(name: str, *sensors: Sensor, **options: Any) -> Decoder:
        known: Mapping[str, Sensor] = {sensor.id: sensor for sensor in sensors}
        source = SourceDescription(source="s1", sensors=known, options=options)
        return formats.load(name).decoder(source)

    return build


@pytest.fixture
def decode(entry_of: EntryOf, decoder_of: DecoderOf) -> Callable[..., Decoding]:
    """Decode one payload with a fresh decoder: `decode("report", payload)`."""

    def build(name: str, payload: bytes, **fields: Any) -> Decoding:
        return decoder_of(name).decode(entry_of(payload, **fields))

    return build
