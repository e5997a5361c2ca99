import time
from collections.abc import Iterator

import pytest

from skypicket.domain.contracts import Message
from skypicket.domain.times import NS_PER_S
from skypicket.testing.builders import NIGHT_NS
from skypicket.testing.scenes import Scene, still_scene
from skypicket.web.live.layout import decode_frame

MINUTE_NS = 60 * NS_PER_S


def tick(scene: Scene, time_ns: int) -> None:
    """A tick at that time is captured, and the stages have seen it."""
    scene.clock.now_ns = time_ns
    scene.runtime.writer.submit("tick", Message(source="engine", payload=b"")).result(10)
    see(scene)


def see(scene: Scene) -> None:
    deadline_s = time.monotonic() + 20.0
    while scene.runtime.behind and time.monotonic() < deadline_s:
        time.sleep(0.001)
    assert scene.runtime.behind == 0
    scene.runtime.record.flush()


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Ten minutes in which a radar is silent, and an operator says so after five."""
    with still_scene(tmp_path_factory.mktemp("night")) as scene:
        for second in range(0, 301, 5):
            tick(scene, NIGHT_NS + second * NS_PER_S)
        (alarm,) = scene.get("alarms")["items"]
        told = {"action": "acknowledge", "subject": alarm["alarm_id"], "comment": "power cut"}
        assert scene.own.post("/api/v1/actions", told).status == 201
        see(scene)
        for second in range(305, 601, 5):
            tick(scene, NIGHT_NS + second * NS_PER_S)
        yield scene


def test_the_span_begins_with_the_first_frame_and_marks_alarms(night: Scene) -> None:
    told = night.get("replay")
    assert (told["from_ns"], told["to_ns"]) == (NIGHT_NS, NIGHT_NS + 600 * NS_PER_S)
    (mark,) = told["marks"]
    assert (mark["level"], mark["text"]) == ("advisory", "Sensor silent")
    assert NIGHT_NS < mark["time_ns"] < NIGHT_NS + 300 * NS_PER_S


@pytest.mark.parametrize(
    ("minute", "states"), [(0, []), (4, ["raised"]), (6, ["acknowledged"]), (10, ["acknowledged"])]
)
def test_the_past_knows_what_was_known_then(night: Scene, minute: int, states: list[str]) -> None:
    told = night.get(f"replay/state?at_ns={NIGHT_NS + minute * MINUTE_NS}")
    assert told["time_ns"] == NIGHT_NS + minute * MINUTE_NS
    assert [alarm["state"] for alarm in told["alarms"]] == states
    assert [sensor["sensor_id"] for sensor in told["sensors"]] == ["R1", "ads-b", "desk"]


def test_a_frame_of_the_past_says_that_it_is_one(night: Scene) -> None:
    answer = night.ask(f"replay/frame?at_ns={NIGHT_NS + 302 * NS_PER_S}")
    frame = decode_frame(answer.body)
    assert (answer.status, frame.replay, frame.simulated) == (200, True, True)
    assert frame.time_ns == NIGHT_NS + 300 * NS_PER_S
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("minute", "clock", "state"),
    [(4, "2025-07-28T02:00:00Z", "raised"), (6, "2025-07-28T02:02:00Z", "acknowledged")],
)
def test_the_drawn_picture_shows_the_moment_that_is_asked_for(
    night: Scene, minute: int, clock: str, state: str
) -> None:
    svg = night.ask(f"picture.svg?at_ns={NIGHT_NS + minute * MINUTE_NS}").body.decode()
    assert clock in svg
    assert "PAST, NOT NOW" in svg
    assert f"Sensors silent ({state})" in svg
    now = night.ask("picture.svg").body.decode()
    assert "PAST" not in now
    assert clock not in now


def test_the_drawn_past_has_the_limits_of_replay(night: Scene) -> None:
    times_ns = (NIGHT_NS - 1, NIGHT_NS + 601 * NS_PER_S)
    answers = [night.ask(f"picture.svg?at_ns={time_ns}").status for time_ns in times_ns]
    assert answers == [404, 400]
    partner = night.of("partner")
    assert partner.get(f"/api/v1/picture.svg?at_ns={NIGHT_NS}").status == 403
    assert partner.get("/api/v1/picture.svg").status == 200


def test_what_is_to_come_is_refused(night: Scene) -> None:
    answer = night.ask(f"replay/state?at_ns={NIGHT_NS + 601 * NS_PER_S}")
    assert (answer.status, "is to come" in answer.json()["detail"]) == (400, True)


def test_what_is_too_long_ago_is_not_there(night: Scene) -> None:
    answer = night.ask(f"replay/frame?at_ns={NIGHT_NS - 1}")
    assert (answer.status, "skypicket replay" in answer.json()["detail"]) == (404, True)


def test_a_time_must_be_given_and_be_a_number(night: Scene) -> None:
    answers = [night.ask("replay/state"), night.ask("replay/state?at_ns=yesterday")]
    assert [answer.status for answer in answers] == [400, 400]


def test_partners_do_not_look_back(night: Scene) -> None:
    partner = night.of("partner")
    paths = ("replay", f"replay/frame?at_ns={NIGHT_NS}", f"replay/state?at_ns={NIGHT_NS}")
    assert [partner.get(f"/api/v1/{path}").status for path in paths] == [403, 403, 403]
