"""The picture as the assessment keeps it: each batch of tracks laid into the table."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import msgspec
import numpy as np

from skypicket.assessment.evidence import by_sensors
from skypicket.assessment.pace import measure_pace
from skypicket.assessment.rules import Rules
from skypicket.assessment.samples import Watch
from skypicket.assessment.sources import Sources
from skypicket.assessment.table import TRACK, Origin, Rows, Table
from skypicket.assessment.trails import Trails, plane_errors
from skypicket.domain.assessments import Evidence
from skypicket.domain.labels import Releasability
from skypicket.domain.late import Late
from skypicket.domain.noun import Column, FloatColumn, IntColumn
from skypicket.domain.sensors import Sensor
from skypicket.domain.tracks import CONTRIBUTOR_COLUMNS, Basis, TrackBatch, TrackState
from skypicket.geo.frame import TheatreFrame
from skypicket.geo.geoid import TheatreGeoid
from skypicket.physics.smoothing import Estimates

if TYPE_CHECKING:
    from skypicket.assessment import _kernels
else:
    _kernels = Late("skypicket.assessment._kernels")

T = TypeVar("T")
NEAR_M = 1_000.0  # nearer the border than this, or than 8 sigma, the distance is asked each time
TRAIL_S = 90.0  # a trail is kept of a track that could come from there to the border in this time
TURN_S = 60.0
FAR_SHARE = 0.1  # farther off, after each such part of the distance
SEEN_ABROAD_BELOW = 0.2  # P(inside) below which a track was seen abroad
_NEVER = -1
# Plain numbers: looking members up costs more than a small batch does.
_TENTATIVE = int(TrackState.TENTATIVE)
_CONFIRMED, _COASTING = int(TrackState.CONFIRMED), int(TrackState.COASTING)
_LOST, _MEASURED = int(TrackState.LOST), int(Basis.MEASURED)
UNKNOWN_HEIGHT_SIGMA_M = 1_000.0  # a height with a larger error is none
_MEASURED_COLUMNS = (
    ("s_east", "sigma_east_m"),
    ("s_north", "sigma_north_m"),
    ("corr", "correlation"),
    ("s_up", "sigma_up_m"),
    ("s_ve", "sigma_east_mps"),
    ("s_vn", "sigma_north_mps"),
)
_CONTRIBUTOR_FIELDS = ("c_sensor", "c_time", "c_sequence", "c_offset")


class Update(NamedTuple):
    """What one batch changed: keys of shown tracks, and which of them were never shown before.

    `lost` are keys that the batch calls lost or, being complete, no longer holds; `settled`
    those that a person called left, down or never real.
    """

    keys: Column
    new: Column
    lost: Column
    settled: Column


class Picture:
    """The measured tracks that are shown, with what the assessment remembers of each.

    Tracks that rest on claims alone never enter it. Sensor names and labels are kept once and
    referred to by number.
    """

    def __init__(
        self, rules: Rules, watch: Watch, frame: TheatreFrame, sensors: Mapping[str, Sensor]
    ) -> None:
        self._no_radars = frozenset(name for name, s in sensors.items() if s.kind != "radar")
        self.table = Table(TRACK)
        self.sensors: list[str] = []
        self.sources = Sources()
        self.labels: list[Releasability] = []
        self.trails = Trails()
        self._named: tuple[tuple[str, ...], Column] = ((), np.array([-1], dtype=np.int32))
        self._rules, self._watch, self.frame = rules, watch, frame
        self.geoid_m = rules.geoid_m
        if self.geoid_m is None:
            self.geoid_m = TheatreGeoid.at(frame.lat_deg, frame.lon_deg).undulation_m

    def update(self, batch: TrackBatch) -> Update:
        """Lay the batch into the table; rows of tracks that are gone stay until `drop`."""
        state = batch.columns["state"]
        measured = batch.columns["basis"] == _MEASURED
        shown = measured & ((state == _CONFIRMED) | (state == _COASTING))
        doubted = measured & (state == _TENTATIVE)  # of these, those stay that were more once
        if doubted.any() and len(self.table):
            shown |= doubted & (self.table.find(batch.columns["track_key"]) >= 0)
        picture = batch if shown.all() else batch.take(shown)
        keys = picture.columns["track_key"]
        places = self.table.find(keys)
        new = keys[places < 0]
        if new.size:
            self.table.insert(new)
            self.table.rows["first_ns"][self.table.find(new)] = _NEVER
            places = self.table.find(keys)
        if keys.size:
            self._lay(picture, places)
        return Update(keys, new, *self._gone(batch, measured, places))

    def _gone(self, batch: TrackBatch, measured: Column, shown: IntColumn) -> tuple[Column, Column]:
        """Keys of the tracks that are lost now, and of those that a person settled."""
        state, keys = batch.columns["state"], batch.columns["track_key"]
        lost = keys[measured & (state == _LOST)]
        settled = keys[measured & (state > _LOST)]
        lost = lost[self.table.find(lost) >= 0]
        if batch.complete and len(self.table) > len(shown):
            missing = np.ones(len(self.table), dtype=bool)
            missing[shown] = False
            lost = np.union1d(lost, self.table.rows["key"][missing])
        if settled.size:
            lost = lost[~np.isin(lost, settled)]
        return lost, settled

    def seen_by(self, row: Rows) -> tuple[Evidence, ...]:
        """Which sensors fed a track, and where in the capture."""
        return by_sensors(row, self.sensors, self.sources)

    def drop(self, keys: Column) -> Rows:
        """Take the rows of the keys out of the table; keys without a row are passed over."""
        if not len(keys):
            return self.table.rows[:0]
        self.trails.drop(keys)
        places = self.table.find(keys)
        return self.table.remove(places[places >= 0])

    def _lay(self, batch: TrackBatch, places: IntColumn) -> None:
        columns = batch.columns
        rows = self.table.rows[places]
        current = rows["seen_ns"] <= batch.time_ns
        first = rows["first_ns"] == _NEVER
        newly = current & (first | (columns["updated_ns"] != rows["updated_ns"]))
        east, north = self.frame.to_plane(columns["lat_deg"], columns["lon_deg"])
        self._measure(rows, newly, batch, (east, north))
        measure_pace(rows, self._rules)
        rows["first_ns"][first] = batch.time_ns
        rows["born_ns"] = columns["born_ns"]
        rows["state"][current] = columns["state"][current]
        rows["exist"][current] = columns["existence_probability"][current]
        rows["seen_ns"][current] = batch.time_ns
        rows["label"] = _number(self.labels, batch.releasability)
        sigma = largest_sigma_m(
            columns["sigma_east_m"], columns["sigma_north_m"], columns["correlation"]
        )
        self._place(rows, (east, north), sigma, first)
        fresh = batch.time_ns - rows["updated_ns"] <= self._rules.fresh_s * 1e9
        self._cross(rows, (east, north), batch.time_ns, current & fresh)
        if "motion_correlation" in columns:
            self._trail(rows, newly, batch)
        self.table.rows[places] = rows

    def _measure(
        self, rows: Rows, newly: Column, batch: TrackBatch, place: tuple[FloatColumn, FloatColumn]
    ) -> None:
        """Take over the motion of the tracks that were measured anew."""
        columns = batch.columns
        rows["at_ns"][newly] = batch.time_ns
        rows["updated_ns"][newly] = columns["updated_ns"][newly]
        rows["east"][newly], rows["north"][newly] = place[0][newly], place[1][newly]
        known = ~(columns["sigma_up_m"] > UNKNOWN_HEIGHT_SIGMA_M)
        amsl = np.where(known, columns["alt_m"] - self.geoid_m, np.nan)
        rows["amsl"][newly] = amsl[newly]
        self._turn(rows, newly, columns)
        for ours, theirs in _MEASURED_COLUMNS:
            values = columns[theirs][newly]
            rows[ours][newly] = np.where(np.isnan(values), 0.0, values)
        up = columns["sigma_up_m"][newly]
        rows["s_up"][newly] = np.where(np.isnan(up), self._rules.height_sigma_m, up)
        spare = rows["amsl"] - self._rules.ceiling_amsl_m
        rows["high"] = (spare > 2 * rows["s_up"]) | ((rows["high"] == 1) & (spare > rows["s_up"]))
        rows["exist_seen"][newly] = columns["existence_probability"][newly]
        if "contributor_sensor" in columns:
            rows["c_sensor"][newly] = self._numbers(batch)[columns["contributor_sensor"][newly]]
            for ours, theirs in zip(_CONTRIBUTOR_FIELDS[1:], CONTRIBUTOR_COLUMNS[1:], strict=True):
                rows[ours][newly] = columns[theirs][newly]
        else:
            rows["c_sensor"][newly] = -1

    def _turn(self, rows: Rows, newly: Column, columns: dict[str, Column]) -> None:
        """Turn true velocities into those of the plane; the errors stay as they are.

        The angle is asked for once a minute: a jet turns a tenth of a degree in that time.
        """
        ask = newly & (rows["at_ns"] - rows["turn_ns"] > TURN_S * 1e9)
        if ask.any():
            lat_deg, lon_deg = columns["lat_deg"][ask], columns["lon_deg"][ask]
            rows["turn"][ask] = self.frame.convergence_deg(lat_deg, lon_deg)
            rows["turn_ns"][ask] = rows["at_ns"][ask]
        angle = np.radians(rows["turn"][newly])
        sine, cosine = np.sin(angle), np.cos(angle)
        east, north = columns["east_mps"][newly], columns["north_mps"][newly]
        rows["v_east"][newly] = east * cosine - north * sine
        rows["v_north"][newly] = north * cosine + east * sine

    def _numbers(self, batch: TrackBatch) -> Column:
        """Our number of each sensor of the batch, -1 for none at the end."""
        if batch.sensors != self._named[0]:
            numbers = [_number(self.sensors, name) for name in batch.sensors]
            self._named = (batch.sensors, np.array([*numbers, -1], dtype=np.int32))
        return self._named[1]

    def _place(
        self,
        rows: Rows,
        place: tuple[FloatColumn, FloatColumn],
        sigma_m: FloatColumn,
        first: Column,
    ) -> None:
        """Signed distance and P(inside), asked only where they can have changed."""
        moved = np.hypot(place[0] - rows["d_east"], place[1] - rows["d_north"])
        sigma = np.hypot(sigma_m, self._watch.borders.SIGMA_M)
        distance = np.abs(rows["d"])
        near = distance - moved < np.maximum(NEAR_M, 8 * sigma)
        ask = np.flatnonzero(first | near | (moved > FAR_SHARE * distance))
        if not ask.size:
            return
        east, north = place[0][ask], place[1][ask]
        depth = self._watch.borders.signed_distance_m(self._watch.state, east, north)
        rows["d"][ask], rows["d_east"][ask], rows["d_north"][ask] = depth, east, north
        rows["p_inside"][ask] = _kernels.normal_cdf(depth / sigma[ask])
        rows["first_d"][first] = rows["d"][first]

    def _trail(self, rows: Rows, newly: Column, batch: TrackBatch) -> None:
        """Keep the states of low tracks near the border that a radar measured just now.

        What ears and people say is wrong in one way for as long as the object stays, and so may be
        what another tracker says: the next look does not make that error less.
        """
        speed = np.hypot(rows["v_east"], rows["v_north"])
        near = np.abs(rows["d"]) < NEAR_M + TRAIL_S * speed
        near &= rows["high"] == 0
        self.trails.drop(rows["key"][newly & ~near])
        pick = np.flatnonzero(newly & near)
        if pick.size and self._no_radars:
            others = np.array([*(name in self._no_radars for name in self.sensors), False])
            pick = pick[~others[rows["c_sensor"][pick, 0]]]
        if not pick.size:
            return
        columns = batch.take(pick).columns
        motion = rows[pick]
        states = np.stack([motion[name] for name in ("east", "north", "v_east", "v_north")], 1)
        errors = plane_errors(columns, motion["turn"])
        said = Estimates(motion["at_ns"], states, errors)
        self.trails.add(motion["key"], batch.time_ns, said, columns["horizontal_q_m2ps3"])

    @staticmethod
    def _cross(
        rows: Rows, place: tuple[FloatColumn, FloatColumn], time_ns: int, fresh: Column
    ) -> None:
        """Keep the last place outside and the first one inside after it, of measured tracks."""
        exact = fresh & (rows["d_east"] == place[0]) & (rows["d_north"] == place[1])
        outside = exact & (rows["d"] <= 0)
        inside = exact & (rows["d"] > 0) & (rows["in_ns"] == 0)
        for which, prefix in ((outside, "out"), (inside, "in")):
            rows[f"{prefix}_ns"][which] = time_ns
            rows[f"{prefix}_east"][which] = place[0][which]
            rows[f"{prefix}_north"][which] = place[1][which]
            rows[f"{prefix}_d"][which] = rows["d"][which]
        rows["in_ns"][outside] = 0
        rows["entered_high"][inside] = rows["high"][inside]
        abroad = exact & (rows["p_inside"] < SEEN_ABROAD_BELOW)
        rows["origin"][abroad] = Origin.SEEN_ABROAD

    def content(self) -> dict[str, Any]:
        """All state, for a snapshot."""
        return {
            "tracks": self.table.content(),
            "sensors": self.sensors,
            "sources": self.sources.content(),
            "labels": self.labels,
            "trails": self.trails.content(),
        }

    def restore(self, content: dict[str, Any]) -> None:
        """Take up the state of `content`."""
        self.table.restore(content["tracks"])
        self.sensors = list(content["sensors"])
        self.sources.restore(content["sources"])
        self.labels = msgspec.convert(content["labels"], list[Releasability])
        self.trails.restore(content["trails"])
        self._named = ((), np.array([-1], dtype=np.int32))


def _number(known: list[T], item: T) -> int:
    """The place of `item` in the list, at its end if it is new."""
    if item not in known:
        known.append(item)
    return known.index(item)


def largest_sigma_m(
    sigma_east_m: FloatColumn, sigma_north_m: FloatColumn, correlation: FloatColumn
) -> FloatColumn:
    """The standard error of places along the long axis of their ellipses, (n,).

    >>> largest_sigma_m(np.array([3.0]), np.array([4.0]), np.array([0.0])).tolist()
    [4.0]
    """
    east, north = sigma_east_m**2, sigma_north_m**2
    cross = correlation * sigma_east_m * sigma_north_m
    largest: FloatColumn = np.sqrt(0.5 * (east + north) + np.hypot(0.5 * (east - north), cross))
    return largest
