"""Operators may do anything, in any order, on anything: no act is ever an error, or forgotten."""

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from skypicket.domain.codec import to_json
from skypicket.domain.incidents import Alarm, Incident
from skypicket.incidents import ACTIONS, IncidentRules, IncidentStage
from skypicket.testing.desks import Desk

TRACKS = ("t1", "t2", "t3")
steps = st.lists(
    st.one_of(
        st.tuples(st.just("loss"), st.sampled_from(TRACKS), st.booleans()),
        st.tuples(st.just("incursion"), st.sampled_from(TRACKS), st.booleans()),
        st.tuples(st.just("approach"), st.sampled_from(TRACKS), st.booleans()),
        st.tuples(st.just("regained"), st.sampled_from(TRACKS), st.sampled_from(TRACKS)),
        st.tuples(st.just("raid"), st.booleans(), st.none()),
        st.tuples(st.just("tick"), st.integers(1, 4_000), st.none()),
        st.tuples(
            st.sampled_from((*ACTIONS, "launch")),
            st.integers(0, 9),
            st.sampled_from((None, "lost", "left", "down", "never_real")),
        ),
    ),
    max_size=40,
)


def subject_of(desk: Desk, number: int) -> str:
    """Some alarm, incident or track, or what is none."""
    known = [*sorted(desk.alarms()), *sorted(desk.incidents()), *TRACKS, "nothing"]
    return known[number % len(known)]


def run(told: list[tuple[str, object, object]], *, restart: bool) -> Desk:
    desk, second = Desk(), 0.0
    for word, first, other in told:
        second += 7.0
        match word:
            case "loss":
                desk.loss(second, track=str(first), abroad=bool(other))
            case "incursion":
                desk.incursion(second, track=str(first), inside_km=1.0 if other else -1.0)
            case "approach":
                desk.approach(second, 0.9 if other else 0.5, track=str(first))
            case "regained":
                desk.regained(second, lost=str(first), track=str(other))
            case "raid":
                desk.raid(second, *TRACKS, rule="raid" if first else "raid_over")
            case "tick":
                second += float(str(first))
                desk.tick(second)
            case _:
                subject = subject_of(desk, int(str(first)))
                desk.act(second, word, subject, "why", until=second + 900, outcome=other)
        if restart:
            again = IncidentStage(IncidentRules(), desk.frame)
            again.restore(desk.stage.snapshot())
            desk.stage = again
    return desk


@settings(max_examples=150, deadline=None)
@given(told=steps)
def test_any_order_of_acts_and_events_is_taken(told: list[tuple[str, object, object]]) -> None:
    desk = run(told, restart=False)
    for alarm in desk.of(Alarm):
        assert 0.0 <= alarm.probability <= 1.0
        assert (alarm.shelved_until_ns is not None) == (alarm.state == "shelved")
        assert alarm.text
    revisions = [(one.incident_id, one.revision) for one in desk.of(Incident)]
    assert len(set(revisions)) == len(revisions)
    assert all(msgspec.json.decode(to_json(noun)) for noun in desk.said)


@settings(max_examples=60, deadline=None)
@given(told=steps)
def test_a_restart_after_every_step_changes_nothing(
    told: list[tuple[str, object, object]],
) -> None:
    plain, restarted = run(told, restart=False), run(told, restart=True)
    assert [to_json(noun) for noun in plain.said] == [to_json(noun) for noun in restarted.said]


@settings(max_examples=100, deadline=None)
@given(told=steps)
def test_no_alarm_is_cleared_without_a_word(told: list[tuple[str, object, object]]) -> None:
    seen: dict[str, Alarm] = {}
    for alarm in run(told, restart=False).of(Alarm):
        before = seen.get(alarm.alarm_id)
        if alarm.state == "cleared" and before is not None and before.state != "cleared":
            assert alarm.text != before.text
        seen[alarm.alarm_id] = alarm
