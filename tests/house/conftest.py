"""What the house rules look at: the files that are, or are about to be, committed."""

import ast
import subprocess
import tomllib
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]


class Module(NamedTuple):
    """A Python file and its syntax tree."""

    path: str
    text: str
    tree: ast.Module

    @property
    def package(self) -> str:
        """The package below `skypicket`, "" outside of any."""
        parts = self.path.split("/")
        return parts[2] if parts[:2] == ["src", "skypicket"] and len(parts) > 3 else ""


@cache
def _files() -> tuple[str, ...]:
    """Paths from the root: tracked files, and new ones that are not ignored; none deleted."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return tuple(sorted({f for f in listed.stdout.split("\0") if f and (ROOT / f).is_file()}))


@cache
def _modules() -> tuple[Module, ...]:
    found = []
    for path in _files():
        if path.endswith(".py"):
            text = (ROOT / path).read_text(encoding="utf-8")
            found.append(Module(path, text, ast.parse(text, path)))
    return tuple(found)


@pytest.fixture(scope="session")
def files() -> tuple[str, ...]:
    """Every file of the repository, as a path from its root."""
    return _files()


@pytest.fixture(scope="session")
def modules() -> tuple[Module, ...]:
    """Every Python file of the repository with its syntax tree."""
    return _modules()


@pytest.fixture(scope="session")
def source(modules: tuple[Module, ...]) -> tuple[Module, ...]:
    """The Python files of the product."""
    return tuple(m for m in modules if m.path.startswith("src/skypicket/"))


@pytest.fixture(scope="session")
def vocabulary() -> dict[str, frozenset[str]]:
    """The words that names are judged by."""
    text = Path(__file__).with_name("vocabulary.toml").read_text(encoding="utf-8")
    return {name: frozenset(words.split()) for name, words in tomllib.loads(text).items()}


@pytest.fixture(scope="session")
def none_found() -> Callable[[str, Sequence[str]], None]:
    """Fails with the rule and every place that breaks it."""

    def check(rule: str, offenders: Sequence[str]) -> None:
        if offenders:
            places = "\n".join(f"  {offender}" for offender in offenders)
            pytest.fail(f"{rule}\n{places}", pytrace=False)

    return check
