"""Fixtures that every test may ask for."""

from pathlib import Path

import pytest

from skypicket.testing import ManualClock
from skypicket.testing.builders import NIGHT_NS

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def clock() -> ManualClock:
    """A clock that shows 28 July 2025, 01:56 Zulu, until it is told to go on."""
    return ManualClock(NIGHT_NS)


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared measuring material beside the repository; skips where it is not."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("no ../shared/data here: the shared captures and terrain are missing")
    return folder
