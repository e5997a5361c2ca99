import importlib.util
import sys
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skypicket.domain.contracts import Decoding, Entry, SourceDescription
from skypicket.domain.observations import ObservationBatch, SweptSector, batch_of
from skypicket.domain.times import NS_PER_S
from skypicket.formats.asterix import DEFAULT_EDITIONS, FORMAT, columns, editions, records
from skypicket.formats.asterix.columns import TAKEN
from skypicket.formats.asterix.compose import compose
from skypicket.formats.asterix.encoder import (
    AZIMUTH_STEP_DEG,
    HEIGHT_STEP_M,
    LEVEL_STEP_M,
    RANGE_STEP_M,
    SECTOR_STEP_DEG,
    TIME_STEP_NS,
)
from skypicket.formats.asterix.samples import random_block
from skypicket.formats.asterix.text import letters_to_number
from skypicket.testing.builders import NIGHT_NS, radar
from skypicket.testing.conformance import check_format

SENSOR = radar("25/13", max_range_m=200_000.0)
SOURCE = SourceDescription(source="rdr", sensors={SENSOR.id: SENSOR})
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def optional_columns(chance: Random, count: int) -> dict[str, Any]:
    """Heights and radial speeds, three in ten of them absent."""
    bounds = {"pressure_alt_m": 60_000, "amsl_m": 60_000, "radial_mps": 500}
    return {
        name: [
            chance.uniform(-300, most) if chance.random() < 0.7 else np.nan for _ in range(count)
        ]
        for name, most in bounds.items()
    }


def random_claims(chance: Random, count: int) -> dict[str, Any]:
    """Everything of identity that category 048 can say."""
    claims = {
        "icao24": [f"{chance.randrange(1 << 24):06x}" for _ in range(count)],
        "callsign": ["".join(chance.choices(LETTERS, k=7)) for _ in range(count)],
        "mode_3a": [f"{chance.randrange(4096):04o}" for _ in range(count)],
        "track_number": [str(chance.randrange(4096)) for _ in range(count)],
    }
    return {name: np.array(values, dtype="<U8") for name, values in claims.items()}


@st.composite
def batches(draw: st.DrawFn) -> ObservationBatch:
    """A sector with up to 120 plots measured in it."""
    chance = Random(draw(st.integers(0, 2**32)))
    count = draw(st.integers(0, 120))
    start_deg, extent_deg = draw(st.floats(0, 359)), draw(st.floats(3, 360))
    took_ns = draw(st.integers(NS_PER_S // 10, 12 * NS_PER_S))
    if extent_deg > 358:  # read as a turn only if it takes more than half of one
        took_ns = max(took_ns, 3 * NS_PER_S)
    from_ns = NIGHT_NS + draw(st.integers(0, 2 * 86_400)) * NS_PER_S
    share = np.sort([chance.random() for _ in range(count)])
    return batch_of(
        "range_azimuth",
        SENSOR.id,
        from_ns + (share * took_ns).astype(np.int64),
        {
            "range_m": [chance.uniform(0, 256 * 1852 - RANGE_STEP_M) for _ in range(count)],
            "azimuth_deg": (start_deg + share * extent_deg) % 360.0,
            "sigma_range_m": np.full(count, 50.0),
            "sigma_azimuth_deg": np.full(count, 0.15),
            **optional_columns(chance, count),
        },
        claims=random_claims(chance, count),
        simulated=draw(st.booleans()),
        swept=SweptSector(
            start_azimuth_deg=start_deg,
            extent_deg=extent_deg,
            min_range_m=0.0,
            max_range_m=200_000.0,
            from_ns=from_ns,
            to_ns=from_ns + took_ns,
        ),
    )


def decoded(batch: ObservationBatch) -> list[Decoding]:
    decoder = FORMAT.decoder(SOURCE)
    return [
        decoder.decode(
            Entry(
                sequence=n,
                kind="message",
                source="rdr",
                received_ns=batch.swept.to_ns if batch.swept else NIGHT_NS,
                payload=message.payload,
            )
        )
        for n, message in enumerate(FORMAT.encode(batch, SENSOR), 1)
    ]


@settings(deadline=None, max_examples=150)
@given(batch=batches())
def test_what_is_encoded_is_decoded_to_one_step(batch: ObservationBatch) -> None:
    decodings = decoded(batch)
    assert not any(decoding.rejects for decoding in decodings)
    (back,) = [b for decoding in decodings for b in decoding.batches]
    assert (len(back), back.sensor_id, back.simulated) == (len(batch), SENSOR.id, batch.simulated)
    assert (np.abs(back.time_ns - batch.time_ns) <= TIME_STEP_NS).all()
    for name, step in (
        ("range_m", RANGE_STEP_M),
        ("pressure_alt_m", LEVEL_STEP_M),
        ("amsl_m", HEIGHT_STEP_M),
        ("radial_mps", 1.0),
    ):
        np.testing.assert_allclose(back.column(name), batch.column(name), rtol=0, atol=step / 1.99)
    turned = np.abs(back.column("azimuth_deg") - batch.column("azimuth_deg"))
    assert (np.minimum(turned, 360.0 - turned) <= AZIMUTH_STEP_DEG).all()
    for name in batch.claims if len(batch) else ():
        assert back.claims[name].tolist() == batch.claims[name].tolist()


@settings(deadline=None, max_examples=150)
@given(batch=batches())
def test_the_swept_sector_comes_back_to_one_step(batch: ObservationBatch) -> None:
    (back,) = [b for decoding in decoded(batch) for b in decoding.batches]
    sent, found = batch.swept, back.swept
    assert isinstance(sent, SweptSector)
    assert isinstance(found, SweptSector)
    turned = abs(found.start_azimuth_deg - sent.start_azimuth_deg)
    assert min(turned, 360.0 - turned) <= SECTOR_STEP_DEG
    assert abs(found.extent_deg - sent.extent_deg) <= SECTOR_STEP_DEG
    assert abs(found.from_ns - sent.from_ns) <= TIME_STEP_NS
    assert abs(found.to_ns - sent.to_ns) <= TIME_STEP_NS


@pytest.mark.parametrize("category", sorted(DEFAULT_EDITIONS))
def test_every_item_of_every_edition_is_read_as_it_was_written(category: int) -> None:
    chance = np.random.default_rng(category)
    for edition in editions(category):
        for _ in range(50):
            block = random_block(category, chance, 4, edition)
            found = records(block, {f"{category:03d}": edition})
            again = compose(category, [record["items"] for record in found], edition)
            assert again == block


@settings(deadline=None, max_examples=300)
@given(payload=st.binary(max_size=400))
def test_any_bytes_give_nouns_or_rejects(payload: bytes) -> None:
    decoding = FORMAT.decoder(SOURCE).decode(
        Entry(sequence=1, kind="message", source="rdr", received_ns=NIGHT_NS, payload=payload)
    )
    assert decoding.rejects or decoding.batches or decoding.statuses


def test_the_format_keeps_the_rules_of_all_formats() -> None:
    chance = Random(4)
    payloads = [
        compose(
            48,
            [
                {
                    "010": {"SAC": 25, "SIC": 13},
                    "140": 7000.0 + n - chance.random(),
                    "020": {"TYP": 3},
                    "040": {"RHO": chance.uniform(0, 9e4), "THETA": 45.0 * n + 20.0},
                }
                for _ in range(5)
            ],
        )
        + compose(
            34, [{"010": {"SAC": 25, "SIC": 13}, "000": 2, "020": 45.0 * n, "030": 7000.0 + n}]
        )
        for n in range(8)
    ]
    found = check_format(FORMAT, payloads, SOURCE)
    assert found == []


def test_twenty_thousand_damaged_messages_are_survived(repository: Path) -> None:
    path = repository / "bench" / "fuzz_asterix.py"
    spec = importlib.util.spec_from_file_location("fuzz_asterix", path)
    assert spec is not None
    assert spec.loader is not None
    fuzz = importlib.util.module_from_spec(spec)
    sys.modules["fuzz_asterix"] = fuzz
    spec.loader.exec_module(fuzz)
    outcome = fuzz.run(20_000, 2)
    assert outcome.messages == 20_000
    assert outcome.grown_mb <= fuzz.MEMORY_LIMIT_MB
    assert len(outcome.reasons) >= 12


@pytest.mark.parametrize("category", sorted(DEFAULT_EDITIONS))
def test_the_kernel_takes_out_what_plain_python_reads(category: int) -> None:
    chance = np.random.default_rng(category + 1)
    for edition in editions(category):
        block = random_block(category, chance, 100, edition)
        table = columns(block, category, edition)
        found = records(block, {f"{category:03d}": edition})
        assert table["offset"].tolist() == [record["offset"] for record in found]
        for name, column in TAKEN[category].items():
            plain = [number_at(record["items"], column.path) for record in found]
            np.testing.assert_allclose(table[name], plain, rtol=1e-15, atol=0, err_msg=name)


def number_at(items: Any, path: str) -> float:
    """The value of a field as the kernel gives it: codes and letters as numbers."""
    for name in path.split("/"):
        if name not in items:
            return np.nan
        items = items[name]
    if not isinstance(items, str):
        return float(items)
    return float(letters_to_number(items) if path == "240" else int(items, 8))
