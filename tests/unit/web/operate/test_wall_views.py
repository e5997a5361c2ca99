from typing import Any

import pytest

from skypicket.domain.assessments import Regained
from skypicket.domain.incidents import IncidentEntry
from skypicket.domain.times import NS_PER_S
from skypicket.domain.tracks import TrackState
from skypicket.testing.builders import NIGHT_NS
from skypicket.testing.losses import LOST, a_declaration, an_incident, show_loss
from skypicket.testing.pictures import Shown
from skypicket.testing.scenes import PARTNER, Scene, a_loss, an_alarm, released_to

FLYING = "0000000000000001"
KEYS = ("p_airborne", "p_left", "p_down", "p_never_real")


def the_object(scene: Scene) -> dict[str, Any]:
    (found,) = scene.get("objects")["items"]
    assert sum(found[key] for key in KEYS) == pytest.approx(1.0)
    return dict(found)


def test_a_lost_object_says_what_may_have_become_of_it(scene: Scene) -> None:
    show_loss(scene)
    found = the_object(scene)
    assert (found["state"], found["object_id"], found["incident_id"]) == ("lost", LOST, "i1")
    assert found["p_airborne"] == pytest.approx(0.8 * 0.9, abs=0.02)
    assert found["p_never_real"] == pytest.approx(0.1)
    assert (found["owner"], found["model"]) == ("", "simple-1")


def test_what_is_measured_is_airborne_or_not_real(scene: Scene) -> None:
    scene.paint(Shown(key=1, existence=0.9))
    scene.say(an_alarm("a1", track_ids=(FLYING,)))
    found = the_object(scene)
    assert (found["state"], found["track_id"]) == ("flying", FLYING)
    assert [found[key] for key in KEYS] == [0.9, 0.0, 0.0, pytest.approx(0.1)]


def test_a_lost_object_stays_where_it_was_measured_and_grows(scene: Scene) -> None:
    show_loss(scene)
    before = the_object(scene)
    scene.clock.now_ns += 600 * NS_PER_S
    scene.paint()
    after = the_object(scene)
    assert (after["lat_deg"], after["lon_deg"]) == (before["lat_deg"], before["lon_deg"])
    assert after["radius_m"] > before["radius_m"] + 10_000


def test_a_report_is_evidence_and_moves_nothing(scene: Scene) -> None:
    show_loss(scene)
    before = the_object(scene)
    heard_ns = NIGHT_NS - 5 * NS_PER_S
    line = IncidentEntry(
        incident_id="i1", number=1, time_ns=heard_ns, received_ns=NIGHT_NS, what="report", text="?"
    )
    scene.say(line, an_incident(revision=2))
    after = the_object(scene)
    assert (before["last_evidence_ns"], after["last_evidence_ns"]) == (
        NIGHT_NS - 60 * NS_PER_S,
        heard_ns,
    )
    assert (after["lat_deg"], after["lon_deg"]) == (before["lat_deg"], before["lon_deg"])


def test_what_a_person_declared_is_shown_as_theirs(scene: Scene) -> None:
    show_loss(scene)
    scene.say(a_declaration("down"))
    found = the_object(scene)
    assert (found["state"], found["p_down"], found["model"]) == ("down", 1.0, "declared")
    assert found["model_text"] == "Rūta declared it down at 2025-07-28T01:56:00Z: found by a farmer"


def test_an_object_is_one_row_under_all_its_numbers(scene: Scene) -> None:
    show_loss(scene)
    scene.paint(Shown(key=1))
    scene.say(
        Regained(track_id=FLYING, lost_track_id=LOST, time_ns=NIGHT_NS, probability=0.9),
        an_alarm(f"alarm-{LOST}", cause="Loss", state="cleared", track_ids=(LOST, FLYING)),
        an_incident(track_ids=(LOST, FLYING)),
    )
    found = the_object(scene)
    assert (found["object_id"], found["track_id"], found["state"]) == (LOST, FLYING, "flying")


def test_a_raid_is_no_object(scene: Scene) -> None:
    scene.paint(Shown(key=1), Shown(key=2, north_m=9_000.0))
    names = (FLYING, "0000000000000002")
    scene.say(an_alarm("r", cause="Raid", track_ids=names))
    assert scene.get("objects")["items"] == []
    scene.say(*(an_alarm(name, track_ids=(name,)) for name in names))
    assert [one["object_id"] for one in scene.get("objects")["items"]] == list(names)


def test_a_track_that_the_tracker_calls_lost_is_no_flying_object(scene: Scene) -> None:
    scene.paint(Shown(key=1, state=TrackState.LOST))
    scene.say(an_alarm("a1", track_ids=(FLYING,)))
    assert the_object(scene)["state"] == "lost"


def test_places_ahead_of_an_object_are_told_with_when(scene: Scene) -> None:
    scene.paint(Shown(key=1, east_m=20_000.0, east_mps=-50.0))  # straight at Vilnius
    scene.say(an_alarm("a1", track_ids=(FLYING,)))
    found = scene.get("places-ahead")["items"]
    vilnius = next(place for place in found if place["name"] == "Vilnius")
    assert vilnius["probability"] > 0.5
    assert vilnius["minutes_from"] <= vilnius["minutes"] <= vilnius["minutes_to"]
    assert vilnius["minutes"] == pytest.approx(17_000 / 50 / 60, abs=1.5)
    assert vilnius["object_ids"] == [FLYING]
    assert all(place["state"] == "LTU" for place in found)
    assert [p["minutes"] for p in found] == sorted(p["minutes"] for p in found)


def test_no_place_lies_ahead_of_what_is_down(scene: Scene) -> None:
    show_loss(scene)
    scene.say(a_loss(course_deg=270.0))
    assert scene.get("places-ahead")["items"]
    scene.say(a_declaration("down"))
    assert scene.get("places-ahead")["items"] == []


def test_birds_have_no_places_ahead(scene: Scene) -> None:
    scene.paint(Shown(key=1, east_m=20_000.0, east_mps=-15.0))
    bird = an_alarm("a1", level="advisory", rule="incursion_slow", track_ids=(FLYING,))
    scene.say(bird)
    assert scene.get("places-ahead")["items"] == []


def test_an_empty_picture_has_no_objects_and_no_places(scene: Scene) -> None:
    assert (scene.get("objects")["total"], scene.get("places-ahead")["total"]) == (0, 0)


def test_partners_see_neither(scene: Scene) -> None:
    scene.tell_partner(released_to(a_loss(), PARTNER))
    partner = scene.of("partner")
    statuses = [partner.get(f"/api/v1/{path}").status for path in ("objects", "places-ahead")]
    assert statuses == [403, 403]
