"""What operators decide by: the objects that alarms name, and the places ahead of them.

Both come from the model `simple-1`, which says of itself what it assumes. They are for the own
side only: no partner's picture has any.
"""

from typing import Literal

import msgspec

from skypicket.domain.incidents import AlarmLevel
from skypicket.engine.picture import Picture
from skypicket.engine.runtime import Runtime

ObjectState = Literal["flying", "lost", "left", "down", "never_real"]


class ObjectView(msgspec.Struct, frozen=True, kw_only=True):
    """One object that an open alarm or incident names, and what may have become of it.

    The four probabilities sum to 1. `lat_deg`, `lon_deg` are where it is measured now, or where it
    was measured last; a report never moves them. It is within `radius_m` of there with 95 %, if it
    flies. `last_evidence_ns` is the newest measurement or report of it. `owner` is "" for nobody.
    """

    object_id: str
    track_id: str
    incident_id: str | None
    alarm_ids: tuple[str, ...]
    title: str
    level: AlarmLevel
    state: ObjectState
    p_airborne: float
    p_left: float
    p_down: float
    p_never_real: float
    last_evidence_ns: int
    lat_deg: float
    lon_deg: float
    radius_m: float
    owner: str
    next_decision_ns: int | None
    model: str
    model_text: str


class PlaceAhead(msgspec.Struct, frozen=True, kw_only=True):
    """A populated place that objects may reach within 30 minutes.

    `probability` is that at least one comes within 3 km. Given that, the first comes after
    `minutes` (median), between `minutes_from` and `minutes_to` (5 % and 95 %).
    """

    name: str
    state: str
    population: int
    lat_deg: float
    lon_deg: float
    probability: float
    minutes_from: float
    minutes: float
    minutes_to: float
    object_ids: tuple[str, ...]
    model: str
    model_text: str


def object_views(runtime: Runtime, picture: Picture) -> tuple[ObjectView, ...]:
    """Every object that an open alarm or incident names, the gravest first."""
    del runtime, picture
    return ()


def place_views(runtime: Runtime, picture: Picture) -> tuple[PlaceAhead, ...]:
    """At most 50 places ahead of the objects, the most urgent first."""
    del runtime, picture
    return ()
