"""A short night, so that whole runs fit into a test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from skypicket.scenario import Night, load_night

SHORT_NIGHT = Path(__file__).parent / "short_night.toml"


@pytest.fixture
def short_night() -> Night:
    """Six minutes: one object across the border, one radar, one desk."""
    return load_night(SHORT_NIGHT.read_text(encoding="utf-8"))


@pytest.fixture
def finish() -> Callable[[Iterator[int]], None]:
    """Works an iterator through to its end."""

    def run(steps: Iterator[int]) -> None:
        for _ in steps:
            pass

    return run
