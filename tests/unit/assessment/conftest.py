import pytest

from skypicket.testing.watches import BorderWatch


@pytest.fixture
def watch() -> BorderWatch:
    return BorderWatch()
