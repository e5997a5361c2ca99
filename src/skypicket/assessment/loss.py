"""Loss as a state of its own: said once, thought through on, and ended only by being found."""

from typing import Any

import numpy as np

from skypicket.assessment.evidence import by_rule, course_deg, motion_sentence
from skypicket.assessment.links import link_probability
from skypicket.assessment.outlook import Lookout
from skypicket.assessment.pace import SLOW
from skypicket.assessment.picture import Picture
from skypicket.assessment.rules import Rules
from skypicket.assessment.samples import Watch
from skypicket.assessment.table import CROSSING, LOST, TRACK, Origin, Rows, Table
from skypicket.domain.assessments import Evidence, Loss, Regained
from skypicket.domain.noun import Column, FloatColumn, IntColumn
from skypicket.domain.times import zulu
from skypicket.domain.tracks import track_id
from skypicket.geo.frame import TheatreFrame

RULE = "loss"
HIGH, LOCAL, DESCENDED = "_high", "_local", "_descended"
MOST_LOST = 2_000  # kept at once; beyond it the oldest are let go
_OUT = ("out_ns", "out_east", "out_north", "out_d")
_IN = ("in_ns", "in_east", "in_north", "in_d", "entered_high")
_KEPT = ("first_d", "i_state", "i_p", "i_d", "i_slow", "i_ns", *CROSSING)


class LossWatch:
    """Keeps the tracks that were shown and are not any more."""

    def __init__(self, rules: Rules, watch: Watch, frame: TheatreFrame, lookout: Lookout) -> None:
        self.lost = Table(LOST)
        self.settled = Table(LOST)  # a person said what became of these
        self._due_ns = 0
        self._rules, self._watch, self._frame, self._lookout = rules, watch, frame, lookout

    def settle(self, keys: Column) -> None:
        """Let go of tracks of which a named person said what became of them.

        They are kept aside: a person can take the word back, and a measurement contradict it.
        """
        if len(keys):
            places = self.lost.find(keys)
            if (places >= 0).any():
                self.settled.add(self.lost.remove(places[places >= 0]))

    def resume(self, picture: Picture, keys: Column, time_ns: int) -> list[Loss]:
        """The word on these tracks was taken back: they are lost again."""
        places = self.settled.find(keys)
        if not (places >= 0).any():
            return []
        rows = self.settled.remove(places[places >= 0])
        self.lost.add(rows)
        return self._say(picture, self.lost.find(rows["key"]), time_ns)

    def lose(self, picture: Picture, keys: Column, time_ns: int) -> list[Loss | Regained]:
        """These tracks are gone: Loss, or Regained where one goes on as another."""
        if not len(keys):
            return []
        gone = picture.drop(keys)
        if not len(gone):
            return []
        rows = np.zeros(len(gone), dtype=LOST)
        for name in TRACK.names or ():
            rows[name] = gone[name]
        rows["l_ns"], rows["l_abroad"] = time_ns, rows["p_inside"] < 0.5
        self.lost.add(rows)
        others = np.flatnonzero(
            (picture.table.rows["linked"] == 0)
            & (picture.table.rows["born_ns"] >= rows["updated_ns"].min())
        )
        regained = self._link(picture, others, (self.lost, time_ns))
        places = self.lost.find(rows["key"])
        return [*regained, *self._say(picture, places[places >= 0], time_ns)]

    def again(self, picture: Picture, time_ns: int) -> list[Loss]:
        """Losses that must be said anew because P(crossing) changed; lets the old ones go."""
        keep_ns = self._rules.loss_keep_s * 1e9
        if len(self.settled):
            self.settled.remove(time_ns - self.settled.rows["l_ns"] > keep_ns)
        if not len(self.lost):
            return []
        old = time_ns - self.lost.rows["l_ns"] > keep_ns
        if len(self.lost) > MOST_LOST:
            old |= self.lost.rows["l_ns"] < np.sort(self.lost.rows["l_ns"])[-MOST_LOST]
        if old.any():
            self.lost.remove(old)
        rows = self.lost.rows
        due = np.flatnonzero((rows["l_abroad"] == 1) & (rows["high"] == 0))
        if time_ns < self._due_ns or not due.size:
            return []
        self._due_ns = time_ns + int(self._rules.loss_every_s * 1e9)
        before = self.lost.rows["l_p"][due].copy()
        now = self._p_crossing(due, time_ns)
        changed = np.abs(now - before) >= self._rules.loss_change
        return self._nouns(picture, due[changed], now[changed], time_ns)

    def found(self, picture: Picture, new: Column, time_ns: int) -> list[Regained]:
        """The lost tracks that these newly shown ones are, as themselves or linked.

        What a person settled is looked through last: who is wrong must hear of it.
        """
        said: list[Regained] = []
        for table in (self.lost, self.settled):
            if len(table) and len(new):
                said += self._found(picture, new, (table, time_ns))
                new = new[picture.table.rows["linked"][picture.table.find(new)] == 0]
        return said

    def _found(self, picture: Picture, new: Column, at: tuple[Table, int]) -> list[Regained]:
        table, time_ns = at
        places = picture.table.find(new)
        same = table.find(new)
        said = [
            self._regain(picture, int(p), new[i], (table, time_ns, 1.0))
            for i, p in enumerate(places)
            if same[i] >= 0
        ]
        return said + self._link(picture, places[same < 0], at)

    def _link(self, picture: Picture, places: IntColumn, at: tuple[Table, int]) -> list[Regained]:
        """Join new tracks with lost ones, the most probable pair first."""
        table, time_ns = at
        if not len(places) or not len(table):
            return []
        chances = link_probability(table.rows, picture.table.rows[places], self._rules)
        keys = table.rows["key"].copy()
        said = []
        while chances.size and chances.max() >= self._rules.regain_probability:
            i, j = np.unravel_index(int(np.argmax(chances)), chances.shape)
            probability = float(chances[i, j])
            chances[i, :] = chances[:, j] = 0.0
            pair = (table, time_ns, probability)
            said.append(self._regain(picture, int(places[j]), keys[i], pair))
        return said

    def _regain(
        self, picture: Picture, place: int, lost_key: np.uint64, at: tuple[Table, int, float]
    ) -> Regained:
        table, time_ns, probability = at
        old = table.remove(table.find(np.array([lost_key], dtype=np.uint64)))[0]
        row = picture.table.rows[place]
        same = bool(row["key"] == lost_key)
        _carry_over(old, row, same=same)
        silence = (int(row["at_ns"]) - int(old["updated_ns"])) / 1e9
        way_km = np.hypot(row["east"] - old["east"], row["north"] - old["north"]) / 1000
        how = "It is back" if same else "A new track is where the lost one could be"
        return Regained(
            track_id=track_id(int(row["key"])),
            time_ns=time_ns,
            probability=probability,
            lost_track_id=track_id(int(lost_key)),
            evidence=(
                by_rule(
                    "regained",
                    f"{how}: {silence:.0f} s after it was last measured, {way_km:.1f} km on "
                    f"(P(same) {probability:.2f}).",
                ),
                *picture.seen_by(row),
            ),
            releasability=picture.labels[int(row["label"])].meet(picture.labels[int(old["label"])]),
        )

    def content(self) -> dict[str, Any]:
        """All state, for a snapshot."""
        return {
            "lost": self.lost.content(),
            "settled": self.settled.content(),
            "due_ns": self._due_ns,
        }

    def restore(self, content: dict[str, Any]) -> None:
        """Take up the state of `content`."""
        self.lost.restore(content["lost"])
        self.settled.restore(content.get("settled", b""))
        self._due_ns = content["due_ns"]

    def _say(self, picture: Picture, places: IntColumn, time_ns: int) -> list[Loss]:
        if not places.size:
            return []
        return self._nouns(picture, places, self._p_crossing(places, time_ns), time_ns)

    def _p_crossing(self, places: IntColumn, time_ns: int) -> FloatColumn:
        """P(real, and inside or coming inside within the horizon), (n,)."""
        rows = self.lost.rows[places]
        outlook = self._lookout.ahead(rows, np.maximum((time_ns - rows["at_ns"]) / 1e9, 0.0))
        probability: FloatColumn = outlook.share * rows["exist_seen"]
        return probability

    def _nouns(
        self, picture: Picture, places: IntColumn, chances: FloatColumn, time_ns: int
    ) -> list[Loss]:
        if not places.size:
            return []
        self.lost.rows["l_p"][places] = chances
        rows = self.lost.rows[places]
        east, north = self._lookout.places(rows, (time_ns - rows["at_ns"]) / 1e9)
        since = (rows["at_ns"] - rows["updated_ns"]) / 1e9
        last_east, last_north = (rows[n] - rows[f"v_{n}"] * since for n in ("east", "north"))
        way = np.hypot(east - last_east[:, None], north - last_north[:, None])
        radius = np.quantile(way, 0.95, axis=1)
        lat_deg, lon_deg = self._frame.to_geodetic(last_east, last_north)
        return [
            self._noun(picture, rows[i], time_ns, (lat_deg[i], lon_deg[i], radius[i]))
            for i in range(len(rows))
        ]

    def _noun(
        self, picture: Picture, row: Rows, time_ns: int, place: tuple[float, float, float]
    ) -> Loss:
        east, north = float(row["v_east"]), float(row["v_north"])
        return Loss(
            track_id=track_id(int(row["key"])),
            time_ns=time_ns,
            probability=float(row["exist_seen"]),
            last_seen_ns=int(row["updated_ns"]),
            lat_deg=float(place[0]),
            lon_deg=float(place[1]),
            radius_m=float(place[2]),
            course_deg=course_deg(row),
            speed_mps=float(np.hypot(east, north)),
            abroad=bool(row["l_abroad"]),
            border=self._watch.state,
            p_crossing=float(row["l_p"]),
            evidence=self._evidence(row, picture, time_ns),
            releasability=picture.labels[int(row["label"])],
        )

    def _evidence(self, row: Rows, picture: Picture, time_ns: int) -> tuple[Evidence, ...]:
        silent_s = (time_ns - int(row["updated_ns"])) / 1e9
        where = "outside" if row["l_abroad"] else "inside"
        return (
            by_rule(
                self._word(row),
                f"Nothing has measured it for {silent_s:.0f} s, since "
                f"{zulu(int(row['updated_ns']))}, when it was {where}; it was shown before.",
            ),
            by_rule(
                "",
                f"If it flies on, it is inside {self._watch.state} or comes there within "
                f"{self._rules.horizon_s / 60:.0f} min with {float(row['l_p']):.2f}.",
            ),
            by_rule("", motion_sentence(row)),
            *picture.seen_by(row),
        )

    def _word(self, row: Rows) -> str:
        if row["high"]:
            return RULE + HIGH
        if not row["l_abroad"] and row["origin"] < Origin.SEEN_ABROAD:
            return RULE + LOCAL
        if row["entered_high"]:
            return RULE + DESCENDED
        return RULE + SLOW * bool(row["slow"])


def _carry_over(old: Rows, row: Rows, *, same: bool) -> None:
    """What is known of the object goes on under the track that it has now."""
    row["linked"] = 1
    for name in _KEPT:
        row[name] = old[name]
    row["first_ns"] = min(int(old["first_ns"]), int(row["first_ns"]))
    if old["in_ns"] > 0:
        for name in (*_OUT, *_IN):
            row[name] = old[name]
    elif row["out_ns"] == 0:
        for name in _OUT:
            row[name] = old[name]
    if old["origin"] != Origin.UNKNOWN and row["origin"] != Origin.SEEN_ABROAD:
        abroad = old["origin"] >= Origin.SEEN_ABROAD
        row["origin"] = old["origin"] if same or not abroad else Origin.BY_LINK
