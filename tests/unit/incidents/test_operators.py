import pytest

from skypicket.domain.codec import from_json
from skypicket.domain.contracts import OperatorAction
from skypicket.domain.incidents import Alarm, Declaration, Incident
from skypicket.incidents import IncidentRules
from skypicket.testing.builders import NIGHT_NS
from skypicket.testing.desks import SECOND_NS, Desk


def test_an_alarm_is_shelved_until_the_time_that_was_named(desk: Desk) -> None:
    desk.loss(0)
    desk.act(10, "shelve", desk.alarm("Loss").alarm_id, "patrol is on its way", until=600)
    alarm = desk.alarm("Loss")
    assert (alarm.state, alarm.handled_by) == ("shelved", "desk 1")
    assert alarm.shelved_until_ns == NIGHT_NS + 600 * SECOND_NS
    assert not [n for n in desk.tick(590) if isinstance(n, Alarm)]


def test_a_shelved_alarm_says_that_it_is_back_and_why_it_was_away(desk: Desk) -> None:
    desk.loss(0)
    desk.act(10, "shelve", desk.alarm("Loss").alarm_id, "patrol is on its way", until=600)
    desk.tick(600)
    alarm = desk.alarm("Loss")
    assert (alarm.state, alarm.handled_by, alarm.shelved_until_ns) == ("raised", "", None)
    assert alarm.text.endswith(
        "Back from the shelf since 02:06:00Z, where desk 1 had put it: patrol is on its way."
    )


def test_a_text_does_not_grow_when_it_is_shelved_again(desk: Desk) -> None:
    desk.loss(0)
    for begin in (10, 700):
        desk.act(begin, "shelve", desk.alarm("Loss").alarm_id, "wait", until=begin + 300)
        desk.tick(begin + 310)
    assert desk.alarm("Loss").text.count("Back from the shelf") == 1


def test_nothing_is_shelved_for_longer_than_the_rules_allow() -> None:
    desk = Desk(IncidentRules(longest_shelve_s=3_600.0))
    desk.loss(0)
    desk.act(10, "shelve", desk.alarm("Loss").alarm_id, "long", until=80_000)
    assert desk.alarm("Loss").shelved_until_ns == NIGHT_NS + 3_610 * SECOND_NS


def test_a_shelved_alarm_that_rises_is_back_at_once(desk: Desk) -> None:
    desk.approach(0, 0.5)
    desk.act(10, "shelve", desk.alarm("Approach").alarm_id, "geese", until=3_000)
    desk.approach(60, 0.95)
    assert (desk.alarm("Approach").state, desk.alarm("Approach").shelved_until_ns) == (
        "raised",
        None,
    )


def test_escalating_raises_the_level_by_one_and_the_alarm_again(desk: Desk) -> None:
    desk.loss(0, 0.5)
    identifier = desk.alarm("Loss").alarm_id
    desk.act(10, "acknowledge", identifier)
    desk.act(20, "escalate", identifier, "the caller saw it himself")
    alarm = desk.alarm("Loss")
    assert (alarm.level, alarm.state, alarm.handled_by) == ("warning", "raised", "desk 1")
    assert desk.incident().level == "warning"
    assert desk.entries("escalate")[0].text.endswith(
        "escalated to warning by desk 1: the caller saw it himself"
    )


def test_a_warning_that_is_escalated_stays_a_warning(desk: Desk) -> None:
    desk.loss(0, abroad=False)
    desk.act(20, "escalate", desk.alarm("Loss").alarm_id, "again")
    assert desk.alarm("Loss").level == "warning"


def test_an_escalation_without_a_reason_is_none(desk: Desk) -> None:
    desk.loss(0, 0.5)
    assert desk.act(20, "escalate", desk.alarm("Loss").alarm_id) == []


def test_a_loss_has_no_owner_and_a_decision_due_in_fifteen_minutes(desk: Desk) -> None:
    desk.loss(0)
    incident = desk.incident()
    assert incident.owner == ""
    assert incident.next_decision_ns == NIGHT_NS + 900 * SECOND_NS


def test_a_decision_that_is_due_is_written_down_once_with_the_missing_owner(desk: Desk) -> None:
    desk.loss(0)
    assert desk.tick(890) == []
    desk.tick(900)
    desk.tick(1_000)
    (entry,) = desk.entries("decision_due")
    assert entry.text == "A decision was due at 02:11:00Z; owner: no owner."


def test_an_acknowledged_loss_is_raised_again_when_its_decision_is_due(desk: Desk) -> None:
    desk.loss(0)
    desk.act(10, "acknowledge", desk.alarm("Loss").alarm_id)
    desk.tick(900)
    assert desk.alarm("Loss").state == "raised"


def test_deciding_sets_the_next_time_again_and_again(desk: Desk) -> None:
    desk.loss(0)
    identifier = desk.incident().incident_id
    desk.act(100, "decide", identifier, "search from the air", until=2_000)
    desk.tick(2_000)
    desk.act(2_010, "decide", identifier, "search on foot", until=9_000)
    incident = desk.incident()
    assert (incident.decision, len(desk.entries("decide"))) == ("search on foot", 2)
    assert incident.next_decision_ns == NIGHT_NS + 9_000 * SECOND_NS


def test_a_decision_in_the_past_is_none(desk: Desk) -> None:
    desk.loss(0)
    assert desk.act(100, "decide", desk.incident().incident_id, "late", until=50) == []


def test_no_decision_is_due_by_rule_once_the_object_is_found(desk: Desk) -> None:
    desk.loss(0)
    desk.regained(60)
    assert desk.incident().next_decision_ns is None


def test_what_a_person_decided_stays_when_the_object_is_found(desk: Desk) -> None:
    desk.loss(0)
    desk.act(10, "decide", desk.incident().incident_id, "patrol", until=3_000)
    desk.regained(60)
    assert desk.incident().next_decision_ns == NIGHT_NS + 3_000 * SECOND_NS


@pytest.mark.parametrize("outcome", ["left", "down", "never_real"])
def test_a_loss_ends_with_the_word_that_a_person_says(desk: Desk, outcome: str) -> None:
    desk.loss(0)
    desk.act(60, "declare", "t1", "seen from the helicopter", outcome=outcome)
    alarm = desk.alarm("Loss")
    assert alarm.state == "cleared"
    word = outcome.replace("_", " ")
    assert alarm.text.startswith(
        f"Declared {word} by desk 1 at 01:57:00Z: seen from the helicopter"
    )
    assert (desk.incident().outcome, desk.incident().next_decision_ns) == (outcome, None)
    (said,) = desk.of(Declaration)
    assert (said.outcome, said.track_ids, said.operator) == (outcome, ("t1",), "desk 1")


def test_a_declaration_names_the_object_under_all_its_numbers(desk: Desk) -> None:
    desk.loss(0)
    desk.regained(60)
    desk.loss(120, track="t2")
    desk.declare(180, "down", "t2")
    assert desk.of(Declaration)[-1].track_ids == ("t1", "t2")
    assert desk.alarm("Loss").state == "cleared"


def test_an_incident_can_be_named_instead_of_the_track(desk: Desk) -> None:
    desk.loss(0)
    desk.declare(60, "down", desk.incident().incident_id)
    assert desk.alarm("Loss").state == "cleared"


def test_the_incursion_of_what_is_down_ends_too(desk: Desk) -> None:
    desk.incursion(0)
    desk.loss(60, abroad=False)
    desk.declare(120, "down")
    assert {alarm.state for alarm in desk.alarms().values()} == {"cleared"}


def test_what_is_still_measured_cannot_be_declared(desk: Desk) -> None:
    desk.incursion(0)
    assert desk.declare(60, "down") == []
    assert desk.alarm("Incursion").state == "raised"


def test_a_word_that_is_taken_back_raises_its_alarms_again(desk: Desk) -> None:
    desk.incursion(0)
    desk.loss(60, abroad=False)
    desk.declare(120, "down")
    desk.declare(180, "lost")
    assert {alarm.state for alarm in desk.alarms().values()} == {"raised"}
    assert "took back at 01:59:00Z that it was down" in desk.alarm("Loss").text
    assert (desk.incident().outcome, desk.of(Declaration)[-1].outcome) == ("", "lost")
    assert desk.incident().next_decision_ns == NIGHT_NS + 1_080 * SECOND_NS


def test_what_nobody_declared_cannot_be_taken_back(desk: Desk) -> None:
    desk.loss(0)
    assert desk.declare(60, "lost") == []


def test_a_measurement_contradicts_the_word_aloud(desk: Desk) -> None:
    desk.incursion(0)
    desk.loss(60, abroad=False)
    desk.declare(120, "down")
    desk.regained(180)
    again = desk.alarm("Regained")
    assert (again.level, again.state) == ("warning", "raised")
    assert "Measured again at 01:59:00Z, though desk 1 had declared it down" in again.text
    assert (desk.alarm("Incursion").state, desk.alarm("Loss").state) == ("raised", "cleared")
    said = desk.of(Declaration)[-1]
    assert (said.outcome, said.contradicted, desk.incident().outcome) == ("lost", True, "")


def test_the_row_of_a_contradiction_goes_when_the_object_is_lost_again(desk: Desk) -> None:
    desk.loss(0)
    desk.declare(60, "left")
    desk.regained(120)
    desk.loss(300, track="t2")
    assert (desk.alarm("Regained").state, desk.alarm("Loss").state) == ("cleared", "raised")


def test_old_acts_without_expiry_or_outcome_are_still_read() -> None:
    told = '{"noun":"OperatorAction","action":"note","subject":"x","time_ns":1,"operator":"a"}'
    assert from_json(told, OperatorAction).until_ns is None


def test_a_restart_keeps_owner_decision_shelf_and_word(desk: Desk) -> None:
    desk.loss(0)
    identifier = desk.incident().incident_id
    desk.act(5, "own", identifier)
    desk.act(10, "decide", identifier, "wait", until=1_800)
    desk.act(20, "shelve", desk.alarm("Loss").alarm_id, "wait", until=1_200)
    desk.loss(30, track="t9", abroad=False)
    desk.declare(40, "left", "t9")
    other = Desk()
    other.stage.restore(desk.stage.snapshot())
    assert other.stage.snapshot() == desk.stage.snapshot()
    assert [a.state for a in other.tick(1_210) if isinstance(a, Alarm)] == ["raised"]
    other.declare(1_220, "lost", "t9")
    assert other.of(Declaration)[0].track_ids == ("t9",)
    held = [i for i in other.of(Incident) if i.incident_id == identifier]
    assert all(incident.owner == "desk 1" for incident in held)
