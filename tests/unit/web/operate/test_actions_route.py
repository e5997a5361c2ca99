import time
from typing import Any

import pytest

from skypicket.domain.times import NS_PER_S
from skypicket.testing.builders import NIGHT_NS
from skypicket.testing.losses import LOST, a_declaration, an_incident, show_loss
from skypicket.testing.pictures import Shown
from skypicket.testing.scenes import Scene, an_alarm
from skypicket.testing.visitor import Answer

OTHER = "00000000000000bb"
HOUR_NS = 3_600 * NS_PER_S


def act(scene: Scene, action: str, subject: str, comment: str = "", **more: Any) -> Answer:
    told = {"action": action, "subject": subject, "comment": comment, **more}
    answer = scene.own.post("/api/v1/actions", told)
    let_the_stages_see_it(scene)
    return answer


def let_the_stages_see_it(scene: Scene) -> None:
    deadline_s = time.monotonic() + 10.0
    while scene.runtime.behind and time.monotonic() < deadline_s:
        time.sleep(0.001)
    assert scene.runtime.behind == 0


def detail(answer: Answer) -> str:
    return str(answer.json()["detail"])


def test_an_act_is_answered_with_its_place_in_the_capture(scene: Scene) -> None:
    scene.say(an_alarm("a1"))
    before, _ = scene.runtime.capture.head()
    answer = act(scene, "acknowledge", "a1")
    assert answer.status == 201
    (entry,) = scene.runtime.capture.entries(after=answer.json()["sequence"] - 1)
    assert (entry.kind, answer.json()["sequence"] > before) == ("operator", True)
    assert b'"action":"acknowledge"' in entry.payload
    assert f'"time_ns":{NIGHT_NS}'.encode() in entry.payload


def test_who_did_it_is_who_is_signed_in(scene: Scene) -> None:
    scene.say(an_alarm("a1"))
    told = {"action": "acknowledge", "subject": "a1", "operator": "somebody else"}
    assert scene.own.post("/api/v1/actions", told).status == 400
    sequence = (
        scene.of("operator")
        .post("/api/v1/actions", {"action": "acknowledge", "subject": "a1"})
        .json()["sequence"]
    )
    let_the_stages_see_it(scene)
    (entry,) = scene.runtime.capture.entries(after=sequence - 1, until=sequence)
    assert b'"operator":"operator"' in entry.payload


@pytest.mark.parametrize("action", ["clear", "close", "declare"])
def test_what_only_supervisors_may_is_refused_to_operators(scene: Scene, action: str) -> None:
    scene.say(an_alarm("a1"))
    told = {"action": action, "subject": "a1", "comment": "why"}
    answer = scene.of("operator").post("/api/v1/actions", told)
    assert (answer.status, f"actions.{action}" in detail(answer)) == (403, True)


def test_a_viewer_may_do_nothing(scene: Scene) -> None:
    scene.say(an_alarm("a1"))
    told = {"action": "acknowledge", "subject": "a1"}
    assert scene.of("viewer").post("/api/v1/actions", told).status == 403


def test_an_unknown_action_is_told_which_there_are(scene: Scene) -> None:
    answer = act(scene, "launch", "a1")
    assert (answer.status, "acknowledge, shelve" in detail(answer)) == (400, True)


@pytest.mark.parametrize("action", ["shelve", "clear", "escalate", "note", "decide", "declare"])
def test_what_needs_a_reason_is_refused_without_one(scene: Scene, action: str) -> None:
    scene.say(an_alarm("a1"))
    answer = act(scene, action, "a1", "  ")
    assert (answer.status, "needs a comment" in detail(answer)) == (400, True)


@pytest.mark.parametrize(
    ("until_ns", "status"),
    [
        (None, 400),
        (NIGHT_NS, 400),
        (NIGHT_NS + NS_PER_S, 201),
        (NIGHT_NS + 12 * HOUR_NS, 201),
        (NIGHT_NS + 12 * HOUR_NS + 1, 400),
    ],
)
def test_shelving_ends_soon_enough(scene: Scene, until_ns: int | None, status: int) -> None:
    scene.say(an_alarm("a1"))
    assert act(scene, "shelve", "a1", "geese", until_ns=until_ns).status == status


def test_an_act_on_what_is_not_there_is_not_found(scene: Scene) -> None:
    statuses = [
        act(scene, "acknowledge", "nothing").status,
        act(scene, "own", "nothing").status,
        act(scene, "declare", "nothing", "why", outcome="down").status,
    ]
    assert statuses == [404, 404, 404]


def test_what_is_settled_is_a_conflict(scene: Scene) -> None:
    scene.say(
        an_alarm("a1", state="cleared"),
        an_alarm("a2", state="acknowledged", handled_by="Rūta"),
        an_incident(state="closed"),
    )
    answers = [
        act(scene, "acknowledge", "a1"),
        act(scene, "acknowledge", "a2"),
        act(scene, "own", "i1"),
    ]
    assert [answer.status for answer in answers] == [409, 409, 409]
    assert detail(answers[1]) == "Rūta has acknowledged it already."


def test_an_incident_is_found_by_one_of_its_alarms(scene: Scene) -> None:
    show_loss(scene)
    assert act(scene, "own", f"alarm-{LOST}").status == 201


@pytest.mark.parametrize("subject", [LOST, "i1", f"alarm-{LOST}"])
def test_a_lost_object_is_declared_by_track_incident_or_alarm(scene: Scene, subject: str) -> None:
    show_loss(scene)
    answer = act(scene, "declare", subject, "wreck at the road", outcome="down")
    assert answer.status == 201
    (entry,) = scene.runtime.capture.entries(after=answer.json()["sequence"] - 1)
    assert f'"track_ids":["{LOST}"]'.encode() in entry.payload


def test_what_is_measured_now_cannot_be_down(scene: Scene) -> None:
    scene.paint(Shown(key=1))
    scene.say(an_alarm("a1", track_ids=("0000000000000001",)))
    answer = act(scene, "declare", "a1", "surely", outcome="down")
    assert (answer.status, "measured now" in detail(answer)) == (409, True)


def test_two_lost_objects_are_not_declared_by_one_word(scene: Scene) -> None:
    show_loss(scene)
    show_loss(scene, OTHER)
    scene.say(an_incident(track_ids=(LOST, OTHER)))
    answer = act(scene, "declare", "i1", "all of them", outcome="down")
    assert (answer.status, "2 lost objects" in detail(answer)) == (409, True)
    assert act(scene, "declare", OTHER, "this one", outcome="down").status == 201


def test_only_a_standing_word_is_taken_back(scene: Scene) -> None:
    show_loss(scene)
    assert act(scene, "declare", LOST, "who knows", outcome="lost").status == 409
    scene.say(a_declaration("down"))
    assert act(scene, "declare", LOST, "it was a kite", outcome="lost").status == 201
    assert act(scene, "declare", LOST, "again", outcome="down").status == 409


def test_outcome_and_time_belong_to_their_acts_only(scene: Scene) -> None:
    show_loss(scene)
    statuses = [
        act(scene, "declare", LOST, "why").status,
        act(scene, "own", "i1", outcome="down").status,
        act(scene, "own", "i1", until_ns=NIGHT_NS + HOUR_NS).status,
    ]
    assert statuses == [400, 400, 400]


def test_a_comment_has_a_limit(scene: Scene) -> None:
    show_loss(scene)
    assert act(scene, "note", "i1", "x" * 2_001).status == 400
