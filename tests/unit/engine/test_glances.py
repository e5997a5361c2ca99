"""Between ticks people see what came since; what is computed and kept does not notice it."""

import time
from collections.abc import Callable
from pathlib import Path

from skypicket.domain.codec import pack, to_json
from skypicket.domain.contracts import Entry, Message
from skypicket.domain.noun import Noun
from skypicket.domain.times import NS_PER_S
from skypicket.domain.tracks import TrackBatch
from skypicket.engine.configuration import configuration_payload
from skypicket.engine.glances import Glances
from skypicket.engine.picture import Picture
from skypicket.engine.pipeline import Pipeline, recorded
from skypicket.engine.runtime import Runtime
from skypicket.testing import canaries
from skypicket.testing.builders import NIGHT_NS
from skypicket.testing.scenes import StillClock

LONG_S = 3_600.0


def eventually(holds: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline_s, "it did not come to that"
        time.sleep(0.01)


def minute() -> list[Entry]:
    """A configuration, and a minute of two radars that follow one object."""
    settings = configuration_payload(canaries.settings())
    first = Entry(
        sequence=0,
        kind="configuration",
        source="engine",
        received_ns=NIGHT_NS,
        payload=settings,
    )
    return [first, *canaries.entries()]


def without_ticks() -> list[Entry]:
    return [entry for entry in minute() if entry.kind != "tick"]


def worked(pipeline: Pipeline, picture: Picture, every_s: float) -> list[Noun]:
    """All that follows from the minute, with a look after each entry."""
    glances = Glances(pipeline, picture, every_s)
    all_said: list[Noun] = []
    for entry in minute():
        said = pipeline.step(entry)
        picture.take(entry, said, entry.received_ns)
        glances.after(entry, said)
        all_said += said
    return all_said


def shown(picture: Picture) -> TrackBatch:
    assert picture.tracks is not None
    return picture.tracks


def test_a_plot_is_shown_without_a_tick() -> None:
    pipeline, picture = Pipeline(), Picture()
    glances = Glances(pipeline, picture, 0.0)
    for entry in without_ticks():
        said = pipeline.step(entry)
        picture.take(entry, said, entry.received_ns)
        glances.after(entry, said)
    assert shown(picture).complete
    assert shown(picture).time_ns == picture.time_ns
    assert len(shown(picture)) == 1


def test_however_often_one_looks_the_same_follows_and_the_same_is_kept() -> None:
    looking, blind = Pipeline(), Pipeline()
    often = worked(looking, Picture(), 0.0)
    never = worked(blind, Picture(), LONG_S)
    kept = [[to_json(noun) for noun in said if recorded(noun)] for said in (often, never)]
    assert kept[0] == kept[1]
    batches = [[n for n in said if isinstance(n, TrackBatch)] for said in (often, never)]
    assert [pack(b.columns) for b in batches[0]] == [pack(b.columns) for b in batches[1]]
    assert looking.snapshot() == blind.snapshot()


def test_within_the_least_time_nothing_is_shown_and_the_wait_ends_with_it() -> None:
    pipeline, picture = Pipeline(), Picture()
    glances = Glances(pipeline, picture, LONG_S)
    tick = Entry(sequence=1, kind="tick", source="engine", received_ns=NIGHT_NS, payload=b"")
    glances.after(tick, ())
    assert glances.wait_s(0.25) == 0.25
    for entry in without_ticks():
        said = pipeline.step(entry)
        picture.take(entry, said, entry.received_ns)
        glances.after(entry, said)
    assert picture.tracks is None
    assert 0.25 < glances.wait_s(2 * LONG_S) <= LONG_S


def test_what_changed_nothing_is_not_shown() -> None:
    pipeline, picture = Pipeline(), Picture()
    glances = Glances(pipeline, picture, 0.0)
    for entry in without_ticks():
        picture.take(entry, pipeline.step(entry), entry.received_ns)
        glances.after(entry, ())
    assert picture.tracks is None


def test_a_running_system_shows_a_plot_while_its_clock_stands_still(tmp_path: Path) -> None:
    clock = StillClock(NIGHT_NS + canaries.SECONDS * NS_PER_S)
    runtime = Runtime(canaries.settings(), tmp_path, clock)
    runtime.start()
    for entry in without_ticks():
        if entry.kind == "message":
            message = Message(source=entry.source, payload=entry.payload)
            runtime.writer.submit("message", message).result(30)
    eventually(lambda: runtime.picture.tracks is not None and len(runtime.picture.tracks) > 0)
    runtime.stop()
    assert len(shown(runtime.picture)) == 1
