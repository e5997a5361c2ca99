import re

import msgspec
import pytest

from skypicket.domain.assessments import Evidence, Incursion
from skypicket.domain.incidents import Alarm, Incident
from skypicket.incidents import ACTIONS, IncidentRules
from skypicket.testing.builders import NIGHT_NS
from skypicket.testing.desks import SECOND_NS, Desk


def test_an_incursion_is_a_warning_in_one_plain_sentence(desk: Desk) -> None:
    desk.incursion(0)
    alarm = desk.alarm("Incursion")
    assert (alarm.level, alarm.state, alarm.revision) == ("warning", "raised", 1)
    assert re.fullmatch(
        r"A measured object crossed the border of Lithuania .+ \(54\.\d{4}, 25\.\d{4}\) at "
        r"01:55:50Z and is 1\.0 km inside at 01:56:00Z, with probability 0\.95\.",
        alarm.text,
    )


def test_a_crossing_is_told_with_two_standard_deviations_where_they_are_known(desk: Desk) -> None:
    desk.step(
        Incursion(
            track_id="t1", time_ns=NIGHT_NS, probability=0.95, border="LTU", inside_m=1_000.0,
            crossing_ns=NIGHT_NS - 10 * SECOND_NS, crossing_sigma_s=4.5, sigma_m=120.0,
            lat_deg=54.68, lon_deg=25.9, evidence=(Evidence(sentence="In.", rule="incursion"),),
        )
    )  # fmt: skip
    text = desk.alarm("Incursion").text
    assert "(54.6800, 25.9000) ± 240 m at 01:55:50Z ± 9 s and is 1.0 km inside" in text


def test_an_approach_is_a_caution_or_an_advisory_by_its_probability(desk: Desk) -> None:
    desk.approach(0, 0.5)
    assert desk.alarm("Approach").level == "advisory"
    desk.approach(60, 0.8)
    assert desk.alarm("Approach").level == "caution"


def test_one_object_and_cause_has_one_row_that_is_revised(desk: Desk) -> None:
    for i in range(10):
        desk.approach(60 * i, 0.5 + 0.03 * i)
    assert len(desk.alarms()) == 1
    assert desk.alarm("Approach").revision == 10
    assert desk.alarm("Approach").raised_ns == NIGHT_NS


def test_its_level_does_not_fall_while_it_stands(desk: Desk) -> None:
    desk.approach(0, 0.8)
    desk.approach(60, 0.5)
    assert desk.alarm("Approach").level == "caution"


def test_turning_away_clears_an_approach_and_says_so(desk: Desk) -> None:
    desk.approach(0, 0.8)
    desk.approach(60, 0.05, rule="approach_over")
    alarm = desk.alarm("Approach")
    assert alarm.state == "cleared"
    assert "does not approach Lithuania any more" in alarm.text
    assert alarm.probability == 0.05


def test_an_approach_over_of_which_nobody_was_told_says_nothing(desk: Desk) -> None:
    assert desk.approach(60, 0.05, rule="approach_over") == []


def test_it_can_be_raised_again_under_the_same_id(desk: Desk) -> None:
    desk.approach(0, 0.8)
    desk.approach(60, 0.05, rule="approach_over")
    desk.approach(300, 0.8)
    alarm = desk.alarm("Approach")
    assert (alarm.state, alarm.revision, alarm.raised_ns) == (
        "raised",
        3,
        NIGHT_NS + 300 * SECOND_NS,
    )


def test_an_incursion_clears_the_approach_that_it_was(desk: Desk) -> None:
    desk.approach(0, 0.9)
    desk.incursion(600)
    assert desk.alarm("Approach").state == "cleared"
    assert "It has crossed" in desk.alarm("Approach").text
    assert desk.alarm("Incursion").state == "raised"


def test_leaving_clears_an_incursion(desk: Desk) -> None:
    desk.incursion(0)
    desk.incursion(300, -2.0, rule="incursion_left")
    alarm = desk.alarm("Incursion")
    assert alarm.state == "cleared"
    assert "is 2.0 km outside again" in alarm.text


def test_doubt_does_not_clear_an_incursion(desk: Desk) -> None:
    desk.incursion(0)
    desk.incursion(60, rule="incursion_doubtful")
    assert (desk.alarm("Incursion").state, desk.alarm("Incursion").level) == ("raised", "warning")


@pytest.mark.parametrize("suffix", ["_slow", "_descended", "_neighbour"])
def test_lesser_incursions_are_advisories_without_an_incident(desk: Desk, suffix: str) -> None:
    desk.incursion(0, rule=f"incursion{suffix}")
    assert desk.alarm("Incursion").level == "advisory"
    assert desk.of(Incident) == []


def test_what_is_advisory_is_a_rule() -> None:
    desk = Desk(IncidentRules(advisory_rules=()))
    desk.incursion(0, rule="incursion_slow")
    assert desk.alarm("Incursion").level == "warning"


def test_acknowledging_is_kept_through_revisions(desk: Desk) -> None:
    desk.approach(0, 0.5)
    desk.act(10, "acknowledge", desk.alarm("Approach").alarm_id)
    desk.approach(60, 0.6)
    assert desk.alarm("Approach").state == "acknowledged"


def test_a_higher_level_raises_it_again(desk: Desk) -> None:
    desk.approach(0, 0.5)
    desk.act(10, "acknowledge", desk.alarm("Approach").alarm_id)
    desk.approach(60, 0.9)
    assert desk.alarm("Approach").state == "raised"


def test_a_shelved_alarm_comes_back(desk: Desk) -> None:
    desk.approach(0, 0.5)
    desk.act(10, "shelve", desk.alarm("Approach").alarm_id)
    assert desk.tick(1_000) == []
    said = desk.tick(1_810)
    assert [isinstance(n, Alarm) and n.state for n in said] == ["raised"]
    assert desk.tick(1_821) == []


def test_clearing_needs_a_comment_and_keeps_who_did_it(desk: Desk) -> None:
    desk.approach(0, 0.5)
    identifier = desk.alarm("Approach").alarm_id
    assert desk.act(10, "clear", identifier) == []
    desk.act(20, "clear", identifier, "flock of geese")
    alarm = desk.alarm("Approach")
    assert alarm.state == "cleared"
    assert alarm.text.startswith("Cleared by desk 1: flock of geese")


@pytest.mark.parametrize("action", [*ACTIONS, "launch"])
def test_an_act_on_what_is_unknown_says_nothing(desk: Desk, action: str) -> None:
    assert desk.act(0, action, "0123456789abcdef", "why") == []


def test_no_act_declares_anything_hostile() -> None:
    alarms, incidents = {"acknowledge", "shelve", "clear", "escalate"}, {"own", "note", "close"}
    assert set(ACTIONS) == alarms | incidents | {"decide", "declare"}


def test_many_silent_sensors_are_one_row(desk: Desk) -> None:
    for i in range(12):
        desk.silent(i / 10, f"A{i:02d}")
    alarm = desk.alarm("SensorSilence")
    assert alarm.level == "advisory"
    assert alarm.text.startswith(
        "12 sensors are silent at 01:56:01Z: A00, A01, A02, A03, A04 and 7"
    )


def test_the_row_clears_when_all_speak_again(desk: Desk) -> None:
    desk.silent(0, "A1")
    desk.silent(1, "A2")
    desk.silent(60, "A1", restored=True)
    assert desk.alarm("SensorSilence").state == "raised"
    assert "Sensor A2 is silent since 01:55:31Z" in desk.alarm("SensorSilence").text
    desk.silent(61, "A2", restored=True)
    assert desk.alarm("SensorSilence").state == "cleared"


def test_another_silent_sensor_wakes_again(desk: Desk) -> None:
    desk.silent(0, "A1")
    desk.act(5, "acknowledge", desk.alarm("SensorSilence").alarm_id)
    desk.silent(10, "A2")
    assert desk.alarm("SensorSilence").state == "raised"


def test_a_sensor_that_speaks_again_unheard_of_says_nothing(desk: Desk) -> None:
    assert desk.silent(0, "A1", restored=True) == []


def test_a_cluster_is_an_advisory_then_a_caution(desk: Desk) -> None:
    desk.cluster(0, 0.6, 5.0)
    assert desk.alarm("ReportCluster").level == "advisory"
    desk.cluster(60, 0.9, 3.0)
    assert desk.alarm("ReportCluster").level == "caution"


def test_a_merged_cluster_clears_its_row(desk: Desk) -> None:
    desk.cluster(0, 0.6, 5.0)
    evidence = desk.alarm("ReportCluster").evidence
    merged = (msgspec.structs.replace(evidence[0], rule="report_cluster_merged"),)
    desk.cluster(60, 0.0, 5.0, evidence=merged)
    assert desk.alarm("ReportCluster").state == "cleared"


def test_cleared_alarms_are_forgotten_after_a_day(desk: Desk) -> None:
    desk.approach(0, 0.8)
    desk.approach(60, 0.05, rule="approach_over")
    desk.tick(90_000)
    desk.approach(90_001, 0.8)
    assert desk.alarm("Approach").revision == 1


def test_a_suspect_sender_is_an_advisory_that_says_where_it_claims_to_be(desk: Desk) -> None:
    desk.suspect(0, "RYR12")
    alarm = desk.alarm("SpoofSuspicion")
    assert (alarm.level, alarm.state, alarm.title) == ("advisory", "raised", "Suspect sender")
    assert alarm.text.startswith("RYR12 says at 01:56:00Z that it is")
    assert alarm.text.endswith("No measured track flies as it does.")


def test_a_flood_of_suspect_senders_is_one_row_told_once_a_tick_that_names_the_newest(
    desk: Desk,
) -> None:
    for i in range(200):
        desk.suspect(i / 10, f"GHOST{i}")
    assert len(desk.of(Alarm)) == 1  # the first is told at once
    desk.tick(20)
    desk.tick(21)
    first, then = (alarm for alarm in desk.of(Alarm) if alarm.cause == "SpoofSuspicion")
    assert first.alarm_id == then.alarm_id
    assert first.text.startswith("GHOST0 says")
    assert then.text.endswith("GHOST199, GHOST198, GHOST197, GHOST196, GHOST195 and 195 more.")
    assert len(then.evidence) == 16


def test_another_suspect_sender_wakes_again_and_the_last_clears_the_row(desk: Desk) -> None:
    desk.suspect(0, "A")
    desk.act(5, "acknowledge", desk.alarm("SpoofSuspicion").alarm_id)
    desk.suspect(10, "B")
    kept = desk.stage.snapshot()
    desk.stage.restore(kept)  # what is untold is told after a restart too
    desk.tick(11)
    assert desk.alarm("SpoofSuspicion").state == "raised"
    desk.suspect(20, "B", over=True)
    desk.tick(21)
    assert desk.alarm("SpoofSuspicion").text.startswith("A says at 01:56:00Z")
    desk.suspect(22, "A", over=True)
    assert desk.alarm("SpoofSuspicion").state == "cleared"
    assert desk.suspect(23, "A", over=True) == []
    assert desk.tick(24) == []
