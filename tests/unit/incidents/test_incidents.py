from collections.abc import Callable

import pytest

from skypicket.domain.codec import to_json
from skypicket.domain.errors import ConfigurationError
from skypicket.domain.incidents import Alarm
from skypicket.domain.noun import Noun
from skypicket.incidents import IncidentRules, IncidentStage
from skypicket.testing.builders import NIGHT_NS
from skypicket.testing.desks import SECOND_NS, Desk

MINUTE = 60.0


def test_a_loss_abroad_that_may_come_opens_an_incident_at_caution(desk: Desk) -> None:
    desk.loss(0, 0.6)
    alarm, incident = desk.alarm("Loss"), desk.incident()
    assert (alarm.level, incident.level, incident.state) == ("caution", "caution", "open")
    assert alarm.incident_id == incident.incident_id
    assert incident.joinable_until_ns == NIGHT_NS + 1_800 * SECOND_NS
    assert incident.entry_count == 1
    assert "outside Lithuania" in alarm.text
    assert alarm.probability == 0.6


def test_a_loss_abroad_that_hardly_comes_wakes_nobody(desk: Desk) -> None:
    assert desk.loss(0, 0.1) == []


def test_it_wakes_when_the_chance_has_risen(desk: Desk) -> None:
    desk.loss(0, 0.1)
    desk.loss(300, 0.5)
    assert desk.incident().opened_ns == NIGHT_NS + 300 * SECOND_NS


def test_a_loss_inside_is_a_warning(desk: Desk) -> None:
    desk.loss(0, 0.95, abroad=False)
    assert (desk.alarm("Loss").level, desk.incident().level) == ("warning", "warning")


@pytest.mark.parametrize("rule", ["loss_high", "loss_local"])
def test_losses_of_airliners_and_local_flights_wake_nobody(desk: Desk, rule: str) -> None:
    assert desk.loss(0, 0.9, abroad=False, rule=rule) == []


def test_an_object_that_woke_somebody_is_never_lost_quietly(desk: Desk) -> None:
    desk.approach(0, 0.8)
    desk.loss(60, 0.1, rule="loss_high")
    assert (desk.alarm("Loss").state, desk.alarm("Loss").level) == ("raised", "caution")
    assert desk.alarm("Approach").state == "cleared"
    assert "It is lost; the alarm 'Lost abroad: Lithuania' goes on." in desk.alarm("Approach").text


def test_a_slow_loss_wakes_nobody_who_was_not_woken_before(desk: Desk) -> None:
    assert desk.loss(0, 0.9, rule="loss_slow") == []


def test_an_advisory_object_keeps_to_one_row_when_it_is_lost_and_found(desk: Desk) -> None:
    desk.incursion(0, rule="incursion_slow")
    desk.loss(60, 0.9, abroad=False, rule="loss_slow")
    assert desk.alarm("Incursion").text.startswith("Lost. An object was last seen inside")
    desk.regained(100)
    assert desk.alarm("Incursion").text.startswith("The lost object is seen again at 01:57:40Z")
    assert desk.alarm("Incursion").track_ids == ("t1", "t2")
    assert len(desk.alarms()) == 1


def test_an_advisory_ends_aloud_after_an_hour_without_news(desk: Desk) -> None:
    desk.incursion(0, rule="incursion_slow")
    said = [noun for second in range(0, 3_700, 10) for noun in desk.tick(second)]
    assert len(said) == 1
    assert desk.alarm("Incursion").state == "cleared"
    assert desk.alarm("Incursion").text.startswith("Nothing new for 60 min, so the advisory ends.")


def test_an_object_seen_elsewhere_before_and_after_did_not_cause_a_report(desk: Desk) -> None:
    desk.loss(0)
    desk.regained(590)
    desk.incursion(600, track="t2", north_km=20.0)
    assert desk.report(560, 40.0, -20.0) == []
    assert desk.report(560, 40.0, 19.0) != []


def test_a_slow_incursion_does_not_join_what_was_lost(desk: Desk) -> None:
    desk.loss(0)
    desk.incursion(300, track="t9", rule="incursion_slow")
    assert desk.alarm("Incursion").incident_id is None


def test_a_report_twenty_minutes_later_joins_with_both_times(desk: Desk) -> None:
    desk.loss(0)
    desk.report(20 * MINUTE, 0.0, received=114 * MINUTE)
    (entry,) = desk.entries("report")
    assert entry.time_ns == NIGHT_NS + 1_200 * SECOND_NS
    assert entry.received_ns == NIGHT_NS + 6_840 * SECOND_NS
    assert entry.text.startswith("Heard 02:16:00Z, received 03:50:00Z: first-hand report")
    assert (entry.evidence[0].source, entry.evidence[0].sequence) == ("calls", 77)


def test_a_report_forty_minutes_later_does_not(desk: Desk) -> None:
    desk.loss(0)
    desk.report(20 * MINUTE, 0.0)
    assert desk.report(40 * MINUTE, -20.0) == []


def test_a_report_four_hundred_kilometres_away_does_not(desk: Desk) -> None:
    desk.loss(0)
    assert desk.report(20 * MINUTE, -350.0) == []


def test_a_report_before_any_incident_does_not(desk: Desk) -> None:
    assert desk.report(0, 0.0) == []


def test_a_loss_said_anew_goes_into_the_same_incident(desk: Desk) -> None:
    desk.loss(0, 0.5)
    desk.loss(300, 0.8)
    assert desk.incident().entry_count == 2
    assert desk.alarm("Loss").revision == 2
    assert desk.incident().joinable_until_ns == NIGHT_NS + 1_800 * SECOND_NS


def test_being_found_clears_the_loss_and_keeps_the_incident(desk: Desk) -> None:
    desk.loss(0)
    desk.regained(600)
    alarm, incident = desk.alarm("Loss"), desk.incident()
    assert alarm.state == "cleared"
    assert "seen again at 02:06:00Z as a new track" in alarm.text
    assert alarm.track_ids == ("t1", "t2")
    assert incident.track_ids == ("t1", "t2")
    assert incident.state == "open"
    assert incident.joinable_until_ns == NIGHT_NS + 2_400 * SECOND_NS


def test_the_found_object_keeps_its_rows_under_its_new_number(desk: Desk) -> None:
    desk.loss(0)
    desk.regained(600)
    desk.incursion(700, track="t2")
    desk.loss(900, 0.95, track="t2", abroad=False)
    assert len(desk.incidents()) == 1
    assert desk.alarm("Loss").state == "raised"
    assert desk.alarm("Loss").level == "warning"
    assert desk.incident().level == "warning"


def test_time_alone_does_not_clear_a_loss(desk: Desk) -> None:
    desk.loss(0)
    for hour in range(1, 100):
        assert not [noun for noun in desk.tick(3_600 * hour) if isinstance(noun, Alarm)]
    assert desk.alarm("Loss").state == "raised"


def test_an_incursion_in_reach_joins_the_incident_of_the_loss(desk: Desk) -> None:
    desk.loss(0)
    desk.incursion(300, track="t9")
    assert desk.alarm("Incursion").incident_id == desk.incident().incident_id
    assert desk.incident().level == "warning"
    assert desk.incident().track_ids == ("t1", "t9")


def test_an_incursion_out_of_reach_opens_its_own(desk: Desk) -> None:
    desk.loss(0)
    desk.incursion(300, track="t9", north_km=150.0)
    assert len(desk.incidents()) == 2


def test_a_track_told_of_before_the_loss_is_another_object(desk: Desk) -> None:
    desk.approach(-100, 0.5, track="t9")
    desk.loss(0)
    desk.incursion(300, track="t9")
    assert len(desk.incidents()) == 2


def test_an_incursion_opens_an_incident_that_its_loss_joins(desk: Desk) -> None:
    desk.incursion(0)
    desk.loss(600, 0.95, abroad=False)
    assert len(desk.incidents()) == 1
    assert [entry.what for entry in desk.entries("Incursion") + desk.entries("Loss")] == [
        "Incursion",
        "Loss",
    ]


def test_a_cluster_in_reach_joins_once(desk: Desk) -> None:
    desk.loss(0)
    desk.cluster(600, 0.7, 20.0)
    desk.cluster(900, 0.9, 10.0)
    assert desk.alarm("ReportCluster").incident_id == desk.incident().incident_id
    assert len(desk.entries("ReportCluster")) == 1


def test_entries_are_numbered_without_a_gap(desk: Desk) -> None:
    desk.loss(0)
    for i in range(5):
        desk.report(120.0 + 60.0 * i, 40.0)
    desk.regained(400)
    numbers = [n.number for n in desk.said if type(n).__name__ == "IncidentEntry"]  # type: ignore[attr-defined]
    assert numbers == list(range(1, 8))
    assert desk.incident().entry_count == 7


def test_ownership_is_taken_and_kept(desk: Desk) -> None:
    desk.loss(0)
    desk.act(60, "own", desk.incident().incident_id, operator="border guard desk")
    desk.report(120, 40.0)
    assert desk.incident().owner == "border guard desk"
    assert desk.entries("own")[0].text == "Ownership taken by border guard desk."


def test_ownership_can_be_taken_from_the_alarm(desk: Desk) -> None:
    desk.loss(0)
    desk.act(60, "own", desk.alarm("Loss").alarm_id)
    assert desk.incident().owner == "desk 1"


def test_acknowledging_is_written_into_the_incident(desk: Desk) -> None:
    desk.loss(0)
    desk.act(30, "acknowledge", desk.alarm("Loss").alarm_id)
    assert desk.entries("acknowledge")[0].text == (
        "Alarm 'Lost abroad: Lithuania' acknowledged by desk 1."
    )


def test_closing_needs_a_comment_and_clears_the_alarms_aloud(desk: Desk) -> None:
    desk.loss(0)
    identifier = desk.incident().incident_id
    assert desk.act(60, "close", identifier) == []
    desk.act(70, "close", identifier, "wreck found at the old airstrip")
    assert desk.incident().state == "closed"
    assert desk.alarm("Loss").state == "cleared"
    assert "Incident closed by desk 1 at 01:57:10Z: wreck found" in desk.alarm("Loss").text


def test_nothing_joins_a_closed_incident(desk: Desk) -> None:
    desk.loss(0)
    desk.act(70, "close", desk.incident().incident_id, "false alarm")
    assert desk.report(100, 40.0) == []
    assert desk.act(110, "note", desk.incident().incident_id, "late") == []


def test_a_note_is_kept(desk: Desk) -> None:
    desk.loss(0)
    desk.act(10, "note", desk.incident().incident_id, "asked the neighbour by telephone")
    assert desk.entries("note")[0].text == "Note by desk 1: asked the neighbour by telephone"


def play(desk: Desk, start: int, stop: int) -> list[bytes]:
    acts: list[Callable[[], list[Noun]]] = [
        lambda: desk.approach(0, 0.5),
        lambda: desk.silent(5, "A1"),
        lambda: desk.loss(10),
        lambda: desk.act(20, "acknowledge", desk.alarm("Loss").alarm_id),
        lambda: desk.act(21, "shelve", desk.alarm("SensorSilence").alarm_id),
        lambda: desk.report(300, 35.0),
        lambda: desk.cluster(600, 0.9, 20.0),
        lambda: desk.regained(700),
        lambda: desk.incursion(710, track="t2"),
        lambda: desk.tick(1_900),
        lambda: desk.loss(2_000, abroad=False, track="t2"),
        lambda: desk.silent(2_100, "A1", restored=True),
        lambda: desk.act(2_200, "close", desk.incident().incident_id, "done"),
    ]
    return [to_json(noun) for act in acts[start:stop] for noun in act()]


def test_the_same_night_gives_the_same_bytes() -> None:
    assert play(Desk(), 0, 13) == play(Desk(), 0, 13)


@pytest.mark.parametrize("cut", range(1, 13))
def test_a_restored_stage_continues_bit_by_bit(cut: int) -> None:
    whole, cut_off = Desk(), Desk()
    expected = play(whole, 0, 13)
    told = play(cut_off, 0, cut)
    state = cut_off.stage.snapshot()
    cut_off.stage = IncidentStage(IncidentRules(), cut_off.frame)
    cut_off.stage.restore(state)
    assert cut_off.stage.snapshot() == state
    assert told + play(cut_off, cut, 13) == expected
    assert cut_off.stage.snapshot() == whole.stage.snapshot()


def test_values_out_of_bounds_are_refused(desk: Desk) -> None:
    with pytest.raises(ConfigurationError, match="join_s"):
        IncidentStage(IncidentRules(join_s=-1.0), desk.frame)


def test_every_rule_has_a_word_in_the_docstring() -> None:
    names = IncidentRules.__struct_fields__
    assert [name for name in names if name not in (IncidentRules.__doc__ or "")] == []


def test_alarm_ids_do_not_depend_on_the_night() -> None:
    first, second = Desk(), Desk()
    first.loss(0)
    second.approach(0, 0.5, track="t8")
    second.loss(500)
    assert first.alarm("Loss").alarm_id == second.alarm("Loss").alarm_id
    assert len({a.alarm_id for a in second.of(Alarm)}) == 2
