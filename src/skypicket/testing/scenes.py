"""A system that stands still at 04:56, whose picture a test paints, and those who ask for it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from skypicket.domain.assessments import Approach, Evidence, Loss
from skypicket.domain.incidents import Alarm
from skypicket.domain.labels import Releasability
from skypicket.domain.noun import Noun
from skypicket.domain.times import NS_PER_S
from skypicket.engine.picture import Picture
from skypicket.engine.runtime import Runtime
from skypicket.engine.settings import parse_settings
from skypicket.geo.frame import TheatreFrame
from skypicket.testing.access import demo_session, session_of
from skypicket.testing.builders import NIGHT_NS
from skypicket.testing.clocks import ManualClock
from skypicket.testing.pictures import Shown, picture
from skypicket.testing.visitor import Answer, Visitor, visiting
from skypicket.web.access.desk import AccessDesk
from skypicket.web.access.principal import Role
from skypicket.web.app import build_app
from skypicket.web.parts import WebParts

FRAME = TheatreFrame(54.7, 25.3)
PARTNER = "LVA"
PATIENCE_S = 120.0
CONFIG = """
[system]
name = "east"
mode = "simulation"
theatre = { lat_deg = 54.7, lon_deg = 25.3 }
show_s = 60.0  # what a test painted stays

[[sensors]]
id = "R1"
kind = "radar"
lat_deg = 54.6
lon_deg = 25.0
ground_amsl_m = 130.0
mast_m = 20.0
max_range_m = 100000.0
detection = { model = "radar", range_m = 200000.0, rcs_m2 = 1.0, probability = 0.9 }

[[sensors]]
id = "ads-b"
kind = "adsb"
lat_deg = 54.8
lon_deg = 25.2

[[sensors]]
id = "desk"
kind = "person"
lat_deg = 54.7
lon_deg = 25.3

[[sources]]
id = "radar"
format = "asterix"
sensors = ["R1"]

[[sources]]
id = "reports"
format = "report"
sensors = ["desk"]
personal = "report"
link = { type = "http" }

[[sources]]
id = "anybody"
format = "readsb-json"

[[zones]]
zone_id = "range"
name = "A range"
kind = "restricted"
polygon = [[[24.3, 55.0], [24.5, 55.0], [24.5, 55.1], [24.3, 55.1], [24.3, 55.0]]]
"""


class StillClock(ManualClock):
    """A manual clock of an engine, at the pace of the real one."""

    speed_factor = 1.0

    def wait_s(self, time_ns: int) -> float:
        """Seconds until the clock would show `time_ns`."""
        return max(0.0, (time_ns - self()) / NS_PER_S)


class Scene:
    """What a test paints, and whom it lets ask: `own` is a demo's session, which may everything."""

    def __init__(self, parts: WebParts, clock: StillClock, visitor: Visitor) -> None:
        self.parts, self.clock, self.visitor = parts, clock, visitor
        self.runtime = parts.runtime
        self.shown = parts.runtime.picture
        self.partner_shown = parts.partner_pictures[PARTNER]
        self.own = visitor.with_session(demo_session(parts.access))

    def wipe(self) -> None:
        """Set the clock back to 04:56 and take everything off the pictures."""
        self.clock.now_ns = NIGHT_NS
        for shown in (self.shown, self.partner_shown):
            vars(shown).update(vars(Picture()))

    def of(self, role: Role) -> Visitor:
        """Somebody of a role; a partner is that of `PARTNER`."""
        clearance = PARTNER if role == "partner" else ""
        return self.visitor.with_session(session_of(self.parts.access, role, clearance=clearance))

    def paint(self, *tracks: Shown) -> None:
        """Show these tracks and no others, now."""
        self.say(picture(FRAME, self.clock(), tracks))

    def say(self, *nouns: Noun) -> None:
        """Let the own picture take up nouns."""
        for noun in nouns:
            self.shown.recall(noun)

    def tell_partner(self, *nouns: Noun) -> None:
        """Let the partner's picture take up nouns."""
        for noun in nouns:
            self.partner_shown.recall(noun)

    def get(self, path: str) -> Any:
        """The good answer to the own side, as JSON; `path` is below `/api/v1/`."""
        answer = self.ask(path)
        if answer.status != 200:
            raise AssertionError(f"{path}: {answer.status} {answer.body.decode()}")
        return answer.json()

    def ask(self, path: str) -> Answer:
        """Any answer to the own side; `path` is below `/api/v1/`."""
        return self.own.get(f"/api/v1/{path}")


@contextmanager
def still_scene(folder: Path, more: str = "") -> Iterator[Scene]:
    """A scene over a runtime in a folder; `more` is added to its configuration."""
    clock = StillClock(NIGHT_NS)
    runtime = Runtime(parse_settings(CONFIG + more, "site.toml"), folder, clock)
    runtime.start()
    try:
        _until_begun(runtime)
        desk = AccessDesk(demo=True)
        parts = WebParts(runtime=runtime, access=desk, partner_pictures={PARTNER: Picture()})
        with visiting(build_app(parts)) as visitor:
            yield Scene(parts, clock, visitor)
    finally:
        runtime.stop()


def _until_begun(runtime: Runtime) -> None:
    """Wait for the first entry, so that it does not come between a test's words."""
    until_s = time.monotonic() + PATIENCE_S
    while runtime.picture.sequence == 0:
        if runtime.failure or time.monotonic() > until_s:
            raise AssertionError(runtime.failure or "The stages did not begin.")
        time.sleep(0.01)


def released_to(noun: Any, *partners: str, **label: Any) -> Any:
    """The same noun with a label that names these partners.

    >>> released_to(an_alarm(), "LVA").releasability.permits("LVA")
    True
    """
    marked = Releasability(owner="LTU", releasable_to=partners, **label)
    return msgspec.structs.replace(noun, releasability=marked)


def an_alarm(alarm_id: str = "a1", **more: Any) -> Alarm:
    """A warning of an incursion south-east of Vilnius; `more` are other fields of `Alarm`."""
    said: dict[str, Any] = {
        "alarm_id": alarm_id,
        "revision": 1,
        "level": "warning",
        "state": "raised",
        "cause": "Incursion",
        "time_ns": NIGHT_NS,
        "raised_ns": NIGHT_NS,
        "title": "Incursion: Lithuania",
        "text": "A measured object crossed the border.",
        "probability": 0.97,
        "lat_deg": 54.6,
        "lon_deg": 25.7,
    }
    return Alarm(**said | more)


def a_loss(track_id: str = "00000000000000aa", **more: Any) -> Loss:
    """The loss of a track a minute ago, within 2,448 m; `more` are other fields of `Loss`."""
    said: dict[str, Any] = {
        "track_id": track_id,
        "time_ns": NIGHT_NS,
        "probability": 0.9,
        "last_seen_ns": NIGHT_NS - 60 * NS_PER_S,
        "lat_deg": 54.65,
        "lon_deg": 25.5,
        "radius_m": 2447.7,
        "course_deg": 90.0,
        "speed_mps": 40.0,
        "abroad": False,
        "border": "LTU",
        "p_crossing": 0.8,
        "evidence": (Evidence(sentence="Nothing measured it for 60 s.", rule="loss"),),
    }
    return Loss(**said | more)


def an_approach(track_id: str = "0000000000000001", **more: Any) -> Approach:
    """An approach that crosses in five minutes; `more` are other fields of `Approach`."""
    said: dict[str, Any] = {
        "track_id": track_id,
        "time_ns": NIGHT_NS,
        "probability": 0.7,
        "border": "LTU",
        "crossing_ns": NIGHT_NS + 300 * NS_PER_S,
        "crossing_from_ns": NIGHT_NS + 240 * NS_PER_S,
        "crossing_to_ns": NIGHT_NS + 400 * NS_PER_S,
        "lat_deg": 54.6,
        "lon_deg": 25.75,
        "sigma_m": 500.0,
        "evidence": (Evidence(sentence="It flies towards the border.", rule="approach"),),
    }
    return Approach(**said | more)
