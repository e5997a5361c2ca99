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
from skypicket.assessment.table import Origin, Rows, Standing
from skypicket.domain.assessments import Incursion
from skypicket.domain.noun import Column, IntColumn
from skypicket.domain.times import zulu
from skypicket.domain.tracks import track_id
from skypicket.geo.frame import TheatreFrame

RULE = "incursion"
LEFT = "incursion_left"
DOUBTFUL = "incursion_doubtful"
NEIGHBOUR, DESCENDED = "_neighbour", "_descended"
LEFT_S = 60.0  # no incursion is said to be over sooner after it was said
ORIGIN_SETTLED_S = 60.0  # by then the course of a new track is known well enough
_ORIGIN_SENTENCES = {
    Origin.SEEN_ABROAD: "It was seen outside before.",
    Origin.BY_COURSE: "It was first seen inside, and its course leads back over the border.",
    Origin.BY_LINK: "It continues a lost track that was seen outside.",
}


class Crossing(NamedTuple):
    """When and where a track came over the border, with the error of the place."""

    time_ns: int
    east_m: float
    north_m: float
    sigma_m: float
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
        crossing = self._crossing(row)
        slow = bool(row["slow"])
        probability = float(row["p_inside"] * row["exist"])
        row["i_p"], row["i_d"], row["i_slow"] = probability, row["d"], slow
        row["i_ns"] = time_ns
        row["a_said_ns"] = 0  # whoever is told of the incursion needs no approach any more
        lat_deg, lon_deg = self._frame.to_geodetic(crossing.east_m, crossing.north_m)
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
            lat_deg=float(lat_deg),
            lon_deg=float(lon_deg),
            sigma_m=crossing.sigma_m,
            inside_m=float(row["d"]),
            evidence=(
                by_rule(self._word(row, crossing, slow), inside),
                by_rule("", f"{_ORIGIN_SENTENCES[int(row['origin'])]} {_from(crossing)}"),
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

    def _crossing(self, row: Rows) -> Crossing:
        """As it was said first: from the last place outside and the first inside, or the course."""
        if row["x_ns"] == 0:
            found = self._find_crossing(row)
            for name, value in zip(("ns", "east", "north", "sigma"), found[:4], strict=True):
                row[f"x_{name}"] = value
            return found
        place = (float(row["x_east"]), float(row["x_north"]), float(row["x_sigma"]))
        return self._at_border(int(row["x_ns"]), *place)

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

    def _at_border(self, time_ns: int, east: float, north: float, sigma_m: float) -> Crossing:
        found = self._watch.borders.nearest(self._watch.state, np.array([east]), np.array([north]))
        return Crossing(time_ns, float(found[0][0]), float(found[1][0]), sigma_m, str(found[2][0]))


def _depth(metres: float) -> str:
    return f"It is {abs(metres) / 1000:.1f} km {'inside' if metres > 0 else 'outside'}"


def _from(crossing: Crossing) -> str:
    return (
        f"It came over the border from {crossing.neighbour} at {zulu(crossing.time_ns)} "
        f"(± {2 * crossing.sigma_m:.0f} m)."
    )
