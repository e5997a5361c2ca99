"""Records of a rotating radar, each with its own time, as `skypicket decode` gives them."""

import numpy as np
import pytest

from skypicket.domain.observations import ObservationBatch, SweptSector, batch_of
from skypicket.domain.sensors import Sensor
from skypicket.domain.tracks import TrackState
from skypicket.geo.frame import TheatreFrame
from skypicket.testing.builders import NIGHT_NS
from skypicket.tracking.offline import OFFLINE, Turning, filtered, in_order

PERIOD_NS = 4_000_000_000


def records(*azimuths_deg: float, turn: float = 0.0, range_m: float = 20_000.0) -> ObservationBatch:
    """Plots that share a time: when the antenna points at the first one."""
    time_ns = NIGHT_NS + round((turn + azimuths_deg[0] / 360.0) * PERIOD_NS)
    count = len(azimuths_deg)
    columns = {
        "range_m": [range_m] * count,
        "azimuth_deg": list(azimuths_deg),
        "sigma_range_m": [50.0] * count,
        "sigma_azimuth_deg": [0.1] * count,
    }
    return batch_of("range_azimuth", "R1", np.full(count, time_ns), columns)


def swept(turning: Turning, batch: ObservationBatch, sensor: Sensor) -> SweptSector:
    found = turning.swept(batch, sensor).swept
    assert isinstance(found, SweptSector)
    return found


def test_a_record_swept_what_lies_between_it_and_the_one_before(sensors: dict[str, Sensor]) -> None:
    turning = Turning()
    assert swept(turning, records(40.0), sensors["R1"]).extent_deg == 360.0
    piece = swept(turning, records(100.0), sensors["R1"])
    assert piece.start_azimuth_deg == pytest.approx(40.0, abs=0.5)
    assert piece.extent_deg == pytest.approx(60.0, abs=0.1)
    over_north = swept(turning, records(10.0, turn=1), sensors["R1"])
    assert over_north.start_azimuth_deg == pytest.approx(100.0, abs=0.5)
    assert over_north.extent_deg == pytest.approx(270.0, abs=0.1)


def test_plots_all_round_at_one_time_are_a_whole_turn(sensors: dict[str, Sensor]) -> None:
    turning = Turning()
    swept(turning, records(40.0), sensors["R1"])
    assert swept(turning, records(50.0, 140.0, 200.0), sensors["R1"]).extent_deg == 360.0


def test_where_the_antenna_cannot_be_yet_a_plot_is_of_another_turn(
    sensors: dict[str, Sensor],
) -> None:
    turning = Turning()
    swept(turning, records(40.0), sensors["R1"])
    beside = records(220.0, turn=-0.4)
    assert swept(turning, beside, sensors["R1"]).extent_deg == 360.0


def test_one_plot_each_turn_is_a_look_all_round(sensors: dict[str, Sensor]) -> None:
    turning = Turning()
    extents = [
        swept(turning, records(40.0 + 0.1 * n, turn=n), sensors["R1"]).extent_deg for n in range(4)
    ]
    assert extents == [360.0] * 4


def test_objects_all_round_are_tracked_though_each_record_has_its_own_time(
    sensors: dict[str, Sensor], frame: TheatreFrame
) -> None:
    rng = np.random.default_rng(5)
    batches = [
        records(
            60.0 * n + rng.normal(0, 0.05),
            turn=turn,
            range_m=20_000.0 + 3_000.0 * n + 150.0 * turn + rng.normal(0, 30),
        )
        for turn in range(12)
        for n in range(1, 6)
        if rng.random() < 0.9
    ]
    pictures = list(filtered(in_order(batches), sensors, frame, OFFLINE))
    assert [len(picture) for picture in pictures[-5:]] == [5] * 5
    assert set(pictures[-1].columns["state"].tolist()) == {TrackState.CONFIRMED}
