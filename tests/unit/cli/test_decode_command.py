import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import dpkt
import msgspec
import pytest

from skypicket.cli.decode import decode
from skypicket.domain.errors import InputError, UsageError

REPORT = b'{"lat_deg":54.7,"lon_deg":25.3}'
PLOT = (
    b'{"kind":"position","sensor_id":"R1","time_ns":%d,"lat_deg":54.7,"lon_deg":25.3,"sigma_m":40}'
)

Outcome = tuple[int, list[dict[str, Any]], list[dict[str, Any]]]
Run = Callable[..., Outcome]


@pytest.fixture
def run(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Decode content as a file; gives exit code, rows and rejects."""

    def build(content: bytes, format_name: str, **options: Any) -> Outcome:
        file = tmp_path / "content"
        file.write_bytes(content)
        code = decode(file, format=format_name, **options)
        sys.stdout.flush()
        written = capfdbinary.readouterr()
        out, err = ([msgspec.json.decode(s) for s in part.splitlines()] for part in written)
        return code, out, err

    return build


def test_every_row_is_an_observation_line_and_all_good_is_exit_0(run: Run) -> None:
    code, rows, rejects = run(REPORT + b"\n" + REPORT, "report")
    assert (code, len(rows), rejects) == (0, 2, [])
    assert rows[0] == {
        "kind": "sighting",
        "sensor_id": "report",
        "time_ns": 0,
        "lat_deg": 54.7,
        "lon_deg": 25.3,
        "sigma_m": 1000.0,
        "sigma_time_s": 120.0,
        "first_hand": False,
    }


def test_rows_come_in_file_order_also_where_scans_interleave(run: Run) -> None:
    content = b"\n".join(PLOT % time_ns for time_ns in (5, 6, 5, 6, 7))
    _, rows, _ = run(content, "observations")
    assert [row["time_ns"] for row in rows] == [5, 6, 5, 6, 7]


def test_what_is_printed_can_be_decoded_again(run: Run) -> None:
    _, rows, _ = run(REPORT.replace(b"}", b',"text":"low","simulated":true}'), "report")
    code, again, _ = run(b"\n".join(msgspec.json.encode(row) for row in rows), "observations")
    assert (code, again) == (0, rows)


def test_a_reject_is_told_with_reason_and_offset_in_the_file_and_exit_1(run: Run) -> None:
    bad = b'{"lat_deg":99,"lon_deg":25.3}'
    code, rows, (reject,) = run(REPORT + b"\n" + bad + b"\n" + REPORT, "report")
    assert (code, len(rows)) == (1, 2)
    assert (reject["reason"], reject["offset"]) == ("out_of_range", len(REPORT) + 2)
    assert (reject["format"], reject["sequence"]) == ("report", 2)


def test_a_wholly_foreign_file_is_exit_1(run: Run) -> None:
    code, rows, rejects = run(b"\x89PNG\r\n\x1a\n", "readsb-json")
    assert (code, rows) == (1, [])
    assert len(rejects) >= 1


def test_a_date_completes_a_report_without_time(run: Run) -> None:
    _, (row,), _ = run(REPORT, "report", date="2025-07-28")
    assert row["time_ns"] == 1_753_660_800 * 10**9


def test_a_file_is_never_ahead_of_its_time(run: Run) -> None:
    content = REPORT.replace(b"}", b',"time":"2025-07-28T01:56:00Z"}')
    assert run(content, "report")[0] == 0
    assert run(content, "report", date="2025-07-27")[0] == 0


def test_a_capture_dates_reports_by_its_packets_and_tells_both_times(run: Run) -> None:
    file = io.BytesIO()
    udp = dpkt.udp.UDP(data=REPORT, ulen=8 + len(REPORT))
    ip = dpkt.ip.IP(p=17, data=udp, len=20 + len(udp))
    packet = dpkt.ethernet.Ethernet(type=0x0800, data=ip)
    dpkt.pcap.Writer(file).writepkt_time(bytes(packet), 1_753_667_760)
    _, (row,), _ = run(file.getvalue(), "report")
    assert (row["time_ns"], row["received_ns"]) == (1_753_667_760 * 10**9,) * 2


def test_sensors_of_a_file_name_the_source_and_complete_its_errors(
    run: Run, tmp_path: Path
) -> None:
    sensors = tmp_path / "SENSORS.toml"
    sensors.write_text(
        '[[sensors]]\nid = "R1"\nkind = "radar"\nlat_deg = 54.7\nlon_deg = 25.3\nsigma_m = 70\n'
    )
    content = (PLOT % 5).replace(b',"sigma_m":40', b"")
    _, (row,), _ = run(content, "observations", sensors=sensors)
    assert row["sigma_m"] == 70.0
    code, rows, (reject,) = run(content.replace(b"R1", b"R2"), "observations", sensors=sensors)
    assert (code, rows, reject["reason"]) == (1, [], "unknown_sensor")


def test_a_truncated_capture_is_told_by_the_name_of_its_wrapper(run: Run) -> None:
    _, _, (reject,) = run(bytes.fromhex("d4c3b2a1") + bytes(10), "report")
    assert (reject["format"], reject["reason"]) == ("pcap", "truncated")


def test_what_a_sensor_says_of_itself_is_flagged_and_rejects_nothing(run: Run) -> None:
    content = b'{"node":"A1","state":"degraded","text":"wet"}\n{"node":"A1","state":"alive"}\n'
    code, rows, (flag,) = run(content, "acoustic")
    assert (code, rows) == (0, [])
    assert (flag["noun"], flag["sensor_id"], flag["text"]) == ("SensorStatus", "A1", "wet")


def test_an_unknown_format_is_wrong_usage_and_lists_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"'sbs'.*readsb-json"):
        decode(tmp_path, format="sbs")


@pytest.mark.parametrize("name", ["nothing-here", "."])
def test_a_file_that_cannot_be_opened_is_bad_input(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="cannot be opened"):
        decode(tmp_path / name, format="report")


@pytest.mark.parametrize("date", ["28.7.2025", "1969-12-31", "2025-07-28T00:00"])
def test_a_date_that_is_no_day_is_wrong_usage(tmp_path: Path, date: str) -> None:
    with pytest.raises(UsageError, match="no day since 1970"):
        decode(tmp_path, format="report", date=date)
