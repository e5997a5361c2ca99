"""The command as a new user meets it."""

import subprocess
import sys

import pytest

from skypicket.cli import COMMANDS, main, top_help


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "skypicket.cli", *words],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_help_lists_every_command_and_imports_none_of_them() -> None:
    code = (
        "import sys; from skypicket.cli import top_help; text = top_help(); "
        "assert all(word not in sys.modules for word in ('numba', 'numpy', 'cyclopts', 'rich'))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, timeout=60)
    assert done.returncode == 0
    assert all(name in top_help() for name in COMMANDS)


def test_help_is_no_error() -> None:
    assert run("--help").returncode == 0


def test_no_word_at_all_is_wrong_usage_and_shows_the_help() -> None:
    done = run()
    assert done.returncode == 2
    assert "Usage" in done.stdout


def test_an_unknown_command_is_wrong_usage_and_names_the_nearest() -> None:
    done = run("replya")
    assert done.returncode == 2
    assert "'replay'" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help_with_an_example(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        main([name, "--help"])
    assert stop.value.code == 0
    shown = capsys.readouterr().out
    if name in {"scenario", "incidents", "access"}:
        assert "list" in shown
    else:
        assert f"skypicket {name}" in shown.split("Example", 1)[1]


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_an_unknown_option_is_wrong_usage(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main([name, "--no-such-option"])
    assert stop.value.code == 2
    assert "Traceback" not in capsys.readouterr().err


def test_the_version_is_told() -> None:
    assert run("--version").stdout.startswith("skypicket 0.")
