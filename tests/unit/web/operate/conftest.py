"""One scene for all tests of what operators do, wiped before each."""

from collections.abc import Iterator

import pytest

from skypicket.testing.scenes import Scene, still_scene


@pytest.fixture(scope="package")
def _one_scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with still_scene(tmp_path_factory.mktemp("operate")) as scene:
        yield scene


@pytest.fixture
def scene(_one_scene: Scene) -> Scene:
    _one_scene.wipe()
    return _one_scene
