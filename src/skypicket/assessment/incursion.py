"""Incursion: a measured track is inside the border, by rule; claims have no say in it."""

from typing import NamedTuple

import numpy as np

from skypicket.assessment.evidence import (
    by_rule,
    height_sentence,
    motion_sentence,
)
from skypicket.assessment.outlook import Lookout
from skypicket.assessment.pace import SLOW, may_be_said
from skypicket.assessment.picture import Picture, largest_sigma_m
from skypicket.assessment.rules import Rules
from skypicket.assessment.samples import Watch
from skypicket.assessment.table import CROSSING, Origin, Rows, Standing
from skypicket.assessment.trails import Trails
from skypicket.domain.assessments import Incursion
from skypicket.domain.noun import Column, IntColumn
from skypicket.domain.times import zulu
from skypicket.domain.tracks import track_id
from skypicket.geo.frame import TheatreFrame
from skypicket.physics.crossing import crossings

RULE = "incursion"
LEFT = "incursion_left"
DOUBTFUL = "incursion_doubtful"
NEIGHBOUR, DESCENDED = "_neighbour", "_descended"
LEFT_S = 60.0  # no incursion is said to be over sooner after it was said
LOOK_BACK_S = 20.0  # after the crossing the looks since have told most of what they can
ORIGIN_SETTLED_S = 60.0  # by then the course of a new track is known well enough
_ORIGIN_SENTENCES = {
    Origin.SEEN_ABROAD: "It was seen outside before.",
    Origin.BY_COURSE: "It was first seen inside, and its course leads back over the border.",
    Origin.BY_LINK: "It continues a lost track that was seen outside.",
}


class Crossing(NamedTuple):
    """When and where a track came over the border, with their errors; NaN is an unknown one."""

    time_ns: int
    east_m: float
    north_m: float
    sigma_m: float
    sigma_s: float
    neighbour: str


class IncursionWatch:
    """Looks after the tracks that are inside, or nearly so."""

    def __init__(self, rules: Rules, watch: Watch, frame: TheatreFrame, lookout: Lookout) -> None:
        self._rules, self._watch, self._frame, self._lookout = rules, watch, frame, lookout

    def step(self, picture: Picture, places: IntColumn, time_ns: int) -> list[Incursion]:
        """The incursions to be said, for the first time or anew, of these rows of the table."""
        rows = picture.table.rows
        tracks = rows[places]
        matter = (tracks["i_state"] > Standing.NONE) | (
            (tracks["p_inside"] >= 0.5) & (tracks["origin"] != Origin.LOCAL)
        )
        if not matter.any():
            return []
        places = places[matter]
        self._find_origin(rows, places, time_ns)
        self._look_back(picture, places, time_ns)
        tracks = rows[places]
        standing = self._standing(tracks, time_ns)
        tell = self._turned(tracks, standing, time_ns) | self._changed(tracks)
        turned = tell & (standing != tracks["i_state"])
        begins = places[turned & (tracks["i_state"] % Standing.LEFT == Standing.NONE)]
        rows["x_ns"][begins] = 0
        rows["i_state"][places[turned]] = standing[turned]
        return [self._noun(picture, int(p), time_ns) for p in places[tell]]

    def _find_origin(self, rows: Rows, places: IntColumn, time_ns: int) -> None:
        """Settle whether tracks that were first seen inside came from abroad."""
        tracks = rows[places]
        open_ = (tracks["origin"] == Origin.UNKNOWN) & (tracks["a_due_ns"] <= time_ns)
        places, tracks = places[open_], tracks[open_]
        if not places.size:
            return
        rows["a_due_ns"][places] = time_ns + int(self._rules.approach_every_s * 1e9)
        near = tracks["first_d"] <= self._rules.origin_depth_m
        share = np.zeros(len(tracks))
        if near.any():
            share[near] = self._lookout.back(tracks[near]).share
        abroad = share >= self._rules.origin_probability
        old = time_ns - tracks["first_ns"] >= ORIGIN_SETTLED_S * 1e9
        rows["origin"][places] = np.where(
            abroad, Origin.BY_COURSE, np.where(near & ~old, Origin.UNKNOWN, Origin.LOCAL)
        )

    def _look_back(self, picture: Picture, places: IntColumn, time_ns: int) -> None:
        """Once, some looks after the crossing, find it anew: they say better where it was."""
        rows = picture.table.rows
        due = (rows["x_due_ns"][places] > 0) & (rows["x_due_ns"][places] <= time_ns)
        for place in places[due]:
            row = rows[place]
            row["x_due_ns"] = 0
            found = self._smoothed(picture.trails, row)
            if found is not None:
                _keep(row, found)

    def _standing(self, tracks: Rows, time_ns: int) -> Column:
        """How each incursion stands now; what is not measured afresh neither begins nor ends."""
        rules = self._rules
        standing = tracks["i_state"].copy()
        probability = tracks["p_inside"] * tracks["exist"]
        fresh = time_ns - tracks["updated_ns"] <= rules.fresh_s * 1e9
        stands = (standing == Standing.INSIDE) | (standing == Standing.DOUBTFUL)
        surely = fresh & (probability >= rules.incursion_probability)
        begins = surely & ~stands & (tracks["high"] == 0)
        begins &= (tracks["origin"] >= Origin.SEEN_ABROAD) & may_be_said(tracks, rules)
        standing[begins | (surely & stands)] = Standing.INSIDE
        standing[(standing == Standing.INSIDE) & (probability < rules.incursion_off)] = (
            Standing.DOUBTFUL
        )
        left = fresh & stands & (tracks["p_inside"] <= 1.0 - rules.incursion_probability)
        standing[left] = Standing.LEFT
        return standing

    def _turned(self, tracks: Rows, standing: Column, time_ns: int) -> Column:
        """Whether how it stands is to be said: a beginning at once, an end soon, a doubt later."""
        before = tracks["i_state"]
        stands = (before == Standing.INSIDE) | (before == Standing.DOUBTFUL)
        wait_s = np.where(standing == Standing.LEFT, LEFT_S, self._rules.incursion_repeat_s)
        waited = time_ns - tracks["i_ns"] >= wait_s * 1e9
        turned: Column = (standing != before) & (~stands | waited)
        return turned

    def _changed(self, tracks: Rows) -> Column:
        """Inside as before, but much deeper or less deep, or not slow any more."""
        moved = np.abs(tracks["d"] - tracks["i_d"]) >= self._rules.incursion_change_m
        faster = (tracks["i_slow"] == 1) & (tracks["slow"] == 0)
        changed: Column = (tracks["i_state"] == Standing.INSIDE) & (moved | faster)
        return changed

    def _noun(self, picture: Picture, place: int, time_ns: int) -> Incursion:
        row = picture.table.rows[place]
        crossing = self._crossing(picture.trails, row)
        slow = bool(row["slow"])
        probability = float(row["p_inside"] * row["exist"])
        row["i_p"], row["i_d"], row["i_slow"] = probability, row["d"], slow
        row["i_ns"] = time_ns
        row["a_said_ns"] = 0  # whoever is told of the incursion needs no approach any more
        came = self._frame.to_geodetic(crossing.east_m, crossing.north_m)
        lat_deg, lon_deg = (float(degrees) for degrees in came)
        origin = _ORIGIN_SENTENCES[int(row["origin"])]
        inside = (
            f"{_depth(float(row['d']))}; P(inside) {float(row['p_inside']):.2f} times P(real) "
            f"{float(row['exist']):.2f} is {probability:.2f}, and the rule says it from "
            f"{self._rules.incursion_probability:.2f} on."
        )
        return Incursion(
            track_id=track_id(int(row["key"])),
            time_ns=time_ns,
            probability=probability,
            border=self._watch.state,
            crossing_ns=crossing.time_ns,
            crossing_sigma_s=None if np.isnan(crossing.sigma_s) else crossing.sigma_s,
            lat_deg=lat_deg,
            lon_deg=lon_deg,
            sigma_m=crossing.sigma_m,
            inside_m=float(row["d"]),
            evidence=(
                by_rule(self._word(row, crossing, slow), inside),
                by_rule(
                    "",
                    f"{origin} {_from(crossing, lat_deg, lon_deg)}",
                ),
                by_rule("", motion_sentence(row)),
                by_rule("", height_sentence(row, self._rules.ceiling_amsl_m)),
                *picture.seen_by(row),
            ),
            releasability=picture.labels[int(row["label"])],
        )

    def _word(self, row: Rows, crossing: Crossing, slow: bool) -> str:
        """The rule word: how it stands, or what makes it less than a plain incursion."""
        if row["i_state"] == Standing.LEFT:
            return LEFT
        if row["i_state"] == Standing.DOUBTFUL:
            return DOUBTFUL
        if crossing.neighbour in self._rules.quiet_neighbours:
            return RULE + NEIGHBOUR
        if row["entered_high"]:
            return RULE + DESCENDED
        return RULE + SLOW * slow

    def _crossing(self, trails: Trails, row: Rows) -> Crossing:
        """By the smoothed path, the places on either side, or the course; found once or twice."""
        if row["x_ns"] == 0:
            found = self._smoothed(trails, row) or self._find_crossing(row)
            _keep(row, found)
            row["x_due_ns"] = found.time_ns + int(LOOK_BACK_S * 1e9)
            return found
        place = (float(row[name]) for name in CROSSING[1:])
        return self._at_border(int(row["x_ns"]), *place)

    def _smoothed(self, trails: Trails, row: Rows) -> Crossing | None:
        """Where the smoothed path last came in; None where what was said does not show it."""
        path = trails.path(int(row["key"]))
        if path is None:
            return None
        sigma_m = self._watch.borders.SIGMA_M
        found = crossings(path, self._watch.depth_m, sigma_m)
        came_in = np.flatnonzero(found.inward & np.isfinite(found.sigma_m))
        if not came_in.size:
            return None
        last = came_in[-1]
        place = (float(found.east_m[last]), float(found.north_m[last]))
        errors = max(float(found.sigma_m[last]), sigma_m), float(found.sigma_s[last])
        return self._at_border(int(found.time_ns[last]), *place, *errors)

    def _find_crossing(self, row: Rows) -> Crossing:
        """Between the last place outside and the first inside; else back along the course."""
        sigma = largest_sigma_m(*(row[n].reshape(1) for n in ("s_east", "s_north", "corr")))
        error = float(np.hypot(sigma[0], self._watch.borders.SIGMA_M))
        if row["out_ns"] > 0 and row["in_ns"] > 0:
            part = -float(row["out_d"]) / float(row["in_d"] - row["out_d"])
            east, north = (
                float(row[f"out_{n}"] + part * (row[f"in_{n}"] - row[f"out_{n}"]))
                for n in ("east", "north")
            )
            time_ns = int(row["out_ns"]) + round(part * int(row["in_ns"] - row["out_ns"]))
            return self._at_border(time_ns, east, north, error)
        back = self._lookout.back(row.reshape(1))
        if back.share[0] > 0:
            time_ns = int(row["at_ns"]) - int(back.time_s[1, 0] * 1e9)
            error = float(np.hypot(error, back.sigma_m[0]))
            return self._at_border(time_ns, float(back.east_m[0]), float(back.north_m[0]), error)
        error = max(error, float(row["d"]))
        return self._at_border(int(row["first_ns"]), float(row["east"]), float(row["north"]), error)

    def _at_border(
        self, time_ns: int, east: float, north: float, sigma_m: float, sigma_s: float = np.nan
    ) -> Crossing:
        found = self._watch.borders.nearest(self._watch.state, np.array([east]), np.array([north]))
        foot = float(found[0][0]), float(found[1][0])
        return Crossing(time_ns, *foot, sigma_m, sigma_s, str(found[2][0]))


def _keep(row: Rows, found: Crossing) -> None:
    for name, value in zip(CROSSING, found[: len(CROSSING)], strict=True):
        row[name] = value


def _depth(metres: float) -> str:
    return f"It is {abs(metres) / 1000:.1f} km {'inside' if metres > 0 else 'outside'}"


def _from(crossing: Crossing, lat_deg: float, lon_deg: float) -> str:
    came = f"It came over the border from {crossing.neighbour} at {zulu(crossing.time_ns)}"
    if np.isnan(crossing.sigma_s):
        return f"{came} (± {2 * crossing.sigma_m:.0f} m)."
    return (
        f"{came} ± {max(2 * crossing.sigma_s, 1.0):.0f} s, at {lat_deg:.4f}, {lon_deg:.4f} "
        f"± {2 * crossing.sigma_m:.0f} m, by its smoothed path."
    )
