import ast
import doctest
import importlib.util
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"


def _with_examples() -> list[str]:
    """Paths of modules whose docstrings hold an example."""
    folders = (SOURCE, ROOT / "bench", ROOT / "scripts")
    paths = sorted(path for folder in folders for path in folder.rglob("*.py"))
    return [str(p.relative_to(ROOT)) for p in paths if ">>> " in p.read_text(encoding="utf-8")]


def _load(path: Path) -> Any:
    if path.is_relative_to(SOURCE):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        return import_module(".".join(part for part in parts if part != "__init__"))
    spec = importlib.util.spec_from_file_location(f"examples_of_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("path", _with_examples())
def test_the_examples_in_docstrings_are_true(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.syspath_prepend(ROOT / "scripts")
    module = _load(ROOT / path)
    failed, tried = doctest.testmod(module, optionflags=doctest.ELLIPSIS)
    assert tried > 0, f"{path}: the examples are where doctest does not look"
    assert failed == 0


def test_every_public_thing_says_what_it_is(source: Any, none_found: Any) -> None:
    offenders = []
    for module in source:
        if not ast.get_docstring(module.tree) and module.text.strip():
            offenders.append(f"{module.path}:1 the module")
        for node in module.tree.body:
            match node:
                case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                    if not name.startswith("_") and not ast.get_docstring(node):
                        offenders.append(f"{module.path}:{node.lineno} {name}")
    none_found("A docstring's first line is a fact; these have none:", offenders)
