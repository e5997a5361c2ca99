import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# Only these may touch a socket, a file or a clock; `testing` serves the tests.
MAY_TOUCH_THE_WORLD = {"links", "store", "engine", "web", "cli", "testing"}

OUTSIDE_MODULES = {
    "apsw": "a file",
    "asyncio": "a socket",
    "glob": "a file",
    "http": "a socket",
    "httpx": "a socket",
    "litestar": "a socket",
    "multiprocessing": "another process",
    "os": "the machine",
    "paho": "a socket",
    "random": "chance that nobody passed in",
    "requests": "a socket",
    "secrets": "chance that nobody passed in",
    "select": "a socket",
    "shutil": "a file",
    "socket": "a socket",
    "sqlite3": "a file",
    "ssl": "a socket",
    "subprocess": "another process",
    "tempfile": "a file",
    "threading": "another thread",
    "time": "a clock",
    "urllib": "a socket",
    "uvicorn": "a socket",
}
FILE_METHODS = {"read_bytes", "read_text", "write_bytes", "write_text", "iterdir", "unlink"}
CLOCK_METHODS = {"now", "today", "utcnow"}
SEEDED = {"default_rng", "SeedSequence", "Philox", "PCG64", "Generator"}


def _contract(repository: Path) -> dict[str, Any]:
    settings = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = settings["tool"]["importlinter"]["contracts"]
    found: dict[str, Any] = contract
    return found


def test_imports_go_down_the_layers_only(repository: Path) -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    command = [str(linter), "--no-logo", "--no-cache"]
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"\n{done.stdout[-4000:]}{done.stderr[-2000:]}"


def test_a_package_that_exists_is_a_fixed_layer(repository: Path, none_found: Any) -> None:
    open_seats = re.findall(r"\((\w+)\)", " ".join(_contract(repository)["layers"]))
    none_found(
        "These packages exist now; take off their round brackets in [tool.importlinter]:",
        [name for name in open_seats if (repository / "src/skypicket" / name).is_dir()],
    )


def test_the_contract_is_exhaustive(repository: Path) -> None:
    contract = _contract(repository)
    assert contract["exhaustive"] is True
    assert contract["containers"] == ["skypicket"]
    assert "exhaustive_ignores" not in contract
    assert "ignore_imports" not in contract


def test_only_the_outer_packages_touch_socket_file_or_clock(source: Any, none_found: Any) -> None:
    offenders = [
        f"{module.path}:{line} {what}"
        for module in source
        if module.package not in MAY_TOUCH_THE_WORLD and module.package
        for line, what in _touches(module.tree, _reads_package_files(module.text))
    ]
    none_found(
        "Formats, stages, geo and physics take time, chance and bytes as arguments:", offenders
    )


def _reads_package_files(text: str) -> bool:
    return "importlib.resources" in text or "from importlib import resources" in text


def _touches(tree: ast.Module, reads_package_files: bool) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            for name in _imported(node):
                if name in OUTSIDE_MODULES:
                    yield node.lineno, f"imports {name}: {OUTSIDE_MODULES[name]}"
        elif isinstance(node, ast.Call):
            yield from _call(node, reads_package_files)


def _imported(node: ast.Import | ast.ImportFrom) -> set[str]:
    if isinstance(node, ast.ImportFrom):
        return {(node.module or "").split(".")[0]} if node.level == 0 else set()
    return {alias.name.split(".")[0] for alias in node.names}


def _call(node: ast.Call, reads_package_files: bool) -> Iterator[tuple[int, str]]:
    match node.func:
        case ast.Name(id="open"):
            yield node.lineno, "calls open(): a file"
        case ast.Attribute(value=ast.Attribute(attr="random"), attr=name) if name.islower():
            if name not in SEEDED or not (node.args or node.keywords):
                yield node.lineno, f"calls np.random.{name}(): chance that nobody passed in"
        case ast.Attribute(value=ast.Name(id="datetime" | "date"), attr=name) if (
            name in CLOCK_METHODS
        ):
            yield node.lineno, f"calls datetime.{name}(): a clock"
        case ast.Attribute(value=opened, attr="open") if (
            re.search("path|file", ast.unparse(opened), re.IGNORECASE) and not reads_package_files
        ):
            yield node.lineno, "calls .open(): a file"
        case ast.Attribute(attr=name) if name in FILE_METHODS and not reads_package_files:
            yield node.lineno, f"calls .{name}(): a file"


def _of(code: str, reads_package_files: bool = False) -> list[str]:
    return [what for _, what in _touches(ast.parse(code), reads_package_files)]


def test_the_rule_itself_sees_what_it_should() -> None:
    assert _of("import socket, time") != []
    assert _of("from urllib.request import urlopen") != []
    assert _of("x = np.random.normal()") != []
    assert _of("x = np.random.default_rng()") != []
    assert _of("x = datetime.now(tz=UTC)") != []
    assert _of("open('x')") != []
    assert _of("Path('x').read_text()") != []
    assert _of("self.path.open()") != []


def test_the_rule_itself_lets_pass_what_is_pure() -> None:
    assert _of("x = np.random.default_rng(seed)") == []
    assert _of("x = rng.normal()") == []
    assert _of("import math") == []
    assert _of("self.cases.open(alarm)") == []
    assert _of("files('skypicket.geo').joinpath('x').read_bytes()", reads_package_files=True) == []
