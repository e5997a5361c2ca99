import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

LINK = re.compile(r"(?<!\!)\[[^\]]*\]\((?P<goal>[^)\s]+)\)")


def test_the_documentation_builds_without_a_warning(repository: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html"]
    done = subprocess.run(
        [*command, "-d", str(tmp_path / "trees"), "docs", str(tmp_path / "html")],
        cwd=repository,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"\n{done.stderr[-6000:]}"
    assert (tmp_path / "html" / "glossary.html").is_file()


def test_a_link_inside_the_repository_leads_somewhere(
    repository: Path, files: tuple[str, ...], none_found: Any
) -> None:
    found = []
    for path in (path for path in files if path.endswith(".md")):
        text = re.sub(r"```.*?```", "", (repository / path).read_text("utf-8"), flags=re.DOTALL)
        for match in LINK.finditer(text):
            goal = match["goal"].partition("#")[0]
            if re.match(r"[a-z]+:", goal) or not goal:
                continue
            if not ((repository / path).parent / goal).exists():
                found.append(f"{path}: {match['goal']}")
    none_found("These links lead nowhere:", found)


@pytest.mark.parametrize("name", ["README.md", "SCOPE.md"])
def test_the_first_page_fits_a_screen_or_two(repository: Path, name: str) -> None:
    assert (repository / name).read_text(encoding="utf-8").count("\n") <= 80


def test_a_decision_is_a_page_with_four_parts(repository: Path, none_found: Any) -> None:
    parts = ("## Context", "## Decision", "## What we gave up", "## How we would notice")
    offenders = []
    for path in sorted((repository / "docs/adr").glob("0*.md")):
        text = path.read_text(encoding="utf-8")
        missing = [part for part in parts if part.lower() not in text.lower()]
        if missing or text.count("\n") > 60:
            offenders.append(f"{path.name}: {text.count(chr(10))} lines, without {missing}")
    none_found("A decision has at most 60 lines, and these parts:", offenders)
