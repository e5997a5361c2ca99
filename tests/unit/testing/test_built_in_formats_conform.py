import numpy as np
import pytest

from skypicket import formats
from skypicket.domain.contracts import Message, SourceDescription
from skypicket.domain.observations import ObservationBatch, SweptSector, batch_of
from skypicket.domain.sensors import Sensor, SensorKind, with_defaults
from skypicket.testing import check_format, plot_batch, radar, sighting
from skypicket.testing.builders import NIGHT_NS

S = 1_000_000_000


def _scans() -> list[ObservationBatch]:
    """Three turns of a radar with 40 plots each."""
    azimuth_deg = np.linspace(1.0, 358.0, 40)
    return [
        batch_of(
            "range_azimuth",
            "25/1",
            start_ns + np.linspace(0, 3.9 * S, 40).astype(np.int64),
            {
                "range_m": np.linspace(5_000.0, 90_000.0, 40),
                "azimuth_deg": azimuth_deg,
                "sigma_range_m": np.full(40, 50.0),
                "sigma_azimuth_deg": np.full(40, 0.15),
            },
            received_ns=start_ns + 4 * S,
            swept=SweptSector(
                start_azimuth_deg=0.0,
                extent_deg=360.0,
                min_range_m=0.0,
                max_range_m=100_000.0,
                from_ns=start_ns,
                to_ns=start_ns + 4 * S,
            ),
        )
        for start_ns in range(NIGHT_NS, NIGHT_NS + 12 * S, 4 * S)
    ]


def _aircraft() -> list[ObservationBatch]:
    return [
        batch_of(
            "self_report",
            "adsb",
            np.array([NIGHT_NS, NIGHT_NS]) + shift_s * S,
            {
                "lat_deg": [54.7, 54.8 + 0.01 * shift_s],
                "lon_deg": [25.2, 25.3],
                "sigma_m": [30.0, 30.0],
                "alt_m": [9_000.0, 3_000.0],
                "east_mps": [200.0, 0.0],
                "north_mps": [0.0, 90.0],
            },
            claims={
                "icao24": np.array(["4ca1b2", "50c0de"]),
                "callsign": np.array(["BTI123", ""]),
            },
            received_ns=NIGHT_NS + shift_s * S,
        )
        for shift_s in range(3)
    ]


def _heard() -> list[ObservationBatch]:
    bearing = batch_of(
        "bearing",
        "A1",
        np.array([NIGHT_NS]),
        {"azimuth_deg": [120.0], "sigma_deg": [8.0], "snr_db": [12.0]},
        received_ns=NIGHT_NS + S,
    )
    presence = batch_of(
        "presence",
        "A1",
        np.array([NIGHT_NS + S]),
        {"snr_db": [9.0], "probability": [0.6]},
        received_ns=NIGHT_NS + 2 * S,
    )
    return [bearing, presence]


def _person() -> list[ObservationBatch]:
    return [sighting(54.7, 25.3), sighting(54.8, 25.1, course_deg=310.0, first_hand=0.0)]


def _sensor(sensor_id: str, kind: SensorKind) -> Sensor:
    return with_defaults(Sensor(id=sensor_id, kind=kind, lat_deg=54.7, lon_deg=25.3))


SAMPLES = {
    "asterix": (radar("25/1"), _scans),
    "readsb-json": (_sensor("adsb", "adsb"), _aircraft),
    "acoustic": (_sensor("A1", "acoustic"), _heard),
    "report": (_sensor("person", "person"), _person),
    "observations": (radar("R1"), lambda: [plot_batch([(54.7, 25.3), (54.8, 25.4)])]),
}


def test_every_built_in_format_has_a_sample() -> None:
    assert set(SAMPLES) == set(formats.BUILT_IN)


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_a_built_in_format_keeps_the_rules_of_formats(name: str) -> None:
    found = formats.load(name)
    sensor, nouns = SAMPLES[name]
    payloads: list[bytes | Message] = [m for noun in nouns() for m in found.encode(noun, sensor)]
    assert payloads
    source = SourceDescription(source="feed", sensors={sensor.id: sensor})
    findings = check_format(found, payloads[:6], source)
    assert findings == [], "\n".join(findings[:20])
