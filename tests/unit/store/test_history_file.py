from pathlib import Path

import numpy as np
import pytest

from skypicket.domain.errors import InputError
from skypicket.domain.times import NS_PER_S
from skypicket.domain.tracks import CONTRIBUTOR_COLUMNS, TRACK_COLUMNS, TrackBatch
from skypicket.geo.frame import TheatreFrame
from skypicket.store.history import History, Moment
from skypicket.testing.builders import NIGHT_NS
from skypicket.testing.pictures import Shown, picture

FRAME = TheatreFrame(54.7, 25.3)
KEYS = [3, 2**63 + 5, 2**64 - 1]


def moment(second: float, keys: list[int]) -> Moment:
    tracks = [Shown(key=key, east_mps=-50.0, callsign=f"C{key % 7}").at(second) for key in keys]
    batch = picture(FRAME, NIGHT_NS + round(second * NS_PER_S), tracks)
    return Moment(tracks=batch, last_heard_ns={"R1": batch.time_ns})


def opened(folder: Path, keep_s: float = 86_400.0, most_bytes: int = 10**9) -> History:
    return History(folder / "history.sqlite", keep_s, most_bytes)


def same(first: TrackBatch, second: TrackBatch) -> None:
    for name in (*TRACK_COLUMNS, *CONTRIBUTOR_COLUMNS):
        one, two = first.columns[name], second.columns[name]
        assert one.dtype == two.dtype, name
        np.testing.assert_allclose(one, two, rtol=1e-6, atol=6e-8, err_msg=name)
    assert first.callsigns.tolist() == second.callsigns.tolist()
    assert (first.time_ns, first.sensors, first.complete) == (
        second.time_ns,
        second.sensors,
        second.complete,
    )


@pytest.mark.parametrize("written", [False, True])
def test_a_frame_is_given_back_as_it_was_shown(tmp_path: Path, written: bool) -> None:
    history = opened(tmp_path)
    frames = [moment(second, KEYS[: 1 + second // 15]) for second in range(0, 45, 5)]
    for frame in frames:
        history.add(frame)
    if written:
        history.flush()
    for frame in frames:
        found = history.at(frame.tracks.time_ns + NS_PER_S)
        assert found is not None
        same(found.tracks, frame.tracks)
    history.close()


def test_before_the_first_frame_there_is_nothing(tmp_path: Path) -> None:
    history = opened(tmp_path)
    assert (history.span(), history.at(NIGHT_NS)) == (None, None)
    history.add(moment(5, KEYS))
    assert history.at(NIGHT_NS) is None
    history.close()


def test_the_way_of_a_track_goes_over_blocks_and_what_is_not_written_yet(tmp_path: Path) -> None:
    history = opened(tmp_path)
    for second in range(0, 200, 5):
        history.add(moment(second, KEYS if second < 100 or second >= 150 else KEYS[:1]))
    way = history.way(KEYS[1], NIGHT_NS + 50 * NS_PER_S, NIGHT_NS + 190 * NS_PER_S)
    seconds = ((way["time_ns"] - NIGHT_NS) // NS_PER_S).tolist()
    assert seconds == [*range(50, 100, 5), *range(150, 191, 5)]
    assert np.all(np.diff(way["lon_deg"]) < 0)
    assert len(history.way(77, NIGHT_NS, NIGHT_NS + 200 * NS_PER_S)["time_ns"]) == 0
    history.close()


def test_a_restart_goes_on_and_keeps_what_was_written(tmp_path: Path) -> None:
    history = opened(tmp_path)
    for second in range(0, 90, 5):
        history.add(moment(second, KEYS))
    history.close()  # killed: the minute that waited is lost
    history = opened(tmp_path)
    for second in range(30, 130, 5):  # the stages step again from their snapshot
        history.add(moment(second, KEYS))
    way = history.way(KEYS[0], NIGHT_NS, NIGHT_NS + 300 * NS_PER_S)
    seconds = ((way["time_ns"] - NIGHT_NS) // NS_PER_S).tolist()
    assert seconds == list(range(0, 130, 5))
    history.close()


def test_what_is_older_than_agreed_is_dropped(tmp_path: Path) -> None:
    history = opened(tmp_path, keep_s=120.0)
    for second in range(0, 600, 5):
        history.add(moment(second, KEYS))
    history.flush()
    found = history.span()
    assert found is not None
    assert NIGHT_NS + 360 * NS_PER_S <= found[0] <= NIGHT_NS + 480 * NS_PER_S
    history.close()


def test_a_full_history_drops_its_oldest_but_keeps_the_newest(tmp_path: Path) -> None:
    history = opened(tmp_path, most_bytes=60_000)
    keys = list(range(1, 200))
    for second in range(0, 600, 5):
        history.add(moment(second, keys))
    history.flush()
    found = history.span()
    assert found is not None
    assert found[0] > NIGHT_NS + 300 * NS_PER_S
    assert found[1] == NIGHT_NS + 595 * NS_PER_S
    history.close()


def test_an_empty_picture_is_a_frame_too(tmp_path: Path) -> None:
    history = opened(tmp_path)
    history.add(moment(0, []))
    history.flush()
    found = history.at(NIGHT_NS)
    assert found is not None
    assert len(found.tracks) == 0
    history.close()


def test_another_program_s_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "history.sqlite").write_bytes(b"no database at all, but some text")
    with pytest.raises(InputError):
        opened(tmp_path)
