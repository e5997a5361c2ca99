"""Disks that are full and folders that are missing: one clear line, and the right exit code."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from skypicket.cli.scenario import read_night
from skypicket.domain.errors import ConfigurationError
from skypicket.engine.sensor_file import parse_toml
from skypicket.store.record import Record

LINE = '{"kind":"presence","sensor_id":"A1","time_ns":5}\n'
FULL = Path("/dev/full")


def said(*words: str, stdout: int = subprocess.DEVNULL) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "skypicket.cli", *words],
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stderr


@pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full")
def test_a_full_disk_behind_stdout_is_one_line_and_exit_4(tmp_path: Path) -> None:
    lines = tmp_path / "heard.jsonl"
    lines.write_text(LINE * 10)
    full = os.open(FULL, os.O_WRONLY)
    try:
        code, text = said("decode", "--format", "observations", str(lines), stdout=full)
    finally:
        os.close(full)
    assert (code, text.count("\n")) == (4, 1)
    assert "No space left on device" in text


def test_a_checkpoint_that_cannot_be_written_is_one_line_and_exit_3(tmp_path: Path) -> None:
    path = tmp_path / "night.record"
    Record.open(path).close()
    place = str(tmp_path / "missing" / "checkpoint")
    code, text = said("verify", str(path), "--write-checkpoint", place)
    assert (code, text.count("\n")) == (3, 1)
    assert place in text


def test_a_night_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text("[scenario]\ncolour = 1\n")
    with pytest.raises(ConfigurationError, match=r"own\.toml: "):
        read_night(str(path))


def test_toml_that_is_nested_too_deeply_is_refused_by_name() -> None:
    with pytest.raises(ConfigurationError, match=r"SENSORS\.toml: is nested too deeply"):
        parse_toml(f"x = {'[' * 5000}1{']' * 5000}\n", "SENSORS.toml")


def test_a_night_with_an_endless_number_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text("[scenario]\nname = 'x'\nduration_s = inf\n")
    with pytest.raises(ConfigurationError, match=r"own\.toml:3: scenario\.duration_s: inf is not"):
        read_night(str(path))
