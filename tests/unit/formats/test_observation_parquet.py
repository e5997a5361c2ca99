import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from skypicket.domain.contracts import Decoding
from skypicket.domain.observations import ObservationBatch, batch_of
from skypicket.formats.observation_lines import observation_lines
from skypicket.formats.observation_parquet import to_parquet
from skypicket.testing import plot_batch, sighting
from skypicket.testing.builders import NIGHT_NS

Read = Callable[[bytes], Decoding]


def parquet(**columns: Any) -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.table(columns), file)
    return file.getvalue()


def plots(**columns: Any) -> bytes:
    said = {
        "kind": ["position"],
        "sensor_id": ["R1"],
        "time_ns": [NIGHT_NS],
        "lat_deg": [54.7],
        "lon_deg": [25.3],
        "sigma_m": [40.0],
    }
    return parquet(**{name: said[name] for name in said if name not in columns} | columns)


@pytest.fixture
def read(decoder_of: Any, entry_of: Any) -> Read:
    return lambda content: decoder_of("observations", parquet=True).decode(entry_of(content))


def batches(decoding: Decoding) -> tuple[ObservationBatch, ...]:
    assert decoding.rejects == ()
    return decoding.batches


def test_parquet_and_lines_say_the_same(read: Read) -> None:
    said = [
        plot_batch([(54.7, 25.3), (54.8, 25.4)], simulated=True),
        sighting(54.7, 25.3, course_deg=310.0),
        batch_of(
            "self_report",
            "A1",
            np.array([1, 2]),
            {"lat_deg": [1, 2], "lon_deg": [3, 4], "sigma_m": [5, 6], "alt_m": [7, np.nan]},
            claims={"icao24": np.array(["48ae01", ""])},
            received_ns=9,
        ),
    ]
    back = batches(read(to_parquet(said)))
    lines = [b"".join(observation_lines(batch) for batch in group) for group in (said, back)]
    received = f',"received_ns":{NIGHT_NS}'.encode()
    assert sorted(line.replace(received, b"") for line in lines[0].splitlines()) == sorted(
        line.replace(received, b"") for line in lines[1].splitlines()
    )


def test_times_may_be_timestamps(read: Read) -> None:
    stamps = pa.array([NIGHT_NS // 1000], pa.timestamp("us", tz="UTC"))
    (batch,) = batches(read(plots(time_ns=stamps)))
    assert batch.time_ns.tolist() == [NIGHT_NS]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"PAR1 and nothing more", "malformed_parquet"),
        (plots()[:-9], "malformed_parquet"),
        (plots(colour=["red"]), "unknown_key"),
        (plots(sensor_id=pa.array([None], pa.string())), "missing_key"),
        (plots(kind=["guess"]), "unknown_value"),
        (plots(lat_deg=["54.7"]), "wrong_type"),
        (plots(time_ns=[1.5]), "wrong_type"),
        (plots(sensor_id=[""]), "out_of_range"),
        (plots(lat_deg=[95.0]), "out_of_range"),
        (plots(lat_deg=[np.inf]), "out_of_range"),
        (plots(time_ns=[-5]), "out_of_range"),
        (plots(claims=["icao24"]), "wrong_type"),
        (plots(text=["low"]), "wrong_type"),
        (plots(received_ns=[-2]), "out_of_range"),
    ],
)
def test_a_file_that_is_not_as_agreed_is_rejected_with_its_reason(
    read: Read, content: bytes, reason: str
) -> None:
    decoding = read(content)
    assert decoding.batches == ()
    assert [reject.reason for reject in decoding.rejects] == [reason]


def test_a_damaged_file_gives_rejects_or_rows_and_nothing_else(read: Read) -> None:
    content = to_parquet([plot_batch([(54.7, 25.3)] * 20)])
    rng = np.random.default_rng(3)
    outcomes = set()
    for _ in range(300):
        damaged = bytearray(content)
        damaged[int(rng.integers(4, len(content)))] ^= 1 << int(rng.integers(8))
        decoding = read(bytes(damaged))
        outcomes.add((bool(decoding.batches), bool(decoding.rejects)))
    assert (False, True) in outcomes
    assert (False, False) not in outcomes


def test_a_link_reads_no_parquet(decode: Callable[..., Decoding]) -> None:
    decoding = decode("observations", to_parquet([plot_batch([(54.7, 25.3)])]))
    assert decoding.batches == ()
    assert decoding.rejects[0].reason == "malformed_json"
