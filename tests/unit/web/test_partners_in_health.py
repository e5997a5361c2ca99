"""A partner whose picture stands still is named in /healthz, with the reason; the others go on."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from skypicket.domain.times import NS_PER_S
from skypicket.engine.runtime import Runtime
from skypicket.testing import canaries
from skypicket.testing.access import session_of
from skypicket.testing.builders import NIGHT_NS
from skypicket.testing.scenes import StillClock
from skypicket.testing.visitor import visiting
from skypicket.web.access.desk import AccessDesk
from skypicket.web.api.system import system_view
from skypicket.web.app import build_app
from skypicket.web.health import briefly, health_of
from skypicket.web.parts import WebParts


class ClockThatEndsLatvia(StillClock):
    """A clock at which the thread of one partner ends; everybody else is told the time."""

    def __call__(self) -> int:
        if threading.current_thread().name == "partner LVA":
            raise SystemExit("no time for it")
        return super().__call__()


def eventually(holds: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline_s, "it did not come to that"
        time.sleep(0.01)


@pytest.fixture
def without_latvia(tmp_path: Path) -> Iterator[Runtime]:
    """A running system of two partners, for one of whom no picture is made any more."""
    clock = ClockThatEndsLatvia(NIGHT_NS + canaries.SECONDS * NS_PER_S)
    runtime = Runtime(canaries.settings(), tmp_path, clock)
    runtime.start()
    eventually(lambda: "It has ended" in runtime.partner_faults.get("LVA", ""))
    yield runtime
    runtime.stop()


def test_a_partner_whose_thread_died_is_named_with_the_reason(without_latvia: Runtime) -> None:
    told = health_of(without_latvia)
    said = "It has ended (SystemExit: no time for it); only a restart makes it again."
    assert told.partners == {"LVA": said}
    assert told.ok
    assert briefly(told).partners == {}


def test_that_partner_is_told_that_its_sender_is_not_well(without_latvia: Runtime) -> None:
    pictures = without_latvia.partner_pictures
    views = {code: system_view(without_latvia, shown) for code, shown in pictures.items()}
    assert {code: view.well for code, view in views.items()} == {"LVA": False, "POL": True}
    assert views["LVA"].text == "The sending system is not well."
    assert system_view(without_latvia, without_latvia.picture).well


def test_over_http_the_own_side_reads_it_and_a_partner_does_not(without_latvia: Runtime) -> None:
    desk = AccessDesk()
    with visiting(build_app(WebParts(runtime=without_latvia, access=desk))) as somebody:
        viewer = somebody.with_session(session_of(desk, "viewer"))
        partner = somebody.with_session(session_of(desk, "partner", clearance="POL"))
        assert set(viewer.get("/healthz").json()["partners"]) == {"LVA"}
        assert partner.get("/healthz").json()["partners"] == {}
