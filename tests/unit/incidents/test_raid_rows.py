from skypicket.incidents.alarms import alarm_id
from skypicket.testing.desks import Desk

NAMES = ("t1", "t2", "t3", "t4", "t5")


def raid(desk: Desk) -> None:
    for second, track in enumerate(NAMES):
        desk.approach(second, 0.9, track=track)
    desk.raid(10, *NAMES)


def test_a_raid_is_one_row_that_names_all_its_tracks(desk: Desk) -> None:
    raid(desk)
    row = desk.alarm("Raid")
    assert (row.track_ids, row.level, row.state) == (NAMES, "caution", "raised")
    assert row.text.startswith("5 measured objects approach or are inside Lithuania since")


def test_the_alarms_of_its_objects_stay_and_refer_to_it(desk: Desk) -> None:
    raid(desk)
    members = [alarm for alarm in desk.alarms().values() if alarm.cause == "Approach"]
    assert len(members) == 5
    assert {alarm.raid_id for alarm in members} == {alarm_id("Raid", "r1")}
    assert {alarm.state for alarm in members} == {"raised"}


def test_what_an_object_does_next_refers_to_its_raid_too(desk: Desk) -> None:
    raid(desk)
    desk.incursion(20, track="t3")
    assert desk.alarm("Incursion").raid_id == desk.alarm("Raid").alarm_id


def test_the_row_rises_with_the_gravest_of_its_objects(desk: Desk) -> None:
    raid(desk)
    desk.act(15, "acknowledge", desk.alarm("Raid").alarm_id)
    desk.incursion(20, track="t3")
    assert (desk.alarm("Raid").level, desk.alarm("Raid").state) == ("warning", "raised")


def test_acknowledging_the_row_acknowledges_its_objects(desk: Desk) -> None:
    raid(desk)
    desk.act(15, "acknowledge", desk.alarm("Raid").alarm_id)
    assert {alarm.state for alarm in desk.alarms().values()} == {"acknowledged"}


def test_the_row_is_raised_again_when_more_join(desk: Desk) -> None:
    raid(desk)
    desk.act(15, "acknowledge", desk.alarm("Raid").alarm_id)
    desk.approach(30, 0.9, track="t6")
    desk.raid(80, *NAMES, "t6")
    assert desk.alarm("Raid").state == "raised"
    assert len(desk.alarm("Raid").track_ids) == 6


def test_a_raid_that_is_over_clears_its_row_and_no_other(desk: Desk) -> None:
    raid(desk)
    desk.raid(900, *NAMES, rule="raid_over")
    states = {alarm.cause: alarm.state for alarm in desk.alarms().values()}
    assert states == {"Approach": "raised", "Raid": "cleared"}
