"""Whatever the scans say: probabilities stay probabilities, covariances stay covariances."""

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from skypicket.domain.codec import pack
from skypicket.domain.contracts import Tick
from skypicket.domain.noun import Column
from skypicket.domain.observations import ObservationBatch, SweptSector, batch_of
from skypicket.domain.sensors import AcousticDetection, Sensor
from skypicket.domain.tracks import TrackBatch
from skypicket.geo.frame import TheatreFrame
from skypicket.testing.builders import NIGHT_NS
from skypicket.tracking import Tracker, TrackerConfig

SECOND = 1_000_000_000
FRAME = TheatreFrame(54.7, 25.3)
PLACE: dict[str, Any] = {"lat_deg": 54.7, "lon_deg": 25.3}
SENSORS = {
    sensor.id: sensor
    for sensor in (
        Sensor(id="R1", kind="radar", **PLACE, period_s=2.0),
        Sensor(
            id="A1", kind="acoustic", **PLACE,
            detection=AcousticDetection(source_db=110.0, noise_db=45.0),
        ),
        Sensor(id="A2", kind="acoustic", lat_deg=54.72, lon_deg=25.31),
        Sensor(id="person", kind="person", **PLACE),
        Sensor(id="ads-b", kind="adsb", **PLACE),
        Sensor(id="camera", kind="camera", **PLACE),
        Sensor(id="other", kind="tracker", **PLACE),
    )
}  # fmt: skip

metres = st.floats(-30_000, 30_000)
# Mostly ordinary, sometimes not: tiny, huge, not a number.
sigmas = st.one_of(st.floats(1.0, 3_000.0), st.sampled_from([1e-6, 1e9, np.nan, 0.0, -1.0, np.inf]))
speeds = st.one_of(st.just(np.nan), st.floats(-300.0, 300.0))
heights = st.one_of(st.just(np.nan), st.floats(0.0, 12_000.0), st.sampled_from([1e7, np.inf]))


@st.composite
def position_scans(draw: st.DrawFn) -> ObservationBatch:
    rows = draw(st.integers(0, 8))
    plane = np.array([[draw(metres), draw(metres)] for _ in range(rows)]).reshape(-1, 2)
    lat_deg, lon_deg = FRAME.to_geodetic(*plane.T)
    at_ns = NIGHT_NS + draw(st.integers(0, 200)) * SECOND
    columns = {
        "lat_deg": lat_deg,
        "lon_deg": lon_deg,
        "sigma_m": [draw(sigmas) for _ in range(rows)],
        "alt_m": [draw(heights) for _ in range(rows)],
    }
    swept = SweptSector(
        start_azimuth_deg=draw(st.floats(-720, 720)), extent_deg=draw(st.floats(0, 400)),
        min_range_m=0.0, max_range_m=draw(st.floats(1, 1e6)), from_ns=at_ns - SECOND, to_ns=at_ns,
    )  # fmt: skip
    times = np.full(rows, at_ns)
    return batch_of("position", "R1", times, columns, swept=draw(st.sampled_from([None, swept])))


@st.composite
def other_scans(draw: st.DrawFn) -> ObservationBatch:
    at = np.array([NIGHT_NS + draw(st.integers(0, 200)) * SECOND])
    lat_deg, lon_deg = FRAME.to_geodetic([draw(metres)], [draw(metres)])
    place = {"lat_deg": lat_deg, "lon_deg": lon_deg, "sigma_m": [draw(sigmas)]}
    angle = {"azimuth_deg": [draw(st.floats(-720, 720))], "sigma_deg": [draw(sigmas)]}
    seen = {"sigma_time_s": [draw(sigmas)], "first_hand": [draw(st.sampled_from([0.0, 1.0]))]}
    polar = {
        "range_m": [draw(st.one_of(st.floats(1.0, 90_000.0), sigmas))],
        "azimuth_deg": angle["azimuth_deg"],
        "sigma_range_m": [draw(sigmas)],
        "sigma_azimuth_deg": [draw(sigmas)],
        "elevation_deg": [draw(st.one_of(st.just(np.nan), st.floats(-5, 90)))],
    }
    return draw(
        st.sampled_from(
            [
                batch_of("sighting", "person", at, place | seen),
                batch_of("bearing", "camera", at, angle),
                batch_of("presence", draw(st.sampled_from(["A1", "A2"])), at, {}),
                batch_of("self_report", "ads-b", at, place, claims={"icao24": np.array(["abc"])}),
                batch_of("range_azimuth", "R1", at, polar),
            ]
        )
    )


@st.composite
def named_scans(draw: st.DrawFn) -> ObservationBatch:
    """Rows of one batch at several times, with claims, some of them the same."""
    rows = draw(st.integers(1, 6))
    plane = np.array([[draw(metres), draw(metres)] for _ in range(rows)])
    lat_deg, lon_deg = FRAME.to_geodetic(*plane.T)
    at = np.array([NIGHT_NS + draw(st.integers(0, 200)) * SECOND for _ in range(rows)])
    columns = {"lat_deg": lat_deg, "lon_deg": lon_deg, "sigma_m": [draw(sigmas) for _ in at]}
    columns |= {name: [draw(speeds) for _ in at] for name in ("east_mps", "north_mps")}
    names = np.array([draw(st.sampled_from(["", "abc", "def"])) for _ in at])
    claims = {"icao24": names}
    reports = batch_of("self_report", "ads-b", at, columns, claims=claims)
    tracks = batch_of("sensor_track", "other", at, columns, claims=claims)
    return draw(st.sampled_from([reports, tracks]))


scans = st.one_of(position_scans(), position_scans(), other_scans(), named_scans())


def after(batches: list[ObservationBatch]) -> tuple[Tracker, TrackBatch]:
    tracker = Tracker(TrackerConfig(window_s=300.0), SENSORS, FRAME)
    for batch in batches:
        tracker.step(batch)
    (picture,) = tracker.step(Tick(time_ns=NIGHT_NS + 200 * SECOND))
    return tracker, picture


def assert_definite(covariance: Column) -> None:
    """(n, 6, 6), scaled to correlations, so that metres of height do not hide metres per second."""
    sigma = np.sqrt(np.diagonal(covariance, axis1=1, axis2=2))
    correlation = covariance / (sigma[:, :, None] * sigma[:, None, :])
    assert (np.linalg.eigvalsh(correlation) > 0).all() if len(correlation) else True


@settings(max_examples=250, deadline=None)
@given(st.lists(scans, max_size=25))
def test_probabilities_and_covariances_stay_what_they_are(batches: list[ObservationBatch]) -> None:
    tracker, picture = after(batches)
    table = tracker._filter.table
    live = table.tracks.life[: table.used] > 0
    existence = table.tracks.existence[: table.used][live]
    covariance = table.tracks.covariance[: table.used][live]
    assert ((existence >= 0) & (existence <= 1)).all()
    assert np.isfinite(table.tracks.state[: table.used][live]).all()
    assert np.array_equal(covariance, covariance.transpose(0, 2, 1))
    assert_definite(covariance)
    branched = live & (table.tracks.branched[: table.used] > 0)
    share = table.modes.probability[: table.used][branched]
    assert ((share >= 0) & (share <= 1)).all()
    np.testing.assert_allclose(share.sum(axis=1), 1.0, atol=1e-9)
    assert_definite(table.modes.covariance[: table.used][branched][share > 0])
    shown = picture.columns
    assert ((shown["existence_probability"] >= 0) & (shown["existence_probability"] <= 1)).all()
    assert (np.abs(shown["correlation"]) <= 1).all()
    assert (shown["sigma_east_m"] > 0).all()


@settings(max_examples=60, deadline=None)
@given(st.lists(scans, max_size=15), st.randoms(use_true_random=False))
def test_the_order_of_rows_and_of_arrival_changes_nothing(
    batches: list[ObservationBatch], chance: Any
) -> None:
    tracker, picture = after(batches)
    shuffled = []
    for batch in chance.sample(batches, len(batches)):
        rows = list(range(len(batch)))
        chance.shuffle(rows)
        shuffled.append(batch.take(np.array(rows, dtype=np.int64)))
    other, same = after(shuffled)
    assert pack(same.columns) == pack(picture.columns)
    assert other.counts == tracker.counts


@settings(max_examples=60, deadline=None)
@given(st.lists(scans, min_size=1, max_size=12), st.integers(0, 11))
def test_a_snapshot_at_any_moment_loses_nothing(batches: list[ObservationBatch], cut: int) -> None:
    tracker, _ = after(batches[: cut + 1])
    restored = Tracker(TrackerConfig(window_s=300.0), SENSORS, FRAME)
    restored.restore(tracker.snapshot())
    for batch in batches[cut + 1 :]:
        assert pack([n.columns for n in tracker.step(batch)]) == pack(
            [n.columns for n in restored.step(batch)]
        )
    assert restored.snapshot() == tracker.snapshot()
