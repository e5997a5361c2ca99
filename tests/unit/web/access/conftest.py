"""A running system with one report desk and two HTTP sources, and a desk with its clock in hand."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from skypicket.engine.clock import SystemClock
from skypicket.engine.runtime import Runtime
from skypicket.engine.settings import Settings, parse_settings
from skypicket.testing import ManualClock
from skypicket.testing.visitor import Visitor, visiting
from skypicket.web.access.desk import AccessDesk
from skypicket.web.app import build_app
from skypicket.web.parts import WebParts

CONFIG = """
[[sensors]]
id = "desk"
kind = "person"
lat_deg = 54.7
lon_deg = 25.3

[[sensors]]
id = "adsb"
kind = "adsb"
lat_deg = 54.7
lon_deg = 25.3

[[sources]]
id = "reports"
format = "report"
sensors = ["desk"]
link = { type = "http" }

[[sources]]
id = "receiver"
format = "readsb-json"
sensors = ["adsb"]
link = { type = "http" }
"""


@pytest.fixture(scope="package")
def system_settings() -> Settings:
    return parse_settings(CONFIG, "site.toml")


@pytest.fixture(scope="package")
def runtime(
    system_settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Runtime]:
    running = Runtime(system_settings, tmp_path_factory.mktemp("access"), SystemClock())
    running.start()
    yield running
    running.stop()


@pytest.fixture
def desk(clock: ManualClock) -> AccessDesk:
    return AccessDesk(clock=clock)


@pytest.fixture
def parts(runtime: Runtime, desk: AccessDesk) -> WebParts:
    return WebParts(runtime=runtime, access=desk)


@pytest.fixture
def visitor(parts: WebParts) -> Iterator[Visitor]:
    with visiting(build_app(parts)) as somebody:
        yield somebody


@pytest.fixture
def state(tmp_path: Path) -> Path:
    folder = tmp_path / "state"
    folder.mkdir()
    return folder
