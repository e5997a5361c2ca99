import pytest

from skypicket.assessment import AssessmentStage, Rules
from skypicket.assessment.raid import at_least
from skypicket.domain.assessments import Raid
from skypicket.domain.errors import ConfigurationError
from skypicket.testing.pictures import Shown
from skypicket.testing.watches import BorderWatch


def wing(count: int, *, first: int = 1, speed_mps: float = -50.0) -> list[Shown]:
    """Objects side by side, 20 km outside, that cross after 400 s."""
    return [
        Shown(key=key, east_m=20_000.0, north_m=2_000.0 * key, east_mps=speed_mps)
        for key in range(first, first + count)
    ]


def fly(watch: BorderWatch, tracks: list[Shown], start: int, stop: int) -> list[Raid]:
    said = []
    for second in range(start, stop, 2):
        said += watch.show(second, [track.at(second) for track in tracks])
    return [noun for noun in said if isinstance(noun, Raid)]


def test_many_objects_at_once_are_a_raid_that_names_them_all(watch: BorderWatch) -> None:
    (raid,) = fly(watch, wing(5), 0, 60)
    assert len(raid.track_ids) == 5
    assert (raid.standing_count, raid.border) == (5, "LTU")
    assert raid.probability == pytest.approx(0.99**5, abs=0.05)
    assert raid.radius_m < 6_000
    assert raid.evidence[0].rule == "raid"
    assert {evidence.sensor_id for evidence in raid.evidence[1:]} == {"R1"}


def test_four_are_none(watch: BorderWatch) -> None:
    assert fly(watch, wing(4), 0, 500) == []


def test_slow_flocks_are_none(watch: BorderWatch) -> None:
    near = [
        Shown(key=key, east_m=5_000.0, north_m=1_000.0 * key, east_mps=-12.0) for key in range(9)
    ]
    assert fly(watch, near, 0, 400) == []


def test_a_sixth_that_comes_joins_the_same_raid(watch: BorderWatch) -> None:
    (first,) = fly(watch, wing(5), 0, 60)
    late = [*wing(5), *wing(1, first=9)]
    (second,) = fly(watch, late, 60, 200)
    assert (second.raid_id, len(second.track_ids)) == (first.raid_id, 6)


def test_what_is_inside_and_what_is_lost_still_belongs_to_it(watch: BorderWatch) -> None:
    fly(watch, wing(5), 0, 420)
    watch.show(422, [])
    assert [noun for noun in watch.said if isinstance(noun, Raid)][1:] == []


def test_it_is_over_when_most_turned_away(watch: BorderWatch) -> None:
    fly(watch, wing(5), 0, 60)
    away = [
        Shown(key=t.key, east_m=20_000.0 - 50.0 * 120, north_m=t.north_m, east_mps=50.0)
        for t in wing(5)
    ]
    said: list[Raid] = []
    for second in range(60, 600, 2):
        noise = watch.show(second, [track.at(second) for track in away])
        said += [noun for noun in noise if isinstance(noun, Raid)]
    assert [raid.evidence[0].rule for raid in said] == ["raid_over"]
    assert said[0].standing_count < 3


def test_what_a_person_settled_does_not_count(watch: BorderWatch) -> None:
    fly(watch, wing(5), 0, 60)
    watch.show(62, [])
    for key in (1, 2, 3):
        watch.declare(70, "never_real", key)
    said = [noun for noun in watch.tick(80) if isinstance(noun, Raid)]
    assert [raid.evidence[0].rule for raid in said] == ["raid_over"]


def test_a_restart_in_the_middle_says_nothing_twice(watch: BorderWatch) -> None:
    fly(watch, wing(5), 0, 60)
    other = AssessmentStage(Rules(), watch.border, watch.frame)
    other.restore(watch.stage.snapshot())
    assert other.snapshot() == watch.stage.snapshot()
    watch.stage = other
    assert fly(watch, wing(5), 60, 200) == []


def test_a_raid_cannot_end_with_more_than_it_takes_to_begin() -> None:
    with pytest.raises(ConfigurationError):
        BorderWatch(Rules(raid_count=3, raid_off_count=4))


def test_the_chance_of_so_many_is_that_of_counting_all_outcomes() -> None:
    chances = [0.9, 0.5, 0.3]
    both = 0.9 * 0.5 * 0.7 + 0.9 * 0.5 * 0.3 + 0.9 * 0.5 * 0.3 + 0.1 * 0.5 * 0.3
    assert at_least(2, chances) == pytest.approx(both)
