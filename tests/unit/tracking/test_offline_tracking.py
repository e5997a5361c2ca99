"""A file of scans: in order of time, each shown with nothing later than itself."""

from collections.abc import Callable

import msgspec
import numpy as np
import pytest

from skypicket.domain.codec import pack
from skypicket.domain.errors import InputError
from skypicket.domain.observations import ObservationBatch, SweptSector
from skypicket.domain.sensors import Sensor
from skypicket.domain.tracks import TrackBatch
from skypicket.geo.frame import TheatreFrame
from skypicket.testing.builders import NIGHT_NS
from skypicket.tracking.offline import OFFLINE, filtered, in_order, theatre_of, whole_turn

Scan = Callable[..., ObservationBatch]


SECOND = 1_000_000_000


def file_of(scan: Scan, turns: int = 12, *, lost_at: int = 99) -> list[ObservationBatch]:
    """Scans as a file has them: nothing is said of what was swept."""
    return [
        scan(
            [*([(10_000.0 + 200.0 * n, 5_000.0)] if n < lost_at else []), (-9_000.0, 400.0 * n)],
            4.0 * n,
            swept=False,
        )
        for n in range(turns)
    ]


def pictures(
    batches: list[ObservationBatch], sensors: dict[str, Sensor], frame: TheatreFrame
) -> list[TrackBatch]:
    return list(filtered(in_order(batches), sensors, frame, OFFLINE))


def test_there_is_a_picture_for_every_scan_time(
    scan: Scan, sensors: dict[str, Sensor], frame: TheatreFrame
) -> None:
    found = pictures(file_of(scan), sensors, frame)
    assert [p.time_ns for p in found] == [NIGHT_NS + 4 * SECOND * n for n in range(12)]
    assert [len(p) for p in found] == [0, 0] + [2] * 10


def test_only_confirmed_and_coasting_tracks_are_shown(
    scan: Scan, sensors: dict[str, Sensor], frame: TheatreFrame
) -> None:
    found = pictures(file_of(scan, 24, lost_at=8), sensors, frame)
    assert {int(state) for p in found for state in p.columns["state"]} == {1, 2}
    assert len(found[9]) == 2
    assert len(found[-1]) == 1


def test_later_scans_change_no_earlier_picture(
    scan: Scan, sensors: dict[str, Sensor], frame: TheatreFrame
) -> None:
    whole = pictures(file_of(scan, 12), sensors, frame)
    start = pictures(file_of(scan, 6), sensors, frame)
    assert pack([p.columns for p in start]) == pack([p.columns for p in whole[:6]])


def test_the_order_of_the_file_does_not_matter(
    scan: Scan, sensors: dict[str, Sensor], frame: TheatreFrame
) -> None:
    batches = file_of(scan)
    shuffled = [batches[n] for n in np.random.default_rng(1).permutation(len(batches))]
    one, other = (pictures(b, sensors, frame) for b in (batches, shuffled))
    assert pack([p.columns for p in one]) == pack([p.columns for p in other])


def test_two_sensors_at_one_time_make_one_picture(
    scan: Scan, sensors: dict[str, Sensor], frame: TheatreFrame
) -> None:
    batches = file_of(scan)
    batches += [msgspec.structs.replace(batch, sensor_id="R2") for batch in batches]
    found = pictures(batches, sensors, frame)
    assert len({p.time_ns for p in found}) == len(found) == 12


def test_a_radar_that_says_nothing_of_its_view_looked_all_round(
    scan: Scan, sensors: dict[str, Sensor]
) -> None:
    (batch,) = file_of(scan, 1)
    swept = whole_turn(batch, sensors["R1"]).swept
    assert isinstance(swept, SweptSector)
    assert (swept.extent_deg, swept.max_range_m) == (360.0, 100_000.0)


def test_the_theatre_lies_between_the_sensors(sensors: dict[str, Sensor]) -> None:
    assert theatre_of(sensors).lat_deg == pytest.approx(54.7, abs=0.1)


def test_without_sensors_there_is_no_theatre() -> None:
    with pytest.raises(InputError, match="sensors"):
        theatre_of({})
