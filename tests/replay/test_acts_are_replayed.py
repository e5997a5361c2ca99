"""What operators did is part of the capture: a replay, and a restart anywhere, say the same."""

import time
from pathlib import Path

import msgspec
import pytest

from skypicket.domain.codec import to_json
from skypicket.domain.contracts import Entry, OperatorAction
from skypicket.domain.incidents import Alarm, Declaration, Incident
from skypicket.domain.noun import Noun
from skypicket.domain.times import NS_PER_S, parse_time
from skypicket.domain.tracks import TrackBatch, TrackState
from skypicket.engine.offline import run_night
from skypicket.engine.picture import Picture
from skypicket.engine.pipeline import Pipeline, recorded
from skypicket.engine.runtime import Runtime
from skypicket.scenario import load_night
from skypicket.store.capture import Capture
from skypicket.store.chain import Unwritten
from skypicket.store.reader import CaptureReader
from skypicket.testing.scenes import StillClock

SILENT = (parse_time("2026-03-03T02:03:50Z"), parse_time("2026-03-03T02:04:50Z"))
ACTS = (
    ("own", "", None),
    ("decide", "helicopter", 1_800),
    ("acknowledge", "", None),
    ("escalate", "two callers", None),
    ("shelve", "until the patrol calls", 30),
    ("declare", "a column of smoke", None),
)


@pytest.fixture(scope="module")
def entries(tmp_path_factory: pytest.TempPathFactory) -> list[Entry]:
    """The short night with a radar that is off for a minute, and what an operator did meanwhile."""
    night = load_night(Path(__file__).with_name("short_night.toml").read_text(encoding="utf-8"))
    folder = tmp_path_factory.mktemp("acts") / "night"
    for _ in run_night(night, 1, folder):
        pass
    reader = CaptureReader(folder / "night.capture")
    told = [e for e in reader.entries() if e.source != "radar" or not _is_off(e.received_ns)]
    reader.close()
    return _with_acts(told)


def _is_off(time_ns: int) -> bool:
    return SILENT[0] <= time_ns < SILENT[1]


def _with_acts(told: list[Entry]) -> list[Entry]:
    """The acts follow, one a second, as soon as the object's loss is an alarm."""
    pipeline, acts, made = Pipeline(), list(ACTS), []
    loss: Alarm | None = None
    due_ns = 0
    for entry in told:
        made.append(entry)
        for noun in pipeline.step(entry):
            if isinstance(noun, Alarm) and noun.cause == "Loss" and loss is None:
                loss, due_ns = noun, entry.received_ns
        if loss is not None and acts and entry.received_ns >= due_ns:
            made.append(_act(entry.received_ns, loss, acts.pop(0)))
            due_ns = entry.received_ns + NS_PER_S
    assert not acts, "the object was not lost in time"
    return [msgspec.structs.replace(e, sequence=i) for i, e in enumerate(made, start=1)]


def _act(time_ns: int, loss: Alarm, act: tuple[str, str, int | None]) -> Entry:
    word, comment, after_s = act
    action = OperatorAction(
        action=word,
        subject=loss.track_ids[-1] if word == "declare" else loss.alarm_id,
        time_ns=time_ns,
        operator="Rūta",
        comment=comment,
        until_ns=None if after_s is None else time_ns + after_s * NS_PER_S,
        outcome="down" if word == "declare" else None,
    )
    return Entry(
        sequence=0,
        kind="operator",
        source="engine",
        received_ns=time_ns,
        payload=to_json(action),
    )


def run(entries: list[Entry], *, restart_every: int = 0) -> list[Noun]:
    pipeline, said = Pipeline(), []
    for entry in entries:
        said += pipeline.step(entry)
        if restart_every and entry.sequence % restart_every == 0:
            state, pipeline = pipeline.snapshot(), Pipeline()
            pipeline.restore(state)
    return said


def lines(said: list[Noun]) -> list[bytes]:
    return [to_json(noun) for noun in said if recorded(noun)]


def test_the_same_acts_say_the_same_again(entries: list[Entry]) -> None:
    assert lines(run(entries)) == lines(run(entries))


def test_restarts_anywhere_change_nothing(entries: list[Entry]) -> None:
    assert lines(run(entries, restart_every=37)) == lines(run(entries))


def test_the_night_is_told_from_loss_to_contradiction(entries: list[Entry]) -> None:
    said = run(entries)
    words = [noun.outcome for noun in said if isinstance(noun, Declaration)]
    assert words == ["down", "lost"]
    (again,) = {
        n.alarm_id: n for n in said if isinstance(n, Alarm) and n.cause == "Regained"
    }.values()
    assert (again.state, again.level) == ("raised", "warning")
    assert "though Rūta had declared it down" in again.text
    incident = [noun for noun in said if isinstance(noun, Incident)][-1]
    assert (incident.owner, incident.decision, incident.outcome) == ("Rūta", "helicopter", "")


def test_the_track_is_shown_as_declared_until_it_is_measured_again(entries: list[Entry]) -> None:
    pipeline, picture, states = Pipeline(), Picture(), []
    for entry in entries:
        said = pipeline.step(entry)
        picture.take(entry, said, entry.received_ns)
        for noun in said:
            if isinstance(noun, TrackBatch) and noun.complete and picture.declarations:
                states += noun.columns["state"].tolist()
    assert int(TrackState.DOWN) in states
    assert picture.declarations == {}


def kept(picture: Picture) -> list[tuple[object, ...]]:
    """What a restart must not lose: who owns what, what is due, what is aside and until when."""
    incidents = [
        (one.owner, one.decision, one.next_decision_ns, one.outcome, one.entry_count)
        for one in picture.incidents.values()
    ]
    alarms = [
        (one.alarm_id, one.state, one.level, one.handled_by, one.shelved_until_ns)
        for one in picture.alarms.values()
    ]
    return sorted(incidents, key=str) + sorted(alarms, key=str)


@pytest.mark.parametrize("last_act", ["shelve", "declare"])
def test_a_system_that_starts_again_keeps_owner_decision_shelf_and_word(
    entries: list[Entry], tmp_path: Path, last_act: str
) -> None:
    until = next(e.sequence for e in entries if f'"action":"{last_act}"'.encode() in e.payload)
    pipeline, plain = Pipeline(), Picture()
    capture = Capture.open(tmp_path / "capture")
    for entry in entries[:until]:
        plain.take(entry, pipeline.step(entry), entry.received_ns)
        capture.append([_unwritten(entry)])
    capture.close()
    expected = kept(plain)
    assert any(row[0] == "Rūta" for row in expected)
    for _ in range(2):  # first without a snapshot, as after a kill; then with that of the stop
        clock = StillClock(entries[until - 1].received_ns)
        runtime = Runtime(pipeline.settings, tmp_path, clock)
        runtime.start()
        try:
            deadline_s = time.monotonic() + 60.0
            while runtime.behind and time.monotonic() < deadline_s:
                time.sleep(0.01)
            assert kept(runtime.picture) == expected
        finally:
            runtime.stop()


def _unwritten(entry: Entry) -> Unwritten:
    return Unwritten(
        kind=entry.kind,
        source=entry.source,
        received_ns=entry.received_ns,
        payload=entry.payload,
        topic=entry.topic,
    )
