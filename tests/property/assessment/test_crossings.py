import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skypicket.assessment.samples import Watch, first_crossings, gaussian_set, sample_paths
from skypicket.assessment.table import TRACK
from skypicket.domain.noun import FloatColumn
from skypicket.geo.borders import Borders, load_borders
from skypicket.geo.frame import TheatreFrame

HORIZON_S = 900.0


@pytest.fixture(scope="module")
def borders() -> Borders:
    return load_borders(TheatreFrame(54.7, 25.3), ["LTU"])


def fine_steps(watch: Watch, east: FloatColumn, north: FloatColumn) -> FloatColumn:
    """The slow twin: the first of many looks that is inside; rows are paths, columns looks."""
    inside = watch.depth_m(east.reshape(-1), north.reshape(-1)).reshape(east.shape) >= 0
    times = np.linspace(0.0, HORIZON_S, east.shape[1])
    return np.where(inside.any(axis=1), times[np.argmax(inside, axis=1)], np.nan)


@settings(deadline=None, max_examples=25, derandomize=True)
@given(
    east_m=st.floats(-150_000, 150_000),
    north_m=st.floats(-150_000, 150_000),
    speed_mps=st.floats(5, 80),
    course=st.floats(0, 2 * np.pi),
)
def test_marching_finds_the_crossings_that_fine_steps_find(
    borders: Borders, east_m: float, north_m: float, speed_mps: float, course: float
) -> None:
    track = np.zeros(1, dtype=TRACK)
    track["east"], track["north"] = east_m, north_m
    track["v_east"], track["v_north"] = speed_mps * np.sin(course), speed_mps * np.cos(course)
    track["s_east"] = track["s_north"] = 100.0
    track["s_ve"] = track["s_vn"] = 2.0
    watch = Watch(borders, "LTU")
    paths = sample_paths(track, gaussian_set(32), 0.1)
    found = first_crossings(watch, paths, np.zeros(1), HORIZON_S)
    looks = np.linspace(0.0, HORIZON_S, 1_801)
    east, north = (
        (x + v * looks[:, None] + b * looks[:, None] ** 1.5).T
        for x, v, b in (
            (paths.east_m[0], paths.east_mps[0], paths.bend_east_coefficient[0]),
            (paths.north_m[0], paths.north_mps[0], paths.bend_north_coefficient[0]),
        )
    )
    slow = fine_steps(watch, east, north)
    fast = found.time_s[0]
    agree = np.isnan(slow) == np.isnan(fast)
    assert np.mean(agree) >= 0.9  # what only grazes may be missed
    both = ~np.isnan(slow) & ~np.isnan(fast)
    late = fast[both] - slow[both]
    assert np.all(late > -2.0 - 250.0 / speed_mps)
    assert np.sum(np.abs(late) >= 20.0) <= 0.1 * both.sum()


def test_the_sample_set_has_the_moments_of_a_gaussian() -> None:
    points = gaussian_set(128)
    assert np.allclose(points.mean(axis=0), 0.0, atol=1e-12)
    assert np.allclose(points.T @ points / 128, np.eye(6), atol=1e-9)
    assert np.all(np.abs(np.mean(points**4, axis=0) - 3.0) < 1.0)
    assert np.array_equal(points, gaussian_set(128))
