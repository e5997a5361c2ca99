"""What is shown now: the newest of everything, and not for ever."""

from skypicket.domain.contracts import Entry, Reject
from skypicket.domain.incidents import Alarm, AlarmState
from skypicket.domain.sensors import SensorStatus
from skypicket.domain.times import NS_PER_DAY
from skypicket.engine.picture import Picture

NIGHT_NS = 1_753_667_760_000_000_000


def tick(time_ns: int) -> Entry:
    return Entry(sequence=1, kind="tick", source="engine", received_ns=time_ns, payload=b"")


def alarm(name: str, state: AlarmState) -> Alarm:
    return Alarm(
        alarm_id=name,
        revision=1,
        level="caution",
        state=state,
        cause="Loss",
        time_ns=NIGHT_NS,
        raised_ns=NIGHT_NS,
        title="Lost",
        text="It was lost.",
        probability=0.9,
    )


def test_a_cleared_alarm_is_shown_for_a_day() -> None:
    picture = Picture()
    picture.take(tick(NIGHT_NS), [alarm("a", "cleared")], NIGHT_NS)
    picture.take(tick(NIGHT_NS + NS_PER_DAY // 2), [], NIGHT_NS)
    assert set(picture.alarms) == {"a"}
    picture.take(tick(NIGHT_NS + 2 * NS_PER_DAY), [], NIGHT_NS)
    assert picture.alarms == {}


def test_a_standing_alarm_is_shown_however_old_it_is() -> None:
    picture = Picture()
    picture.take(tick(NIGHT_NS), [alarm("a", "raised")], NIGHT_NS)
    picture.take(tick(NIGHT_NS + 30 * NS_PER_DAY), [], NIGHT_NS)
    assert set(picture.alarms) == {"a"}


def test_what_is_missing_by_its_numbers_adds_up() -> None:
    picture = Picture()
    for lost in (2, 3):
        status = SensorStatus(sensor_id="A1", time_ns=NIGHT_NS, state="alive", lost=lost)
        picture.take(tick(NIGHT_NS), [status], NIGHT_NS)
    assert picture.lost_messages == {"A1": 5}


def test_rejects_are_counted_by_source_and_reason() -> None:
    picture = Picture()
    reject = Reject(
        source="radar",
        sequence=1,
        received_ns=NIGHT_NS,
        format="asterix",
        reason="truncated",
        offset=0,
        detail="It ends too early.",
    )
    picture.take(tick(NIGHT_NS), [reject, reject], NIGHT_NS)
    assert picture.reject_counts == {("radar", "truncated"): 2}
