from typing import Any

import msgspec
import numpy as np
import pytest

from skypicket.domain.assessments import Evidence
from skypicket.domain.incidents import Incident, IncidentEntry
from skypicket.domain.observations import batch_of
from skypicket.domain.sensors import Registration, SensorStatus
from skypicket.domain.times import NS_PER_S
from skypicket.domain.tracks import TrackState
from skypicket.engine.picture import Picture
from skypicket.testing.builders import NIGHT_NS
from skypicket.testing.pictures import Shown
from skypicket.testing.scenes import PARTNER, Scene, a_loss, an_alarm, released_to
from skypicket.web.api.sensors import judged_ns


def ids(page: Any, name: str) -> list[str]:
    return [item[name] for item in page["items"]]


def incident(name: str = "i1", **more: Any) -> Incident:
    said: dict[str, Any] = {
        "incident_id": name,
        "revision": 1,
        "level": "warning",
        "state": "open",
        "opened_ns": NIGHT_NS,
        "time_ns": NIGHT_NS,
        "title": "Incursion: Lithuania",
        "joinable_until_ns": NIGHT_NS,
    }
    return Incident(**said | more)


def heard(sensor_id: str, time_ns: int) -> Any:
    columns = {"azimuth_deg": [9.0], "sigma_deg": [8.0]}
    return batch_of("bearing", sensor_id, np.array([time_ns]), columns, received_ns=time_ns)


def sensor(scene: Scene, name: str) -> Any:
    (found,) = [one for one in scene.get("sensors")["items"] if one["sensor_id"] == name]
    return found


# --- alarms --------------------------------------------------------------------------------------


def test_alarms_that_stand_come_first_and_the_gravest_before_all(scene: Scene) -> None:
    scene.say(
        an_alarm("cleared", state="cleared"),
        an_alarm("advisory", level="advisory"),
        an_alarm("older"),
        an_alarm("newer", raised_ns=NIGHT_NS + 1),
    )
    page = scene.get("alarms")
    assert ids(page, "alarm_id") == ["newer", "older", "advisory", "cleared"]
    assert page["items"][0]["cause"] == "Incursion"
    assert ids(scene.get("alarms?state=cleared"), "alarm_id") == ["cleared"]
    assert ids(scene.get("alarms?level=advisory"), "alarm_id") == ["advisory"]


def test_an_alarm_says_why_down_to_the_captured_bytes(scene: Scene) -> None:
    seen = Evidence(sentence="R1 saw it.", sensor_id="R1", source="radar", sequence=9, offset=4)
    scene.say(an_alarm(evidence=(seen,)))
    lines = scene.get("alarms/a1/why")["lines"]
    assert lines[0] == "Alarm a1: Incursion: Lithuania"
    assert any("capture sequence 9, byte offset 4" in line for line in lines)
    assert scene.ask("alarms/nobody/why").status == 404


def test_a_partner_is_told_why_without_the_observations(scene: Scene) -> None:
    seen = Evidence(sentence="R1 saw it.", sensor_id="R1", source="radar", sequence=9, offset=4)
    scene.tell_partner(released_to(an_alarm(evidence=(seen,)), PARTNER), an_alarm("secret"))
    partner = scene.of("partner")
    answer = partner.get("/api/v1/alarms/a1/why")
    assert answer.status == 200
    assert b"R1" not in answer.body
    assert ids(partner.get("/api/v1/alarms").json(), "alarm_id") == ["a1"]
    assert partner.get("/api/v1/alarms/secret/why").status == 404


# --- incidents -----------------------------------------------------------------------------------


def test_an_incident_comes_with_its_timeline_and_its_alarms(scene: Scene) -> None:
    entry = IncidentEntry(
        incident_id="i1", number=1, time_ns=1, received_ns=2, what="Incursion", text="It crossed."
    )
    scene.say(incident(), entry, an_alarm(incident_id="i1"), an_alarm("other"))
    found = scene.get("incidents/i1")
    assert found["incident"]["title"] == "Incursion: Lithuania"
    assert [one["text"] for one in found["entries"]] == ["It crossed."]
    assert [one["alarm_id"] for one in found["alarms"]] == ["a1"]
    assert scene.ask("incidents/none").status == 404


def test_open_incidents_come_before_closed_ones(scene: Scene) -> None:
    scene.say(incident("old", state="closed", opened_ns=NIGHT_NS + 9), incident("new"))
    assert ids(scene.get("incidents"), "incident_id") == ["new", "old"]


# --- sensors and system --------------------------------------------------------------------------


def test_a_sensor_that_was_never_heard_is_not_called_silent(scene: Scene) -> None:
    found = sensor(scene, "R1")
    assert found["state"] == "never_heard"
    assert found["last_heard_ns"] is None
    assert "what it would see is not seen" in found["text"]


def test_a_sensor_speaks_until_its_heartbeat_is_over(scene: Scene) -> None:
    scene.say(heard("R1", NIGHT_NS))
    scene.clock.advance_s(30)
    assert sensor(scene, "R1")["state"] == "speaking"
    scene.clock.advance_s(1)
    found = sensor(scene, "R1")
    assert found["state"] == "silent"
    assert found["heartbeat_s"] == 30.0
    assert found["text"].startswith("Nothing came from it since 2025-07-28T01:56:00Z")


def test_a_radar_says_what_is_known_of_its_errors_and_other_sensors_do_not(scene: Scene) -> None:
    known = Registration(
        sensor_id="R1", comparison_count=90.0, range_m=118.0, sigma_range_m=4.0, azimuth_deg=0.4,
        sigma_azimuth_deg=0.01, time_s=0.3, sigma_time_s=0.7, applied_range_m=115.0,
        applied_azimuth_deg=0.39, applied_time_s=0.0,
    )  # fmt: skip
    assert sensor(scene, "R1")["registration"] is None
    scene.runtime.picture.registrations = {"R1": known}
    assert sensor(scene, "R1")["registration"] == msgspec.to_builtins(known)
    others = [one for one in scene.get("sensors")["items"] if one["sensor_id"] != "R1"]
    assert {one["registration"] for one in others} == {None}


@pytest.mark.parametrize(("state", "shown"), [("degraded", "degraded"), ("gone", "gone")])
def test_a_sensor_is_what_its_network_says_of_it(scene: Scene, state: Any, shown: str) -> None:
    status = SensorStatus(
        sensor_id="R1",
        time_ns=NIGHT_NS,
        received_ns=NIGHT_NS,
        state=state,
        text="mains lost",
        lost=3,
        clock_error_s=0.25,
    )
    scene.say(heard("R1", NIGHT_NS - NS_PER_S), status)
    found = sensor(scene, "R1")
    assert found["state"] == shown
    assert "mains lost" in found["text"]
    assert (found["lost_messages"], found["clock_error_s"]) == (3, 0.25)


def test_a_sensor_that_speaks_and_detects_nothing_keeps_the_two_times_apart(scene: Scene) -> None:
    later_ns = NIGHT_NS + 60 * NS_PER_S
    scene.say(heard("R1", NIGHT_NS))
    none: dict[str, list[float]] = {"azimuth_deg": [], "sigma_deg": []}
    empty = batch_of("bearing", "R1", np.array([], dtype=np.int64), none, received_ns=later_ns)
    scene.say(empty)
    found = sensor(scene, "R1")
    assert (found["last_heard_ns"], found["last_detected_ns"]) == (later_ns, NIGHT_NS)


def test_a_sensor_that_only_says_that_it_is_alive_has_detected_nothing(scene: Scene) -> None:
    alive = SensorStatus(sensor_id="R1", time_ns=1, received_ns=NIGHT_NS, state="alive")
    scene.say(alive)
    found = sensor(scene, "R1")
    assert (found["last_heard_ns"], found["last_detected_ns"]) == (NIGHT_NS, None)


def test_a_sensor_that_was_gone_and_speaks_again_is_speaking(scene: Scene) -> None:
    gone = SensorStatus(sensor_id="R1", time_ns=NIGHT_NS, received_ns=NIGHT_NS, state="gone")
    scene.say(gone, heard("R1", NIGHT_NS + NS_PER_S))
    assert sensor(scene, "R1")["state"] == "speaking"


class Lagging:
    """A runtime whose stages have not worked through all that was captured."""

    def __init__(self, behind: int) -> None:
        self.behind = behind

    def clock(self) -> int:
        return NIGHT_NS + 600 * NS_PER_S


@pytest.mark.parametrize(
    ("behind", "past", "wait_s"), [(0, False, 600), (7, False, 0), (0, True, 0)]
)
def test_silence_is_judged_at_the_time_up_to_which_the_stages_have_looked(
    behind: int, past: bool, wait_s: int
) -> None:
    shown = Picture()
    shown.time_ns, shown.past = NIGHT_NS, past
    judged = judged_ns(Lagging(behind), shown)  # type: ignore[arg-type]
    assert judged == NIGHT_NS + wait_s * NS_PER_S


def test_a_desk_that_nobody_calls_is_not_silent(scene: Scene) -> None:
    assert "that is no fault" in sensor(scene, "desk")["text"]
    scene.say(heard("desk", NIGHT_NS - 7_200 * NS_PER_S))
    found = sensor(scene, "desk")
    assert (found["state"], found["silence_counts"]) == ("speaking", False)


def test_a_sensor_names_the_sources_at_which_it_may_speak(scene: Scene) -> None:
    assert sensor(scene, "R1")["source"] == "radar"
    assert sensor(scene, "ads-b")["source"] == "anybody"


def test_the_system_says_clock_place_zone_and_whose_data_it_shows(scene: Scene) -> None:
    found = scene.get("system")
    assert (found["name"], found["mode"], found["home"]) == ("east", "simulation", "LTU")
    assert found["time_ns"] == NIGHT_NS
    assert found["well"] is True
    assert found["theatre"] == {"lat_deg": 54.7, "lon_deg": 25.3}
    assert found["profile"]["time_zone"] == "Europe/Vilnius"
    assert found["channels"] == []
    assert "OpenStreetMap" in found["attribution"]


def test_a_partner_is_told_no_link_no_sensor_and_no_count(scene: Scene) -> None:
    status = SensorStatus(sensor_id="R1", time_ns=1, received_ns=1, state="alive", lost=5)
    scene.tell_partner(status)
    found = scene.of("partner").get("/api/v1/system").json()
    assert (found["links"], found["lost_messages"], found["behind"]) == ([], {}, 0)
    for path in ("sensors", "coverage", "incidents", "alerts", "places?q=a"):
        assert scene.of("partner").get(f"/api/v1/{path}").status == 403


# --- zones, coverage, alerts, places -------------------------------------------------------------


def test_zones_come_with_their_geometry_and_the_watched_border_first(scene: Scene) -> None:
    border, drawn = scene.get("zones")["items"]
    assert (border["zone_id"], border["kind"]) == ("border-LTU", "border")
    assert border["geometry"]["type"] == "MultiPolygon"
    ring = border["geometry"]["coordinates"][0][0]
    assert ring[0] == ring[-1]
    assert 1_000 < len(ring) < 5_000
    assert drawn["geometry"]["coordinates"][0][0][0] == [24.3, 55.0]


def test_a_partner_sees_the_border_but_no_zone_that_is_not_released(scene: Scene) -> None:
    page = scene.of("partner").get("/api/v1/zones").json()
    assert ids(page, "zone_id") == ["border-LTU"]
    assert page["total"] == 1


def test_the_reach_is_where_half_of_the_looks_find_a_small_object(scene: Scene) -> None:
    found = {one["sensor_id"]: one for one in scene.get("coverage")["items"]}
    low, middle, high = found["R1"]["reach"]
    assert (low["agl_m"], middle["agl_m"], high["agl_m"]) == (100, 200, 500)
    assert 10_000 < low["radius_m"] < middle["radius_m"] < high["radius_m"] <= 100_000
    assert "smooth earth" in found["R1"]["text"]


def test_what_hears_only_claims_has_no_reach_for_what_claims_nothing(scene: Scene) -> None:
    found = {one["sensor_id"]: one for one in scene.get("coverage")["items"]}
    assert found["ads-b"]["reach"] == []
    assert "such an object does not" in found["ads-b"]["text"]


def test_alerts_are_empty_and_say_why(scene: Scene) -> None:
    page = scene.get("alerts")
    assert (page["items"], page["total"], page["channels"]) == ([], 0, [])
    assert "nothing leaves this system" in page["text"]


def test_places_are_found_by_the_beginning_of_their_name_without_marks(scene: Scene) -> None:
    page = scene.get("places?q=siau")
    assert page["items"][0]["name"] == "Šiauliai"
    assert page["items"][0]["distance_m"] is None


def test_places_around_a_position_come_nearest_first(scene: Scene) -> None:
    page = scene.get("places?near=54.61,25.42&limit=3")
    away = [item["distance_m"] for item in page["items"]]
    assert away == sorted(away)
    assert page["text"] == "13 km SE of Vilnius"
    assert page["total"] == 1_000


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("places", "either q"),
        ("places?q=a&near=1,2", "not both"),
        ("places?near=north", "near=north is not 2 numbers"),
        ("places?near=95,25", "outside ±90"),
    ],
)
def test_a_wrong_question_for_places_says_what_to_give(scene: Scene, path: str, words: str) -> None:
    answer = scene.ask(path)
    assert answer.status == 400
    assert words in answer.json()["detail"]


# --- the export, and what OpenAPI says -----------------------------------------------------------


def test_the_export_is_one_geojson_file_with_lost_tracks_as_areas(scene: Scene) -> None:
    scene.paint(Shown(key=1), Shown(key=2, state=TrackState.LOST))
    scene.say(an_alarm(), a_loss())
    answer = scene.ask("export/picture.geojson")
    assert answer.headers["content-type"].startswith("application/geo+json")
    assert "attachment" in answer.headers["content-disposition"]
    features = answer.json()["features"]
    kinds = [(f["properties"]["layer"], f["geometry"]["type"]) for f in features]
    assert kinds == [
        ("tracks", "Point"),
        ("tracks", "Polygon"),
        ("tracks", "Polygon"),
        ("alarms", "Point"),
        ("zones", "MultiPolygon"),
        ("zones", "MultiPolygon"),
    ]


def test_nothing_is_kept_by_caches_on_the_way(scene: Scene) -> None:
    for path in ("tracks", "system", "picture.svg", "export/picture.geojson"):
        assert scene.ask(path).headers["cache-control"] == "no-store"


def test_openapi_names_every_resource_with_its_parameters_and_answers(scene: Scene) -> None:
    told = scene.own.get("/schema/openapi.json").json()
    listed = told["paths"]["/api/v1/tracks"]["get"]
    assert {one["name"] for one in listed["parameters"]} == {
        "limit",
        "offset",
        "state",
        "basis",
        "bbox",
    }
    assert all(one["description"] for one in listed["parameters"])
    assert {"200", "400", "401", "403", "503"} <= set(listed["responses"])
    for path, methods in told["paths"].items():
        if path.startswith("/api/v1/"):
            for method in methods.values():
                assert method["summary"], path
    schema = listed["responses"]["200"]["content"]["application/json"]["schema"]
    page = told["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    assert set(page["properties"]) == {"items", "total", "limit", "offset", "next", "time_ns"}
    detail = told["paths"]["/api/v1/tracks/{track_id}"]["get"]
    assert "404" in detail["responses"]


def test_a_partner_without_a_picture_sees_nobody_elses(scene: Scene) -> None:
    pictures = scene.parts.partner_pictures
    kept = dict(pictures)
    scene.parts.partner_pictures = {}
    try:
        answer = scene.of("partner").get("/api/v1/tracks")
    finally:
        scene.parts.partner_pictures = kept
    assert answer.status == 503
    assert "No picture is made for the partner 'LVA'" in answer.json()["detail"]


def test_a_noun_of_the_answer_is_one_of_the_published_schemas(scene: Scene) -> None:
    scene.say(an_alarm())
    item = scene.get("alarms")["items"][0]
    assert item["noun"] == "Alarm"
    assert msgspec.convert(item, type(an_alarm())).alarm_id == "a1"
