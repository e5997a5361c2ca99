"""Tracks that the tracker has forgotten, made again from what was said of their loss."""

import math
from collections.abc import Collection, Iterable, Mapping
from typing import Literal

from skypicket.domain.assessments import Loss
from skypicket.domain.incidents import Declaration
from skypicket.domain.tracks import Track

RADIUS_95 = 2.4477  # radius of 95 % of a circular normal distribution, in sigmas

Fate = Literal["left", "down", "never_real"]


def lost_tracks(losses: Iterable[Loss], shown: Collection[str]) -> list[Track]:
    """A track for each loss that is not shown anyway, by id: an area, as of its loss's time.

    Its height is not known any more, and of its birth only that it was before it was last seen.
    """
    return [
        lost_track(loss)
        for loss in sorted(losses, key=lambda one: one.track_id)
        if loss.track_id not in shown
    ]


def lost_track(loss: Loss) -> Track:
    """The area in which a lost object is with 95 % if it flew on, as a track."""
    course = math.radians(loss.course_deg)
    sigma_m = max(loss.radius_m / RADIUS_95, 1.0)
    return Track(
        track_id=loss.track_id,
        time_ns=loss.time_ns,
        updated_ns=loss.last_seen_ns,
        born_ns=loss.last_seen_ns,
        state="lost",
        basis="measured",
        lat_deg=loss.lat_deg,
        lon_deg=loss.lon_deg,
        alt_m=None,
        east_mps=loss.speed_mps * math.sin(course),
        north_mps=loss.speed_mps * math.cos(course),
        up_mps=0.0,
        sigma_east_m=sigma_m,
        sigma_north_m=sigma_m,
        correlation=0.0,
        existence_probability=loss.probability,
        releasability=loss.releasability,
    )


def fate_of(track_id: str, declarations: Mapping[str, Declaration]) -> Fate | None:
    """What a named person said became of a lost track; None while nobody did."""
    said = declarations.get(track_id)
    return None if said is None or said.outcome == "lost" else said.outcome
