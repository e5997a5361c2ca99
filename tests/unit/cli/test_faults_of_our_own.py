"""The last fence of the command: a fault of ours is one line that says where, and exit code 70."""

import re

import pytest

from skypicket.cli import COMMANDS, INTERNAL_FAULT, Command, main


@pytest.fixture(autouse=True)
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command whose module cannot be imported, as after a damaged installation."""
    monkeypatch.setitem(COMMANDS, "broken", Command("skypicket.not_there:it", "is not there"))


def test_a_fault_of_ours_is_one_line_that_says_what_and_where(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SKYPICKET_TRACEBACK", raising=False)
    with pytest.raises(SystemExit) as ended:
        main(["broken"])
    assert ended.value.code == INTERNAL_FAULT
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert re.search(r"ModuleNotFoundError at __init__\.py:\d+: ", said)
    assert "skypicket.not_there" in said
    assert "Traceback" not in said


def test_whoever_wants_the_traceback_gets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKYPICKET_TRACEBACK", "1")
    with pytest.raises(ModuleNotFoundError):
        main(["broken"])
