import ast
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

# Paths of somebody's machine; split so that this file holds none.
MACHINE_PATH = re.compile(r"(?<![\w.$~}-])/(?:ro" + "ot|ho" + "me|tm" + r"p|wo" + r"rk|Users)/\w")

UNFINISHED = re.compile(r"\b(?:TO" + "DO|FIX" + "ME|X" + r"XX)\b")
EXEMPT = {"uv.lock", "LICENSE"}
TEXT = {".py", ".md", ".toml", ".sh", ".json", ".yml", ".txt", ".cfg", ".geojson", ""}


def _texts(repository: Path, files: tuple[str, ...]) -> Iterator[tuple[str, int, str]]:
    for path in files:
        if path in EXEMPT or Path(path).suffix not in TEXT:
            continue
        for number, line in enumerate((repository / path).read_text("utf-8").splitlines(), 1):
            yield path, number, line


def _bound(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every name that a module gives to something of its own."""
    for node in ast.walk(tree):
        match node:
            case (
                ast.FunctionDef(name=name)
                | ast.AsyncFunctionDef(name=name)
                | ast.ClassDef(name=name)
            ):
                yield node.lineno, name
            case ast.arg(arg="data", annotation=ast.Subscript(value=ast.Name(id="JSONBody"))):
                pass  # the web framework hands a request's body over by this name, and by no other
            case ast.arg(arg=name):
                yield node.lineno, name
            case ast.Name(id=name, ctx=ast.Store()):
                yield node.lineno, name
            case ast.Attribute(attr=name, ctx=ast.Store()):
                yield node.lineno, name


def _words(name: str) -> set[str]:
    return set(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().split("_"))


def test_no_name_is_an_empty_word(modules: Any, vocabulary: Any, none_found: Any) -> None:
    offenders = [
        f"{module.path}:{line} {name}"
        for module in modules
        if not module.path.startswith("tests/")  # which hold other programs' processes and data
        for line, name in _bound(module.tree)
        if _words(name) & vocabulary["empty"]
    ]
    none_found("One word per thing, from the field; these say nothing:", offenders)


def test_no_file_is_named_with_an_empty_word(
    files: tuple[str, ...], vocabulary: Any, none_found: Any
) -> None:
    # Only the file: a package's folder `data` is Python's own word for what it ships.
    offenders = [path for path in files if _words(Path(path).stem) & vocabulary["empty"]]
    none_found("One word per thing, from the field; these say nothing:", offenders)


def test_no_text_holds_a_path_of_a_machine(
    repository: Path, files: tuple[str, ...], none_found: Any
) -> None:
    found = [
        f"{path}:{number} {line.strip()[:80]}"
        for path, number, line in _texts(repository, files)
        if MACHINE_PATH.search(line)
    ]
    none_found("The project knows no machine but the reader's:", found)


def test_no_text_speaks_of_what_the_project_is_not_about(
    repository: Path, files: tuple[str, ...], vocabulary: Any, none_found: Any
) -> None:
    found = [
        f"{path}:{number} {word}"
        for path, number, line in _texts(repository, files)
        for word in re.findall(r"[a-z]+(?:\.[a-z]+)*", line.lower())
        if _digest(word) in vocabulary["foreign"]
    ]
    none_found("The project speaks of the project alone:", found)


def test_nothing_is_left_for_later_in_the_code(
    repository: Path, files: tuple[str, ...], none_found: Any
) -> None:
    found = [
        f"{path}:{number} {line.strip()[:80]}"
        for path, number, line in _texts(repository, files)
        if path.endswith((".py", ".sh")) and UNFINISHED.search(line)
    ]
    none_found("Do it now, or write an issue:", found)


def _digest(word: str) -> str:
    return sha256(word.encode()).hexdigest()[:12]


def test_the_rules_themselves_see_what_they_should(vocabulary: Any) -> None:
    assert MACHINE_PATH.search("see /ho" + "me/me/x")
    assert not MACHINE_PATH.search("docs/ho" + "me/x")
    assert _words("targetRange") & vocabulary["empty"]
    assert not _words("dataclass") & vocabulary["empty"]
    assert [name for _, name in _bound(ast.parse("def f(a): b = c"))] == ["f", "a", "b"]
