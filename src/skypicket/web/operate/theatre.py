"""What the simple models stand on: the home border, its places, and the paths of what is lost."""

from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from skypicket.assessment import ahead, fate
from skypicket.assessment.samples import Paths
from skypicket.domain.noun import Column, FloatColumn
from skypicket.domain.times import NS_PER_S
from skypicket.domain.tracks import TrackBatch
from skypicket.engine.runtime import Runtime
from skypicket.geo.borders import Borders
from skypicket.geo.places import Place, places_of

MOST_KEPT = 1_000


class Seed(NamedTuple):
    """Where a lost object was measured last; `existence` is P(real) as it was then."""

    lat_deg: float
    lon_deg: float
    east_mps: float
    north_mps: float
    seen_ns: int
    existence: float


class Course(NamedTuple):
    """What follows from a seed alone, however long ago it was: one object's paths, (1, paths)."""

    paths: Paths
    passage: fate.Passage


class Theatre:
    """The models of one home state; keeps the courses that it has worked out."""

    def __init__(self, borders: Borders, home: str, manoeuvre_m2ps3: float) -> None:
        self.home, self.manoeuvre_m2ps3 = home, manoeuvre_m2ps3
        self._borders = borders
        self.frame = borders.frame
        self.places: tuple[Place, ...] = places_of(home)
        lat_deg = np.array([place.lat_deg for place in self.places])
        lon_deg = np.array([place.lon_deg for place in self.places])
        self.gazetteer = ahead.Gazetteer(*self.frame.to_plane(lat_deg, lon_deg))
        self._courses: dict[Seed, Course] = {}

    def inside(self, east_m: FloatColumn, north_m: FloatColumn) -> Column:
        """Whether plane positions are inside home."""
        return self._borders.contains(self.home, east_m, north_m)

    def course(self, seed: Seed) -> Course:
        """The paths of a lost object, and when they enter and leave home; worked out once."""
        course = self._courses.get(seed)
        if course is None:
            east, north = self.frame.to_plane(np.array([seed.lat_deg]), np.array([seed.lon_deg]))
            velocity = self.to_plane_velocity(
                (np.array([seed.lat_deg]), np.array([seed.lon_deg])),
                (np.array([seed.east_mps]), np.array([seed.north_mps])),
            )
            rows = fate.lost_motion((east, north), velocity)
            paths = fate.fly_on(rows, self.manoeuvre_m2ps3)
            course = Course(paths, fate.follow(paths, self.inside))
            if len(self._courses) >= MOST_KEPT:
                self._courses.pop(next(iter(self._courses)), None)
            self._courses[seed] = course
        return course

    def flying(self, tracks: TrackBatch) -> Paths:
        """The paths of objects that are measured now, from where they are."""
        columns = tracks.columns
        place = columns["lat_deg"], columns["lon_deg"]
        rows = np.zeros(len(tracks), dtype=fate.MOTION)
        rows["east"], rows["north"] = self.frame.to_plane(*place)
        velocity = columns["east_mps"], columns["north_mps"]
        rows["v_east"], rows["v_north"] = self.to_plane_velocity(place, velocity)
        for ours, theirs in _ERRORS:
            rows[ours] = np.nan_to_num(columns[theirs])
        return fate.fly_on(rows, self.manoeuvre_m2ps3)

    def to_plane_velocity(
        self, place: tuple[FloatColumn, FloatColumn], velocity: tuple[FloatColumn, FloatColumn]
    ) -> tuple[FloatColumn, FloatColumn]:
        """Velocities to true east and north as those of the plane."""
        angle = np.radians(self.frame.convergence_deg(*place))
        sine, cosine = np.sin(angle), np.cos(angle)
        east, north = velocity
        return east * cosine - north * sine, north * cosine + east * sine


def radii_m(courses: list[Course], since_s: FloatColumn) -> FloatColumn:
    """How far from where they were measured last objects are with 95 %, if they fly; (n,).

    Paths that have left home count with where they left.
    """
    paths = Paths(*(np.concatenate(part) for part in zip(*(c.paths for c in courses), strict=True)))
    leave = np.concatenate([course.passage.leave_s for course in courses])
    flown_s = np.minimum(since_s[:, None], np.minimum(leave, fate.REACH_S))
    east, north = paths.at(flown_s)
    from_east, from_north = paths.east_m.mean(axis=1), paths.north_m.mean(axis=1)
    away = np.hypot(east - from_east[:, None], north - from_north[:, None])
    radii: FloatColumn = np.quantile(away, 0.95, axis=1)
    return radii


def since_s(seed: Seed, time_ns: int) -> float:
    """Seconds since an object was measured last, none if that is to come."""
    return max((time_ns - seed.seen_ns) / NS_PER_S, 0.0)


def theatre_of(runtime: Runtime) -> Theatre | None:
    """The models of a running system; None before it has read its configuration."""
    borders = runtime.borders
    if borders is None:
        return None
    if borders not in _THEATRES:
        settings = runtime.settings
        _THEATRES[borders] = Theatre(borders, settings.system.home, settings.rules.manoeuvre_m2ps3)
    return _THEATRES[borders]


_THEATRES: WeakKeyDictionary[Borders, Theatre] = WeakKeyDictionary()
_ERRORS = (
    ("s_east", "sigma_east_m"),
    ("s_north", "sigma_north_m"),
    ("corr", "correlation"),
    ("s_ve", "sigma_east_mps"),
    ("s_vn", "sigma_north_mps"),
)
