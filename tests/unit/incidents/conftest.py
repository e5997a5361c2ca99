import pytest

from skypicket.testing.desks import Desk


@pytest.fixture
def desk() -> Desk:
    return Desk()
