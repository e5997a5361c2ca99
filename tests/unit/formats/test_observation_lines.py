from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
import pytest

from skypicket import formats
from skypicket.domain.contracts import Decoding, Entry
from skypicket.domain.errors import FormatError
from skypicket.domain.observations import COLUMNS, ObservationBatch, batch_of
from skypicket.domain.sensors import SensorStatus
from skypicket.formats.observation_lines import observation_lines
from skypicket.formats.observation_table import KINDS
from skypicket.testing import plot_batch, radar, sighting
from skypicket.testing.builders import NIGHT_NS

Read = Callable[[bytes], Decoding]
GOOD = b'{"kind":"presence","sensor_id":"A1","time_ns":5,"snr_db":6}'


@pytest.fixture
def read(decode: Callable[..., Decoding]) -> Read:
    return lambda payload: decode("observations", payload)


def line(**fields: Any) -> bytes:
    said = {"kind": "position", "sensor_id": "R1", "time_ns": NIGHT_NS}
    place = {"lat_deg": 54.7, "lon_deg": 25.3, "sigma_m": 40}
    return msgspec.json.encode(said | place | fields)


def batches(decoding: Decoding) -> tuple[ObservationBatch, ...]:
    assert decoding.rejects == ()
    return decoding.batches


def content(batch: ObservationBatch) -> tuple[Any, ...]:
    tables = ({n: v.tolist() for n, v in t.items()} for t in (batch.columns, batch.claims))
    return (batch.kind, batch.sensor_id, batch.simulated, *tables)


def test_rows_that_share_sensor_time_and_kind_are_one_scan(read: Read) -> None:
    lines = [
        line(lat_deg=1),
        line(sensor_id="R2"),
        line(lat_deg=2),
        line(time_ns=9),
        line(lat_deg=3),
    ]
    found = batches(read(b"\n".join(lines)))
    assert [(b.sensor_id, b.time_ns[0], len(b)) for b in found] == [
        ("R1", NIGHT_NS, 3),
        ("R2", NIGHT_NS, 1),
        ("R1", 9, 1),
    ]
    assert found[0].columns["lat_deg"].tolist() == [1, 2, 3]


def test_a_row_starts_where_its_line_starts(read: Read) -> None:
    payload = b"\n".join([line(), b"", line(time_ns=1), line(time_ns=2)]) + b"\r\n"
    offsets = [int(batch.offset[0]) for batch in batches(read(payload))]
    assert offsets == [0, len(line()) + 2, len(line()) + 3 + len(line(time_ns=1))]


def test_a_byte_order_mark_costs_no_line_and_shifts_no_offset(read: Read) -> None:
    mark = b"\xef\xbb\xbf"
    found = batches(read(mark + b"\r\n".join([line(), line(time_ns=1)])))
    assert [int(batch.offset[0]) for batch in found] == [3, 3 + len(line()) + 2]
    assert [int(batch.time_ns[0]) for batch in found] == [NIGHT_NS, 1]


def test_behind_a_byte_order_mark_a_bad_line_is_told_where_it_stands(read: Read) -> None:
    decoding = read(b"\xef\xbb\xbf" + b"\n".join([line(), b"{}", line(time_ns=1)]))
    assert [len(batch) for batch in decoding.batches] == [1, 1]
    assert [(r.reason, r.offset) for r in decoding.rejects] == [("missing_key", 4 + len(line()))]


def test_a_byte_order_mark_alone_says_nothing(read: Read) -> None:
    assert batches(read(b"\xef\xbb\xbf")) == ()


def test_a_byte_order_mark_inside_is_no_mark(read: Read) -> None:
    decoding = read(line() + b"\n\xef\xbb\xbf" + line(time_ns=1))
    assert (len(decoding.batches), len(decoding.rejects)) == (1, 1)


def test_what_the_first_line_does_not_say_is_read_all_the_same(read: Read) -> None:
    claims = {"icao24": "48ae01"}
    payload = b"\n".join([line(), line(alt_m=200, claims=claims), line(simulated=True)])
    plain, made_up = batches(read(payload))
    assert np.array_equal(plain.column("alt_m"), [np.nan, 200], equal_nan=True)
    assert plain.claims["icao24"].tolist() == ["", "48ae01"]
    assert (plain.simulated, made_up.simulated) == (False, True)


def test_a_line_may_say_when_it_was_received(read: Read) -> None:
    told, untold = batches(read(b"\n".join([line(received_ns=8), line()])))
    assert (told.received_ns, untold.received_ns) == (8, NIGHT_NS)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b"{", "truncated"),
        (b"nonsense", "malformed_json"),
        (b"[1]", "wrong_type"),
        (GOOD + GOOD, "malformed_json"),
        (GOOD[:-1] + b',"\xff":1}', "not_utf8"),
        (GOOD[:-1] + b',"snr_db":7}', "duplicate_key"),
        (GOOD[:-1] + b',"snr_db" :7}', "duplicate_key"),
        (GOOD[:-1] + b',"snr\\u005fdb":7}', "duplicate_key"),
        (GOOD[:-1] + b',"claims":{"a":"1","a":"2"}}', "duplicate_key"),
        (GOOD[:-1] + b',"colour":1}', "unknown_key"),
        (GOOD[:-1] + b',"range_m":1}', "unknown_key"),
        (GOOD[:-1] + b',"text":"x"}', "unknown_key"),
        (GOOD[:-1] + b',"claims":{"Icao":"1"}}', "out_of_range"),
        (GOOD[:-1] + b',"probability":1.5}', "out_of_range"),
        (GOOD[:-1] + b',"probability":NaN}', "malformed_json"),
        (GOOD[:-1] + b',"probability":1e999}', "out_of_range"),
        (GOOD[:-1] + b',"probability":null}', "wrong_type"),
        (GOOD[:-1] + b',"probability":"0.5"}', "wrong_type"),
        (GOOD.replace(b"presence", b"guess"), "unknown_value"),
        (GOOD.replace(b"A1", b""), "out_of_range"),
        (GOOD.replace(b":5,", b":-5,"), "out_of_range"),
        (GOOD.replace(b":5,", b":5.5,"), "wrong_type"),
        (line(lat_deg=91), "out_of_range"),
        (line(sigma_m=0), "out_of_range"),
        (msgspec.json.encode({"kind": "position", "sensor_id": "R1", "time_ns": 1}), "missing_key"),
    ],
)
def test_a_bad_line_rejects_only_itself(read: Read, bad: bytes, reason: str) -> None:
    decoding = read(b"\n".join([GOOD, bad, GOOD]))
    assert [reject.reason for reject in decoding.rejects] == [reason]
    assert decoding.rejects[0].offset >= len(GOOD) + 1
    assert sum(map(len, decoding.batches)) == 2


def test_an_object_over_two_lines_cannot_hide_its_keys(read: Read) -> None:
    cut = GOOD.replace(b',"snr_db"', b',"simulated":true\n,"snr_db"')
    decoding = read(cut + b"\n" + GOOD + GOOD)
    assert decoding.batches == ()
    assert len(decoding.rejects) == 3


def test_an_escaped_quote_is_no_second_key(read: Read) -> None:
    payload = GOOD[:-1] + b',"claims":{"class":"a \\"moped\\""}}'
    (batch,) = batches(read(payload))
    assert batch.claims["class"].tolist() == ['a "moped"']


def test_a_message_has_at_most_32_different_claims(read: Read) -> None:
    lines = [line(claims={f"c{number}": "x"}) for number in range(40)]
    decoding = read(b"\n".join(lines))
    assert sum(map(len, decoding.batches)) == 32
    assert {reject.reason for reject in decoding.rejects} == {"too_many_claims"}


def test_azimuths_and_courses_come_out_within_a_turn(read: Read) -> None:
    payload = b"\n".join(
        msgspec.json.encode(
            {"kind": "bearing", "sensor_id": "A", "time_ns": 1, "azimuth_deg": a, "sigma_deg": 1}
        )
        for a in (-90, 360, 12.5)
    )
    (batch,) = batches(read(payload))
    assert batch.columns["azimuth_deg"].tolist() == [270.0, 0.0, 12.5]


def test_an_error_that_is_not_said_is_that_of_the_configured_sensor(
    decoder_of: Callable[..., Any], entry_of: Callable[..., Entry]
) -> None:
    decoder = decoder_of("observations", radar("R1", sigma_m=77.0))
    said = {"kind": "position", "sensor_id": "R1", "time_ns": 1, "lat_deg": 54.0, "lon_deg": 25.0}
    decoding = decoder.decode(entry_of(msgspec.json.encode(said) + b"\n" + line(sigma_m=5)))
    assert [batch.columns["sigma_m"].tolist() for batch in batches(decoding)] == [[77.0], [5.0]]


def test_a_sensor_that_is_not_configured_is_refused(
    decoder_of: Callable[..., Any], entry_of: Callable[..., Entry]
) -> None:
    decoding = decoder_of("observations", radar("R2")).decode(entry_of(line()))
    assert [reject.reason for reject in decoding.rejects] == ["unknown_sensor"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_with_every_column_goes_out_and_comes_back(kind: Any, read: Read) -> None:
    allowed = COLUMNS[kind]
    columns = {name: [0.5, 1.0] for name in allowed.required}
    columns |= {name: [0.25, np.nan] for name in allowed.optional}
    if kind == "sighting":
        columns["first_hand"] = [1.0, 0.0]
    claims = {"text" if kind == "sighting" else "class": np.array(["ąžuolas", ""])}
    batch = batch_of(kind, "S1", np.array([5, 5]), columns, claims=claims, simulated=True)
    (back,) = batches(read(observation_lines(batch)))
    offset = back.offset.copy()
    assert offset[0] == 0
    batch.columns["offset"][:] = offset
    assert str(content(back)) == str((*content(batch)[:3], *_sorted(back, batch)))


def _sorted(back: ObservationBatch, batch: ObservationBatch) -> tuple[dict[str, Any], ...]:
    """The batch's tables in the order of those that came back; a missing one is an error."""
    assert back.columns.keys() == batch.columns.keys()
    return (
        {name: batch.columns[name].tolist() for name in back.columns},
        {name: batch.claims[name].tolist() for name in back.claims},
    )


def test_a_sighting_says_its_text_beside_its_place() -> None:
    batch = msgspec.structs.replace(sighting(54.7, 25.3), claims={"text": np.array(["low"])})
    said = msgspec.json.decode(observation_lines(batch))
    assert (said["text"], said["first_hand"], "claims" in said) == ("low", True, False)


def test_what_a_row_does_not_say_is_not_written() -> None:
    batch = batch_of("presence", "A1", np.array([1, 2]), {"snr_db": [np.nan, 3.0]})
    assert observation_lines(batch) == (
        b'{"kind":"presence","sensor_id":"A1","time_ns":1}\n'
        b'{"kind":"presence","sensor_id":"A1","time_ns":2,"snr_db":3.0}\n'
    )


def test_a_status_is_no_observation() -> None:
    status = SensorStatus(sensor_id="R1", time_ns=1, state="alive")
    with pytest.raises(FormatError, match="here are none"):
        formats.load("observations").encode(status, radar())


def test_an_empty_message_says_nothing(read: Read) -> None:
    assert [read(payload) == Decoding() for payload in (b"", b"\n", b" \r\n\n")] == [True] * 3


def test_encoded_plots_are_one_message() -> None:
    (message,) = formats.load("observations").encode(plot_batch([(54.7, 25.3)] * 3), radar())
    assert message.payload.count(b"\n") == 3


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_may_say_a_height_with_its_error(kind: Any, read: Read) -> None:
    columns = {name: [0.5] for name in COLUMNS[kind].required}
    batch = batch_of(kind, "S1", np.array([5]), columns | {"alt_m": [300.0], "sigma_alt_m": [50.0]})
    (back,) = batches(read(observation_lines(batch)))
    assert (back.columns["alt_m"][0], back.columns["sigma_alt_m"][0]) == (300.0, 50.0)
