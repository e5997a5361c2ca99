"""Approach: the probability that a track comes over the border soon, with time and place."""

from typing import NamedTuple

import numpy as np

from skypicket.assessment.evidence import (
    by_rule,
    height_sentence,
    motion_sentence,
)
from skypicket.assessment.outlook import Lookout, Outlook
from skypicket.assessment.pace import SLOW, may_be_said
from skypicket.assessment.picture import Picture, largest_sigma_m
from skypicket.assessment.rules import Rules
from skypicket.assessment.samples import Watch
from skypicket.assessment.table import Rows, Standing
from skypicket.domain.assessments import Approach, Evidence
from skypicket.domain.noun import Column, FloatColumn, IntColumn
from skypicket.domain.tracks import track_id
from skypicket.geo.frame import TheatreFrame

REACH_SIGMAS = 4.0
RULE = "approach"
TURNED = "approach_over"


class _Said(NamedTuple):
    """One approach about to be said: the track's row, and what was found for it."""

    row: Rows
    time_ns: int
    probability: float
    crossing_ns: tuple[int, int, int]
    place: tuple[float, float, float]
    evidence: tuple[Evidence, ...]


class ApproachWatch:
    """Looks after the tracks outside that could come inside within the horizon."""

    def __init__(self, rules: Rules, watch: Watch, frame: TheatreFrame, lookout: Lookout) -> None:
        self._rules, self._watch, self._frame, self._lookout = rules, watch, frame, lookout

    def step(self, picture: Picture, places: IntColumn, time_ns: int) -> list[Approach]:
        """The approaches to be said of the tracks in these rows of the table."""
        rows = picture.table.rows
        due = (rows["a_due_ns"][places] <= time_ns) & (
            (rows["p_inside"][places] < 0.5) | (rows["a_said_ns"][places] > 0)
        )
        if not due.any():
            return []
        places = places[due]
        tracks = rows[places]
        could = self._could_come(tracks, time_ns)
        gone = places[~could & (tracks["a_said_ns"] > 0) & _outside(tracks)]
        level = self._smoothed(rows, gone, np.zeros(len(gone)), time_ns)
        over = gone[(level < self._rules.approach_off) | (rows["high"][gone] == 1)]
        look = places[could]
        rows["a_due_ns"][places] = time_ns + int(self._rules.approach_every_s * 1e9)
        said = [self._taken_back(picture, int(p), time_ns) for p in over]
        if look.size:
            said += self._look(picture, look, time_ns)
        return [self._noun(one, picture) for one in said]

    def _could_come(self, tracks: Rows, time_ns: int) -> Column:
        """A bound, quick and generous: outside, low, and near enough for its speed."""
        rules = self._rules
        ahead = rules.horizon_s + (time_ns - tracks["at_ns"]) / 1e9
        speed = np.hypot(tracks["v_east"], tracks["v_north"])
        speed = speed + REACH_SIGMAS * np.hypot(tracks["s_ve"], tracks["s_vn"])
        bend = REACH_SIGMAS * np.sqrt(2 * rules.manoeuvre_m2ps3 * ahead**3 / 3)
        sigma = REACH_SIGMAS * largest_sigma_m(tracks["s_east"], tracks["s_north"], tracks["corr"])
        near = np.abs(tracks["d"]) <= speed * ahead + bend + sigma
        could: Column = near & _outside(tracks) & (tracks["high"] == 0)
        return could

    def _look(self, picture: Picture, look: IntColumn, time_ns: int) -> list[_Said]:
        rows = picture.table.rows
        tracks = rows[look]
        from_s = np.maximum((time_ns - tracks["at_ns"]) / 1e9, 0.0)
        outlook = self._lookout.ahead(tracks, from_s)
        probability = self._smoothed(rows, look, outlook.share * tracks["exist"], time_ns)
        tell = self._material(tracks, probability, outlook, time_ns)
        return [
            self._crossing(picture, (int(look[i]), int(i)), (time_ns, probability), outlook)
            for i in np.flatnonzero(tell)
        ]

    def _smoothed(
        self, rows: Rows, look: IntColumn, probability: FloatColumn, time_ns: int
    ) -> FloatColumn:
        """What stands is followed with a time constant; what does not stand is taken as it is."""
        since_s = (time_ns - rows["a_looked_ns"][look]) / 1e9
        weight = 1.0 - np.exp(-since_s / max(self._rules.approach_smooth_s, 1e-9))
        stands = rows["a_said_ns"][look] > 0
        before = rows["a_level"][look]
        level: FloatColumn = np.where(stands, before + weight * (probability - before), probability)
        rows["a_looked_ns"][look], rows["a_level"][look] = time_ns, level
        return level

    def _material(
        self, tracks: Rows, probability: FloatColumn, outlook: Outlook, time_ns: int
    ) -> Column:
        """Whether each has to be said: newly above the rule, fallen below, or changed enough."""
        rules = self._rules
        stands = tracks["a_said_ns"] > 0
        fresh = ~stands & (probability >= rules.approach_probability)
        fresh &= may_be_said(tracks, rules)
        over = stands & (probability < rules.approach_off)
        left_s = np.maximum((tracks["a_crossing_ns"] - time_ns) / 1e9, 0.0)
        crossing = tracks["at_ns"] + outlook.time_s[1] * 1e9
        shifted_s = np.abs(crossing - tracks["a_crossing_ns"]) / 1e9
        moved = np.hypot(outlook.east_m - tracks["a_east"], outlook.north_m - tracks["a_north"])
        changed = np.abs(probability - tracks["a_p"]) >= rules.approach_change
        spread_s = (outlook.time_s[2] - outlook.time_s[0]) / 2
        bound_s = np.maximum(rules.approach_time_change_s, np.maximum(0.2 * left_s, spread_s))
        changed |= shifted_s > bound_s
        changed |= moved > np.maximum(rules.approach_place_change_m, 2 * outlook.sigma_m)
        waited = time_ns - tracks["a_said_ns"] >= rules.approach_repeat_s * 1e9
        tell: Column = fresh | over | (stands & changed & waited & (outlook.share > 0))
        return tell

    def _crossing(
        self,
        picture: Picture,
        at: tuple[int, int],
        found: tuple[int, FloatColumn],
        outlook: Outlook,
    ) -> _Said:
        """What is said of the track in row `at[0]`, number `at[1]` of the outlook."""
        (place, i), (time_ns, probabilities) = at, found
        row = picture.table.rows[place]
        probability = float(probabilities[i])
        over = probability < self._rules.approach_off
        if outlook.share[i] == 0.0:
            return self._taken_back(picture, place, time_ns)
        times = [int(row["at_ns"]) + int(s * 1e9) for s in outlook.time_s[:, i]]
        east, north, _ = self._watch.borders.nearest(
            self._watch.state, outlook.east_m[i : i + 1], outlook.north_m[i : i + 1]
        )
        where = (float(east[0]), float(north[0]), float(outlook.sigma_m[i]))
        row["a_said_ns"] = 0 if over else time_ns
        row["a_p"], row["a_crossing_ns"] = probability, times[1]
        row["a_east"], row["a_north"] = outlook.east_m[i], outlook.north_m[i]
        evidence = self._evidence(row, picture, probability, float(outlook.share[i]))
        low, middle, high = times
        return _Said(row, time_ns, probability, (low, middle, high), where, evidence)

    def _evidence(
        self, row: Rows, picture: Picture, probability: float, share: float
    ) -> tuple[Evidence, ...]:
        rules = self._rules
        over = probability < rules.approach_off
        slow = bool(row["slow"])
        word = TURNED if over else RULE + SLOW * slow
        bound = (
            f"below {rules.approach_off:.2f}: it is not approaching any more"
            if over
            else f"the rule says it from {rules.approach_probability:.2f} on"
        )
        return (
            by_rule(
                word,
                f"{share * rules.samples:.0f} of {rules.samples} paths from its measured place, "
                f"course and speed cross within {rules.horizon_s / 60:.0f} min; times P(real) "
                f"and smoothed that is {probability:.2f}, {bound}.",
            ),
            by_rule("", motion_sentence(row)),
            by_rule("", height_sentence(row, rules.ceiling_amsl_m)),
            *picture.seen_by(row),
        )

    def _taken_back(self, picture: Picture, place: int, time_ns: int) -> _Said:
        """An approach that is over: out of reach, turned away, or above the ceiling by height."""
        row = picture.table.rows[place]
        row["a_said_ns"], row["a_p"] = 0, 0.0
        why = (
            height_sentence(row, self._rules.ceiling_amsl_m)
            if row["high"]
            else "No path of it crosses within the horizon any more."
        )
        times = (int(row["a_crossing_ns"]),) * 3
        where = (float(row["a_east"]), float(row["a_north"]), 0.0)
        evidence = (by_rule(TURNED, why), by_rule("", motion_sentence(row)))
        return _Said(row, time_ns, 0.0, times, where, (*evidence, *picture.seen_by(row)))

    def _noun(self, said: _Said, picture: Picture) -> Approach:
        east, north, sigma_m = said.place
        lat_deg, lon_deg = self._frame.to_geodetic(east, north)
        low, middle, high = said.crossing_ns
        return Approach(
            track_id=track_id(int(said.row["key"])),
            time_ns=said.time_ns,
            probability=said.probability,
            border=self._watch.state,
            crossing_ns=middle,
            crossing_from_ns=low,
            crossing_to_ns=high,
            lat_deg=float(lat_deg),
            lon_deg=float(lon_deg),
            sigma_m=sigma_m,
            evidence=said.evidence,
            releasability=picture.labels[int(said.row["label"])],
        )


def _outside(tracks: Rows) -> Column:
    """Outside, and not said to be inside, (n,) bool."""
    outside: Column = (tracks["p_inside"] < 0.5) & (
        (tracks["i_state"] == Standing.NONE) | (tracks["i_state"] == Standing.LEFT)
    )
    return outside
