import ast
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

Vocabulary = Mapping[str, frozenset[str]]

# In cli names are options, in testing they are read in sentences.
SPEAK_OTHERWISE = {"cli", "testing"}
REAL = {"float", "FloatColumn", "Latitude", "Longitude", "NotNegative", "Positive", "Probability"}
WHOLE = {"int"}
Number = tuple[int, str, bool]  # line, name, whether it is a whole one


def _kind(annotation: ast.expr | None) -> str:
    """`real`, `whole`, or "" for what is no number."""
    match annotation:
        case ast.Name(id=name):
            return "real" if name in REAL else "whole" if name in WHOLE else ""
        case ast.BinOp(left=left, op=ast.BitOr(), right=ast.Constant(value=None)):
            return _kind(left)
        case ast.Subscript(value=ast.Name(id="Annotated"), slice=ast.Tuple(elts=[first, *_])):
            return _kind(first)
        case _:
            return ""


def _says_unit(name: str, whole: bool, vocabulary: Vocabulary) -> bool:
    words = name.strip("_").lower().split("_")
    if words[-1] in vocabulary["units"] or "per" in words:
        return True
    if whole:  # most are counts and codes; only a bare quantity is in doubt
        return words[-1] not in vocabulary["quantities"]
    return words[-1] in vocabulary["without_unit"] or words[0] == "p"


def _numbers(tree: ast.Module, *, fields: bool = True) -> Iterator[Number]:
    """Parameters of public functions, and fields of public classes, that are numbers.

    The fields of formats are left out: their names stand in the bytes.
    """
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef(name=name) if fields and not name.startswith("_"):
                yield from _fields(node)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                if not name.startswith("_") or name == "__init__":
                    yield from _parameters(node.args)


def _fields(node: ast.ClassDef) -> Iterator[Number]:
    for statement in node.body:
        match statement:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation):
                kind = _kind(annotation)
                if kind and not name.startswith("_"):
                    yield statement.lineno, name, kind == "whole"


def _parameters(arguments: ast.arguments) -> Iterator[Number]:
    for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
        kind = _kind(argument.annotation)
        if kind:
            yield argument.lineno, argument.arg, kind == "whole"


def test_every_number_says_its_unit(
    source: Any, vocabulary: Vocabulary, none_found: Callable[..., None]
) -> None:
    offenders = [
        f"{module.path}:{line} {name}"
        for module in source
        if "_kernels" not in module.path and module.package not in SPEAK_OTHERWISE
        for line, name, whole in _numbers(module.tree, fields=module.package != "formats")
        if not _says_unit(name, whole, vocabulary)
    ]
    none_found(
        "A number's name ends with its unit (range_m, time_ns), or with a word of "
        "tests/house/vocabulary.toml that needs none:",
        offenders,
    )


def test_the_rule_itself_finds_numbers() -> None:
    tree = ast.parse("class A:\n x: float\n y_m: float | None\n z: str\ndef f(time: int): ...")
    found = {(name, whole) for _, name, whole in _numbers(tree)}
    assert found == {("x", False), ("y_m", False), ("time", True)}


@pytest.mark.parametrize("name", ["range", "altitude", "x", "speed", "time", "sigma"])
def test_the_rule_itself_refuses_a_bare_quantity(name: str, vocabulary: Vocabulary) -> None:
    assert not _says_unit(name, whole=False, vocabulary=vocabulary)


@pytest.mark.parametrize("name", ["range_m", "p_crossing", "false_alarms_per_scan", "gain"])
def test_the_rule_itself_accepts_a_unit_or_none_needed(name: str, vocabulary: Vocabulary) -> None:
    assert _says_unit(name, whole=False, vocabulary=vocabulary)


def test_the_rule_itself_lets_a_count_be_a_count(vocabulary: Vocabulary) -> None:
    assert _says_unit("messages", whole=True, vocabulary=vocabulary)
    assert not _says_unit("timeout", whole=True, vocabulary=vocabulary)
