"""Writes docs/reference: nouns, commands, settings and public names, as the source says them.

python scripts/build_reference.py           # write the pages
python scripts/build_reference.py --check   # exit 1, naming each page that does not match
"""

import contextlib
import inspect
import io
import os
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from types import ModuleType

import msgspec

import skypicket
import skypicket.domain
from reference.fields import field_rows, structs_below
from reference.text import first_line, table
from skypicket.cli import COMMANDS, _load, main, top_help
from skypicket.domain.noun import Noun
from skypicket.domain.observations import COLUMNS
from skypicket.domain.tracks import CONTRIBUTOR_COLUMNS, TRACK_COLUMNS

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference"
NOTICE = "<!-- Written by scripts/build_reference.py from the source; run `make docs`. -->"


def modules(root: ModuleType) -> Iterator[ModuleType]:
    """Every public module below a package, the package first."""
    yield root
    for found in walk_packages(root.__path__, f"{root.__name__}."):
        if not any(part.startswith("_") for part in found.name.split(".")):
            yield import_module(found.name)


def nouns_page() -> str:
    """Each noun: its docstring, and its fields."""
    list(modules(skypicket.domain))
    kinds = sorted(Noun.__subclasses__(), key=lambda kind: (kind.__module__, kind.__name__))
    parts = [
        "# The nouns",
        (
            "All that is said inside Skypicket, in SI units with the unit in the name. In JSON the "
            "class name stands in the field `noun`; the schemas are in the folder `docs/schemas`. "
            "Every noun also has `releasability`, the label that says who may see it."
        ),
    ]
    for kind in kinds:
        parts += [f"## {kind.__name__}", inspect.getdoc(kind) or ""]
        parts.append(table(("field", "type", "default"), _named(kind, skip={"releasability"})))
    parts += ["# Parts of nouns", "Values that stand inside nouns."]
    for part in structs_below(kinds):
        parts += [f"## {part.__name__}", inspect.getdoc(part) or ""]
        parts.append(table(("field", "type", "default"), _named(part)))
    parts += [
        "# Columns",
        "The columns of an `ObservationBatch` by its kind; `time_ns` and `offset`",
    ]
    parts[-1] += " stand in every batch."
    rows = [
        (f"`{kind}`", _code(columns.required), _code(columns.optional))
        for kind, columns in COLUMNS.items()
    ]
    parts.append(table(("kind", "required", "optional"), rows))
    parts.append(f"A `TrackBatch` has {_code(TRACK_COLUMNS)}, and {_code(CONTRIBUTOR_COLUMNS)}.")
    return _page(parts)


def _named(
    kind: type[msgspec.Struct], skip: frozenset[str] | set[str] = frozenset()
) -> list[tuple[str, ...]]:
    return [row[:3] for row in field_rows(kind) if row[0].strip("`") not in skip]


def _code(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "none"


def settings_page() -> str:
    """Each table of a CONFIG.toml, each key with its default and what it means."""
    settings: type[msgspec.Struct] = import_module("skypicket.engine.settings").Settings
    parts = [
        "# Settings",
        (
            "All that a CONFIG.toml may say. Every key has a default or is marked *required*; a "
            "key that does not stand here is refused, with its line."
        ),
    ]
    for kind in (settings, *structs_below([settings])):
        parts += [f"## {kind.__name__}", first_line(kind)]
        parts.append(table(("key", "type", "default", "means"), field_rows(kind)))
    return _page(parts)


def commands_page() -> str:
    """What `skypicket`, and each of its commands, says with `--help`."""
    parts = [
        "# Commands",
        (
            "Exit codes: 0 good, 1 something wrong found in what was checked, 2 wrong usage, 3 bad "
            "input, 4 unavailable."
        ),
        _console(top_help()),
    ]
    for name, command in COMMANDS.items():
        parts += [f"## skypicket {name}", _console(_help([name]))]
        loaded = _load(command.place)
        for word in [] if inspect.isfunction(loaded) else loaded:
            if not word.startswith("-"):
                parts += [f"### skypicket {name} {word}", _console(_help([name, word]))]
    return _page(parts)


def _help(words: list[str]) -> str:
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.suppress(SystemExit):
        main([*words, "--help"])
    return said.getvalue()


def _console(text: str) -> str:
    lines = "\n".join(line.rstrip() for line in text.strip("\n").splitlines())
    return f"```text\n{lines}\n```"


def public_page() -> str:
    """Each public module with the names that others may use."""
    rows = []
    for module in modules(skypicket):
        names = public_names(module)
        if names:
            rows.append((f"`{module.__name__}`", first_line(module), _code(tuple(names))))
    return _page(
        [
            "# Public names",
            (
                "What may be imported by others. What is not here, and what begins with an "
                "underscore, may change without a word."
            ),
            table(("module", "what it is", "names"), rows),
        ]
    )


def public_names(module: ModuleType) -> list[str]:
    """`__all__` where a module has one, otherwise what it defines without an underscore."""
    listed = getattr(module, "__all__", None)
    if listed is not None:
        return sorted(listed)
    return sorted(
        name
        for name, value in vars(module).items()
        if not name.startswith("_")
        and (inspect.isclass(value) or inspect.isfunction(value))
        and value.__module__ == module.__name__
    )


def _page(parts: list[str]) -> str:
    return "\n\n".join([NOTICE, *(part.strip("\n") for part in parts if part)]) + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "nouns.md": nouns_page,
    "commands.md": commands_page,
    "settings.md": settings_page,
    "public.md": public_page,
}


def build() -> int:
    os.environ.update(COLUMNS="110", NO_COLOR="1", TERM="dumb")
    check = "--check" in sys.argv[1:]
    stale = 0
    for name, make in PAGES.items():
        path, wanted = FOLDER / name, make()
        if path.is_file() and path.read_text(encoding="utf-8") == wanted:
            continue
        stale += 1
        if check:
            print(f"docs/reference/{name} does not match the source. Run `make docs`.")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted, encoding="utf-8")
            print(f"docs/reference/{name}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(build())
