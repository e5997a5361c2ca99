"""ADS-B receivers: once a period, what every aircraft in reach says of itself."""

from collections.abc import Iterator

import numpy as np
from numpy.random import Generator

from skypicket.domain.noun import Column
from skypicket.domain.observations import ObservationBatch
from skypicket.domain.times import NS_PER_S
from skypicket.scenario.stage import Emission, Scene, Voice

LOOKS_PER_BLOCK = 600
AGE_S = 0.6  # positions are up to this old when the receiver lists them
SIGMA_M = 12.0  # what GNSS on board reaches
SIGMA_HEIGHT_M = 20.0
SIGMA_MPS = 0.6


def adsb_emissions(scene: Scene, voice: Voice) -> Iterator[Emission]:
    """One `self_report` batch per period in which anyone was heard."""
    sensor = voice.sensor
    assert sensor.period_s is not None
    chance = scene.chance(f"adsb {sensor.id}")
    looks = int(scene.plan.duration_s / sensor.period_s)
    for first in range(1, looks + 1, LOOKS_PER_BLOCK):
        look_s = np.arange(first, min(first + LOOKS_PER_BLOCK, looks + 1)) * sensor.period_s
        pieces = [
            _one(scene, voice, (index, look_s), chance)
            for index in scene.truth.between(look_s[0] - AGE_S, look_s[-1])
            if scene.truth.actors[index].icao24
        ]
        if pieces:
            table = {name: np.concatenate([piece[name] for piece in pieces]) for name in pieces[0]}
            yield from _said(scene, voice, table, look_s)


def _one(
    scene: Scene, voice: Voice, of: tuple[int, Column], chance: Generator
) -> dict[str, Column]:
    """What one aircraft says at the looks at which it is heard, in columns."""
    index, look_s = of
    truth, geoid_m = scene.truth, scene.plan.geoid_m
    actor = truth.actors[index]
    draws = chance.random((2, len(look_s)))
    noise = chance.standard_normal((4, len(look_s)))
    time_s = look_s - AGE_S * draws[0]
    east_m, north_m, amsl_m = truth.place(index, time_s)
    odds = scene.field.probability(voice.sensor.id, east_m, north_m, amsl_m + geoid_m)
    kept = truth.airborne(index, time_s) & (draws[1] < odds)
    east_m, north_m, noise = east_m[kept], north_m[kept], noise[:, kept]
    lat_deg, lon_deg = scene.frame.to_geodetic(
        east_m + SIGMA_M * noise[0], north_m + SIGMA_M * noise[1]
    )
    up_m = amsl_m[kept] + 0.2 * SIGMA_HEIGHT_M * noise[2]
    east_mps, north_mps, up_mps = truth.velocity(index, time_s[kept])
    count = int(kept.sum())
    return {
        "look": np.flatnonzero(kept),
        "time_ns": truth.start_ns + np.round(time_s[kept] * NS_PER_S).astype(np.int64),
        "lat_deg": lat_deg,
        "lon_deg": lon_deg,
        "sigma_m": np.full(count, SIGMA_M),
        "alt_m": up_m + geoid_m,
        "sigma_alt_m": np.full(count, SIGMA_HEIGHT_M),
        "pressure_alt_m": up_m,
        "east_mps": east_mps,
        "north_mps": north_mps,
        "up_mps": up_mps,
        "sigma_mps": np.full(count, SIGMA_MPS),
        "icao24": np.full(count, actor.icao24, dtype="<U6"),
        "callsign": np.full(count, actor.callsign, dtype="<U8"),
    }


def _said(
    scene: Scene, voice: Voice, table: dict[str, Column], look_s: Column
) -> Iterator[Emission]:
    order = np.lexsort((table["icao24"], table["look"]))
    table = {name: column[order] for name, column in table.items()}
    edges = np.searchsorted(table["look"], np.arange(len(look_s) + 1))
    claims = {name: table.pop(name) for name in ("icao24", "callsign")}
    del table["look"]
    table["offset"] = np.zeros(len(order), dtype=np.int64)
    for look in range(len(look_s)):
        rows = slice(int(edges[look]), int(edges[look + 1]))
        if rows.start == rows.stop:
            continue
        received_ns = scene.time_ns(look_s[look] + scene.plan.adsb_latency_s)
        batch = ObservationBatch(
            kind="self_report",
            sensor_id=voice.sensor.id,
            columns={name: column[rows] for name, column in table.items()},
            claims={name: column[rows] for name, column in claims.items()},
            received_ns=received_ns,
            simulated=True,
            releasability=voice.sensor.releasability,
        )
        yield Emission(received_ns, voice.source, batch)
