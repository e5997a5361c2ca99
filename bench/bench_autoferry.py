"""Real plots and bearings of boats: radar alone, and with the bearings of cameras.

The Autoferry sensor fusion dataset (CC0; O. K. Helgesen et al., "Heterogeneous multi-sensor
tracking for an autonomous surface vehicle in a littoral environment", Ocean Engineering 252,
2022): nine scenes of two boats with satellite navigation, some two minutes each, seen by a radar
and by two rings of cameras on a slow ferry. `scripts/peers/autoferry.sh` fetches it.

    python bench/bench_autoferry.py [--folder .tools/peers/autoferry]
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

from skypicket.domain.noun import FloatColumn
from skypicket.domain.observations import ObservationBatch, SweptInterval, SweptSector, batch_of
from skypicket.domain.sensors import ConstantDetection, Sensor
from skypicket.domain.times import NS_PER_S
from skypicket.geo.frame import TheatreFrame
from skypicket.tracking import Tracker, TrackerConfig, warm_up
from tracking_scenes import Floats, places

FOLDER = Path(__file__).resolve().parent.parent / ".tools" / "peers" / "autoferry"
FRAME = TheatreFrame(63.4389029083, 10.39908278)  # where its plane has its origin
RADAR, INFRARED, OPTICAL = 2, 3, 4
REACH_M, SIGMA_M, PERIOD_S = 500.0, 5.0, 1.68
SIGMA_DEG = 4.0  # measured are 2.5; but what one frame has wrong, the next has too
FRAME_S = 1.0  # frames of a camera nearer in time than this are left out
CELL_M = 2.0  # a camera that was borne farther than this is told as another one
CUT_M = 30.0
FIRST_SCORED = 5  # radar scans


class Look(NamedTuple):
    """What one sensor said at one time: rows as they are, and where the ferry and boats were."""

    sensor: int
    time_ns: int
    rows: Floats
    ferry: FloatColumn  # (east, north) in metres
    boats: Floats  # (k, 2)


class Found(NamedTuple):
    """The squared error of each boat in each scan, NaN where it was missed; false per scan."""

    squares: list[FloatColumn]
    false: list[int]


def looks(folder: Path) -> list[Look]:
    """Radar scans, and camera frames thinned, in the order of time."""
    (said,) = folder.glob("*_detections.json")
    (true,) = folder.glob("*_groundTruth.json")
    out, last_ns = [], {INFRARED: 0, OPTICAL: 0}
    for one, boats in zip(json.loads(said.read_text()), json.loads(true.read_text()), strict=True):
        sensor, time_ns = one["sensorID"], round(one["time"] * NS_PER_S)
        if sensor in last_ns:
            if time_ns - last_ns[sensor] < FRAME_S * NS_PER_S:
                continue
            last_ns[sensor] = time_ns
        elif sensor != RADAR:
            continue
        out.append(Look(sensor, time_ns, *_in_plane(one, boats, sensor)))
    return out


def _in_plane(one: Any, boats: Any, sensor: int) -> tuple[Floats, FloatColumn, Floats]:
    """Rows (plots in metres, bearings in degrees), ferry and boats; the file has north first."""
    ferry = np.array(one["ownshipPosition"])[::-1]
    rows = np.atleast_1d(np.array(one["measurement"], dtype=np.float64))
    rows = rows.reshape(2, -1).T[:, ::-1] + ferry if sensor == RADAR else np.degrees(rows)
    listed = boats if isinstance(boats, list) else [boats]
    return rows, ferry, np.array([boat["position"][1::-1] for boat in listed])


def sensors_of(said: list[Look]) -> dict[str, Sensor]:
    """The radar in the middle of the ferry's way, and a camera for each piece of it."""
    middle = np.mean([look.ferry for look in said], axis=0)
    found = {"radar": _sensor("radar", "radar", middle, 0.8, 3.0)}
    for look in said:
        if look.sensor != RADAR:
            name = _camera(look)
            found.setdefault(name, _sensor(name, "camera", look.ferry, 0.5, 10.0))
    return found


def _sensor(name: str, kind: Any, place: FloatColumn, probability: float, alarms: float) -> Sensor:
    lat_deg, lon_deg = FRAME.to_geodetic(*place)
    return Sensor(
        id=name, kind=kind, lat_deg=float(lat_deg), lon_deg=float(lon_deg), period_s=PERIOD_S,
        max_range_m=REACH_M, false_alarms_per_scan=alarms,
        detection=ConstantDetection(probability=probability),
    )  # fmt: skip


def _camera(look: Look) -> str:
    east, north = np.round(look.ferry / CELL_M).astype(int)
    return f"camera {look.sensor} at {east}, {north}"


def batch(look: Look) -> ObservationBatch:
    """A look as the tracker takes it; both rings of cameras see all round."""
    times = np.full(len(look.rows), look.time_ns)
    if look.sensor != RADAR:
        columns = {"azimuth_deg": look.rows % 360, "sigma_deg": np.full(len(times), SIGMA_DEG)}
        from_ns = look.time_ns - round(FRAME_S * NS_PER_S)
        seen = SweptInterval(from_ns=from_ns, to_ns=look.time_ns)
        return batch_of("bearing", _camera(look), times, columns, swept=seen)
    lat_deg, lon_deg = FRAME.to_geodetic(*look.rows.T)
    columns = {"lat_deg": lat_deg, "lon_deg": lon_deg, "sigma_m": np.full(len(times), SIGMA_M)}
    swept = SweptSector(
        start_azimuth_deg=0.0, extent_deg=360.0, min_range_m=0.0, max_range_m=REACH_M,
        from_ns=look.time_ns - round(PERIOD_S * NS_PER_S), to_ns=look.time_ns,
    )  # fmt: skip
    return batch_of("position", "radar", times, columns, swept=swept)


def followed(said: list[Look], *, bearings: bool) -> Found:
    """Score the tracks shown after each radar scan."""
    tracker, found, scan = Tracker(TrackerConfig(), sensors_of(said), FRAME), Found([], []), 0
    for look in said:
        if look.sensor == RADAR or bearings:
            tracker.step(batch(look))
        scan += look.sensor == RADAR
        if look.sensor != RADAR or scan <= FIRST_SCORED:
            continue
        estimates = places(tracker.picture(look.time_ns), FRAME)
        square = np.minimum(cdist(estimates, look.boats, "sqeuclidean"), CUT_M**2)
        rows, boats = linear_sum_assignment(square)
        errors = np.full(len(look.boats), np.nan)
        errors[boats] = square[rows, boats]
        errors[errors >= CUT_M**2] = np.nan
        found.squares.append(errors)
        found.false.append(len(estimates) - int(np.isfinite(errors).sum()))
    return found


def row(name: str, value: str, unit: str, goal: str = "-") -> None:
    print(f"{name} | {value} | {unit} | {goal}", flush=True)


def squares_of(parts: list[Found]) -> FloatColumn:
    return np.concatenate([errors for part in parts for errors in part.squares])


def rmse_of(squares: FloatColumn) -> float:
    return float(np.sqrt(np.nanmean(squares)))


def missed_of(squares: FloatColumn) -> float:
    return 100 * float(np.isnan(squares).mean())


def show(name: str, parts: list[Found], goals: tuple[str, str]) -> None:
    squares = squares_of(parts)
    row(f"{name}: RMSE of the boats found", f"{rmse_of(squares):.2f}", "m", goals[0])
    missed = f"{missed_of(squares):.1f}"
    row(f"{name}: boats missed, of {len(squares)}", missed, "%", goals[1])
    false = np.mean([count for part in parts for count in part.false])
    row(f"{name}: other tracks per scan", f"{false:.2f}", "tracks")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    folders = sorted(parser.parse_args().folder.glob("scenario*"))
    if not folders:
        print("The Autoferry scenes are missing; run scripts/peers/autoferry.sh.", file=sys.stderr)
        return 1
    warm_up()
    scenes = [looks(folder) for folder in folders]
    alone = [followed(said, bearings=False) for said in scenes]
    both = [followed(said, bearings=True) for said in scenes]
    one, other = squares_of(alone), squares_of(both)
    show("Autoferry, radar alone", alone, ("<= 10", "-"))
    beats = (f"< {rmse_of(one):.2f}", f"< {missed_of(one):.1f}")
    show("Autoferry, radar and bearings", both, beats)
    found = ~np.isnan(one) & ~np.isnan(other)
    ratio = rmse_of(other[found]) / rmse_of(one[found])
    row(
        "Autoferry, RMSE with bearings to without, where both found", f"{ratio:.3f}", "ratio", "< 1"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
