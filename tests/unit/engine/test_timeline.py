from pathlib import Path

from skypicket.domain.noun import Noun
from skypicket.domain.times import NS_PER_S
from skypicket.engine.picture import Picture
from skypicket.engine.timeline import Timeline
from skypicket.store.record import Record
from skypicket.testing.builders import NIGHT_NS
from skypicket.testing.desks import Desk


def night() -> list[list[Noun]]:
    """What followed from each of thirty entries: losses, acts, a declaration that is taken back."""
    desk = Desk()
    said: list[list[Noun]] = []
    for i in range(5):
        track = f"{i:016x}"
        said.append(desk.loss(60 * i, track=track))
        alarm = next(a for a in desk.alarms().values() if track in a.track_ids)
        said.append(desk.act(60 * i + 5, "acknowledge", alarm.alarm_id))
        said.append(desk.declare(60 * i + 10, "down", track))
        said.append(desk.declare(60 * i + 15, "lost", track))
        said.append(desk.tick(60 * i + 20))
        said.append(desk.regained(60 * i + 30, lost=track, track=f"{i + 16:016x}"))
    return said


def seen(picture: Picture) -> tuple[object, ...]:
    return (
        {key: alarm.revision for key, alarm in picture.alarms.items()},
        {key: one.revision for key, one in picture.incidents.items()},
        {key: len(lines) for key, lines in picture.entries.items()},
        sorted(picture.losses),
        {key: said.outcome for key, said in picture.declarations.items()},
    )


def test_every_moment_is_as_if_read_from_the_beginning(tmp_path: Path) -> None:
    said = night()
    record = Record.open(tmp_path / "system.record")
    for i, nouns in enumerate(said, start=1):
        record.append(i, nouns)
    record.flush()
    asked = Timeline(tmp_path / "system.record", lines_per_stop=7)
    plain = Picture()
    for i, nouns in enumerate(said, start=1):
        for noun in nouns:
            plain.remember(noun)
        assert seen(asked.at(i)) == seen(plain)
    assert seen(asked.at(0)) == seen(Picture())
    record.close()


def test_a_record_is_read_on_as_it_grows(tmp_path: Path) -> None:
    record = Record.open(tmp_path / "system.record")
    asked = Timeline(tmp_path / "system.record")
    assert asked.at(1).alarms == {}
    record.append(1, night()[0])
    record.flush()
    assert len(asked.at(1).alarms) == 1
    record.close()


def test_each_raised_alarm_is_marked_once(tmp_path: Path) -> None:
    desk = Desk()
    record = Record.open(tmp_path / "system.record")
    record.append(1, desk.loss(0))
    record.append(2, desk.loss(30))
    record.append(3, desk.approach(60, 0.9, track="t2"))
    record.flush()
    marks = Timeline(tmp_path / "system.record").marks()
    assert [(mark.time_ns - NIGHT_NS) // NS_PER_S for mark in marks] == [0, 60]
    assert marks[0].text == "Lost abroad: Lithuania"
    record.close()
