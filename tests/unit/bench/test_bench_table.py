import importlib.util
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def bench(repository: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("bench_run", repository / "bench" / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("value", "goal", "reached"),
    [
        ("210,000", ">= 200000", True),
        ("199999", "≥ 200000", False),
        ("0.2", "<= 0.25", True),
        ("0.3", "< 0.3", False),
        ("0", "= 0", True),
        ("7", "-", None),
    ],
)
def test_a_value_is_judged_by_its_goal(
    bench: ModuleType, value: str, goal: str, reached: bool | None
) -> None:
    (line,) = bench.parse("bench_x", f"decode | {value} | records/s | {goal}")
    assert line.reached is reached


def test_a_bench_that_fails_is_no_silent_gap(bench: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "bench_broken.py"
    path.write_text("raise SystemExit('no terrain')")
    assert bench.run(path, 30.0) == ([], "no terrain")


def test_a_bench_that_hangs_is_ended(bench: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "bench_slow.py"
    path.write_text("import time\nprint('a | 1 | s | -', flush=True)\ntime.sleep(60)")
    lines, trouble = bench.run(path, 1.0)
    assert [line.name for line in lines] == ["a"]
    assert "did not end" in trouble


def test_a_bench_that_prints_no_number_is_a_failure(bench: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "bench_mute.py"
    path.write_text("print('all is well')")
    assert "printed no" in bench.run(path, 30.0)[1]
