"""The objects of a night, made from its plan. What is made up is made by `cast_seed` alone."""

from collections.abc import Iterator
from hashlib import blake2b

import numpy as np
from numpy.random import Generator

from skypicket.domain.errors import ConfigurationError
from skypicket.domain.noun import FloatColumn
from skypicket.domain.times import NS_PER_S, parse_time
from skypicket.geo.frame import TheatreFrame
from skypicket.physics.airframes import airframe
from skypicket.physics.wind import Wind
from skypicket.scenario.plan import Balloons, Birds, Flow, Plan, PlannedObject
from skypicket.scenario.truth import Actor, Truth

BALLOON_STEP_S = 60.0
FLIGHT_STEPS = 8
DESCENT_SHARE = 0.4  # of an arrival's way is spent going down
TEMPORARY_ADDRESSES = 0xF00000  # ICAO keeps this block for temporary use: no real aircraft


def generator(seed: int, name: str) -> Generator:
    """A source of chance of its own for each name, the same for the same seed."""
    word = int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big")
    return np.random.default_rng([seed, word])


def cast_of(plan: Plan, frame: TheatreFrame) -> Truth:
    """The truth of the night.

    Raises:
        ConfigurationError: an object's times do not rise, or an id stands twice.
    """
    start_ns = parse_time(plan.start)
    actors = [_flown(planned, frame, start_ns) for planned in plan.objects]
    for flow in plan.flows:
        actors += _flights(flow, plan, frame, len(actors))
    wind = Wind(plan.wind)
    for balloons in plan.balloons:
        actors += _drifting(balloons, plan, frame, wind)
    for birds in plan.birds:
        actors += _wandering(birds, plan, frame)
    seen: set[str] = set()
    for actor in actors:
        if actor.id in seen:
            raise ConfigurationError(f"[scenario]: the object id {actor.id!r} stands twice.")
        seen.add(actor.id)
    return Truth(actors, frame, start_ns)


def _flown(planned: PlannedObject, frame: TheatreFrame, start_ns: int) -> Actor:
    points = planned.waypoints
    time_s = np.array([(parse_time(point.time) - start_ns) / NS_PER_S for point in points])
    if np.any(np.diff(time_s) <= 0):
        raise ConfigurationError(
            f"[scenario]: the waypoint times of {planned.id!r} do not rise. Put them in order."
        )
    east_m, north_m = frame.to_plane(
        [point.lat_deg for point in points], [point.lon_deg for point in points]
    )
    frame_of_air = airframe(planned.airframe)
    return Actor(
        id=planned.id,
        airframe=frame_of_air,
        time_s=time_s,
        east_m=east_m,
        north_m=north_m,
        amsl_m=np.array([point.amsl_m for point in points]),
        rcs_m2=planned.rcs_m2 or frame_of_air.rcs_m2.middle,
        icao24=planned.icao24 or "",
        callsign=planned.callsign,
    )


def _flights(flow: Flow, plan: Plan, frame: TheatreFrame, taken: int) -> Iterator[Actor]:
    chance = generator(plan.cast_seed, f"flow {flow.id}")
    body = airframe(flow.airframe)
    (from_x, from_y), (to_x, to_y) = (
        (float(x), float(y))
        for x, y in (frame.to_plane(*flow.start_deg), frame.to_plane(*flow.end_deg))
    )
    distance_m = float(np.hypot(to_x - from_x, to_y - from_y))
    departs_s = -distance_m / flow.speed_mps[0] + flow.every_s * chance.random()
    number = 0
    while departs_s < plan.duration_s:
        number += 1
        flight_s = distance_m / chance.uniform(*flow.speed_mps)
        share: FloatColumn = np.linspace(0.0, 1.0, FLIGHT_STEPS)
        aside = chance.normal(0.0, flow.spread_m, 2) / distance_m
        level = round(chance.uniform(-1, 1) * flow.level_spread_m / 300) * 300
        first, last = flow.amsl_m
        if departs_s + flight_s > 0:
            sideways = aside[0] + (aside[1] - aside[0]) * share
            yield Actor(
                id=f"{flow.id}-{number}",
                airframe=body,
                time_s=departs_s + flight_s * share,
                east_m=from_x + (to_x - from_x) * share - (to_y - from_y) * sideways,
                north_m=from_y + (to_y - from_y) * share + (to_x - from_x) * sideways,
                amsl_m=_profile(share, first + level, last + (level if first == last else 0)),
                rcs_m2=float(chance.uniform(*body.rcs_m2.bounds)),
                icao24=f"{TEMPORARY_ADDRESSES + taken + number:06x}",
                callsign=f"{flow.id[:4].upper()}{number:03d}",
            )
        departs_s += flow.every_s * chance.uniform(0.5, 1.5)


def _profile(share: FloatColumn, first_m: float, last_m: float) -> FloatColumn:
    """Level flight, and the change of level at the low end's side."""
    if last_m < first_m:
        down = np.clip((share - 1 + DESCENT_SHARE) / DESCENT_SHARE, 0, 1)
        return first_m + (last_m - first_m) * down
    return first_m + (last_m - first_m) * np.clip(share / DESCENT_SHARE, 0, 1)


def _drifting(balloons: Balloons, plan: Plan, frame: TheatreFrame, wind: Wind) -> Iterator[Actor]:
    chance = generator(plan.cast_seed, f"balloons {balloons.id}")
    body = airframe("balloon")
    start_ns = parse_time(plan.start)
    first_s, last_s = ((parse_time(text) - start_ns) / NS_PER_S for text in balloons.released)
    centre = [float(value) for value in frame.to_plane(balloons.lat_deg, balloons.lon_deg)]
    for number in range(1, balloons.count + 1):
        steps = int(chance.uniform(*balloons.airborne_s) // BALLOON_STEP_S) + 1
        time_s: FloatColumn = np.arange(steps + 1.0) * BALLOON_STEP_S
        top_m = chance.uniform(*balloons.float_amsl_m)
        amsl_m = np.minimum(balloons.ground_amsl_m + balloons.climb_mps * time_s, top_m)
        east_mps, north_mps = wind.at(amsl_m[:-1])
        gust = chance.normal(1.0, 0.08, (2, steps))
        begin = np.array(centre) + chance.normal(0.0, balloons.spread_m, 2)
        yield Actor(
            id=f"{balloons.id}-{number}",
            airframe=body,
            time_s=chance.uniform(first_s, last_s) + time_s,
            east_m=begin[0] + np.append(0.0, np.cumsum(east_mps * gust[0] * BALLOON_STEP_S)),
            north_m=begin[1] + np.append(0.0, np.cumsum(north_mps * gust[1] * BALLOON_STEP_S)),
            amsl_m=amsl_m,
            rcs_m2=float(chance.uniform(*body.rcs_m2.bounds)),
        )


def _wandering(birds: Birds, plan: Plan, frame: TheatreFrame) -> Iterator[Actor]:
    chance = generator(plan.cast_seed, f"birds {birds.id}")
    body = airframe("bird")
    centre = [float(value) for value in frame.to_plane(birds.lat_deg, birds.lon_deg)]
    number = 0
    for _ in range(birds.count):
        rises_s = -chance.uniform(0, birds.airborne_s[1])
        while rises_s < plan.duration_s:
            number += 1
            legs = int(chance.integers(3, 8))
            time_s = np.linspace(0.0, chance.uniform(*birds.airborne_s), legs + 1)
            course = chance.uniform(0, 2 * np.pi) + np.cumsum(chance.normal(0, 0.5, legs))
            step_m = chance.uniform(*birds.speed_mps) * np.diff(time_s)
            begin = np.array(centre) + chance.normal(0.0, birds.spread_m, 2)
            if rises_s + time_s[-1] > 0:
                yield Actor(
                    id=f"{birds.id}-{number}",
                    airframe=body,
                    time_s=rises_s + time_s,
                    east_m=begin[0] + np.append(0.0, np.cumsum(step_m * np.sin(course))),
                    north_m=begin[1] + np.append(0.0, np.cumsum(step_m * np.cos(course))),
                    amsl_m=chance.uniform(*birds.amsl_m, legs + 1),
                    rcs_m2=float(chance.uniform(*body.rcs_m2.bounds)),
                )
            rises_s += time_s[-1] + chance.exponential(60.0)
