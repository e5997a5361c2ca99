import pytest

from skypicket.domain.assessments import Regained
from skypicket.domain.incidents import Declaration
from skypicket.domain.tracks import Basis, TrackState
from skypicket.testing.builders import NIGHT_NS
from skypicket.testing.pictures import Shown, picture
from skypicket.testing.scenes import (
    FRAME,
    PARTNER,
    Scene,
    a_loss,
    an_alarm,
    an_approach,
    released_to,
)

NAME = "0000000000000001"
LOST = "00000000000000aa"


def states(page: dict) -> dict[str, str]:  # type: ignore[type-arg]
    return {item["track_id"]: item["state"] for item in page["items"]}


def declared(outcome: str, *names: str) -> Declaration:
    return Declaration(
        track_ids=names,
        time_ns=NIGHT_NS,
        outcome=outcome,  # type: ignore[arg-type]
        operator="Rūta",
        comment="found by a farmer",
    )


def test_tracks_come_in_pages_with_the_address_of_the_next(scene: Scene) -> None:
    scene.paint(*(Shown(key=key) for key in range(1, 6)))
    page = scene.get("tracks?limit=2&basis=measured")
    assert [item["track_id"][-1] for item in page["items"]] == ["1", "2"]
    assert (page["total"], page["limit"], page["offset"]) == (5, 2, 0)
    assert page["next"] == "/api/v1/tracks?basis=measured&limit=2&offset=2"
    assert page["time_ns"] == NIGHT_NS
    last = scene.get("tracks?limit=2&offset=4")
    assert [item["track_id"][-1] for item in last["items"]] == ["5"]
    assert last["next"] is None


def test_an_empty_picture_is_an_empty_page(scene: Scene) -> None:
    assert scene.get("tracks")["items"] == []


def test_tracks_are_chosen_by_state_basis_and_rectangle(scene: Scene) -> None:
    scene.paint(
        Shown(key=1, state=TrackState.LOST),
        Shown(key=2, basis=Basis.CLAIMED),
        Shown(key=3, east_m=60_000.0),
    )
    assert list(states(scene.get("tracks?state=lost"))) == ["0000000000000001"]
    assert list(states(scene.get("tracks?basis=claimed"))) == ["0000000000000002"]
    assert list(states(scene.get("tracks?bbox=26,54,27,55"))) == ["0000000000000003"]


@pytest.mark.parametrize(("sigma_m", "total"), [(500.0, 0), (20_000.0, 2)])
def test_a_lost_track_is_wherever_its_area_reaches(
    scene: Scene, sigma_m: float, total: int
) -> None:
    scene.paint(Shown(key=1, state=TrackState.LOST, sigma_m=sigma_m), Shown(key=2, sigma_m=sigma_m))
    scene.say(a_loss(LOST, radius_m=2.4477 * sigma_m))
    assert scene.get("tracks?bbox=25.6,54.5,27,55")["total"] == total


def test_a_lost_track_stays_listed_after_the_tracker_forgot_it(scene: Scene) -> None:
    scene.paint(Shown(key=1))
    scene.say(a_loss(LOST))
    page = scene.get("tracks")
    assert states(page) == {NAME: "confirmed", LOST: "lost"}
    assert page["items"][1]["sigma_east_m"] == pytest.approx(1000.0)
    assert page["items"][1]["alt_m"] is None
    assert scene.get("tracks?offset=1")["items"][0]["track_id"] == LOST
    assert list(states(scene.get("tracks?state=lost"))) == [LOST]


def test_a_lost_track_that_the_tracker_still_shows_is_listed_once(scene: Scene) -> None:
    scene.paint(Shown(key=0xAA, state=TrackState.LOST))
    scene.say(a_loss(LOST))
    assert scene.get("tracks")["total"] == 1


def test_a_lost_track_that_was_found_again_is_lost_no_longer(scene: Scene) -> None:
    scene.say(a_loss(LOST))
    scene.say(Regained(track_id=NAME, time_ns=NIGHT_NS, probability=0.9, lost_track_id=LOST))
    assert scene.get("tracks")["total"] == 0


@pytest.mark.parametrize("outcome", ["left", "down", "never_real"])
def test_a_track_whose_fate_a_person_declared_shows_it(scene: Scene, outcome: str) -> None:
    scene.paint(Shown(key=1, state=TrackState.LOST), Shown(key=2))
    scene.say(a_loss(LOST), declared(outcome, NAME, LOST, "0000000000000002"))
    assert states(scene.get("tracks")) == {
        NAME: outcome,
        "0000000000000002": "confirmed",
        LOST: outcome,
    }
    assert sorted(states(scene.get(f"tracks?state={outcome}"))) == [NAME, LOST]
    assert any("Rūta declared" in why for why in scene.get(f"tracks/{LOST}")["why"])


def test_one_track_comes_with_all_that_is_known_of_it(scene: Scene) -> None:
    scene.paint(Shown(key=1, callsign="<b>", alt_m=300.0))
    scene.say(an_approach(NAME), an_alarm(track_ids=(NAME,), incident_id="i1"), an_alarm("a2"))
    found = scene.get(f"tracks/{NAME}")
    assert found["track"]["track_id"] == NAME
    assert found["place"] == "in Vilnius"
    assert found["approach"]["border"] == "LTU"
    assert [alarm["alarm_id"] for alarm in found["alarms"]] == ["a1"]
    assert found["incident_id"] == "i1"
    assert found["history"][-1]["sigma_m"] == 50.0
    assert "Approach: It flies towards the border." in found["why"]
    assert any("R1 saw it 0 s ago" in why and "sequence 7" in why for why in found["why"])
    assert any("'<b>'" in why for why in found["why"])


def test_a_forgotten_track_is_still_found_by_its_id(scene: Scene) -> None:
    scene.say(a_loss(LOST))
    assert scene.get(f"tracks/{LOST}")["track"]["state"] == "lost"


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("tracks/0000000000000009", 404, "No track 0000000000000009"),
        ("tracks/9", 400, "16 hexadecimal digits"),
        ("tracks?limit=0", 400, "limit=0 must be >= 1. How many items at most, 1 to 10000."),
        ("tracks?limit=many", 400, "limit=many is no whole number"),
        ("tracks?limit=10001", 400, "limit=10001 must be <= 10000"),
        ("tracks?offset=-1", 400, "offset=-1 must be >= 0"),
        ("tracks?state=gone", 400, "state=gone is none of the words"),
        ("tracks?bbox=1,2,3", 400, "bbox=1,2,3 is not 4 numbers"),
        ("tracks?bbox=26,54,25,55", 400, "west must be below east"),
        ("tracks?bbox=nan,54,25,55", 400, "bbox=nan,54,25,55 is not 4 numbers"),
        ("tracks?bbbox=1,2,3,4", 400, "takes no parameter 'bbbox'. It takes: basis, bbox"),
    ],
)
def test_a_wrong_question_is_answered_with_parameter_value_and_cure(
    scene: Scene, path: str, status: int, words: str
) -> None:
    answer = scene.ask(path)
    assert answer.status == status
    assert answer.json()["status_code"] == status
    assert words in answer.json()["detail"]


def test_a_partner_sees_only_what_is_released_and_who_fed_nothing(scene: Scene) -> None:
    partner = scene.of("partner")
    scene.paint(Shown(key=1), Shown(key=2))
    scene.tell_partner(released_to(picture(FRAME, NIGHT_NS, [Shown(key=7)]), PARTNER))
    page = partner.get("/api/v1/tracks").json()
    assert list(states(page)) == ["0000000000000007"]
    assert "contributors" not in page["items"][0] or page["items"][0]["contributors"] == []
    found = partner.get("/api/v1/tracks/0000000000000007").json()
    assert found["why"] == []
    assert found["history"] == []
    assert partner.get(f"/api/v1/tracks/{NAME}").status == 404


def test_without_a_label_nothing_leaves_to_a_partner(scene: Scene) -> None:
    scene.tell_partner(picture(FRAME, NIGHT_NS, [Shown(key=7)]), a_loss(LOST))
    page = scene.of("partner").get("/api/v1/tracks").json()
    assert page["items"] == []
    assert page["total"] == 0


def test_a_page_of_a_crowded_sky_is_made_of_its_own_rows_only(scene: Scene) -> None:
    scene.paint(*(Shown(key=key) for key in range(1, 10_001)))
    page = scene.get("tracks?limit=3&offset=9000")
    assert [int(item["track_id"], 16) for item in page["items"]] == [9001, 9002, 9003]
    assert page["total"] == 10_000
