import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from skypicket.domain.contracts import Entry, Message
from skypicket.domain.errors import ConfigurationError
from skypicket.domain.labels import Releasability
from skypicket.domain.times import NS_PER_S
from skypicket.engine.aliases import Aliases
from skypicket.engine.partner_settings import label_of_picture
from skypicket.engine.partners import (
    PartnerStages,
    PartnerThread,
    secret_of,
    sequence_before,
    view_of,
)
from skypicket.engine.runtime import Runtime
from skypicket.engine.settings import Settings, parse_settings
from skypicket.geo.frame import TheatreFrame
from skypicket.store.capture import Capture
from skypicket.store.chain import Unwritten
from skypicket.testing import canaries
from skypicket.testing.builders import NIGHT_NS
from skypicket.testing.pictures import Shown, picture
from skypicket.testing.scenes import StillClock, an_alarm

KEY = b"k" * 32
NARROW = """
[[sensors]]
id = "open"
kind = "radar"
lat_deg = 54.7
lon_deg = 25.3
releasability = { owner = "LTU", releasable_to = ["LVA"], delay_s = 60.0, coarsen_m = 500.0 }

[[sensors]]
id = "closed"
kind = "radar"
lat_deg = 54.7
lon_deg = 25.3

[[sources]]
id = "both"
format = "observations"

[[sources]]
id = "closed-only"
format = "observations"
sensors = ["closed"]

[[sources]]
id = "named"
format = "observations"
sensors = ["open", "closed"]

[[sources]]
id = "personal"
format = "observations"
sensors = ["open"]
personal = "daily"
"""


def eventually(holds: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline_s, "it did not come to that"
        time.sleep(0.01)


def narrow() -> Settings:
    return parse_settings(NARROW, "site.toml")


def test_a_source_whose_sensors_are_all_withheld_is_left_out() -> None:
    view = view_of(narrow(), "LVA")
    assert [sensor.id for sensor in view.sensors] == ["open"]
    assert {source.id: source.sensors for source in view.sources} == {
        "both": (),
        "named": ("open",),
    }
    assert view_of(narrow(), "EST").sources == ()


def test_the_label_of_a_picture_is_the_meet_of_its_sensors() -> None:
    label = label_of_picture(narrow().sensors, "LVA")
    assert (label.delay_s, label.coarsen_m, label.permits("LVA")) == (60.0, 500.0, True)
    assert label_of_picture(narrow().sensors, "EST") == Releasability()


def test_a_partner_without_a_sensor_has_an_empty_picture() -> None:
    stages = PartnerStages(canaries.settings(), "FIN", KEY)
    for entry in canaries.entries()[:20]:
        stages.step(entry)
    assert stages.picture.tracks is None
    assert stages.picture.alarms == {}


def test_names_are_kept_for_each_partner_and_batches_stay_in_their_order() -> None:
    names = Aliases(KEY, "LVA")
    batch = picture(TheatreFrame(54.7, 25.3), 5, [Shown(key=k, callsign=f"T{k}") for k in (3, 9)])
    told = names.renamed(batch)
    keys = told.columns["track_key"].tolist()  # type: ignore[attr-defined]
    assert keys == sorted(keys)
    assert {f"{key:016x}" for key in keys} == {names.of(f"{3:016x}"), names.of(f"{9:016x}")}
    again = names.renamed(batch)
    assert np.array_equal(again.columns["track_key"], told.columns["track_key"])  # type: ignore[attr-defined]
    alarm = names.renamed(an_alarm("00000000000000a1", track_ids=(f"{3:016x}",)))
    assert alarm.track_ids == (names.of(f"{3:016x}"),)  # type: ignore[attr-defined]


def test_the_secret_is_made_once_and_others_cannot_read_it(tmp_path: Path) -> None:
    assert secret_of(tmp_path) == secret_of(tmp_path)
    assert (tmp_path / "partners.key").stat().st_mode & 0o077 == 0


def test_a_partner_that_stands_twice_is_refused_with_its_line() -> None:
    text = '[[partners]]\ncode = "LVA"\n[[partners]]\ncode = "LVA"\n'
    with pytest.raises(ConfigurationError, match=r"site.toml:3: the partner 'LVA' stands twice"):
        parse_settings(text, "site.toml")


def test_the_beginning_is_found_by_the_time_of_receipt(tmp_path: Path) -> None:
    capture = Capture.open(tmp_path / "capture")
    said = [
        Unwritten(kind="tick", source="engine", received_ns=NIGHT_NS + n * NS_PER_S, payload=b"")
        for n in range(50)
    ]
    capture.append(said)
    reader = capture.reader()
    found = [sequence_before(reader, 50, NIGHT_NS + s * NS_PER_S) for s in (-1, 0, 1, 20, 99)]
    reader.close()
    capture.close()
    assert found == [0, 0, 1, 20, 50]


def _thread(
    tmp_path: Path, clock: StillClock, delay_s: float
) -> tuple[PartnerThread, PartnerStages]:
    capture = Capture.open(tmp_path / "capture")
    stages = PartnerStages(canaries.settings(), "LVA", KEY)
    stages.delay_s = delay_s
    return PartnerThread(stages, capture, clock, "LVA"), stages


def test_a_delayed_picture_waits_for_its_time(tmp_path: Path) -> None:
    clock = StillClock(NIGHT_NS)
    thread, stages = _thread(tmp_path, clock, 60.0)
    thread.start()
    tick = Entry(sequence=1, kind="tick", source="engine", received_ns=NIGHT_NS, payload=b"")
    thread.push([tick])
    clock.advance_s(59.0)
    assert stages.picture.time_ns == 0
    clock.advance_s(1.0)
    eventually(lambda: stages.picture.time_ns == NIGHT_NS)
    thread.stop()
    assert thread.failure == ""


def test_a_capture_that_cannot_be_read_is_said_and_read_once_it_can(tmp_path: Path) -> None:
    clock = StillClock(NIGHT_NS + NS_PER_S)
    thread, stages = _thread(tmp_path, clock, 0.0)
    tick = Entry(sequence=1, kind="tick", source="engine", received_ns=NIGHT_NS, payload=b"")
    thread.push([tick])
    (tmp_path / "capture").rename(tmp_path / "away")
    thread.start()
    eventually(lambda: thread.fault.startswith("It waits and tries again: "))
    (tmp_path / "away").rename(tmp_path / "capture")
    eventually(lambda: stages.picture.time_ns == NIGHT_NS)
    eventually(lambda: thread.fault == "")
    thread.stop()
    assert thread.failure == ""


def test_a_runtime_makes_the_pictures_of_its_partners_from_the_capture(tmp_path: Path) -> None:
    clock = StillClock(NIGHT_NS + canaries.SECONDS * NS_PER_S)
    for _ in range(2):  # the second start makes it anew, from what is on disk
        runtime = Runtime(canaries.settings(), tmp_path, clock)
        runtime.start()
        shown = runtime.partner_pictures["LVA"]
        if runtime.capture.head()[0] < 20:
            for entry in canaries.entries()[:90]:
                message = Message(source=entry.source, payload=entry.payload)
                runtime.writer.submit(entry.kind, message).result(30)
        eventually(lambda told=shown: told.tracks is not None)  # type: ignore[misc]
        runtime.stop()
    assert shown.sequence == 0
    assert shown.last_heard_ns == {}
