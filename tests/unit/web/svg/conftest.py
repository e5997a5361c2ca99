"""One scene for all tests of the drawn picture, wiped before each."""

from collections.abc import Iterator

import pytest

from skypicket.testing.scenes import Scene, still_scene


@pytest.fixture(scope="package")
def _drawn_scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with still_scene(tmp_path_factory.mktemp("drawn")) as scene:
        yield scene


@pytest.fixture
def scene(_drawn_scene: Scene) -> Scene:
    _drawn_scene.wipe()
    return _drawn_scene
