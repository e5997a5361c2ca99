import ast
from typing import Any

MODULE_LINES = 400
FUNCTION_LINES = 40
MEDIAN_LINES = 200


def _body_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its head and docstring."""
    first = node.body[0]
    has_docstring = (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    )
    body = node.body[1:] if has_docstring else node.body
    return (node.end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_a_module_is_no_longer_than_400_lines(modules: Any, none_found: Any) -> None:
    sizes = {m.path: m.text.count("\n") for m in modules}
    none_found(
        "A room that needs more is two rooms:",
        [f"{path}: {size} lines" for path, size in sizes.items() if size > MODULE_LINES],
    )


def test_a_function_fits_the_window(modules: Any, none_found: Any) -> None:
    offenders = [
        f"{module.path}:{node.lineno} {node.name}: {size} lines"
        for module in modules
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (size := _body_lines(node)) > FUNCTION_LINES
    ]
    none_found(f"A function body has at most {FUNCTION_LINES} lines:", offenders)


def test_the_median_module_is_a_small_one(source: Any) -> None:
    sizes = sorted(m.text.count("\n") for m in source)
    assert sizes[len(sizes) // 2] <= MEDIAN_LINES


def test_the_rule_itself_counts_the_body_alone() -> None:
    (function,) = ast.parse(
        'def f(\n    a,\n):\n    """Says\n    much."""\n    b = a\n    return b\n'
    ).body
    assert isinstance(function, ast.FunctionDef)
    assert _body_lines(function) == 2
