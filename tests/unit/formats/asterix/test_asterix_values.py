from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from skypicket.domain.contracts import Decoding
from skypicket.domain.labels import Releasability
from skypicket.domain.observations import ObservationBatch
from skypicket.domain.sensors import Sensor
from skypicket.domain.times import NS_PER_DAY, NS_PER_S, parse_time
from skypicket.formats.asterix import DEFAULT_EDITIONS, FORMAT, columns, editions, records
from skypicket.formats.asterix.columns import TAKEN
from skypicket.formats.asterix.compose import compose
from skypicket.formats.asterix.tables import leaves, load_table
from skypicket.testing.builders import NIGHT_NS, radar

Decode = Callable[..., list[Decoding]]
Plot = Callable[..., dict[str, Any]]


def only(decodings: list[Decoding]) -> ObservationBatch:
    (batch,) = [batch for decoding in decodings for batch in decoding.batches]
    assert not any(decoding.rejects for decoding in decodings)
    return batch


def test_range_and_azimuth_come_in_metres_and_degrees(decode: Decode, plot: Plot) -> None:
    batch = only(decode(compose(48, [plot()])))
    assert batch.kind == "range_azimuth"
    assert batch.column("range_m").tolist() == [92_600.0]
    assert batch.column("azimuth_deg").tolist() == [90.0]


def test_a_source_without_sensors_names_them_by_sac_and_sic(decode: Decode, plot: Plot) -> None:
    assert only(decode(compose(48, [plot()]))).sensor_id == "25/13"


def test_a_row_names_the_offset_of_its_record(decode: Decode, plot: Plot) -> None:
    block = compose(48, [plot()])
    batch = only(decode(block[:0] + compose(48, [plot(), plot()])))
    assert batch.offset.tolist() == [3, len(block)]


def test_errors_and_label_are_those_of_the_sensor(decode: Decode, plot: Plot) -> None:
    label = Releasability(owner="LTU", releasable_to=("LVA",))
    sensor = radar("25/13", sigma_range_m=33.0, sigma_azimuth_deg=0.4, releasability=label)
    batch = only(decode(compose(48, [plot()]), sensors=[sensor]))
    assert batch.column("sigma_range_m").tolist() == [33.0]
    assert batch.column("sigma_azimuth_deg").tolist() == [0.4]
    assert batch.releasability.releasable_to == ("LVA",)


def test_flight_level_is_a_pressure_height(decode: Decode, plot: Plot) -> None:
    batch = only(decode(compose(48, [plot(i090={"FL": 3048.0})])))
    assert batch.column("pressure_alt_m").tolist() == [3048.0]


def test_the_height_of_a_3d_radar_is_above_mean_sea_level(decode: Decode, plot: Plot) -> None:
    batch = only(decode(compose(48, [plot(i110={"3DH": 762.0})])))
    assert batch.column("amsl_m").tolist() == [762.0]


def test_calculated_doppler_is_the_radial_speed(decode: Decode, plot: Plot) -> None:
    batch = only(decode(compose(48, [plot(i120={"CAL": {"D": 0, "CAL": -42.0}})])))
    assert batch.column("radial_mps").tolist() == [-42.0]


@pytest.mark.parametrize(
    ("items", "column"),
    [
        ({"i090": {"V": 1, "FL": 3048.0}}, "pressure_alt_m"),
        ({"i090": {"G": 1, "FL": 3048.0}}, "pressure_alt_m"),
        ({"i120": {"CAL": {"D": 1, "CAL": 42.0}}}, "radial_mps"),
    ],
)
def test_what_the_radar_doubts_is_no_measurement(
    decode: Decode, plot: Plot, items: dict[str, Any], column: str
) -> None:
    block = compose(48, [plot(**items)])
    assert np.isnan(only(decode(block)).column(column)).all()
    assert not np.isnan(only(decode(block, rows="all")).column(column)).any()


def test_identity_is_a_claim(decode: Decode, plot: Plot) -> None:
    items = {
        "i220": 0x3C660C,
        "i240": "DLH65A",
        "i070": {"MODE3A": "1000"},
        "i161": {"TRN": 3563},
        "i020": {"TYP": 5},
    }
    claims = only(decode(compose(48, [plot(**items)]))).claims
    assert {name: str(values[0]) for name, values in claims.items()} == {
        "icao24": "3c660c",
        "callsign": "DLH65A",
        "mode_3a": "1000",
        "track_number": "3563",
        "detection": "mode_s",
    }


def test_a_code_that_is_not_validated_is_not_claimed(decode: Decode, plot: Plot) -> None:
    block = compose(48, [plot(i070={"V": 1, "MODE3A": "7700"})])
    assert "mode_3a" not in only(decode(block)).claims


def test_simulated_records_go_into_a_simulated_batch(decode: Decode, plot: Plot) -> None:
    block = compose(48, [plot(), plot(i020={"TYP": 1, "SIM": 1}), plot()])
    (decoding,) = decode(block)
    assert [(len(b), b.simulated) for b in decoding.batches] == [(2, False), (1, True)]


@pytest.mark.parametrize(
    "items",
    [
        {"i040": None},
        {"i040": None, "i042": {"X": 1852.0, "Y": 1852.0}},
        {"i020": {"TYP": 0}},
        {"i020": {"TYP": 1, "RAB": 1}},
        {"i020": {"TYP": 1, "TST": 1}},
        {"i020": {"TYP": 1, "ERR": 1}},
    ],
    ids=["no position", "calculated", "extrapolated", "field monitor", "test", "too far"],
)
def test_what_is_no_measurement_gives_no_row(
    decode: Decode, plot: Plot, items: dict[str, Any]
) -> None:
    (decoding,) = decode(compose(48, [plot(**items)]))
    assert not decoding.batches
    assert not decoding.rejects


def test_all_rows_are_said_in_order_when_asked(decode: Decode, plot: Plot) -> None:
    calculated = plot(i040=None, i042={"X": 1852.0, "Y": 1852.0})
    block = compose(48, [plot(), plot(i040=None), calculated, plot(i020={"TYP": 0})])
    (decoding,) = decode(block, rows="all")
    assert [(b.kind, len(b)) for b in decoding.batches] == [
        ("range_azimuth", 1),
        ("presence", 1),
        ("range_azimuth", 2),
    ]
    last = decoding.batches[-1]
    assert last.column("azimuth_deg").tolist() == [45.0, 90.0]
    assert last.claims["position"].tolist() == ["calculated", ""]
    assert last.claims["report"].tolist() == ["", "extrapolated"]


@pytest.mark.parametrize(
    ("received", "seconds", "expected"),
    [
        ("2025-07-28T23:59:59Z", 1.0, "2025-07-29T00:00:01Z"),
        ("2025-07-29T00:00:01Z", 86_399.0, "2025-07-28T23:59:59Z"),
        ("2025-07-28T12:00:00Z", 0.0, "2025-07-28T00:00:00Z"),
        ("1970-01-01T00:00:00Z", 72_000.0, "1970-01-01T20:00:00Z"),
    ],
)
def test_the_day_is_the_one_nearest_to_receipt(
    decode: Decode, plot: Plot, received: str, seconds: float, expected: str
) -> None:
    batch = only(decode(compose(48, [plot(i140=seconds)]), received_ns=parse_time(received)))
    assert batch.time_ns.tolist() == [parse_time(expected)]


def test_a_jump_in_time_is_flagged_and_not_rejected(decode: Decode, plot: Plot) -> None:
    first, later = plot(), plot(i140=plot()["140"] + 3600.0)
    decodings = decode(compose(48, [first]), compose(48, [later]))
    assert not decodings[1].rejects
    assert len(decodings[1].batches) == 1
    (status,) = decodings[1].statuses
    assert status.state == "degraded"
    assert status.text == "time jumps by +3599.0 s"


def test_all_columns_come_from_a_whole_buffer_of_blocks(plot: Plot) -> None:
    blocks = b"".join(compose(48, [plot(i161={"TRN": n})] * 40) for n in range(100))
    table = columns(blocks)
    assert len(table["range_m"]) == 4000
    assert table["track_number"][[0, 39, 40, -1]].tolist() == [0.0, 0.0, 1.0, 99.0]


@pytest.mark.parametrize("category", sorted(DEFAULT_EDITIONS))
def test_every_column_is_a_field_of_every_edition(category: int) -> None:
    for edition in editions(category):
        table = load_table(category, edition)
        paths = set()
        for name, node in table.items.items():
            places: list[Any] = [p for p in node.get("compound", []) if p] or [["", node]]
            for inner, below in places:
                if "repetitive" not in below and "explicit" not in below:
                    path = f"{name}/{inner}" if inner else name
                    paths |= {leaf.path for leaf in leaves(path, below)}
        missing = {column.path for column in TAKEN[category].values()} - paths
        assert missing == set(), edition


def test_records_gives_every_item_in_si_units(plot: Plot) -> None:
    items = {
        "i130": {"SRL": 360 / 2**13, "SAM": -70.0},
        "i200": {"GSP": 1852 / 2**14, "HDG": 45.0},
        "i250": [{"MBDATA": 2**56 - 1, "BDS1": 4, "BDS2": 0}],
        "i030": [3, 19],
        "i260": 77,
        "SP": "0102",
    }
    made = plot(**items)
    (record,) = records(compose(48, [made]))
    assert record["items"]["130"] == {"SRL": 360 / 2**13, "SAM": -70.0}
    assert record["items"]["200"] == {"GSP": 1852 / 2**14, "HDG": 45.0}
    assert record["items"]["250"] == [{"MBDATA": 2**56 - 1, "BDS1": 4, "BDS2": 0}]
    assert record["items"]["030"] == [3, 19]
    assert record["items"]["260"] == 77
    assert record["items"]["SP"] == "0102"


def test_the_sensor_is_known_by_the_hash_of_its_name_too(
    decode: Decode, sector: Callable[..., ObservationBatch]
) -> None:
    hills: Sensor = radar("radar-hills")
    (message,) = FORMAT.encode(sector(0, swept=None), hills)
    assert only(decode(message.payload, sensors=[hills])).sensor_id == "radar-hills"


def test_identities_name_the_sensor_of_an_address(decode: Decode, plot: Plot) -> None:
    hills = radar("radar-hills")
    block = compose(48, [plot()])
    batch = only(decode(block, sensors=[hills], identities={"25/13": "radar-hills"}))
    assert batch.sensor_id == "radar-hills"


def test_the_option_sensor_takes_every_address(decode: Decode, plot: Plot) -> None:
    hills = radar("radar-hills")
    batch = only(decode(compose(48, [plot()]), sensors=[hills], sensor="radar-hills"))
    assert batch.sensor_id == "radar-hills"


def test_time_of_applicability_keeps_steps_of_a_128th(decode: Decode, plot: Plot) -> None:
    block = compose(48, [plot(i140=plot()["140"] + 3 / 128)])
    assert only(decode(block)).time_ns.tolist() == [NIGHT_NS + 3 * NS_PER_S // 128]
    assert NS_PER_DAY % (NS_PER_S // 128) == 0
