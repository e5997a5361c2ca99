from pathlib import Path

import numpy as np
import pytest

from skypicket.domain.errors import FormatError
from skypicket.domain.tracks import Basis, TrackBatch, TrackState
from skypicket.geo.frame import TheatreFrame
from skypicket.testing.builders import NIGHT_NS
from skypicket.testing.pictures import Shown, picture
from skypicket.web.live.layout import (
    COMPLETE,
    HEADER,
    KINDS,
    LAYOUT,
    SIMULATED,
    Marks,
    Stamp,
    decode_frame,
    encode_frame,
    frame_bytes,
    no_marks,
    published_layout,
)

FRAME = TheatreFrame(54.7, 25.3)
STAMP = Stamp(sequence=77, number=5, sent_ms=1_753_667_760_250, flags=SIMULATED)


def some_tracks() -> TrackBatch:
    shown = [
        Shown(key=3, callsign="LOT123", alt_m=250.0, east_mps=40.0, updated_ns=NIGHT_NS - 10**9),
        Shown(key=2**63 + 9, state=TrackState.LOST, basis=Basis.CLAIMED, callsign="Žąsis123"),
        Shown(key=77, existence=0.5, sigma_m=120.0),
    ]
    return picture(FRAME, NIGHT_NS, shown)


def marks() -> Marks:
    return Marks(
        keys=np.array([3, 77], np.uint64),
        level=np.array([3, 1], np.uint8),
        flags=np.array([1, 0], np.uint8),
        crossing_ns=np.array([NIGHT_NS + 90 * 10**9, NIGHT_NS - 1]),
        border_probability=np.array([0.75, 0.5], np.float32),
    )


def test_the_header_is_where_the_contract_says() -> None:
    said = encode_frame(some_tracks(), no_marks(), STAMP)
    assert said[:4] == b"SKYT"
    assert HEADER.itemsize == 64
    places = {name: HEADER.fields[name][1] for name in HEADER.names or () if HEADER.fields}
    assert places == {
        "magic": 0, "version": 4, "flags": 6, "n": 8, "header_bytes": 12, "time_ns": 16,
        "sequence": 24, "frame": 32, "sent_ms": 40, "reserved": 48,
    }  # fmt: skip
    assert said[48:64] == bytes(16)


def test_what_was_encoded_is_decoded_again() -> None:
    batch = some_tracks()
    frame = decode_frame(encode_frame(batch, marks(), STAMP))
    columns = frame.columns
    assert (frame.time_ns, frame.sequence, frame.frame) == (NIGHT_NS, 77, 5)
    assert frame.flags == SIMULATED | COMPLETE
    assert frame.sent_ms == STAMP.sent_ms
    assert columns["track_key"].tolist() == [3, 2**63 + 9, 77]
    assert np.allclose(columns["lat_1e7deg"] / 1e7, batch.columns["lat_deg"], atol=5e-8)
    assert np.allclose(columns["lon_1e7deg"] / 1e7, batch.columns["lon_deg"], atol=5e-8)
    assert columns["state"].tolist() == [TrackState.CONFIRMED, TrackState.LOST, 1]
    assert columns["basis"].tolist() == [Basis.MEASURED, Basis.CLAIMED, 0]
    assert columns["alt_m"][0] == 250.0
    assert np.isnan(columns["alt_m"][1])
    assert columns["age_s"].tolist() == [1.0, 0.0, 0.0]


def test_marks_are_joined_by_key_and_a_crossing_in_the_past_is_none() -> None:
    columns = decode_frame(encode_frame(some_tracks(), marks(), STAMP)).columns
    assert columns["level"].tolist() == [3, 0, 1]
    assert columns["flags"].tolist() == [1, 0, 0]
    assert columns["border_s"][0] == 90.0
    assert np.isnan(columns["border_s"][1:]).all()
    assert columns["border_probability"].tolist() == [0.75, 0.0, 0.0]


def test_callsigns_are_cut_between_characters() -> None:
    columns = decode_frame(encode_frame(some_tracks(), no_marks(), STAMP)).columns
    assert [text.decode() for text in columns["callsign"].tolist()] == ["LOT123", "Žąsis1", ""]


@pytest.mark.parametrize("count", [0, 1, 2, 7, 8, 1000])
def test_each_column_begins_at_a_multiple_of_eight(count: int) -> None:
    shown = [Shown(key=key + 1) for key in range(count)]
    said = encode_frame(picture(FRAME, 5, shown), no_marks(), STAMP)
    frame = decode_frame(said)
    assert len(said) == frame_bytes(count)
    for column in LAYOUT:
        start = frame.columns[column.name].__array_interface__["data"][0]
        first = frame.columns["track_key"].__array_interface__["data"][0]
        assert (start - first) % 8 == 0, column.name


def test_columns_begin_where_the_header_ends_however_long_it_grows() -> None:
    said = encode_frame(some_tracks(), no_marks(), STAMP)
    longer = bytearray(said[:64] + bytes(16) + said[64:])
    longer[12:16] = (80).to_bytes(4, "little")
    assert decode_frame(bytes(longer)).columns["track_key"].tolist() == [3, 2**63 + 9, 77]


@pytest.mark.parametrize("cut", [0, 3, 63, 64, 100, -1])
def test_what_is_cut_short_is_no_frame(cut: int) -> None:
    said = encode_frame(some_tracks(), no_marks(), STAMP)
    with pytest.raises(FormatError, match="rack frame"):
        decode_frame(said[:cut])


def test_another_version_is_refused() -> None:
    said = bytearray(encode_frame(some_tracks(), no_marks(), STAMP))
    said[4] = 2
    with pytest.raises(FormatError, match="version 2"):
        decode_frame(bytes(said))


def test_the_documentation_shows_the_same_layout(repository: Path) -> None:
    page = (repository / "docs" / "live-stream.md").read_text()
    rows = [f"| `{name}` | {kind} | {meaning} |" for name, kind, meaning in LAYOUT]
    assert "\n".join(rows) in page


def test_hello_publishes_the_layout_that_frames_have() -> None:
    published = [(column["name"], column["kind"]) for column in published_layout()]
    assert published == [(name, kind) for name, kind, _ in LAYOUT]
    assert all(kind in KINDS for _, kind in published)
