"""`skypicket doctor` looks at the disk that was meant, or says why it cannot."""

import subprocess
import sys
from pathlib import Path

import pytest

from skypicket.cli.doctor import check_folder
from skypicket.domain.errors import InputError


def doctor(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "skypicket.cli", "doctor", *words],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_a_folder_that_is_missing_is_one_clear_line_and_exit_3(tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    done = doctor("--state", str(missing))
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.count("\n") == 1
    assert f"--state {missing}: there is no such folder. Make it" in done.stderr
    assert not missing.exists()


def test_a_file_in_place_of_a_folder_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "state"
    path.write_text("")
    with pytest.raises(InputError, match="this is a file"):
        check_folder(path)


def test_a_folder_that_is_there_is_looked_at(tmp_path: Path) -> None:
    done = doctor("--state", str(tmp_path))
    assert done.returncode in {0, 1}, done.stderr  # 1 where the disk is nearly full
    assert "free disk: " in done.stdout
    assert "fsync: " in done.stdout
    assert list(tmp_path.iterdir()) == []
