"""What operators did is part of the capture: a replay, and a restart anywhere, say the same."""

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
from skypicket.scenario import load_night
from skypicket.store.reader import CaptureReader

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
