"""What people tell: planned calls, and a made-up crowd along an object's way."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.random import Generator

from skypicket.domain.errors import ConfigurationError
from skypicket.domain.observations import ObservationBatch, batch_of
from skypicket.domain.times import NS_PER_S, parse_time
from skypicket.scenario.plan import Call, Crowd
from skypicket.scenario.stage import Emission, Scene, Voice

SAID = (
    "like a moped in the sky",
    "a humming engine, low",
    "a small aircraft without lights",
    "like a lawn mower, flew over",
    "dark, with wings, slow",
)
SAID_AGAIN = ("a neighbour heard it", "a relative rang about it", "read of it in a group")
LATE_FACTOR = 10.0
SHORTEST_DELAY_S = 30.0
LONGEST_DELAY_S = 7_500.0
COURSE_SHARE = 0.4  # of those who heard it themselves say whither it flew
MINUTE_NS = 60 * NS_PER_S  # people tell whole minutes


class _Told(NamedTuple):
    """A call, when it was heard as told, and when it was received."""

    call: Call
    heard_ns: int
    received_ns: int


def call_emissions(scene: Scene, voice: Voice) -> Iterator[Emission]:
    """One `sighting` batch per call in order of receipt."""
    told = [
        _Told(call, parse_time(call.heard), parse_time(call.received)) for call in scene.plan.calls
    ]
    for number, crowd in enumerate(scene.plan.crowds):
        told += _crowd(scene, crowd, number)
    for one in sorted(told, key=lambda one: (one.received_ns, one.heard_ns)):
        yield Emission(one.received_ns, voice.source, _sighting(voice, one))


def _sighting(voice: Voice, told: _Told) -> ObservationBatch:
    call = told.call
    values = {
        "lat_deg": call.lat_deg,
        "lon_deg": call.lon_deg,
        "sigma_m": call.sigma_m,
        "sigma_time_s": call.sigma_time_s,
        "first_hand": float(call.first_hand),
    }
    if call.course_deg is not None:
        values |= {"course_deg": call.course_deg, "sigma_course_deg": call.sigma_course_deg}
    return batch_of(
        "sighting",
        voice.sensor.id,
        np.array([told.heard_ns]),
        {name: np.array([value]) for name, value in values.items()},
        claims={"text": np.array([call.text])} if call.text else {},
        received_ns=told.received_ns,
        simulated=True,
        releasability=voice.sensor.releasability,
    )


def _crowd(scene: Scene, crowd: Crowd, number: int) -> Iterator[_Told]:
    chance = scene.chance(f"crowd {number} {crowd.object}")
    known = {actor.id: index for index, actor in enumerate(scene.truth.actors)}
    if crowd.object not in known:
        raise ConfigurationError(
            f"[scenario]: a crowd tells of {crowd.object!r}, which is no object."
        )
    start_ns = scene.truth.start_ns
    first_s, last_s = ((parse_time(text) - start_ns) / NS_PER_S for text in crowd.heard)
    for heard_s in np.sort(chance.uniform(first_s, last_s, crowd.callers)):
        yield _told(scene, crowd, (known[crowd.object], float(heard_s)), chance)


def _told(scene: Scene, crowd: Crowd, what: tuple[int, float], chance: Generator) -> _Told:
    """One caller: near the object, or someone who heard of it from one, with greater error."""
    index, heard_s = what
    first_hand = bool(chance.random() >= crowd.relayed_share)
    sigma_m = float(chance.choice([500.0, 1_000.0, 2_000.0] if first_hand else [2_000.0, 5_000.0]))
    sigma_s = float(chance.choice([60.0, 120.0, 300.0] if first_hand else [300.0, 900.0]))
    off_m = chance.normal(0.0, np.hypot(crowd.reach_m, sigma_m) / np.sqrt(2), 2)
    east_m, north_m, _ = scene.truth.place(index, np.array([heard_s]))
    lat_deg, lon_deg = scene.frame.to_geodetic(east_m + off_m[0], north_m + off_m[1])
    delay_s = crowd.median_delay_s * float(np.exp(chance.normal(0.0, np.log(LATE_FACTOR) / 2)))
    told_s = heard_s + float(chance.normal(0.0, sigma_s))
    received_s = max(told_s, heard_s) + SHORTEST_DELAY_S + min(delay_s, LONGEST_DELAY_S)
    course_deg = None
    if first_hand and chance.random() < COURSE_SHARE:
        east_mps, north_mps, _ = scene.truth.velocity(index, np.array([heard_s]))
        true_deg = float(np.degrees(np.arctan2(east_mps[0], north_mps[0])))
        course_deg = round(true_deg + float(chance.normal(0.0, 30.0))) % 360
    call = Call(
        heard="",
        received="",
        lat_deg=round(float(lat_deg[0]), 4),
        lon_deg=round(float(lon_deg[0]), 4),
        first_hand=first_hand,
        sigma_m=sigma_m,
        sigma_time_s=sigma_s,
        course_deg=course_deg,
        text=str(chance.choice(SAID if first_hand else SAID_AGAIN)),
    )
    told_ns = round(scene.time_ns(told_s) / MINUTE_NS) * MINUTE_NS
    return _Told(call, told_ns, scene.time_ns(received_s))
