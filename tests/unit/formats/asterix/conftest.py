from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from skypicket.domain.contracts import Decoder, Decoding, Entry, SourceDescription
from skypicket.domain.observations import ObservationBatch, SweptSector, batch_of
from skypicket.domain.sensors import Sensor
from skypicket.domain.times import NS_PER_S
from skypicket.formats.asterix import FORMAT
from skypicket.testing.builders import NIGHT_NS, radar

Decode = Callable[..., list[Decoding]]
SECTOR_NS = NS_PER_S // 4


@pytest.fixture
def east() -> Sensor:
    return radar("25/13", max_range_m=200_000.0)


@pytest.fixture
def decode() -> Decode:
    """Decodes payloads one second apart; entry 1 is received at `received_ns`."""

    def run(
        *payloads: bytes,
        sensors: Sequence[Sensor] = (),
        received_ns: int = NIGHT_NS,
        first: int = 1,
        decoder: Decoder | None = None,
        **options: Any,
    ) -> list[Decoding]:
        made = decoder or FORMAT.decoder(
            SourceDescription(source="rdr", sensors={s.id: s for s in sensors}, options=options)
        )
        return [
            made.decode(
                Entry(
                    sequence=n,
                    kind="message",
                    source="rdr",
                    received_ns=received_ns + (n - 1) * NS_PER_S,
                    payload=payload,
                )
            )
            for n, payload in enumerate(payloads, first)
        ]

    return run


@pytest.fixture
def plot() -> Callable[..., dict[str, Any]]:
    """The items of one detection of 25/13; keywords replace or add items (`i040=…`)."""

    def items(**changed: Any) -> dict[str, Any]:
        seconds = (NIGHT_NS // NS_PER_S) % 86_400
        record = {
            "010": {"SAC": 25, "SIC": 13},
            "140": float(seconds),
            "020": {"TYP": 1},
            "040": {"RHO": 50 * 1852.0, "THETA": 90.0},
        }
        record |= {name.removeprefix("i"): value for name, value in changed.items()}
        return {name: value for name, value in record.items() if value is not None}

    return items


@pytest.fixture
def sector(east: Sensor) -> Callable[..., ObservationBatch]:
    """The n-th sector of 30° of a radar that turns in three seconds, with `count` plots."""

    def batch(number: int, count: int = 5, **fields: Any) -> ObservationBatch:
        from_ns = NIGHT_NS + number * SECTOR_NS
        share = (np.arange(count) + 0.5) / max(count, 1)
        settings = {
            "swept": SweptSector(
                start_azimuth_deg=number * 30.0 % 360.0,
                extent_deg=30.0,
                min_range_m=0.0,
                max_range_m=200_000.0,
                from_ns=from_ns,
                to_ns=from_ns + SECTOR_NS,
            ),
            **fields,
        }
        return batch_of(
            "range_azimuth",
            east.id,
            from_ns + (share * SECTOR_NS).astype(np.int64),
            {
                "range_m": 1000.0 + 500.0 * np.arange(count),
                "azimuth_deg": (number * 30.0 + share * 30.0) % 360.0,
                "sigma_range_m": np.full(count, 50.0),
                "sigma_azimuth_deg": np.full(count, 0.15),
            },
            **settings,
        )

    return batch
