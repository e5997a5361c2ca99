"""The same night gives the same files, and the same capture the same record."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from skypicket.domain.errors import InputError
from skypicket.engine.offline import run_night
from skypicket.engine.replay import OUTPUTS, Replay
from skypicket.scenario import Night
from skypicket.store.capture import Capture

Finish = Callable[[Iterator[int]], None]


def digests(folder: Path) -> dict[str, str]:
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def replayed(capture: Path, out: Path) -> Replay:
    with Replay(capture, out) as replay:
        for _ in replay.batches():
            pass
    return replay


def test_a_night_leaves_one_capture_and_one_record(
    short_night: Night, tmp_path: Path, finish: Finish
) -> None:
    finish(run_night(short_night, 1, tmp_path / "night"))
    assert sorted(digests(tmp_path / "night")) == ["night.capture", "night.record"]


def test_the_same_night_and_seed_give_the_same_bytes(
    short_night: Night, tmp_path: Path, finish: Finish
) -> None:
    finish(run_night(short_night, 1, tmp_path / "a"))
    finish(run_night(short_night, 1, tmp_path / "b"))
    assert digests(tmp_path / "a") == digests(tmp_path / "b")


def test_another_seed_gives_another_night(
    short_night: Night, tmp_path: Path, finish: Finish
) -> None:
    finish(run_night(short_night, 1, tmp_path / "a"))
    finish(run_night(short_night, 2, tmp_path / "b"))
    assert digests(tmp_path / "a")["night.capture"] != digests(tmp_path / "b")["night.capture"]


def test_a_replay_says_what_was_said(short_night: Night, tmp_path: Path, finish: Finish) -> None:
    finish(run_night(short_night, 1, tmp_path / "night"))
    replay = replayed(tmp_path / "night" / "night.capture", tmp_path / "again")
    original = (tmp_path / "night" / "night.record").read_bytes()
    assert (tmp_path / "again" / "night.record").read_bytes() == original
    assert replay.outcome.said["Incursion"] >= 1


def test_two_replays_are_alike_in_every_file(
    short_night: Night, tmp_path: Path, finish: Finish
) -> None:
    finish(run_night(short_night, 1, tmp_path / "night"))
    capture = tmp_path / "night" / "night.capture"
    replayed(capture, tmp_path / "a")
    replayed(capture, tmp_path / "b")
    assert digests(tmp_path / "a") == digests(tmp_path / "b")
    assert set(OUTPUTS) <= set(digests(tmp_path / "a"))


def test_the_hash_seed_of_python_changes_nothing(
    short_night: Night, tmp_path: Path, finish: Finish
) -> None:
    finish(run_night(short_night, 1, tmp_path / "night"))
    capture = tmp_path / "night" / "night.capture"
    for seed in ("1", "2"):
        subprocess.run(
            [sys.executable, "-m", "skypicket.cli", "replay", capture, "--out", tmp_path / seed],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            timeout=240,
        )
    assert digests(tmp_path / "1") == digests(tmp_path / "2")


def test_an_erased_report_is_missing_and_said_to_be(
    short_night: Night, tmp_path: Path, finish: Finish
) -> None:
    finish(run_night(short_night, 1, tmp_path / "night"))
    path = tmp_path / "night" / "night.capture"
    capture = Capture.open(path, single=True)
    personal = [entry.sequence for entry in capture.entries() if entry.personal]
    capture.erase(personal[0])
    capture.close()
    assert replayed(path, tmp_path / "again").outcome.erased == 1


def test_a_replay_never_overwrites_a_record(
    short_night: Night, tmp_path: Path, finish: Finish
) -> None:
    finish(run_night(short_night, 1, tmp_path / "night"))
    original = (tmp_path / "night" / "night.record").read_bytes()
    with pytest.raises(InputError, match="exists already"):
        Replay(tmp_path / "night" / "night.capture", tmp_path / "night")
    assert (tmp_path / "night" / "night.record").read_bytes() == original
