"""Real recordings through `decode`, `track` and `run`: a Mode S radar and ADS-B of a helicopter."""

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from skypicket.testing.system import free_port
from skypicket.testing.traffic_samples import read_samples, readsb_lines

SAMPLE = "ambulances/rega_zh"
LINES = 300
RECEIVER = """[[sensors]]
id = "adsb"
kind = "adsb"
lat_deg = 47.4
lon_deg = 8.5
max_range_m = 400000
"""
RADARS = "".join(
    f'[[sensors]]\nid = "25/{sic}"\nkind = "radar"\nlat_deg = 45.5\nlon_deg = 16.0\n'
    "max_range_m = 470000\n"
    for sic in (11, 12, 13, 14, 201, 204, 205)
)


def skypicket(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "skypicket.cli", *map(str, words)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def helicopter(tmp_path: Path) -> Path:
    """A stretch of a real helicopter flight as readsb JSON lines."""
    lines = [line for _, line in readsb_lines(read_samples(SAMPLE)[:LINES])]
    path = tmp_path / "helicopter.jsonl"
    path.write_bytes(b"\n".join(lines) + b"\n")
    return path


def test_a_real_helicopter_is_decoded_and_tracked(helicopter: Path, tmp_path: Path) -> None:
    sensors = tmp_path / "SENSORS.toml"
    sensors.write_text(RECEIVER)
    decoded = skypicket("decode", "--format", "readsb-json", helicopter, "--sensors", sensors)
    assert decoded.returncode == 0
    rows = [json.loads(line) for line in decoded.stdout.splitlines()]
    assert len(rows) > LINES // 2
    observed = tmp_path / "helicopter-observations.jsonl"
    observed.write_text(decoded.stdout)
    tracked = skypicket("track", observed, "--sensors", sensors, "--out", tmp_path / "t.jsonl")
    assert tracked.returncode == 0, tracked.stderr
    tracks = [json.loads(line) for line in (tmp_path / "t.jsonl").read_text().splitlines()]
    assert len({track["track_id"] for track in tracks}) <= 3
    truth = {row["time_ns"]: row for row in rows}
    apart = [
        abs(track["lat_deg"] - truth[track["time_ns"]]["lat_deg"]) * 111_000 for track in tracks
    ]
    assert len(apart) > len(rows) // 2
    assert sorted(apart)[len(apart) // 2] < 50


def test_a_real_radar_recording_is_decoded_and_tracked(shared: Path, tmp_path: Path) -> None:
    recording = shared / "captures" / "asterix" / "cat_034_048_first_half.pcap"
    sensors = tmp_path / "SENSORS.toml"
    sensors.write_text(RADARS)
    decoded = skypicket("decode", "--format", "asterix", recording, "--sensors", sensors)
    assert decoded.returncode == 0, decoded.stderr
    plots = [json.loads(line) for line in decoded.stdout.splitlines()]
    assert sum(plot["kind"] == "range_azimuth" for plot in plots) == 62
    observed = tmp_path / "plots.jsonl"
    observed.write_text(decoded.stdout)
    tracked = skypicket("track", observed, "--sensors", sensors, "--out", tmp_path / "t.parquet")
    assert tracked.returncode == 0, tracked.stderr


@pytest.fixture
def system(shared: Path, helicopter: Path, tmp_path: Path) -> Iterator[tuple[Any, str]]:
    """A live system that reads both recordings from files."""
    recording = shared / "captures" / "asterix" / "cat_034_048_first_half.pcap"
    port = free_port()
    config = tmp_path / "site.toml"
    config.write_text(
        f'[system]\nmode = "live"\n[web]\nport = {port}\n{RADARS}{RECEIVER}'
        f'[[sources]]\nid = "radars"\nformat = "asterix"\n'
        f"sensors = {[f'25/{sic}' for sic in (11, 12, 13, 14, 201, 204, 205)]}\n"
        f'link = {{ type = "file", path = "{recording}" }}\n'
        f'[[sources]]\nid = "receiver"\nformat = "readsb-json"\nsensors = ["adsb"]\n'
        f'link = {{ type = "file", path = "{helicopter}" }}\n'
    )
    assert skypicket("check", config).returncode == 0
    process = subprocess.Popen(
        [sys.executable, "-m", "skypicket.cli", "run", str(config)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    yield process, f"http://127.0.0.1:{port}"
    if process.poll() is None:
        process.kill()
    process.communicate(timeout=30)


@pytest.mark.timeout(150)
def test_real_recordings_run_through_the_live_system(system: tuple[Any, str]) -> None:
    process, url = system
    deadline_s = time.monotonic() + 90
    health: dict[str, Any] = {"links": [], "behind": 1}
    while time.monotonic() < deadline_s:
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=10) as answer:
                health = json.load(answer)
        except OSError:
            assert process.poll() is None
        messages = {link["source"]: link["messages"] for link in health["links"]}
        if messages.get("receiver", 0) >= LINES and health["behind"] <= 2:
            break
        time.sleep(0.2)
    assert messages == {"radars": 50, "receiver": LINES}
    with urllib.request.urlopen(f"{url}/metrics", timeout=10) as answer:
        metrics = answer.read().decode()
    rejects = [line for line in metrics.splitlines() if line.startswith("skypicket_rejects_total")]
    assert rejects == []
    process.terminate()
    assert process.wait(60) == 0
