import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from skypicket import formats
from skypicket.cli.decode import decode

FILE = re.compile(
    r"^\*\*`(?P<path>[^`]+)`\*\*\n(?:[^`]*?)^```\w+\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
LINE = re.compile(r"^R7;.*$", re.MULTILINE)


@pytest.fixture
def page(repository: Path) -> str:
    return (repository / "docs" / "add-a-format.md").read_text()


@pytest.fixture
def package(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The package of the page: its files, and what an installer would write of it."""
    for found in FILE.finditer(page):
        path = tmp_path / found["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(found["text"])
    project = tomllib.loads((tmp_path / "pyproject.toml").read_text())["project"]
    about = tmp_path / "src" / "skypicket_plotline-1.0.dist-info"
    about.mkdir()
    named = f"Name: {project['name']}\nVersion: {project['version']}\n"
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\n{named}")
    points = project["entry-points"]["skypicket.formats"]
    lines = [f"{name} = {place}" for name, place in points.items()]
    (about / "entry_points.txt").write_text("\n".join(["[skypicket.formats]", *lines]))
    monkeypatch.syspath_prepend(tmp_path / "src")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "src"))
    return tmp_path


@pytest.mark.usefixtures("package")
def test_the_format_of_the_page_is_found_by_its_entry_point() -> None:
    assert "plotline" in formats.names()
    assert formats.load("plotline").name == "plotline"


def test_the_tests_of_the_page_pass(package: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"]
    done = subprocess.run(command, cwd=package, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 passed" in done.stdout


def test_the_command_decodes_the_line_of_the_page(
    package: Path, page: str, capfd: pytest.CaptureFixture[str]
) -> None:
    line = LINE.search(page)
    assert line is not None
    file = package / "plots.txt"
    file.write_text(f"{line[0]}\n{line[0][:-1]}0\n{line[0]}\n")
    assert decode(file, format="plotline") == 1
    sys.stdout.flush()
    said = capfd.readouterr()
    assert said.out.count('"sensor_id":"R7","time_ns":1753667760000000000') == 2
    assert '"reason":"bad_checksum"' in said.err
