"""What every command prints with: lines for machines, progress for people."""

import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


def say(text: str) -> None:
    """Print a line for people on stdout, at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def note(text: str) -> None:
    """Print a line on stderr: what is no result."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def stdout_json(line: bytes) -> None:
    """Print one JSON line on stdout."""
    sys.stdout.buffer.write(line + b"\n")


def stderr_json(line: bytes) -> None:
    """Print one JSON line on stderr."""
    sys.stderr.buffer.write(line + b"\n")
    sys.stderr.buffer.flush()


def progress(items: Iterable[T], total: int | None, title: str) -> Iterator[T]:
    """Hand the items on, with a progress bar on stderr if that is a terminal.

    The bar shows itself only where work takes more than a moment; pipes see nothing of it.
    """
    if not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console  # noqa: PLC0415 -- slow to import, needed on terminals only
    from rich.progress import Progress  # noqa: PLC0415

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=total)
        for item in items:
            yield item
            bar.advance(task)
