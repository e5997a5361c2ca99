"""The kernels' cache: whole before the first scan, and known not to be when it is not."""

import subprocess
import sys
from pathlib import Path

import pytest

from skypicket.engine import kernels

CALLED_BY_THE_FIRST_SCANS = """
from importlib import import_module
from skypicket.engine.kernels import rehearse
rehearse()
for name in {names!r}:
    module, kernel = name.rsplit(":")
    if not getattr(import_module(module), kernel).signatures:
        print(name)
"""
STAGES = (
    "skypicket.formats.asterix._kernels:read_blocks",
    "skypicket.geo._kernels.outline:nearest_points",
    "skypicket.geo._kernels.outline:signed_distances",
    "skypicket.geo._kernels.polar:to_geodetic",
    "skypicket.assessment._kernels:normal_cdf",
    "skypicket.tracking._kernels.absorb:absorb",
)


def test_a_rehearsal_calls_what_the_first_scans_of_a_night_call() -> None:
    script = CALLED_BY_THE_FIRST_SCANS.format(names=STAGES)
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=240, check=False
    )
    assert (ran.returncode, ran.stdout) == (0, ""), ran.stderr


def test_a_cache_is_whole_only_while_the_kernels_are_those_that_filled_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kernels.make_ready()
    assert kernels.cached()
    kept = tmp_path / "whole"
    monkeypatch.setattr(kernels, "WHOLE", str(kept))
    assert not kernels.cached()
    kept.write_text("of an earlier version")
    assert not kernels.cached()
    monkeypatch.setattr(kernels, "_stamp", lambda folder: "of an earlier version")
    assert kernels.cached()


def test_a_fingerprint_follows_every_source_of_a_kernel_and_nothing_else(tmp_path: Path) -> None:
    inner = tmp_path / "tracking" / "_kernels" / "inner.py"
    inner.parent.mkdir(parents=True)
    inner.write_text("x = 1\n")
    before = kernels._stamp(tmp_path)
    (tmp_path / "tracking" / "tracker.py").write_text("y = 1\n")
    assert kernels._stamp(tmp_path) == before
    inner.write_text("x = 2\n")
    assert kernels._stamp(tmp_path) != before
