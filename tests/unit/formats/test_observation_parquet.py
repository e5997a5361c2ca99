import io
import subprocess
import sys
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
        (plots(text=["low"]), "unknown_key"),
        (plots(received_ns=[-2]), "out_of_range"),
        (plots(claims=[{"Call Sign": "LY1"}]), "out_of_range"),
        (plots(claims=[{"callsign": "x" * 281}]), "out_of_range"),
        (plots(claims=[{"squawk": 1234}]), "wrong_type"),
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


def test_a_bad_row_of_parquet_rejects_only_itself(read: Read) -> None:
    said = {
        "kind": ["position", "guess", "position", "position", "position"],
        "sensor_id": ["R1", "R1", None, "R1", "R1"],
        "time_ns": [NIGHT_NS, NIGHT_NS, NIGHT_NS, None, NIGHT_NS],
        "lat_deg": [54.7] * 5,
        "lon_deg": [25.3] * 5,
        "sigma_m": [40.0] * 4 + [-1.0],
    }
    decoding = read(parquet(**said))
    assert [len(batch) for batch in decoding.batches] == [1]
    refused = [(reject.offset, reject.reason) for reject in decoding.rejects]
    assert refused == [
        (1, "unknown_value"),
        (2, "missing_key"),
        (3, "missing_key"),
        (4, "out_of_range"),
    ]


def test_lines_made_into_a_table_by_pyarrow_are_read(read: Read) -> None:
    line = {"kind": "position", "sensor_id": "R1", "time_ns": NIGHT_NS, "lat_deg": 54.7}
    line |= {"lon_deg": 25.3, "sigma_m": 40.0, "alt_m": None, "claims": {"callsign": "LY1"}}
    file = io.BytesIO()
    pq.write_table(pa.Table.from_pylist([line, line | {"claims": None}]), file)
    (batch,) = batches(read(file.getvalue()))
    assert batch.claims["callsign"].tolist() == ["LY1", ""]
    assert "alt_m" not in batch.columns


def test_an_index_of_pandas_is_passed_over(read: Read) -> None:
    (batch,) = batches(read(plots(__index_level_0__=[7])))
    assert len(batch) == 1


def test_a_column_that_stands_twice_is_rejected_in_one_line(read: Read) -> None:
    table = pq.read_table(io.BytesIO(plots()))
    file = io.BytesIO()
    pq.write_table(table.append_column("kind", table["kind"]), file)
    (reject,) = read(file.getvalue()).rejects
    assert (reject.reason, reject.detail) == ("duplicate_key", "The column 'kind' stands twice.")


def test_a_reject_of_parquet_is_one_line_whatever_the_reader_says(read: Read) -> None:
    for content in (plots()[:-9], b"PAR1" * 3, plots(claims=[[1]])):
        (reject,) = read(content).rejects
        assert "\n" not in reject.detail


def test_reading_parquet_starts_no_threads() -> None:
    script = """
import sys
from pathlib import Path
from skypicket.formats.observation_parquet import read_table
count = lambda: len(list(Path("/proc/self/task").iterdir()))
before = count()
table, refused = read_table(sys.stdin.buffer.read())
print(len(table), count() - before)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], input=plots(), capture_output=True, check=True, timeout=60
    )
    assert done.stdout.split() == [b"1", b"0"]
