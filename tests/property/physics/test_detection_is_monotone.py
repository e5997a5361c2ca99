import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from skypicket.domain.sensors import AcousticDetection, RadarDetection, Sensor
from skypicket.geo.frame import TheatreFrame
from skypicket.physics.detection import DetectionField, Signature

FRAME = TheatreFrame(54.7, 25.3)
RADAR = Sensor(
    id="R1",
    kind="radar",
    lat_deg=54.7,
    lon_deg=25.3,
    mast_m=15.0,
    ground_amsl_m=120.0,
    max_range_m=200e3,
    detection=RadarDetection(range_m=50e3, rcs_m2=0.5, probability=0.9),
)
NODE = Sensor(
    id="A1",
    kind="acoustic",
    lat_deg=54.6,
    lon_deg=25.4,
    max_range_m=30e3,
    detection=AcousticDetection(source_db=115.0, noise_db=42.0),
)
FIELD = DetectionField([RADAR, NODE], FRAME)
EAST, NORTH = (float(value) for value in FRAME.to_plane(54.6, 25.4))

heights = st.floats(130.0, 12_000.0)
ranges = st.floats(100.0, 190e3)
near = st.floats(10.0, 29e3)
sizes = st.floats(1e-4, 100.0)
levels = st.floats(60.0, 150.0)


@given(first=ranges, second=ranges, alt_m=heights)
def test_farther_is_never_seen_better(first: float, second: float, alt_m: float) -> None:
    found = FIELD.probability("R1", sorted((first, second)), 0.0, alt_m)
    assert found[0] >= found[1]


@given(range_m=ranges, alt_m=heights, first=sizes, second=sizes)
def test_larger_is_never_seen_worse(
    range_m: float, alt_m: float, first: float, second: float
) -> None:
    found = FIELD.probability("R1", range_m, 0.0, alt_m, sorted((first, second)))
    assert found[0] <= found[1]


@given(range_m=near, alt_m=heights, first=levels, second=levels)
def test_louder_is_never_heard_worse(
    range_m: float, alt_m: float, first: float, second: float
) -> None:
    quiet, loud = (
        FIELD.probability_of("A1", (EAST + range_m, NORTH, alt_m), Signature(source_db=level))
        for level in sorted((first, second))
    )
    assert quiet <= loud


@given(first=near, second=near, alt_m=heights)
def test_farther_is_never_heard_better(first: float, second: float, alt_m: float) -> None:
    found = FIELD.probability("A1", EAST + np.sort([first, second]), NORTH, alt_m)
    assert found[0] >= found[1]


@settings(max_examples=200)
@given(
    sensor_id=st.sampled_from(["R1", "A1"]),
    east_m=st.floats(-4e5, 4e5),
    north_m=st.floats(-4e5, 4e5),
    alt_m=st.one_of(st.floats(-500.0, 40e3), st.just(np.nan)),
    rcs_m2=st.one_of(st.floats(0.0, 1e4), st.none()),
)
def test_a_probability_is_one(
    sensor_id: str, east_m: float, north_m: float, alt_m: float, rcs_m2: float | None
) -> None:
    found = float(FIELD.probability(sensor_id, east_m, north_m, alt_m, rcs_m2))
    assert 0.0 <= found <= 1.0
