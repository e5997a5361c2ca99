from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
import pytest

from skypicket import formats
from skypicket.domain.codec import to_json
from skypicket.domain.contracts import Decoding
from skypicket.domain.errors import FormatError
from skypicket.domain.observations import ObservationBatch
from skypicket.domain.sensors import Sensor
from skypicket.testing import plot_batch, sighting
from skypicket.testing.builders import NIGHT_NS

DESK = Sensor(id="desk", kind="person", lat_deg=54.7, lon_deg=25.3)
Read = Callable[..., Decoding]


@pytest.fixture
def read(decode: Callable[..., Decoding]) -> Read:
    def build(**fields: Any) -> Decoding:
        said = {"lat_deg": 54.7, "lon_deg": 25.3, **fields}
        return decode("report", msgspec.json.encode(said))

    return build


def only_batch(decoding: Decoding) -> ObservationBatch:
    assert decoding.rejects == ()
    (batch,) = decoding.batches
    return batch


def reasons(decoding: Decoding) -> list[str]:
    assert decoding.batches == ()
    return [reject.reason for reject in decoding.rejects]


def test_a_report_of_just_a_place_has_the_stated_defaults(read: Read) -> None:
    batch = only_batch(read())
    assert batch.kind == "sighting"
    assert {n: v.tolist() for n, v in batch.columns.items() if n != "offset"} == {
        "time_ns": [NIGHT_NS],
        "lat_deg": [54.7],
        "lon_deg": [25.3],
        "sigma_m": [1000.0],
        "sigma_time_s": [120.0],
        "first_hand": [0.0],
    }


@pytest.mark.parametrize("time", ["2025-07-28T04:50:00+03:00", NIGHT_NS - 360 * 10**9])
def test_a_report_may_tell_of_earlier_in_two_ways(read: Read, time: str | int) -> None:
    batch = only_batch(read(time=time))
    assert batch.time_ns[0] == NIGHT_NS - 360 * 10**9
    assert batch.received_ns == NIGHT_NS


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"time": NIGHT_NS + 61 * 10**9}, "future_time"),
        ({"time": "2025-07-28T01:56:00"}, "bad_time"),
        ({"time": "yesterday"}, "bad_time"),
        ({"time": "1969-01-01T00:00:00Z"}, "out_of_range"),
        ({"time": 2**63}, "out_of_range"),
        ({"lat_deg": 90.5}, "out_of_range"),
        ({"lon_deg": "25"}, "wrong_type"),
        ({"lon_deg": None}, "wrong_type"),
        ({"sigma_m": 0}, "out_of_range"),
        ({"course_deg": 361}, "out_of_range"),
        ({"reliability": 1.5}, "out_of_range"),
        ({"first_hand": 1}, "wrong_type"),
        ({"colour": "red"}, "unknown_key"),
        ({"contact": {"passport": "1"}}, "unknown_key"),
        ({"text": "x" * 16_384}, "too_large"),
    ],
)
def test_a_bad_report_is_rejected_with_its_reason(
    read: Read, fields: dict[str, Any], reason: str
) -> None:
    assert reasons(read(**fields)) == [reason]


def test_a_minute_of_a_wrong_clock_is_forgiven(read: Read) -> None:
    assert only_batch(read(time=NIGHT_NS + 60 * 10**9)).time_ns[0] == NIGHT_NS + 60 * 10**9


def test_a_report_without_a_place_is_rejected(decode: Callable[..., Decoding]) -> None:
    decoding = decode("report", b'{"lat_deg":54.7}')
    assert decoding.rejects[0].detail == "$.lon_deg is missing."


def test_a_key_that_stands_twice_is_refused_where_it_stands_again(
    decode: Callable[..., Decoding],
) -> None:
    payload = b'{"lat_deg":54.7,"lon_deg":25.3,"lat_deg":50.0}'
    (reject,) = decode("report", payload).rejects
    assert (reject.reason, reject.offset) == ("duplicate_key", payload.rindex(b'"lat_deg"'))


def test_an_unknown_key_is_named_with_its_path_and_place(
    decode: Callable[..., Decoding],
) -> None:
    payload = b'{"lat_deg":54.7,"lon_deg":25.3,"contact":{"pin":1}}'
    (reject,) = decode("report", payload).rejects
    assert reject.detail == "$.contact.pin is not a known key."
    assert reject.offset == payload.index(b'"pin"')


def test_the_contact_never_leaves_the_payload(read: Read) -> None:
    decoding = read(contact={"name": "Reporter", "phone": "+370 5 000 0000"}, text="low and loud")
    assert b"370" not in to_json(decoding)
    assert b"Reporter" not in to_json(decoding)
    assert only_batch(decoding).claims["text"] == ["low and loud"]


def test_a_reject_repeats_no_value_of_the_report(read: Read) -> None:
    decoding = read(contact={"phone": 37_050_000_000}, time="call +370 5 000")
    assert reasons(decoding) == ["wrong_type"]
    assert b"370" not in to_json(decoding)


def test_text_is_cut_and_cleaned(read: Read) -> None:
    batch = only_batch(read(text="a\x00b\n" + "x" * 400))
    assert batch.claims["text"][0] == "a b " + "x" * 276


def test_a_course_without_its_error_is_as_rough_as_a_pointing_arm(read: Read) -> None:
    batch = only_batch(read(course_deg=310))
    assert (batch.column("course_deg")[0], batch.column("sigma_course_deg")[0]) == (310, 45)


def test_simulated_input_is_marked(read: Read) -> None:
    assert only_batch(read(simulated=True)).simulated
    assert not only_batch(read()).simulated


def test_a_sighting_goes_out_and_comes_back_the_same(decode: Callable[..., Decoding]) -> None:
    batch = msgspec.structs.replace(
        sighting(54.7, 25.3, course_deg=310.0, sigma_course_deg=20.0, alt_m=250.0),
        claims={"text": np.array(["a moped in the sky"]), "reliability": np.array(["0.5"])},
        simulated=True,
    )
    (message,) = formats.load("report").encode(batch, DESK)
    back = only_batch(decode("report", message.payload))
    assert back.simulated
    assert {n: v.tolist() for n, v in back.columns.items()} == {
        n: v.tolist() for n, v in batch.columns.items()
    }
    assert {n: v.tolist() for n, v in back.claims.items()} == {
        "text": ["a moped in the sky"],
        "reliability": ["0.5"],
    }


def test_what_a_report_cannot_say_is_a_format_error() -> None:
    chosen = formats.load("report")
    with pytest.raises(FormatError, match="sightings"):
        chosen.encode(plot_batch([(54.7, 25.3)]), DESK)
    said = sighting(54.7, 25.3)
    high = msgspec.structs.replace(said, columns={**said.columns, "amsl_m": np.array([200.0])})
    with pytest.raises(FormatError, match="cannot say amsl_m"):
        chosen.encode(high, DESK)
