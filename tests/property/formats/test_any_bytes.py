from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skypicket import formats
from skypicket.domain.contracts import Decoding, Entry, Reject, SourceDescription
from skypicket.domain.observations import COLUMNS
from skypicket.formats.json_text import duplicate_key
from skypicket.formats.wrappers import Frame, frames
from skypicket.testing.builders import NIGHT_NS

JSON_FORMATS = ("acoustic", "observations", "readsb-json", "report")

GOOD: dict[str, dict[str, Any]] = {
    "acoustic": {"node": "A1", "time": NIGHT_NS, "azimuth_deg": 10, "seq": 1, "boot_id": "b"},
    "observations": {
        "kind": "position",
        "sensor_id": "R1",
        "time_ns": NIGHT_NS,
        "lat_deg": 54.7,
        "lon_deg": 25.3,
        "sigma_m": 40.0,
        "claims": {"class": "drone"},
    },
    "readsb-json": {"now": NIGHT_NS / 1e9, "hex": "48ae01", "lat": 54.7, "lon": 25.3, "gs": 90},
    "report": {"lat_deg": 54.7, "lon_deg": 25.3, "time": "2025-07-28T01:50:00Z", "text": "low"},
}

anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=6,
)


def decoded(name: str, payload: bytes) -> Decoding:
    decoder = formats.load(name).decoder(SourceDescription(source="s1", sensors={}))
    return decoder.decode(
        Entry(sequence=1, kind="message", source="s1", received_ns=NIGHT_NS, payload=payload)
    )


def check(decoding: Decoding, payload: bytes) -> None:
    """What holds for every decoding: sound columns, and rejects with a word and a place."""
    for batch in decoding.batches:
        allowed = COLUMNS[batch.kind]
        assert batch.columns.keys() <= {"time_ns", "offset", *allowed.required, *allowed.optional}
        for name in allowed.required:
            assert np.isfinite(batch.columns[name]).all()
        for name, bound in (("lat_deg", 90), ("lon_deg", 180), ("azimuth_deg", 360)):
            assert not (np.abs(batch.column(name)) > bound).any()
        assert not any(np.isinf(batch.column(name)).any() for name in allowed.optional)
        assert ((batch.offset >= 0) & (batch.offset <= len(payload))).all()
    for reject in decoding.rejects:
        assert reject.reason.replace("_", "").isalnum()
        assert 0 <= reject.offset <= len(payload)
        assert reject.detail


@pytest.mark.parametrize("name", JSON_FORMATS)
@given(payload=st.binary(max_size=300))
def test_any_bytes_give_nouns_or_rejects(name: str, payload: bytes) -> None:
    decoding = decoded(name, payload)
    check(decoding, payload)
    assert decoding.batches == ()  # random bytes are no message of a JSON format
    assert decoding.rejects or not payload.strip()


@pytest.mark.parametrize("name", JSON_FORMATS)
@given(data=st.data())
def test_a_message_with_any_value_in_any_field_gives_nouns_or_rejects(
    name: str, data: st.DataObject
) -> None:
    message = dict(GOOD[name])
    key = data.draw(st.sampled_from(sorted(message)) | st.text(max_size=8))
    message[key] = data.draw(anything)
    payload = msgspec.json.encode(message)
    check(decoded(name, payload), payload)


@pytest.mark.parametrize("name", JSON_FORMATS)
@given(data=st.data())
def test_a_damaged_message_gives_nouns_or_rejects(name: str, data: st.DataObject) -> None:
    payload = bytearray(msgspec.json.encode(GOOD[name]))
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(payload) - 1))
        payload[place : place + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
    check(decoded(name, bytes(payload)), bytes(payload))


@pytest.mark.parametrize("name", JSON_FORMATS)
@given(data=st.data())
def test_saying_any_key_twice_is_refused(name: str, data: st.DataObject) -> None:
    text = msgspec.json.encode(GOOD[name])
    key = data.draw(st.sampled_from(sorted(GOOD[name])))
    blank = data.draw(st.sampled_from(["", " ", "\t "]))
    again = f'"{key}"{blank}:'.encode() + msgspec.json.encode(GOOD[name][key])
    decoding = decoded(name, text[:-1] + b"," + again + b"}")
    assert decoding.batches == ()
    assert [reject.reason for reject in decoding.rejects] == ["duplicate_key"]


MAGICS = (
    b"",
    b"\xd4\xc3\xb2\xa1",
    b"\xa1\xb2\x3c\x4d",
    b"\x0a\x0d\x0d\x0a\0\0\0\x1c\x4d\x3c\x2b\x1a",
)


@given(
    magic=st.sampled_from(MAGICS),
    content=st.binary(max_size=400),
    name=st.sampled_from(sorted(formats.BUILT_IN)),
)
def test_any_file_is_cut_into_frames_that_lie_in_it(
    magic: bytes, content: bytes, name: str
) -> None:
    whole = magic + content
    for frame in frames(whole, name):
        if isinstance(frame, Reject):
            assert 0 <= frame.offset <= len(whole)
        else:
            assert whole[frame.offset : frame.offset + len(frame.payload)] == frame.payload


@given(content=st.binary(max_size=400))
def test_no_byte_of_a_plain_asterix_file_is_left_out(content: bytes) -> None:
    if content[:4] in MAGICS:
        return
    found = list(frames(content, "asterix"))
    assert b"".join(f.payload for f in found if isinstance(f, Frame)) == content


KEY = st.sampled_from(["a", "b", "\\u0061", "a b"])


@given(keys=st.lists(KEY, max_size=4), nested=st.booleans())
def test_the_key_scan_finds_what_two_lists_of_keys_show(keys: list[str], nested: bool) -> None:
    text = "{" + ",".join(f'"{key}":1' for key in keys) + "}"
    text = f'[{{"a":{text}}}]' if nested else text
    meant = [key.replace("\\u0061", "a") for key in keys]
    assert (duplicate_key(text.encode()) is not None) == (len(set(meant)) < len(meant))
