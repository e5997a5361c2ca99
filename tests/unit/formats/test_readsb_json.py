from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
import pytest

from skypicket import formats
from skypicket.domain.contracts import Decoding
from skypicket.domain.errors import FormatError
from skypicket.domain.observations import ObservationBatch, batch_of
from skypicket.domain.sensors import Sensor, SensorStatus
from skypicket.testing.builders import NIGHT_NS

NOW_S = NIGHT_NS / 1e9
RECEIVER = Sensor(id="A1", kind="adsb", lat_deg=54.7, lon_deg=25.3)
Read = Callable[[bytes], Decoding]


@pytest.fixture
def read(decode: Callable[..., Decoding]) -> Read:
    return lambda payload: decode("readsb-json", payload)


def snapshot(*aircraft: dict[str, Any]) -> bytes:
    return msgspec.json.encode({"now": NOW_S, "messages": 1, "aircraft": aircraft})


def aircraft(**fields: Any) -> dict[str, Any]:
    return {"hex": "48ae01", "lat": 54.5, "lon": 25.25, **fields}


def only_batch(decoding: Decoding) -> ObservationBatch:
    assert decoding.rejects == ()
    (batch,) = decoding.batches
    return batch


def value(read: Read, name: str, **fields: Any) -> float:
    return float(only_batch(read(snapshot(aircraft(**fields)))).column(name)[0])


def claim(read: Read, name: str, **fields: Any) -> str:
    batch = only_batch(read(snapshot(aircraft(**fields))))
    return str(batch.claims[name][0]) if name in batch.claims else ""


def test_a_snapshot_is_one_batch_of_all_positions(read: Read) -> None:
    batch = only_batch(read(snapshot(aircraft(), aircraft(hex="48ae02", lat=55.0))))
    assert (batch.kind, batch.sensor_id) == ("self_report", "s1")
    assert batch.columns["lat_deg"].tolist() == [54.5, 55.0]


def test_an_aircraft_without_a_position_gives_no_row(read: Read) -> None:
    decoding = read(snapshot({"hex": "48ae01", "alt_baro": 3000}))
    assert (decoding.batches, decoding.rejects) == ((), ())


def test_a_row_starts_where_its_aircraft_starts(read: Read) -> None:
    payload = snapshot(aircraft(), {"hex": "48ae02"}, aircraft(hex="48ae03"))
    offsets = only_batch(read(payload)).offset
    assert [payload[o : o + 15] for o in offsets] == [b'{"hex":"48ae01"', b'{"hex":"48ae03"']


def test_a_position_is_as_old_as_it_was_seen(read: Read) -> None:
    batch = only_batch(read(snapshot(aircraft(seen_pos=2.5), aircraft())))
    assert (batch.time_ns - NIGHT_NS).tolist() == [-2_500_000_000, 0]


def test_a_lone_aircraft_is_dated_by_its_own_now_else_by_its_receipt(read: Read) -> None:
    batch = only_batch(read(msgspec.json.encode({"now": NOW_S - 5, **aircraft(seen_pos=1)})))
    assert batch.time_ns[0] == NIGHT_NS - 6_000_000_000
    batch = only_batch(read(msgspec.json.encode(aircraft(seen_pos=1))))
    assert batch.time_ns[0] == NIGHT_NS - 1_000_000_000


def test_feet_become_metres_and_the_two_heights_stay_apart(read: Read) -> None:
    assert value(read, "alt_m", alt_geom=10_000) == pytest.approx(3048.0)
    assert value(read, "pressure_alt_m", alt_baro=1_000) == pytest.approx(304.8)
    assert np.isnan(value(read, "alt_m", alt_baro=1_000))


def test_an_aircraft_on_the_ground_claims_so_and_has_no_pressure_altitude(read: Read) -> None:
    assert claim(read, "surface", alt_baro="ground") == "ground"
    assert np.isnan(value(read, "pressure_alt_m", alt_baro="ground"))


@pytest.mark.parametrize(
    ("track_deg", "east", "north"), [(0, 0, 1), (90, 1, 0), (225, -(0.5**0.5), -(0.5**0.5))]
)
def test_speed_and_track_become_a_velocity(
    read: Read, track_deg: float, east: float, north: float
) -> None:
    knots = 1 / (1852 / 3600)
    assert value(read, "east_mps", gs=knots, track=track_deg) == pytest.approx(east, abs=1e-9)
    assert value(read, "north_mps", gs=knots, track=track_deg) == pytest.approx(north, abs=1e-9)


def test_a_speed_without_a_track_is_no_velocity(read: Read) -> None:
    assert np.isnan(value(read, "east_mps", gs=100))


def test_the_geometric_rate_goes_before_the_barometric_one(read: Read) -> None:
    assert value(read, "up_mps", geom_rate=600, baro_rate=1200) == pytest.approx(3.048)
    assert value(read, "up_mps", baro_rate=1200) == pytest.approx(6.096)


@pytest.mark.parametrize(
    ("said", "sigma_m"),
    [
        ({"nac_p": 10}, 10 / 2.4477),
        ({"nac_p": 10, "rc": 500.0, "nic": 5}, 10 / 2.4477),
        ({"nac_p": 0, "rc": 186}, 186 / 4.7985),
        ({"nic": 8}, 185.2 / 4.7985),
        ({"nic": 0, "rc": 0}, 200.0),
        ({}, 200.0),
    ],
)
def test_sigma_comes_from_nacp_else_from_containment_else_from_the_default(
    read: Read, said: dict[str, Any], sigma_m: float
) -> None:
    assert value(read, "sigma_m", **said) == pytest.approx(sigma_m)


def test_the_default_sigma_is_an_option(
    entry_of: Callable[..., Any], decoder_of: Callable[..., Any]
) -> None:
    decoder = decoder_of("readsb-json", RECEIVER, sigma_m=75)
    batch = only_batch(decoder.decode(entry_of(snapshot(aircraft()))))
    assert (batch.sensor_id, batch.columns["sigma_m"].tolist()) == ("A1", [75.0])


def test_identity_is_claimed_trimmed_and_in_lower_case(read: Read) -> None:
    assert claim(read, "icao24", hex="~48AE01") == "~48ae01"
    assert claim(read, "callsign", flight="LOT12   ") == "LOT12"
    assert claim(read, "emergency", emergency="none") == ""
    assert claim(read, "emergency", emergency="nordo") == "nordo"
    assert claim(read, "position_source", type="mlat") == "mlat"
    assert claim(read, "squawk", squawk="7600") == "7600"


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ({"lat": 90.01}, "out_of_range"),
        ({"lon": -180.5}, "out_of_range"),
        ({"lat": "54.5"}, "wrong_type"),
        ({"lat": None}, "missing_key"),
        ({"hex": "48ae0"}, "out_of_range"),
        ({"gs": -1}, "out_of_range"),
        ({"track": True}, "wrong_type"),
        ({"nac_p": 12}, "out_of_range"),
        ({"alt_baro": "flying"}, "unknown_value"),
        ({"seen_pos": -3}, "out_of_range"),
    ],
)
def test_a_bad_aircraft_rejects_only_itself(read: Read, bad: dict[str, Any], reason: str) -> None:
    payload = snapshot(aircraft(), aircraft(**bad), aircraft())
    decoding = read(payload)
    (reject,) = decoding.rejects
    assert reject.reason == reason
    assert payload.index(b'{"hex"', 60) <= reject.offset < payload.rindex(b'{"hex"')
    assert sum(map(len, decoding.batches)) == 2


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"", "truncated"),
        (b"{", "truncated"),
        (b'{"now":1,"aircraft":[{"hex":"48ae01"}', "truncated"),
        (b'{"now":NaN,"aircraft":[]}', "malformed_json"),
        (b'{"aircraft":[]}', "missing_key"),
        (b'{"now":"1","aircraft":[]}', "wrong_type"),
        (b'{"now":1,"aircraft":{}}', "wrong_type"),
        (b'{"now":-1,"aircraft":[]}', "out_of_range"),
        (b'{"now":1,"aircraft":[],"now":2}', "duplicate_key"),
        (b"[1,2]", "wrong_type"),
        (b"{}", "missing_key"),
        (b'{"hex":"48ae01","lat":1,"lon":2,"lat":3}', "duplicate_key"),
        (b'{"hex":"48ae01","x":"\xff"}', "not_utf8"),
        (b'{"hex":"48ae01","x":' + b"[" * 9000 + b"]" * 9000 + b"}", "too_deep"),
    ],
)
def test_a_message_that_cannot_be_read_gives_nothing_but_its_reject(
    read: Read, payload: bytes, reason: str
) -> None:
    decoding = read(payload)
    assert decoding.batches == ()
    assert [reject.reason for reject in decoding.rejects] == [reason]


def test_a_key_that_stands_twice_in_an_aircraft_rejects_that_aircraft(read: Read) -> None:
    payload = snapshot(aircraft(), aircraft(hex="48ae02")).replace(
        b'"48ae02"', b'"48ae02","\\u006cat":1.0'
    )
    decoding = read(payload)
    assert [reject.reason for reject in decoding.rejects] == ["duplicate_key"]
    assert only_batch(msgspec.structs.replace(decoding, rejects=())).claims["icao24"] == ["48ae01"]


def test_a_batch_goes_out_as_a_receiver_would_write_it() -> None:
    batch = batch_of(
        "self_report",
        "A1",
        np.array([NIGHT_NS, NIGHT_NS - 1_250_000_000]),
        {
            "lat_deg": [54.1234567, 55.0],
            "lon_deg": [25.0, 25.5],
            "sigma_m": [12.0, 12.0],
            "alt_m": [3048.0, np.nan],
            "east_mps": [0.0, np.nan],
            "north_mps": [100.0, np.nan],
        },
        claims={"icao24": np.array(["48ae01", "48ae02"]), "callsign": np.array(["LOT1", ""])},
    )
    (message,) = formats.load("readsb-json").encode(batch, RECEIVER)
    said = msgspec.json.decode(message.payload)
    assert said["now"] == NOW_S
    assert said["aircraft"] == [
        {
            "hex": "48ae01",
            "flight": "LOT1    ",
            "alt_geom": 10000,
            "gs": 194.4,
            "track": 0.0,
            "lat": 54.123457,
            "lon": 25.0,
            "seen_pos": 0.0,
            "nac_p": 9,
        },
        {"hex": "48ae02", "lat": 55.0, "lon": 25.5, "seen_pos": 1.25, "nac_p": 9},
    ]


def test_what_the_format_has_no_word_for_is_a_format_error() -> None:
    chosen = formats.load("readsb-json")
    with pytest.raises(FormatError, match="self_reports"):
        chosen.encode(SensorStatus(sensor_id="A1", time_ns=1, state="alive"), RECEIVER)
    nameless = batch_of(
        "self_report", "A1", np.array([1]), {"lat_deg": [1.0], "lon_deg": [1.0], "sigma_m": [9.0]}
    )
    with pytest.raises(FormatError, match="needs the claim icao24"):
        chosen.encode(nameless, RECEIVER)
