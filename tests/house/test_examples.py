import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted(str(p.relative_to(ROOT)) for p in (ROOT / "examples").glob("*.py"))


@pytest.mark.parametrize("path", EXAMPLES)
def test_an_example_runs_and_says_something(path: str, tmp_path: Path) -> None:
    command = [sys.executable, "-W", "error", str(ROOT / path)]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, f"{path}:\n{done.stderr[-3000:]}"
    assert done.stdout.strip()


def test_there_are_examples() -> None:
    assert EXAMPLES
