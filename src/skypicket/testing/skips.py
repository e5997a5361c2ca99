"""A pytest plugin: in CI, a skip that nobody allowed fails the run.

A skipped test is a promise that nobody checks. Outside CI that is the choice of whoever runs the
tests; with `CI=true` each skip must be named in `tests/peers/allowed-skips.toml`:

    [[skip]]
    test = "tests/peers/test_apex*"            # a pattern over the node id
    reason = "Apex is not published as a package; its recorded exchange is replayed instead"

Both are matched as shell patterns; `reason` is for people, and is not matched.
"""

import os
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

ALLOWED = "tests/peers/allowed-skips.toml"


def allowed_tests(path: Path) -> list[str]:
    """The patterns over node ids that may skip; none where the file does not exist.

    Raises:
        pytest.UsageError: an entry lacks its test or its reason.
    """
    if not path.is_file():
        return []
    entries = tomllib.loads(path.read_text(encoding="utf-8")).get("skip", [])
    for entry in entries:
        if not entry.get("test") or not entry.get("reason"):
            raise pytest.UsageError(f"{path}: each [[skip]] needs a test and a reason: {entry}.")
    return [entry["test"] for entry in entries]


class SkipWatch:
    """Gathers the skips of one run, and fails the run for those that were not allowed."""

    def __init__(self, allowed: list[str]) -> None:
        self.allowed = allowed
        self.forbidden: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a skipped test; an expected failure (xfail) is no skip."""
        if report.skipped and not hasattr(report, "wasxfail"):
            self._note(report.nodeid, _reason(report))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note a module that skipped while it was collected."""
        if report.skipped:
            self._note(report.nodeid, _reason(report))

    def _note(self, nodeid: str, reason: str) -> None:
        if not any(fnmatchcase(nodeid, pattern) for pattern in self.allowed):
            self.forbidden.append(f"{nodeid}: {reason}")

    def sentences(self) -> Iterator[str]:
        """What to tell the reader of the CI log; nothing if all is well."""
        if self.forbidden:
            yield (
                f"CI=true, and {len(self.forbidden)} skip(s) are not named in {ALLOWED}. Install "
                "what is missing, or name the test there with the reason:"
            )
            yield from (f"  {line}" for line in self.forbidden)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Turn a good run into a failed one."""
        if self.forbidden and session.exitstatus in {
            pytest.ExitCode.OK,
            pytest.ExitCode.NO_TESTS_COLLECTED,
        }:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say it where people look, above the closing line."""
        for sentence in self.sentences():
            terminalreporter.write_line(sentence, red=True)


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    if isinstance(report.longrepr, tuple):
        return str(report.longrepr[2]).removeprefix("Skipped: ")
    return str(report.longrepr or "no reason given")


def pytest_configure(config: pytest.Config) -> None:
    """Watch only where CI says that it is CI."""
    if os.environ.get("CI", "").lower() == "true":
        watch = SkipWatch(allowed_tests(config.rootpath / ALLOWED))
        config.pluginmanager.register(watch, "skypicket-skips")
