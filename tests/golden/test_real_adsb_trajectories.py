from typing import Any

import msgspec
import numpy as np
import pytest

from skypicket import formats
from skypicket.domain.contracts import Entry, SourceDescription
from skypicket.domain.observations import ObservationBatch
from skypicket.testing.traffic_samples import Sample, read_samples, readsb_lines, sample_names

# Helicopters, gliders, survey and calibration flights, airliners, spoofed and noisy ones.
NAMES = [
    "ambulances/rega_zh",
    "calibration/nice",
    "featured/kiwi",
    "gliders/luberon",
    "noisy/noisy_ground",
    "noisy/noisy_spoofing",
    "noisy/noisy_time_issue",
    "surveys/ign_mercantour",
]


def decoded(samples: list[Sample]) -> list[ObservationBatch]:
    source = SourceDescription(source="adsb", sensors={})
    decoder = formats.load("readsb-json").decoder(source)
    batches: list[ObservationBatch] = []
    for number, (received_ns, payload) in enumerate(readsb_lines(samples), 1):
        decoding = decoder.decode(
            Entry(
                sequence=number,
                kind="message",
                source="adsb",
                received_ns=received_ns,
                payload=payload,
            )
        )
        assert decoding.rejects == ()
        batches += decoding.batches
    return batches


def joined(batches: list[ObservationBatch], name: str) -> Any:
    return np.concatenate([batch.column(name) for batch in batches])


def floats(samples: list[Sample], name: str) -> Any:
    return np.array([getattr(sample, name) for sample in samples], dtype=np.float64)


@pytest.mark.parametrize("name", NAMES)
def test_a_real_trajectory_comes_out_as_it_was_flown(name: str) -> None:
    samples = read_samples(name)[:3000]
    batches = decoded(samples)
    assert len(batches) == len(samples) > 300
    np.testing.assert_array_equal(joined(batches, "lat_deg"), floats(samples, "latitude"))
    np.testing.assert_array_equal(joined(batches, "lon_deg"), floats(samples, "longitude"))
    heights_m = floats(samples, "geoaltitude") * 0.3048
    np.testing.assert_allclose(joined(batches, "alt_m"), heights_m, rtol=1e-12)
    speed_mps = np.hypot(joined(batches, "east_mps"), joined(batches, "north_mps"))
    known = ~np.isnan(floats(samples, "track"))
    expected_mps = np.where(known, floats(samples, "groundspeed"), np.nan) * 1852 / 3600
    np.testing.assert_allclose(speed_mps, expected_mps, rtol=1e-9, atol=1e-9)


def test_a_position_is_dated_when_it_was_heard_and_not_when_it_was_written() -> None:
    samples = read_samples("noisy/noisy_ground")
    times_ns = np.array([int(batch.time_ns[0]) for batch in decoded(samples)])
    heard_ms = np.minimum(floats(samples, "last_position"), floats(samples, "timestamp"))
    assert (times_ns // 1_000_000 == heard_ms.astype(np.int64)).all()
    assert (heard_ms < floats(samples, "timestamp")).sum() > 100


def test_a_snapshot_of_many_real_aircraft_is_one_batch() -> None:
    samples = [read_samples(name)[50] for name in NAMES]
    lines = [msgspec.json.decode(payload) for _, payload in readsb_lines(samples)]
    now_s = max(said["now"] for said in lines)
    payload = msgspec.json.encode({"now": now_s, "aircraft": lines})
    source = SourceDescription(source="adsb", sensors={})
    entry = Entry(sequence=1, kind="message", source="adsb", received_ns=0, payload=payload)
    (batch,) = formats.load("readsb-json").decoder(source).decode(entry).batches
    assert batch.claims["icao24"].tolist() == [sample.icao24 for sample in samples]


def test_every_sample_of_the_package_can_be_listed() -> None:
    assert set(NAMES) < set(sample_names())
