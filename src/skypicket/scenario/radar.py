"""Radars, turn by turn and sector by sector: plots of what is there, and of what is not."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.random import Generator

from skypicket.domain.noun import FloatColumn, IntColumn
from skypicket.domain.observations import ObservationBatch, SweptSector
from skypicket.domain.sensors import Sensor, SensorStatus
from skypicket.domain.times import NS_PER_S
from skypicket.geo.polar import geodetic_to_polar
from skypicket.scenario.stage import Emission, Scene, Voice

TURNS_PER_BLOCK = 64
BEAM_STEPS = 3  # steps to find when the beam meets an object: exact to centimetres
CLUTTER_TOP_M = 4_000.0  # false plots have heights up to here


class _Plots(NamedTuple):
    """Plots of a block of turns, sorted by turn and azimuth; each column (n,)."""

    turn: IntColumn
    range_m: FloatColumn
    azimuth_deg: FloatColumn
    amsl_m: FloatColumn


def radar_emissions(scene: Scene, voice: Voice) -> Iterator[Emission]:
    """A north mark each turn, and one batch per sector, empty where nothing was seen."""
    sensor = voice.sensor
    assert sensor.period_s is not None
    chance = scene.chance(f"radar {sensor.id}")
    turns = int(np.ceil(scene.plan.duration_s / sensor.period_s))
    for first in range(0, turns, TURNS_PER_BLOCK):
        count = min(TURNS_PER_BLOCK, turns - first)
        seen = _seen(scene, sensor, np.arange(first, first + count), chance)
        false = _false(sensor, np.arange(first, first + count), chance)
        plots = [np.concatenate(pair) for pair in zip(seen, false, strict=True)]
        order = np.lexsort((plots[2], plots[0]))
        yield from _said(
            scene, voice, range(first, first + count), _Plots(*(c[order] for c in plots))
        )


def _seen(scene: Scene, sensor: Sensor, turns: IntColumn, chance: Generator) -> _Plots:
    """Plots of objects that are truly there, each when the beam meets it."""
    assert sensor.period_s is not None
    starts_s: FloatColumn = turns.astype(np.float64) * sensor.period_s
    pieces = [
        _one(scene, sensor, index, starts_s)
        for index in scene.truth.between(starts_s[0], starts_s[-1] + sensor.period_s)
    ]
    if not pieces:
        nothing = np.zeros(0)
        return _Plots(np.zeros(0, dtype=np.int64), nothing, nothing, nothing)
    row, polar, amsl_m, odds = (np.concatenate(part, axis=-1) for part in zip(*pieces, strict=True))
    hit = chance.random(len(odds)) < odds
    noise = chance.standard_normal((3, len(odds)))
    assert sensor.sigma_range_m is not None
    assert sensor.sigma_azimuth_deg is not None
    range_m = np.maximum(polar[0] + sensor.sigma_range_m * noise[0], 1.0)
    azimuth_deg = polar[1] + sensor.sigma_azimuth_deg * noise[1]
    # The beam turns from north to north: noise moves no plot into another turn.
    azimuth_deg = np.clip(azimuth_deg, 0.0, np.nextafter(360.0, 0.0))
    measured_m = amsl_m + scene.plan.radar.sigma_height_m * noise[2]
    return _Plots(*(column[hit] for column in (turns[row], range_m, azimuth_deg, measured_m)))


def _one(
    scene: Scene, sensor: Sensor, index: int, starts_s: FloatColumn
) -> tuple[IntColumn, FloatColumn, FloatColumn, FloatColumn]:
    """One object in every turn: row of the turn, (range, azimuth), height, P(detect)."""
    assert sensor.period_s is not None
    truth, geoid_m = scene.truth, scene.plan.geoid_m
    antenna_m = sensor.ground_amsl_m + sensor.mast_m + geoid_m
    place = (sensor.lat_deg, sensor.lon_deg, antenna_m)
    time_s = starts_s + 0.5 * sensor.period_s
    for _ in range(BEAM_STEPS):
        east_m, north_m, amsl_m = truth.place(index, time_s)
        lat_deg, lon_deg = scene.frame.to_geodetic(east_m, north_m)
        range_m, azimuth_deg, _ = geodetic_to_polar(*place, lat_deg, lon_deg, amsl_m + geoid_m)
        time_s = starts_s + azimuth_deg % 360.0 / 360.0 * sensor.period_s
    odds = scene.field.probability(
        sensor.id, east_m, north_m, amsl_m + geoid_m, truth.actors[index].rcs_m2
    )
    there = truth.airborne(index, time_s) & (odds > 0)
    polar = np.stack([range_m, azimuth_deg % 360.0])
    return np.flatnonzero(there), polar[:, there], amsl_m[there], odds[there]


def _false(sensor: Sensor, turns: IntColumn, chance: Generator) -> _Plots:
    """Plots of nothing: even over the disc, a Poisson number in each turn."""
    assert sensor.false_alarms_per_scan is not None
    assert sensor.min_range_m is not None
    assert sensor.max_range_m is not None
    number = chance.poisson(sensor.false_alarms_per_scan, len(turns))
    total = int(number.sum())
    square = chance.uniform(sensor.min_range_m**2, sensor.max_range_m**2, total)
    return _Plots(
        np.repeat(turns, number),
        np.sqrt(square),
        chance.uniform(0.0, 360.0, total),
        chance.uniform(0.0, CLUTTER_TOP_M, total),
    )


def _said(scene: Scene, voice: Voice, turns: range, plots: _Plots) -> Iterator[Emission]:
    sensor = voice.sensor
    assert sensor.period_s is not None
    sectors = scene.plan.radar.sectors
    period_ns = round(sensor.period_s * NS_PER_S)
    latency_ns = round(scene.plan.radar.latency_s * NS_PER_S)
    sector = (plots.azimuth_deg * (sectors / 360.0)).astype(np.int64)
    ends = np.searchsorted(
        plots.turn * sectors + sector,
        np.arange(turns[0] * sectors, (turns[-1] + 1) * sectors),
        "right",
    )
    columns = _columns(scene, sensor, plots)
    first = 0
    for turn in turns:
        north_ns = scene.truth.start_ns + turn * period_ns
        mark = SensorStatus(
            sensor_id=sensor.id, time_ns=north_ns, state="alive", received_ns=north_ns + latency_ns
        )
        yield Emission(north_ns + latency_ns, voice.source, mark)
        for number in range(sectors):
            last = int(ends[(turn - turns[0]) * sectors + number])
            swept = _swept(sensor, number, sectors, (north_ns, period_ns))
            rows = {name: column[first:last] for name, column in columns.items()}
            batch = ObservationBatch(
                kind="range_azimuth",
                sensor_id=sensor.id,
                columns=rows,
                received_ns=swept.to_ns + latency_ns,
                swept=swept,
                simulated=True,
                releasability=sensor.releasability,
            )
            yield Emission(swept.to_ns + latency_ns, voice.source, batch)
            first = last


def _columns(scene: Scene, sensor: Sensor, plots: _Plots) -> dict[str, FloatColumn | IntColumn]:
    assert sensor.period_s is not None
    period_ns = round(sensor.period_s * NS_PER_S)
    count = len(plots.turn)
    beam_ns = np.floor(plots.azimuth_deg / 360.0 * period_ns).astype(np.int64)
    columns: dict[str, FloatColumn | IntColumn] = {
        "time_ns": scene.truth.start_ns + plots.turn * period_ns + beam_ns,
        "offset": np.zeros(count, dtype=np.int64),
        "range_m": plots.range_m,
        "azimuth_deg": plots.azimuth_deg,
        "sigma_range_m": np.full(count, sensor.sigma_range_m),
        "sigma_azimuth_deg": np.full(count, sensor.sigma_azimuth_deg),
    }
    if scene.plan.radar.sigma_height_m > 0:
        columns["amsl_m"] = plots.amsl_m
        columns["sigma_amsl_m"] = np.full(count, scene.plan.radar.sigma_height_m)
    return columns


def _swept(sensor: Sensor, number: int, sectors: int, turn: tuple[int, int]) -> SweptSector:
    """The sector `number` of a turn that begins at `turn[0]` and takes `turn[1]` nanoseconds."""
    assert sensor.min_range_m is not None
    assert sensor.max_range_m is not None
    north_ns, period_ns = turn
    return SweptSector(
        start_azimuth_deg=number * 360.0 / sectors,
        extent_deg=360.0 / sectors,
        min_range_m=sensor.min_range_m,
        max_range_m=sensor.max_range_m,
        from_ns=north_ns + number * period_ns // sectors,
        to_ns=north_ns + (number + 1) * period_ns // sectors,
    )
