from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
import pytest

from skypicket import formats
from skypicket.domain.contracts import Decoding, Entry
from skypicket.domain.errors import FormatError
from skypicket.domain.observations import ObservationBatch, SweptInterval, batch_of
from skypicket.domain.sensors import Sensor, SensorStatus
from skypicket.formats.acoustic_encoding import AcousticSender
from skypicket.testing import plot_batch
from skypicket.testing.builders import NIGHT_NS

NODE = Sensor(id="A1", kind="acoustic", lat_deg=54.7, lon_deg=25.3)
DETECTION = "skypicket/v1/acoustic/A1/detection"
STATUS = "skypicket/v1/acoustic/A1/status"
Read = Callable[..., Decoding]


@pytest.fixture
def read(decode: Callable[..., Decoding]) -> Read:
    """Decode a detection of A1 with the given fields."""

    def build(topic: str = "", **fields: Any) -> Decoding:
        said = {"node": "A1", "time": NIGHT_NS, **fields}
        return decode("acoustic", msgspec.json.encode(said), topic=topic)

    return build


def only_batch(decoding: Decoding) -> ObservationBatch:
    assert decoding.rejects == ()
    (batch,) = decoding.batches
    return batch


def test_a_detection_with_an_azimuth_is_a_bearing(read: Read) -> None:
    batch = only_batch(read(azimuth_deg=311.5, sigma_deg=4, snr_db=9.5))
    assert (batch.kind, batch.sensor_id) == ("bearing", "A1")
    assert batch.columns["azimuth_deg"].tolist() == [311.5]
    assert batch.columns["sigma_deg"].tolist() == [4.0]


def test_a_detection_without_an_azimuth_is_a_presence(read: Read) -> None:
    batch = only_batch(read(snr_db=9.5, probability=0.8))
    assert (batch.kind, batch.columns["probability"].tolist()) == ("presence", [0.8])


def test_a_bearing_that_does_not_say_its_error_has_ten_degrees(read: Read) -> None:
    assert only_batch(read(azimuth_deg=1)).columns["sigma_deg"].tolist() == [10.0]


def test_what_the_node_takes_it_for_is_a_claim(read: Read) -> None:
    batch = only_batch(read(**{"class": "two-stroke", "class_probability": 0.7}))
    claims = {name: str(column[0]) for name, column in batch.claims.items()}
    assert claims == {"class": "two-stroke", "class_probability": "0.7"}


def test_the_time_of_the_sound_is_what_was_swept(read: Read) -> None:
    batch = only_batch(read(heard_from="2025-07-28T01:55:58Z", heard_to=NIGHT_NS))
    assert batch.swept == SweptInterval(from_ns=NIGHT_NS - 2 * 10**9, to_ns=NIGHT_NS)


def test_a_status_that_listened_makes_silence_mean_something(
    decode: Callable[..., Decoding],
) -> None:
    payload = b'{"state":"alive","listening_from":5,"listening_to":9}'
    decoding = decode("acoustic", payload, topic=STATUS)
    batch = only_batch(decoding)
    assert (len(batch), batch.kind) == (0, "presence")
    assert batch.swept == SweptInterval(from_ns=5, to_ns=9)
    assert [(s.sensor_id, s.state) for s in decoding.statuses] == [("A1", "alive")]


def test_a_last_will_says_that_the_node_of_its_topic_is_gone(
    decode: Callable[..., Decoding],
) -> None:
    (status,) = decode("acoustic", b'{"state":"gone"}', topic=STATUS).statuses
    assert (status.sensor_id, status.state, status.time_ns) == ("A1", "gone", NIGHT_NS)


def test_a_clock_that_may_be_far_off_makes_the_node_degraded(read: Read) -> None:
    (status,) = read(clock_error_s=2.5).statuses
    assert (status.state, status.clock_error_s) == ("degraded", 2.5)
    assert read(clock_error_s=0.5).statuses == ()


@pytest.mark.parametrize(
    ("payload", "topic", "reason"),
    [
        (b'{"node":"A1","time":1,"audio":"AAAA"}', "", "audio_refused"),
        (b'{"node":"A1","time":1,"raw_Samples":[1]}', "", "audio_refused"),
        (b"RIFF\x24\x08\x00\x00WAVEfmt ", "", "audio_refused"),
        (b"OggS" + bytes(8000), "", "audio_refused"),
        (b" " * 4097, "", "too_large"),
        (b'{"node":"A1","time":1,"colour":"red"}', "", "unknown_key"),
        (b'{"node":"A1","time":1,"time":2}', "", "duplicate_key"),
        (b'{"node":"A1"}', "", "missing_key"),
        (b'{"state":"gone"}', "", "missing_key"),
        (b'{"node":"A1","state":"tired"}', "", "unknown_value"),
        (b'{"node":"A1","time":1,"azimuth_deg":360.5}', "", "out_of_range"),
        (b'{"node":"A1","time":1,"snr_db":"9"}', "", "wrong_type"),
        (b'{"node":"A1","time":1,"snr_db":1e999}', "", "out_of_range"),
        (b'{"node":"A1","time":"04:56"}', "", "bad_time"),
        (b'{"node":"A1","time":"0001-01-01T00:00:00Z"}', "", "out_of_range"),
        (b'{"node":"A1","time":1,"heard_from":1}', "", "missing_key"),
        (b'{"node":"A1","time":1,"heard_from":2,"heard_to":1}', "", "out_of_range"),
        (b'{"node":"A2","time":1}', DETECTION, "topic_mismatch"),
        (b'{"node":"A1","time":1}', STATUS, "missing_key"),
        (b'{"node":"A1","time":1}', "skypicket/v2/acoustic/A1/detection", "bad_topic"),
        (b"\xff\xfe", "", "malformed_json"),
        (b'{"node":"A1","time":1', "", "truncated"),
        (b'{"a":' + b"[" * 4000, "", "unknown_key"),
    ],
)
def test_what_is_not_in_the_profile_is_rejected_with_its_reason(
    decode: Callable[..., Decoding], payload: bytes, topic: str, reason: str
) -> None:
    decoding = decode("acoustic", payload, topic=topic)
    assert (decoding.batches, decoding.statuses) == ((), ())
    assert [reject.reason for reject in decoding.rejects] == [reason]


def test_a_sender_of_another_link_is_no_topic(read: Read) -> None:
    assert len(only_batch(read(topic="127.0.0.1:40000"))) == 1


def test_a_node_that_is_not_configured_is_refused(
    decoder_of: Callable[..., Any], entry_of: Callable[..., Entry]
) -> None:
    decoder = decoder_of("acoustic", NODE)
    (reject,) = decoder.decode(entry_of(b'{"node":"A9","time":1}')).rejects
    assert (reject.reason, "'A9'" in reject.detail) == ("unknown_sensor", True)


def numbered(seq: int, boot_id: str = "b") -> bytes:
    return msgspec.json.encode({"node": "A1", "time": NIGHT_NS, "seq": seq, "boot_id": boot_id})


def test_lost_and_repeated_messages_are_told_apart(
    decoder_of: Callable[..., Any], entry_of: Callable[..., Entry]
) -> None:
    decoder = decoder_of("acoustic")
    heard = [decoder.decode(entry_of(numbered(seq))) for seq in (0, 1, 1, 4, 60)]
    assert [len(decoding.batches) for decoding in heard] == [1, 1, 0, 1, 1]
    lost = [status.lost for decoding in heard for status in decoding.statuses]
    assert lost == [25]  # 2 and 3, and 5 to 27; 28 to 59 may still come


def test_a_restart_is_told_once(
    decoder_of: Callable[..., Any], entry_of: Callable[..., Entry]
) -> None:
    decoder = decoder_of("acoustic")
    payloads = [numbered(5), numbered(0, "c"), numbered(1, "c"), numbered(6)]
    heard = [decoder.decode(entry_of(payload)) for payload in payloads]
    assert [status.restarted for decoding in heard for status in decoding.statuses] == [True]
    assert len(heard[3].batches) == 0  # a straggler of the boot before


def test_a_decoder_goes_on_counting_after_a_snapshot(
    decoder_of: Callable[..., Any], entry_of: Callable[..., Entry]
) -> None:
    first, second = decoder_of("acoustic"), decoder_of("acoustic")
    for seq in (0, 3):
        first.decode(entry_of(numbered(seq)))
    second.restore(first.snapshot())
    assert second.snapshot() == first.snapshot()
    assert second.decode(entry_of(numbered(3))).batches == ()
    (status,) = second.decode(entry_of(numbered(90))).statuses
    assert status.lost == 56  # 1, 2 and 4 to 57


def test_messages_of_many_strangers_take_bounded_memory(
    decoder_of: Callable[..., Any], entry_of: Callable[..., Entry]
) -> None:
    decoder = decoder_of("acoustic")
    for number in range(10_050):
        said = {"node": f"N{number}", "time": 1, "seq": 1, "boot_id": "b"}
        decoder.decode(entry_of(msgspec.json.encode(said)))
    assert len(decoder._numberings) == 10_000


@pytest.mark.parametrize(
    "batch",
    [
        batch_of(
            "bearing",
            "A1",
            np.array([NIGHT_NS]),
            {"azimuth_deg": [120.0], "sigma_deg": [8.0], "elevation_deg": [3.0], "snr_db": [12.0]},
            claims={"class": np.array(["propeller"]), "class_probability": np.array(["0.25"])},
            swept=SweptInterval(from_ns=NIGHT_NS - 5, to_ns=NIGHT_NS + 5),
            simulated=True,
        ),
        batch_of("presence", "A1", np.array([NIGHT_NS]), {"snr_db": [9.0], "probability": [0.6]}),
        batch_of(
            "presence",
            "A1",
            np.array([], dtype=np.int64),
            {},
            swept=SweptInterval(from_ns=NIGHT_NS, to_ns=NIGHT_NS + 10**10),
            simulated=True,
        ),
    ],
    ids=["bearing", "presence", "heartbeat"],
)
def test_a_batch_goes_out_and_comes_back_the_same(
    batch: ObservationBatch, decode: Callable[..., Decoding]
) -> None:
    (message,) = formats.load("acoustic").encode(batch, NODE)
    back = only_batch(decode("acoustic", message.payload, topic=message.topic))
    assert (back.kind, back.swept, back.simulated) == (batch.kind, batch.swept, batch.simulated)
    for name in ("columns", "claims"):
        one, other = getattr(back, name), getattr(batch, name)
        assert {n: v.tolist() for n, v in one.items()} == {n: v.tolist() for n, v in other.items()}


def test_a_status_goes_out_and_comes_back_the_same(decode: Callable[..., Decoding]) -> None:
    status = SensorStatus(
        sensor_id="A1", time_ns=NIGHT_NS, state="degraded", clock_error_s=0.25, text="wet"
    )
    (message,) = formats.load("acoustic").encode(status, NODE)
    assert message.topic == STATUS
    (back,) = decode("acoustic", message.payload, topic=message.topic).statuses
    assert msgspec.structs.replace(back, received_ns=0) == status or (
        msgspec.structs.asdict(back) | {"received_ns": 0}
    ) == msgspec.structs.asdict(status)


def test_each_row_is_a_message_and_a_sender_numbers_them() -> None:
    batch = batch_of("presence", "A1", np.array([1, 2, 3]), {"snr_db": [1.0, 2.0, 3.0]})
    messages = AcousticSender("boot").send(batch)
    assert [msgspec.json.decode(m.payload)["seq"] for m in messages] == [0, 1, 2]


def test_what_a_node_cannot_say_is_a_format_error() -> None:
    chosen = formats.load("acoustic")
    with pytest.raises(FormatError, match="cannot say position"):
        chosen.encode(plot_batch([(54.7, 25.3)]), NODE)
    with pytest.raises(FormatError, match="swept nothing"):
        chosen.encode(batch_of("presence", "A1", np.array([], dtype=np.int64), {}), NODE)
