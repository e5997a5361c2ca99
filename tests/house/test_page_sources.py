"""The page's own checks: its types, and the tests beside its sources."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


def _npm(repository: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """What npm says in ui/, by Node from the path or from the environment of these tests."""
    ours = str(Path(sys.executable).parent)
    path = os.pathsep.join((os.environ.get("PATH", ""), ours))
    npm = shutil.which("npm", path=path)
    if npm is None or not (repository / "ui/node_modules").is_dir():
        pytest.skip("no npm, or nothing in ui/node_modules: `scripts/build_page.sh` says why")
    return subprocess.run(
        [npm, "run", "--silent", *words],
        cwd=repository / "ui",
        env=os.environ | {"PATH": path, "CI": "true", "NO_COLOR": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def test_the_types_of_the_page_fit(repository: Path) -> None:
    done = _npm(repository, "check")
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


def test_the_tests_beside_the_page_s_sources_pass(repository: Path) -> None:
    done = _npm(repository, "test")
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


def test_every_package_of_the_page_is_locked_by_its_hash(repository: Path) -> None:
    lock = json.loads((repository / "ui/package-lock.json").read_text(encoding="utf-8"))
    packages = {name: said for name, said in lock["packages"].items() if name}
    assert len(packages) > 10
    assert [name for name, said in packages.items() if not said.get("integrity")] == []
