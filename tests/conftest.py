"""Fixtures that every test may ask for, and how hypothesis behaves."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from skypicket.testing import ManualClock
from skypicket.testing.builders import NIGHT_NS

ROOT = Path(__file__).resolve().parent.parent

# No test depends on how fast the machine is; CI tries the same examples each time.
settings.register_profile(
    "house",
    deadline=None,
    derandomize=os.environ.get("CI", "").lower() == "true",
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
)
settings.load_profile("house")


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
