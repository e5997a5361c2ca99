"""Runs every bench/bench_*.py by itself and shows their numbers beside what must be reached.

Each prints lines `name | value | unit | must reach`; the last is like `>= 200000`, `<= 0.25`, or a
dash where nothing is asked. Exit code 0: all reached; 1: some missed, or a bench failed.

    python bench/run.py [--only NAME] [--timeout-s 900]
"""

import argparse
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

HERE = Path(__file__).resolve().parent
_GOAL = re.compile(r"^(?P<sign>>=|≥|>|<=|≤|<|==|=)\s*(?P<value>[-+0-9.eE_,]+)$")


class Line(NamedTuple):
    """One measured number."""

    bench: str
    name: str
    value: str
    unit: str
    goal: str

    @property
    def reached(self) -> bool | None:
        """Whether the value meets its goal; None where there is no goal."""
        match = _GOAL.match(self.goal)
        if match is None:
            return None
        value, goal = _number(self.value), _number(match["value"])
        signs = {">=": value >= goal, "≥": value >= goal, ">": value > goal}
        signs |= {"<=": value <= goal, "≤": value <= goal, "<": value < goal}
        return signs.get(match["sign"], value == goal)


def _number(text: str) -> float:
    return float(text.replace(",", "").replace("_", ""))


def parse(bench: str, output: str) -> Iterator[Line]:
    """The measured lines in what a bench printed; other lines are its talk.

    >>> [line.reached for line in parse("b", "x | 3 | s | <= 2\\ny | 1 | s | -\\ntalk")]
    [False, None]
    """
    for text in output.splitlines():
        parts = [part.strip() for part in text.split("|")]
        if len(parts) == 4 and parts[:2] != ["name", "value"]:
            yield Line(bench, *parts)


def run(path: Path, timeout_s: float) -> tuple[list[Line], str]:
    """What one bench measured, and what went wrong ("" for nothing)."""
    try:
        done = subprocess.run(
            [sys.executable, str(path)],
            capture_output=True,
            timeout=timeout_s,
            check=False,
            cwd=HERE.parent,
        )
    except subprocess.TimeoutExpired as late:
        said = (late.stdout or b"").decode()
        return list(parse(path.stem, said)), f"did not end within {timeout_s:g} s"
    talk = done.stderr.decode().strip()[-2000:]
    trouble = "" if done.returncode == 0 else talk or "failed silently"
    lines = list(parse(path.stem, done.stdout.decode()))
    if not lines and not trouble:
        trouble = "printed no `name | value | unit | must reach` line"
    return lines, trouble


def _row(line: Line) -> tuple[str, ...]:
    word = {True: "reached", False: "MISSED", None: ""}[line.reached]
    return (line.bench.removeprefix("bench_"), line.name, line.value, line.unit, line.goal, word)


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure, beside what must be reached.")
    parser.add_argument("--only", default="", help="only benches whose name holds this")
    parser.add_argument("--timeout-s", type=float, default=900.0, help="per bench")
    options = parser.parse_args()
    paths = [p for p in sorted(HERE.glob("bench_*.py")) if options.only in p.stem]
    if not paths:
        print(f"No bench has {options.only!r} in its name.", file=sys.stderr)
        return 2
    console = Console(width=None if sys.stdout.isatty() else 120)
    table = Table("bench", "name", "value", "unit", "must reach", "", title="Skypicket, measured")
    for column in (2, 4):
        table.columns[column].justify = "right"
    missed = 0
    for path in paths:
        print(f"{path.stem} ...", file=sys.stderr, flush=True)
        lines, trouble = run(path, options.timeout_s)
        for line in lines:
            missed += line.reached is False
            table.add_row(*_row(line), style="bold" if line.reached is False else None)
        if trouble:
            missed += 1
            table.add_row(path.stem.removeprefix("bench_"), "failed", "", "", "", "MISSED")
            print(f"{path.name}: {trouble}", file=sys.stderr)
    console.print(table)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
