"""The command `skypicket`: a table of commands, each imported only when it is called.

Exit codes: 0 good, 1 something wrong found in what was checked, 2 wrong usage, 3 bad input,
4 unavailable, 70 a fault of Skypicket itself. An error is one clear line on stderr, never a
traceback.
"""

import inspect
import os
import sys
import traceback
from collections.abc import Sequence
from difflib import get_close_matches
from importlib import import_module
from typing import Any, NamedTuple

from skypicket.domain.errors import InputError, SkypicketError, UnavailableError

INTERNAL_FAULT = 70


class Command(NamedTuple):
    """Where a command's function (or group of commands) is, and what it does in one line."""

    place: str
    summary: str


COMMANDS: dict[str, Command] = {
    "demo": Command("skypicket.cli.demo:demo", "run a built-in night here, on loopback"),
    "run": Command("skypicket.cli.run:run", "run the live system of a configuration"),
    "access": Command("skypicket.cli.access:app", "accounts, one-time links, sensors' tokens"),
    "check": Command("skypicket.cli.check:check", "check a configuration: file, line, cure"),
    "doctor": Command("skypicket.cli.doctor:doctor", "check this machine"),
    "decode": Command("skypicket.cli.decode:decode", "sensor bytes to observation lines"),
    "track": Command("skypicket.cli.track:track", "observation lines to tracks"),
    "scenario": Command("skypicket.cli.scenario:app", "list and run simulated nights"),
    "replay": Command("skypicket.cli.replay:replay", "run a capture again: same bytes out"),
    "verify": Command("skypicket.cli.verify:verify", "find any change in a record or capture"),
    "incidents": Command("skypicket.cli.incidents:app", "list incidents and show their entries"),
    "explain": Command("skypicket.cli.explain:explain", "why an alarm was raised, down to bytes"),
    "export": Command("skypicket.cli.export:export", "captured entries as JSON lines"),
}

EXAMPLES = """Examples:
  skypicket demo                                   watch the built-in night
  skypicket scenario run quiet-12h --out night     make a night without waiting
  skypicket decode --format asterix radar.pcap     read a radar recording
  skypicket check site.toml && skypicket run site.toml

`skypicket COMMAND --help` says more, with an example."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command of `arguments` (default: the process's), and exit with its code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = _dispatch(words)
        sys.stdout.flush()
    except SkypicketError as error:
        _complain(str(error))
        code = error.exit_code
    except BrokenPipeError:
        _let_go_of_stdout()
        code = 0
    except OSError as error:
        _let_go_of_stdout()
        place = f"{error.filename}: " if error.filename else "What was to be written was not: "
        _complain(f"{place}{error.strerror or error}. Name another place, or make room.")
        code = InputError.exit_code if error.filename else UnavailableError.exit_code
    except Exception as error:  # the process's own fence: a line that says where, no traceback
        if os.environ.get("SKYPICKET_TRACEBACK"):
            raise
        _complain(
            f"a fault of Skypicket itself: {type(error).__name__} at {_place_of(error)}: {error}. "
            "Please report it; SKYPICKET_TRACEBACK=1 shows how it came there."
        )
        code = INTERNAL_FAULT
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)


def _place_of(error: Exception) -> str:
    """The last file and line of ours on the way to it."""
    ours = [at for at in traceback.extract_tb(error.__traceback__) if "skypicket" in at.filename]
    return f"{ours[-1].filename.rpartition(os.sep)[2]}:{ours[-1].lineno}"


def _let_go_of_stdout() -> None:
    """So that the end of the process does not try once more to write what cannot be written."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _dispatch(words: list[str]) -> int:
    if not words or words[0] in {"--help", "-h", "help"}:
        _say(top_help())
        return 0 if words else 2
    if words[0] in {"--version", "-V"}:
        from importlib.metadata import version  # noqa: PLC0415 -- not needed otherwise

        _say(f"skypicket {version('skypicket')}")
        return 0
    if words[0] not in COMMANDS:
        near = get_close_matches(words[0], COMMANDS, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        _complain(f"There is no command {words[0]!r}.{hint} `skypicket --help` lists them.")
        return 2
    return _call(words)


def top_help() -> str:
    """The text of `skypicket --help`, made without importing any command."""
    width = max(map(len, COMMANDS))
    lines = [f"  {name:<{width}}  {command.summary}" for name, command in COMMANDS.items()]
    return "\n".join(
        [
            "Usage: skypicket COMMAND …",
            "",
            "Keeps watch over low airspace: sees, warns, finds, remembers.",
            "",
            "Commands:",
            *lines,
            f"  {'--version':<{width}}  print the version",
            "",
            EXAMPLES,
        ]
    )


def _call(words: list[str]) -> int:
    from cyclopts import App, CycloptsError  # noqa: PLC0415 -- slow to import; `--help` needs none

    from skypicket.cli.logging import configure_log  # noqa: PLC0415 -- same

    configure_log("warning")
    app = App(name="skypicket", help_format="plaintext", help_formatter="plain", version_flags=[])
    app.command(_load(COMMANDS[words[0]].place), name=words[0])
    _show_examples(app[words[0]])
    try:
        result: Any = app(
            words, exit_on_error=False, print_error=False, result_action="return_value"
        )
    except CycloptsError as error:
        text = " ".join(str(error).split())
        _complain(f"{text} See `skypicket {words[0]} --help`.")
        return 2
    return int(result or 0)


def _show_examples(app: Any) -> None:
    """Let `--help` end with the example that stands in the function's docstring."""
    if app.default_command is not None:
        text = inspect.cleandoc(app.default_command.__doc__ or "")
        _, found, example = text.partition("Example:\n")
        app.help_epilogue = f"Example:\n{example}" if found else None
    for name in app:
        if not name.startswith("-"):
            _show_examples(app[name])


def _load(place: str) -> Any:
    module, _, attribute = place.partition(":")
    return getattr(import_module(module), attribute)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")


def _complain(text: str) -> None:
    sys.stderr.write(f"skypicket: {text}\n")
