"""Acoustic nodes: what each hears, delayed by the way of the sound, and that it listened."""

from collections.abc import Iterator

import numpy as np
from numpy.random import Generator

from skypicket.domain.noun import Column, FloatColumn
from skypicket.domain.observations import Kind, ObservationBatch, SweptInterval, batch_of
from skypicket.domain.sensors import SensorStatus
from skypicket.domain.times import NS_PER_S
from skypicket.geo.polar import azimuth_from_plane_deg
from skypicket.physics.detection import (
    ACOUSTIC_SPREAD_DB,
    ACOUSTIC_THRESHOLD_DB,
    Signature,
)
from skypicket.physics.sound import speed_of_sound_mps
from skypicket.scenario.stage import Emission, Scene, Voice

HEARTBEAT_S = 30.0
HEARD_ENGINES = ("piston", "electric")  # nodes are tuned to these and pass over jets
DELAY_STEPS = 3
FALSE_ALARM_DB = 3.0  # mean strength over the threshold of what is no aircraft
LABELS = {"piston": "piston engine", "electric": "multirotor"}


def node_emissions(scene: Scene, voice: Voice) -> Iterator[Emission]:
    """Detections while something is heard, and a heartbeat every 30 s.

    A heartbeat of a node that heard nothing since the last one is an empty batch with the interval
    in which it listened; of one that just heard something, a status.
    """
    chance = scene.chance(f"node {voice.sensor.id}")
    assert voice.sensor.period_s is not None
    phase_s = chance.uniform(0.0, HEARTBEAT_S)
    looks_s = np.arange(
        phase_s % voice.sensor.period_s, scene.plan.duration_s, voice.sensor.period_s
    )
    heard = _heard(scene, voice, looks_s, chance)
    beats_s = np.arange(phase_s, scene.plan.duration_s, HEARTBEAT_S)
    emissions = [
        *_detections(scene, voice, heard, chance),
        *_heartbeats(scene, voice, beats_s, heard["time_s"]),
    ]
    yield from sorted(emissions, key=lambda emission: emission.received_ns)


def _heard(
    scene: Scene, voice: Voice, looks_s: FloatColumn, chance: Generator
) -> dict[str, Column]:
    """The loudest that is heard at each look at which anything is, and false alarms."""
    sensor = voice.sensor
    loudest_db = np.full(len(looks_s), -np.inf)
    azimuth_deg = chance.uniform(0.0, 360.0, len(looks_s))
    label = np.full(len(looks_s), LABELS["piston"], dtype="<U16")
    fading_db = ACOUSTIC_SPREAD_DB * chance.standard_normal(len(looks_s))
    for index in scene.truth.between(0.0, scene.plan.duration_s):
        actor = scene.truth.actors[index]
        if actor.airframe.engine not in HEARD_ENGINES:
            continue
        snr_db, bearing_deg = _sound(scene, voice, index, looks_s)
        louder = snr_db > loudest_db
        loudest_db = np.where(louder, snr_db, loudest_db)
        azimuth_deg = np.where(louder, bearing_deg, azimuth_deg)
        label[louder] = LABELS[actor.airframe.engine]
    snr_db = loudest_db + fading_db
    assert sensor.false_alarms_per_scan is not None
    false = chance.random(len(looks_s)) < sensor.false_alarms_per_scan
    noise_db = ACOUSTIC_THRESHOLD_DB + chance.exponential(FALSE_ALARM_DB, len(looks_s))
    snr_db = np.where(false, np.maximum(snr_db, noise_db), snr_db)
    kept = snr_db > ACOUSTIC_THRESHOLD_DB
    return {
        "time_s": looks_s[kept],
        "snr_db": snr_db[kept],
        "azimuth_deg": azimuth_deg[kept],
        "label": label[kept],
    }


def _sound(
    scene: Scene, voice: Voice, index: int, looks_s: FloatColumn
) -> tuple[FloatColumn, FloatColumn]:
    """Mean level over the noise in dB, and true bearing, of one object as it is heard."""
    sensor, truth, geoid_m = voice.sensor, scene.truth, scene.plan.geoid_m
    node_x, node_y = (float(v) for v in scene.frame.to_plane(sensor.lat_deg, sensor.lon_deg))
    node_m = sensor.ground_amsl_m + sensor.mast_m
    left_s = looks_s
    for _ in range(DELAY_STEPS):
        east_m, north_m, amsl_m = truth.place(index, left_s)
        away_m = np.sqrt((east_m - node_x) ** 2 + (north_m - node_y) ** 2 + (amsl_m - node_m) ** 2)
        left_s = looks_s - away_m / speed_of_sound_mps()
    place = (east_m, north_m, amsl_m + geoid_m)
    signature = Signature(source_db=truth.actors[index].airframe.signature.source_db)
    snr_db = scene.field.snr_db(sensor.id, place, signature)
    reached = scene.field.probability_of(sensor.id, place, signature) > 0
    there = truth.airborne(index, left_s) & reached
    bearing_deg = azimuth_from_plane_deg(
        scene.frame, sensor.lat_deg, sensor.lon_deg, east_m, north_m
    )
    return np.where(there, snr_db, -np.inf), bearing_deg


def _detections(
    scene: Scene, voice: Voice, heard: dict[str, Column], chance: Generator
) -> Iterator[Emission]:
    node, sensor = scene.plan.node, voice.sensor
    assert sensor.period_s is not None
    points = sensor.id in node.bearings
    kind: Kind = "bearing" if points else "presence"
    count = len(heard["time_s"])
    columns = {"snr_db": heard["snr_db"].round(1)}
    if points:
        noise = chance.normal(0.0, node.sigma_bearing_deg, count)
        columns["azimuth_deg"] = (heard["azimuth_deg"] + noise) % 360.0
        columns["sigma_deg"] = np.full(count, node.sigma_bearing_deg)
    latency_s = node.latency_s * chance.uniform(0.5, 1.5, count)
    for row in range(count):
        time_ns = scene.time_ns(heard["time_s"][row])
        received_ns = time_ns + round(float(latency_s[row]) * NS_PER_S)
        batch = batch_of(
            kind,
            sensor.id,
            np.array([time_ns]),
            {name: column[row : row + 1] for name, column in columns.items()},
            claims={"class": heard["label"][row : row + 1]},
            received_ns=received_ns,
            swept=SweptInterval(from_ns=time_ns - round(sensor.period_s * NS_PER_S), to_ns=time_ns),
            simulated=True,
            releasability=sensor.releasability,
        )
        yield Emission(received_ns, voice.source, batch)


def _heartbeats(
    scene: Scene, voice: Voice, beats_s: FloatColumn, heard_s: FloatColumn
) -> Iterator[Emission]:
    sensor = voice.sensor
    latest = np.searchsorted(heard_s, beats_s, "right") - 1
    last_s = (
        np.where(latest >= 0, heard_s[np.maximum(latest, 0)], -np.inf) if len(heard_s) else None
    )
    for row, beat_s in enumerate(beats_s):
        since_s = max(float(beat_s) - HEARTBEAT_S, 0.0)
        quiet = last_s is None or last_s[row] <= since_s
        time_ns = scene.time_ns(float(beat_s))
        received_ns = time_ns + round(scene.plan.node.latency_s * NS_PER_S)
        noun: ObservationBatch | SensorStatus
        if quiet:
            noun = ObservationBatch(
                kind="presence",
                sensor_id=sensor.id,
                columns={"time_ns": _NONE, "offset": _NONE},
                received_ns=received_ns,
                swept=SweptInterval(from_ns=scene.time_ns(since_s), to_ns=time_ns),
                simulated=True,
                releasability=sensor.releasability,
            )
        else:
            noun = SensorStatus(
                sensor_id=sensor.id,
                time_ns=time_ns,
                state="alive",
                received_ns=received_ns,
                simulated=True,
            )
        yield Emission(received_ns, voice.source, noun)


_NONE = np.zeros(0, dtype=np.int64)
