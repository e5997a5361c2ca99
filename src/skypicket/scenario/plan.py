"""What the `[scenario]` table of a night's file may say; every key with its default."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from skypicket.domain.errors import ConfigurationError
from skypicket.domain.sensors import (
    Identifier,
    Latitude,
    Longitude,
    NotNegative,
    Positive,
    Probability,
)
from skypicket.physics.wind import WindLayer

Address = Annotated[str, Meta(pattern="^[0-9a-f]{6}$")]
Count = Annotated[int, Meta(ge=0, le=10_000)]
Band = tuple[float, float]


class _Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file: unknown keys are refused."""


class Fact(_Table, frozen=True, kw_only=True):
    """One published fact that a reconstruction rests on, and where it was published."""

    fact: str
    source: str


class Waypoint(_Table, frozen=True, kw_only=True):
    """Where an object is at a time (ISO 8601 with a zone); straight and even in between."""

    time: str
    lat_deg: Latitude
    lon_deg: Longitude
    amsl_m: float


class PlannedObject(_Table, frozen=True, kw_only=True):
    """One object along waypoints; with `icao24` it says so by ADS-B. It is down at the last one."""

    id: Identifier
    airframe: str
    waypoints: Annotated[tuple[Waypoint, ...], Meta(min_length=2)]
    icao24: Address | None = None
    callsign: Annotated[str, Meta(max_length=8)] = ""
    rcs_m2: Positive | None = None


class Flow(_Table, frozen=True, kw_only=True):
    """Made-up air traffic with ADS-B from one place to another, one every `every_s` on average.

    `amsl_m` are the levels at the beginning and the end; cruise levels vary by `level_spread_m`.
    """

    id: Identifier
    start_deg: tuple[float, float]
    end_deg: tuple[float, float]
    every_s: Positive
    amsl_m: Band = (10_500.0, 10_500.0)
    level_spread_m: NotNegative = 900.0
    spread_m: NotNegative = 15_000.0
    speed_mps: Band = (210.0, 245.0)
    airframe: str = "airliner"


class Balloons(_Table, frozen=True, kw_only=True):
    """Balloons let go in a time span around a place; they climb, float and go with the wind."""

    id: Identifier
    count: Count
    lat_deg: Latitude
    lon_deg: Longitude
    spread_m: NotNegative = 10_000.0
    released: tuple[str, str]
    float_amsl_m: Band = (3_000.0, 6_000.0)
    climb_mps: Positive = 5.0
    airborne_s: Band = (3_600.0, 9_000.0)
    ground_amsl_m: float = 150.0


class Birds(_Table, frozen=True, kw_only=True):
    """Birds that wander near the ground, one after the other, `count` of them at any time."""

    id: Identifier
    count: Count
    lat_deg: Latitude
    lon_deg: Longitude
    spread_m: NotNegative = 30_000.0
    amsl_m: Band = (150.0, 700.0)
    speed_mps: Band = (8.0, 18.0)
    airborne_s: Band = (300.0, 1_500.0)


class Call(_Table, frozen=True, kw_only=True):
    """What one person told: heard when and where (as told, perhaps wrong), received when."""

    heard: str
    received: str
    lat_deg: Latitude
    lon_deg: Longitude
    first_hand: bool = True
    sigma_m: Positive = 1_000.0
    sigma_time_s: Positive = 120.0
    course_deg: float | None = None
    sigma_course_deg: Positive = 45.0
    text: Annotated[str, Meta(max_length=200)] = ""


class Crowd(_Table, frozen=True, kw_only=True):
    """Made-up people along an object's way who tell of it: near it, some at second hand, some late.

    Half of them are heard of within `median_delay_s`; the rest may take ten times as long.
    """

    object: Identifier
    callers: Count
    heard: tuple[str, str]
    reach_m: Positive = 1_200.0
    relayed_share: Probability = 0.25
    median_delay_s: Positive = 480.0


class Fault(_Table, frozen=True, kw_only=True):
    """A span in which a sensor is dead (`share` 1), or so large a share of its messages is lost."""

    sensor: Identifier
    share: Probability = 1.0
    from_: str | None = msgspec.field(default=None, name="from")
    to: str | None = None


class RadarSetting(_Table, frozen=True, kw_only=True):
    """How radars speak: sectors per turn, delay, error of the height (0: they measure none)."""

    sectors: Annotated[int, Meta(ge=1, le=64)] = 16
    latency_s: NotNegative = 0.4
    sigma_height_m: NotNegative = 300.0


class NodeSetting(_Table, frozen=True, kw_only=True):
    """How acoustic nodes speak: which of them tell a bearing, how well, and their delay."""

    bearings: tuple[str, ...] = ()
    sigma_bearing_deg: Positive = 8.0
    latency_s: Positive = 0.8


class Plan(_Table, frozen=True, kw_only=True):
    """The `[scenario]` table: what truly happens on a night, and how its sensors speak.

    `cast_seed` decides what is made up about the objects (traffic, balloons, birds); the seed of
    a run decides only noise, false alarms and calls. So the truth of a file is one.
    """

    title: str
    start: str
    duration_s: Annotated[float, Meta(gt=0, le=200_000)]
    reconstruction: bool = False
    facts: tuple[Fact, ...] = ()
    assumed: tuple[str, ...] = ()
    cast_seed: int = 1
    geoid_m: float = 0.0
    wind: tuple[WindLayer, ...] = ()
    objects: tuple[PlannedObject, ...] = ()
    flows: tuple[Flow, ...] = ()
    balloons: tuple[Balloons, ...] = ()
    birds: tuple[Birds, ...] = ()
    calls: tuple[Call, ...] = ()
    crowds: tuple[Crowd, ...] = ()
    faults: tuple[Fault, ...] = ()
    radar: RadarSetting = RadarSetting()
    node: NodeSetting = NodeSetting()
    adsb_latency_s: NotNegative = 0.3


def plan_of(tables: dict[str, Any], name: str) -> Plan:
    """The plan in the tables of a night's file.

    Raises:
        ConfigurationError: there is no `[scenario]`, or it is wrong; the message names the key.
    """
    if "scenario" not in tables:
        raise ConfigurationError(f"{name}: has no [scenario] table, so it is no night.")
    try:
        plan = msgspec.convert(tables["scenario"], Plan)
    except msgspec.ValidationError as error:
        raise ConfigurationError(f"{name}: [scenario]: {error}.") from error
    if plan.reconstruction and not plan.facts:
        raise ConfigurationError(
            f"{name}: [scenario] is a reconstruction without facts. Name what it rests on, "
            'for instance facts = [{ fact = "…", source = "https://…" }].'
        )
    return plan
