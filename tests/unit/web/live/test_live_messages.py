import asyncio

import msgspec
import pytest

from skypicket.domain.assessments import Approach, Evidence
from skypicket.domain.errors import UsageError
from skypicket.domain.incidents import Alarm, AlarmState
from skypicket.domain.labels import Releasability
from skypicket.sharing import OWN, Clearance, StreamSerializer
from skypicket.testing.builders import NIGHT_NS
from skypicket.web.access.principal import Principal
from skypicket.web.live.marks import marks_of
from skypicket.web.live.seats import MOST_WAITING, Seat
from skypicket.web.live.topics import TOPICS, topics_of
from skypicket.web.live.upserts import Upserts


def alarm(name: str, *tracks: str, state: AlarmState = "raised", **fields: object) -> Alarm:
    plain = Alarm(
        alarm_id=name,
        revision=1,
        level="caution",
        state=state,
        cause="Approach",
        time_ns=NIGHT_NS,
        raised_ns=NIGHT_NS,
        title="Approach",
        text="It comes.",
        probability=0.9,
        track_ids=tracks,
    )
    return msgspec.structs.replace(plain, **fields)


def approach(track: str, rule: str = "approach") -> Approach:
    return Approach(
        track_id=track,
        time_ns=NIGHT_NS,
        probability=0.6,
        border="LTU",
        crossing_ns=NIGHT_NS + 60,
        crossing_from_ns=NIGHT_NS,
        crossing_to_ns=NIGHT_NS + 90,
        lat_deg=54.0,
        lon_deg=25.0,
        sigma_m=100.0,
        evidence=(Evidence(sentence="By rule.", rule=rule),),
    )


def read(text: str | None) -> dict[str, object]:
    assert text is not None
    said: dict[str, object] = msgspec.json.decode(text)
    return said


def test_the_gravest_open_alarm_of_a_track_counts() -> None:
    alarms = {
        "a": alarm("a", "0000000000000009", "0000000000000003"),
        "b": alarm("b", "0000000000000003", level="warning", state="acknowledged"),
        "c": alarm("c", "000000000000000c", level="warning", state="cleared"),
    }
    marks = marks_of(alarms, {})
    assert marks.keys.tolist() == [3, 9]
    assert marks.level.tolist() == [3, 2]
    assert marks.flags.tolist() == [1, 1]


def test_an_approach_that_is_over_marks_nothing() -> None:
    here, gone = "0000000000000003", "0000000000000009"
    marks = marks_of({}, {here: approach(here), gone: approach(gone, "approach_over")})
    assert marks.keys.tolist() == [3]
    assert marks.crossing_ns.tolist() == [NIGHT_NS + 60]


def test_the_whole_state_comes_first_and_then_only_what_changed() -> None:
    topic = Upserts("alarms", StreamSerializer(OWN))
    first = {"a": alarm("a"), "b": alarm("b")}
    topic.take(first, 0)
    whole = read(topic.whole(0))
    assert whole["reset"] is True
    assert len(whole["items"]) == 2  # type: ignore[arg-type]
    assert topic.take(first, 0) is None
    changed = read(topic.take({**first, "b": alarm("b", state="acknowledged")}, 0))
    assert changed["reset"] is False
    assert [item["alarm_id"] for item in changed["items"]] == ["b"]  # type: ignore[attr-defined]


def test_what_is_gone_is_named() -> None:
    topic = Upserts("alarms", StreamSerializer(OWN))
    topic.take({"a": alarm("a"), "b": alarm("b")}, 0)
    said = read(topic.take({}, 0))
    assert said["removed"] == ["a", "b"]


def test_a_partner_is_not_told_that_something_withheld_is_gone() -> None:
    topic = Upserts("alarms", StreamSerializer(Clearance("LVA")))
    shared = alarm("a", releasability=Releasability(releasable_to=("LVA",)))
    topic.take({"a": shared, "secret": alarm("secret")}, 0)
    assert "secret" not in (topic.whole(0) or "")
    assert topic.take({"a": shared}, 0) is None


def test_a_message_too_many_makes_the_client_start_afresh() -> None:
    seat = Seat(frozenset({"alarms"}))
    seat.told.add("alarms")
    for number in range(MOST_WAITING + 1):
        seat.say(str(number))
    assert seat.behind
    assert not seat.told


def test_the_newest_tracks_win_and_messages_go_before_them() -> None:
    async def listen() -> list[bytes | str]:
        seat = Seat(frozenset({"tracks"}))
        seat.show(b"old")
        seat.show(b"new")
        seat.beat("first beat")
        seat.beat("beat")
        seat.say("one")
        seat.say("two")
        return [await asyncio.wait_for(seat.next(), 5) for _ in range(4)]

    assert asyncio.run(listen()) == ["one", "two", "beat", b"new"]


def test_a_principal_hears_only_of_what_it_may_read() -> None:
    partner = Principal(
        name="p", roles=("partner",), kind="person", permissions=frozenset({"alarms.read"})
    )
    assert topics_of(partner) == {"alarms"}
    assert topics_of(partner, "sensors,alarms") == {"alarms"}
    with pytest.raises(UsageError, match="no topic 'weapons'"):
        topics_of(partner, "weapons")


def test_every_topic_names_a_permission() -> None:
    assert all(permission.endswith(".read") for permission in TOPICS.values())
