import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SLEEP_LIMIT_S = 0.5


def _tests(modules: Any) -> list[Any]:
    return [m for m in modules if m.path.startswith("tests/")]


def test_no_test_uses_a_mock(modules: Any, none_found: Any) -> None:
    offenders = [
        f"{module.path}:{node.lineno}"
        for module in modules
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        and re.search(r"\bmock\b|pytest_mock", ast.unparse(node))
    ]
    none_found("Tests use fakes with a name, from skypicket.testing; these use mocks:", offenders)


def test_every_test_asserts_something(modules: Any, none_found: Any) -> None:
    offenders = [
        f"{module.path}:{node.lineno} {node.name}"
        for module in _tests(modules)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
        and not _can_fail(node)
    ]
    none_found("A test that cannot fail is a defect; these assert nothing:", offenders)


def _can_fail(function: ast.AST) -> bool:
    for node in ast.walk(function):
        if isinstance(node, ast.Assert | ast.Raise):
            return True
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            if re.search(r"raises|fail|assert|check|expect|none_found|fnmatch_lines", name):
                return True
    return False


def test_no_test_waits_by_the_clock_alone(modules: Any, none_found: Any) -> None:
    offenders = [f"{m.path}:{line}" for m in _tests(modules) for line in _long_sleeps(m.tree)]
    none_found(f"Wait for an event, not for {SLEEP_LIMIT_S} s and more:", offenders)


def _long_sleeps(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Attribute(attr="sleep") | ast.Name(id="sleep"),
                args=[ast.Constant(value=float() | int() as seconds)],
            ) if seconds >= SLEEP_LIMIT_S:
                yield node.lineno


def test_test_files_have_names_of_their_own(modules: Any, none_found: Any) -> None:
    names = Counter(Path(m.path).name for m in _tests(modules))
    twice = [name for name, n in names.items() if n > 1 and name != "conftest.py"]
    none_found("Two test files share a name:", twice)


def test_test_folders_are_no_packages(files: tuple[str, ...]) -> None:
    assert [f for f in files if f.startswith("tests/") and f.endswith("__init__.py")] == []


def test_a_skip_says_what_is_missing(modules: Any, none_found: Any) -> None:
    offenders = []
    for module in _tests(modules):
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(
                ("pytest.skip", "mark.skip", "mark.skipif")
            ):
                words = node.args + [k.value for k in node.keywords if k.arg == "reason"]
                if not words or (len(words) < 2 and "skipif" in ast.unparse(node.func)):
                    offenders.append(f"{module.path}:{node.lineno}")
    none_found("A skip says what is missing:", offenders)


def test_every_bench_has_a_main(modules: Any, none_found: Any) -> None:
    offenders = [
        module.path
        for module in modules
        if module.path.startswith("bench/bench_")
        and not any(isinstance(n, ast.FunctionDef) and n.name == "main" for n in module.tree.body)
    ]
    none_found("bench/run.py runs main(); these have none:", offenders)


def test_the_makefile_has_at_most_ten_verbs(repository: Path) -> None:
    text = (repository / "Makefile").read_text(encoding="utf-8")
    verbs = re.findall(r"^([a-z][a-z-]*):", text, flags=re.MULTILINE)
    assert len(verbs) <= 10, verbs
    (phony,) = re.findall(r"^\.PHONY: (.*)$", text, flags=re.MULTILINE)
    assert set(verbs) == set(phony.split())


def test_ci_runs_what_people_run(repository: Path) -> None:
    assert "make test" in (repository / ".ci/run").read_text(encoding="utf-8")


def test_every_script_may_be_executed_and_stops_at_an_error(
    repository: Path, files: tuple[str, ...], none_found: Any
) -> None:
    offenders = []
    for path in files:
        if path.endswith(".sh") or path == ".ci/run":
            text = (repository / path).read_text(encoding="utf-8")
            if not re.search(r"^set -e?uo pipefail$", text, flags=re.MULTILINE):
                offenders.append(f"{path}: no `set -euo pipefail`")
            if not (repository / path).stat().st_mode & 0o100:
                offenders.append(f"{path}: not executable")
    none_found("Shell scripts are strict and executable:", offenders)
