import re
from collections.abc import Iterable
from xml.etree import ElementTree

import msgspec
import numpy as np
import pytest

from skypicket.domain.contracts import Entry
from skypicket.domain.incidents import Declaration
from skypicket.domain.observations import ObservationBatch, batch_of
from skypicket.domain.sensors import SensorStatus
from skypicket.domain.tracks import Basis, Track, TrackState, tracks_of
from skypicket.testing.builders import NIGHT_NS
from skypicket.testing.pictures import Shown, picture
from skypicket.testing.scenes import FRAME, PARTNER, Scene, a_loss, an_alarm, released_to
from skypicket.web.svg.drawing import DrawnTrack
from skypicket.web.svg.frame import alarm_line, local_time
from skypicket.web.svg.objects import area_of, ellipse_of, label_of

SVG = "{http://www.w3.org/2000/svg}"
ALLOWED = {"svg", "g", "path", "rect", "circle", "ellipse", "text", "title"}


def drawn(scene: Scene, query: str = "") -> str:
    answer = scene.ask(f"picture.svg{query}")
    assert answer.status == 200, answer.body
    assert answer.headers["content-type"].startswith("image/svg+xml")
    return answer.body.decode()


def texts(svg: str) -> list[str]:
    return [e.text or "" for e in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def said(svg: str, words: str) -> bool:
    return any(words in text for text in texts(svg))


def classes(svg: str, name: str) -> int:
    return sum(e.get("class") == name for e in ElementTree.fromstring(svg).iter())


def a_track(**fields: object) -> Track:
    (track,) = tracks_of(picture(FRAME, NIGHT_NS, [Shown(sigma_m=100.0, **fields)]))  # type: ignore[arg-type]
    return track


def test_the_picture_has_nothing_but_shapes_and_words(scene: Scene) -> None:
    scene.paint(Shown(key=1, callsign="<script>", alt_m=300.0))
    scene.say(an_alarm(title="<b onload=x>"))
    svg = drawn(scene)
    elements = list(ElementTree.fromstring(svg).iter())
    assert {element.tag.removeprefix(SVG) for element in elements} <= ALLOWED
    assert "<script" not in svg
    attributes = {name for element in elements for name in element.attrib}
    assert not [name for name in attributes if re.match(r"on|.*href|style", name)]
    assert said(svg, "“<script>”")


def test_the_same_picture_is_the_same_bytes(scene: Scene) -> None:
    scene.paint(*(Shown(key=key, east_m=1_000.0 * key) for key in range(1, 30)))
    assert drawn(scene) == drawn(scene)


@pytest.mark.parametrize("theme", ["day", "dim", "night"])
def test_every_theme_draws_time_scale_north_and_whose_data_it_is(scene: Scene, theme: str) -> None:
    svg = drawn(scene, f"?theme={theme}&width=960&height=540")
    assert said(svg, "2025-07-28T01:56:00Z · 04:56:00 Europe/Vilnius")
    assert said(svg, "SIMULATION: nothing of this is real")
    assert said(svg, "OpenStreetMap")
    assert said(svg, "100 km")
    assert "N" in texts(svg)
    assert said(svg, "Vilnius")
    assert classes(svg, "scale") == 1


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?width=10", "width=10 must be >= 240"),
        ("?theme=pink", "theme=pink is none of the words"),
        ("?bbox=1,2", "bbox=1,2 is not 4 numbers"),
        ("?colour=red", "takes no parameter 'colour'"),
    ],
)
def test_a_wrong_question_is_told_its_cure(scene: Scene, query: str, words: str) -> None:
    answer = scene.ask(f"picture.svg{query}")
    assert answer.status == 400
    assert words in answer.json()["detail"]


def test_an_empty_picture_says_that_the_tracker_has_said_nothing(scene: Scene) -> None:
    assert said(drawn(scene), "There is no picture yet")


def test_an_empty_picture_over_silent_sensors_says_that_it_means_nothing(scene: Scene) -> None:
    scene.paint()
    assert said(drawn(scene), "No sensor is heard. An empty picture says nothing about what flies.")


def test_an_empty_picture_where_sensors_look_says_so_and_who_is_silent(scene: Scene) -> None:
    scene.paint()
    scene.say(SensorStatus(sensor_id="R1", time_ns=1, received_ns=NIGHT_NS, state="alive"))
    svg = drawn(scene)
    assert said(svg, "No track: nothing was detected where sensors look.")
    assert said(svg, "1 of 2 sensors are silent")
    assert said(svg, "ads-b never heard")


def test_an_empty_part_says_that_there_is_more_elsewhere(scene: Scene) -> None:
    scene.paint(Shown(key=1))
    svg = drawn(scene, "?bbox=21,55,22,56")
    assert said(svg, "No track in this part of the picture; 1 elsewhere.")


def test_a_picture_that_was_not_brought_up_to_date_looks_stale(scene: Scene) -> None:
    scene.paint(Shown(key=1))
    tick = Entry(sequence=1, kind="tick", source="engine", received_ns=NIGHT_NS, payload=b"")
    scene.shown.take(tick, (), NIGHT_NS)
    assert not said(drawn(scene), "STALE")
    scene.clock.advance_s(40)
    assert said(drawn(scene), "STALE: this picture is 40 s old")


def test_a_lost_track_is_a_dashed_area_with_a_question_mark(scene: Scene) -> None:
    scene.paint(Shown(key=1, state=TrackState.LOST, sigma_m=3_000.0))
    svg = drawn(scene)
    assert classes(svg, "lost") == 1
    assert classes(svg, "track") == 0
    assert "?" in texts(svg)
    assert said(svg, "within 7 km")


def test_a_track_that_the_tracker_forgot_is_still_an_area(scene: Scene) -> None:
    scene.paint()
    scene.say(a_loss())
    assert classes(drawn(scene), "lost") == 1


def test_a_declared_fate_is_said_in_its_word_and_gets_no_cross(scene: Scene) -> None:
    scene.paint(Shown(key=1, state=TrackState.LOST))
    scene.say(
        Declaration(
            track_ids=("0000000000000001",),
            time_ns=NIGHT_NS,
            outcome="never_real",
            operator="Rūta",
            comment="geese",
        )
    )
    svg = drawn(scene)
    assert "never real" in texts(svg)
    assert "?" not in texts(svg)


def test_an_alarm_is_told_by_shape_word_and_text(scene: Scene) -> None:
    scene.say(
        an_alarm(), an_alarm("a2", level="caution", lat_deg=55.0), an_alarm("old", state="cleared")
    )
    svg = drawn(scene)
    assert said(svg, "▲ WARNING 01:56:00Z Incursion: Lithuania (raised)")
    assert {"▲", "WARNING", "◆", "CAUTION"} <= set(texts(svg))
    assert alarm_line(an_alarm(level="advisory")).startswith("● ADVISORY")


def test_a_track_that_an_alarm_names_carries_its_level(scene: Scene) -> None:
    scene.paint(Shown(key=1, alt_m=325.0))
    scene.say(an_alarm(track_ids=("0000000000000001",)))
    svg = drawn(scene)
    assert said(svg, "▲ WARNING 000000")
    assert "WARNING" not in texts(svg)  # the track has it; no second mark at the crossing


def test_a_partner_sees_no_sensor_no_reach_and_no_unreleased_track(scene: Scene) -> None:
    scene.paint(Shown(key=1))
    partner = scene.of("partner")
    empty = partner.get("/api/v1/picture.svg").body.decode()
    assert said(empty, "No track is released to you now.")
    scene.tell_partner(released_to(picture(FRAME, NIGHT_NS, [Shown(key=7)]), PARTNER))
    svg = partner.get("/api/v1/picture.svg").body.decode()
    assert classes(svg, "track") == 1
    assert "R1" not in svg
    assert "A range" not in svg


def test_the_reach_is_drawn_only_for_who_may_know_it(scene: Scene) -> None:
    scene.paint(Shown(key=1))
    assert 'stroke-dasharray="2 6"' in scene.of("planner").get("/api/v1/picture.svg").body.decode()
    viewer = scene.of("viewer").get("/api/v1/picture.svg").body.decode()
    assert 'stroke-dasharray="2 6"' not in viewer
    assert "R1 never heard" in viewer


def test_a_label_names_height_with_its_reference_and_speed() -> None:
    track = a_track(alt_m=325.0, east_mps=40.0)
    first, second = label_of(DrawnTrack(track=track, sigma_mps=2.0, amsl_m=300.0), NIGHT_NS)
    assert first == "000000 P0.99"
    assert second == "300 m AMSL 144 km/h"
    unknown = DrawnTrack(track=a_track(), sigma_mps=2.0, amsl_m=None)
    assert label_of(unknown, NIGHT_NS)[1] == "height unknown 0 km/h"


def test_a_callsign_is_quoted_and_a_claimed_track_says_so() -> None:
    track = a_track(callsign="LOT1", basis=Basis.CLAIMED)
    first, _ = label_of(DrawnTrack(track=track, sigma_mps=2.0, amsl_m=None), NIGHT_NS)
    assert first == "“LOT1” claimed P0.99"


def test_the_ellipse_grows_with_the_age_of_the_track() -> None:
    one = DrawnTrack(track=a_track(), sigma_mps=2.0, amsl_m=None)
    axes = [ellipse_of(one, NIGHT_NS + s * 1_000_000_000)[0] for s in (0, 30, 60)]
    assert axes[0] == pytest.approx(2.4477 * 100.0)
    assert axes == sorted(axes)
    assert axes[2] > 2 * axes[1] - axes[0]


def test_the_ellipse_lies_along_the_correlated_error() -> None:
    track = msgspec.structs.replace(a_track(), correlation=0.9)
    first, second, turn_deg = ellipse_of(
        DrawnTrack(track=track, sigma_mps=0.0, amsl_m=None), NIGHT_NS
    )
    assert turn_deg == pytest.approx(45.0)
    assert first / second == pytest.approx((1.9 / 0.1) ** 0.5)


def test_the_area_of_a_loss_grows_as_fast_as_it_flew() -> None:
    loss = a_loss()
    one = DrawnTrack(track=a_track(state=TrackState.LOST), sigma_mps=0.0, amsl_m=None, loss=loss)
    assert area_of(one, NIGHT_NS + 60_000_000_000)[2] == pytest.approx(2447.7 + 60 * 40.0)


def test_a_zone_without_rules_here_leaves_zulu_alone() -> None:
    assert local_time(NIGHT_NS, "Nowhere/Else") == ""
    assert local_time(NIGHT_NS, "Europe/Vilnius").startswith("04:56:00")


def test_a_crowded_sky_draws_the_urgent_and_counts_the_rest(scene: Scene) -> None:
    many: Iterable[Shown] = (
        Shown(key=key, east_m=100.0 * (key % 100), north_m=10.0 * key) for key in range(1, 2_001)
    )
    scene.paint(*many)
    scene.say(an_alarm(track_ids=("00000000000007d0",)))
    svg = drawn(scene)
    assert classes(svg, "track") == 1_500
    assert said(svg, "2000 tracks here, 500 not drawn")
    assert "00000000000007d0" in svg


def a_report(sequence: int, lat_deg: float, first_hand: float) -> ObservationBatch:
    columns = {
        "lat_deg": [lat_deg],
        "lon_deg": [25.3],
        "sigma_m": [1_000.0],
        "sigma_time_s": [60.0],
        "first_hand": [first_hand],
    }
    fields = {"received_ns": NIGHT_NS, "sequence": sequence, "source": "reports"}
    return batch_of("sighting", "desk", np.array([NIGHT_NS]), columns, **fields)


def test_a_report_that_somebody_passed_on_is_hollow(scene: Scene) -> None:
    scene.paint()
    scene.say(a_report(1, 54.7, 1.0), a_report(2, 55.2, 0.0))
    drawn_ones = [
        (element.get("fill") == "none", element[0].text or "")
        for element in ElementTree.fromstring(drawn(scene)).iter()
        if element.get("class") == "report"
    ]
    assert sorted((hollow, "second-hand" in told) for hollow, told in drawn_ones) == [
        (False, False),
        (True, True),
    ]


def test_reports_and_places_ahead_are_not_drawn_for_partners(scene: Scene) -> None:
    scene.paint(Shown(key=1, east_m=20_000.0, east_mps=-50.0))
    scene.say(an_alarm("a1", track_ids=("0000000000000001",)), a_report(1, 54.7, 1.0))
    svg = scene.of("partner").get("/api/v1/picture.svg").body.decode()
    assert (classes(svg, "report"), classes(svg, "ahead")) == (0, 0)


def test_places_ahead_are_named_with_their_minutes_and_their_model(scene: Scene) -> None:
    scene.paint(Shown(key=1, east_m=20_000.0, east_mps=-50.0))  # straight at Vilnius
    scene.say(an_alarm("a1", track_ids=("0000000000000001",)))
    svg = drawn(scene, "?bbox=24.6,54.4,26,55")
    assert 1 <= classes(svg, "ahead") <= 8
    assert any(re.fullmatch(r".+ ~\d+ min", text) for text in texts(svg))
    assert "Simple model: " in svg


def test_a_settled_loss_is_not_given_away_to_partners_by_a_declaration(scene: Scene) -> None:
    lost = Shown(key=7, state=TrackState.LOST, updated_ns=NIGHT_NS - 600_000_000_000)
    scene.tell_partner(released_to(picture(FRAME, NIGHT_NS, [lost]), PARTNER))
    partner = scene.of("partner")
    before = partner.get("/api/v1/picture.svg").body
    scene.tell_partner(
        Declaration(
            track_ids=("0000000000000007",),
            time_ns=NIGHT_NS,
            outcome="down",
            operator="Rūta",
            comment="found",
        )
    )
    assert partner.get("/api/v1/picture.svg").body == before
    assert classes(before.decode(), "lost") == 0
