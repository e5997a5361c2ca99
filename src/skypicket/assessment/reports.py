"""Reports of people that fit one object: joined by what an object can fly in the time between."""

from hashlib import blake2b
from typing import Any, NamedTuple

import msgspec
import numpy as np

from skypicket.assessment.picture import Picture
from skypicket.assessment.rules import Rules
from skypicket.assessment.table import Rows
from skypicket.domain.assessments import Evidence, ReportCluster
from skypicket.domain.labels import Releasability
from skypicket.domain.noun import Column, FloatColumn
from skypicket.domain.observations import ObservationBatch
from skypicket.domain.times import zulu
from skypicket.geo.frame import TheatreFrame

RULE, MERGED = "report_cluster", "report_cluster_merged"
HIGHEST = 0.95  # people alone never make it sure
MOST_RELAYED = 3  # relayed reports mostly repeat each other; no more than so many count
NEWEST_S = 300.0  # the place of a cluster is that of its newest reports
MOST_REPORTS = 2_000  # kept at once
MOST_NAMED = 8  # in the evidence of one cluster
TRACK_BACK_S = 600.0  # a track is followed so far back on a straight line
_CIRCLE_95 = 2.4477  # radius of 95 % of a circular Gaussian, in sigmas
REPORT = np.dtype(
    [
        ("number", "<i8"),
        ("cluster", "<i8"),  # number of the first report of its cluster; -1: belongs to a track
        ("heard_ns", "<i8"),
        ("received_ns", "<i8"),
        *((name, "<f8") for name in ("lat", "lon", "east", "north", "sigma", "sigma_s")),
        ("first_hand", "<i1"),
        ("sequence", "<i8"),
        ("offset", "<i8"),
        ("source", "<i4"),
        ("sensor", "<i4"),
        ("label", "<i4"),
    ]
)


class _Told(NamedTuple):
    """What was said of a cluster: probability, and the place of its newest reports."""

    probability: float
    east: float
    north: float


class ReportWatch:
    """Keeps the reports of the last hours, and joins those that one object explains."""

    def __init__(self, rules: Rules, frame: TheatreFrame) -> None:
        self._rules, self._frame = rules, frame
        self._reports: Rows = np.zeros(0, dtype=REPORT)
        self._count = 0
        self._words: list[str] = []
        self._labels: list[Releasability] = []
        self._ids: dict[int, str] = {}
        self._told: dict[int, _Told] = {}

    def step(self, picture: Picture, batch: ObservationBatch) -> list[ReportCluster]:
        """Take the reports of a batch in; the clusters to be said, for the first time or anew."""
        now_ns = max(batch.received_ns, int(batch.time_ns.max(initial=0)))
        said: list[ReportCluster] = []
        touched: set[int] = set()
        for row in self._read(batch, now_ns):
            if _belongs_to_track(row, picture, self._rules):
                row["cluster"] = -1
            else:
                said += self._join(row, now_ns)
                touched.add(int(row["cluster"]))
            self._reports = np.concatenate([self._reports, row.reshape(1)])
        self._forget(now_ns)
        for cluster in sorted(touched):
            said += self._say(cluster, now_ns)
        return said

    def _read(self, batch: ObservationBatch, now_ns: int) -> Rows:
        """The rows of the batch as reports; those heard too long ago are left to the search."""
        rows = np.zeros(len(batch), dtype=REPORT)
        lat, lon = batch.column("lat_deg"), batch.column("lon_deg")
        rows["lat"], rows["lon"] = lat, lon
        rows["east"], rows["north"] = self._frame.to_plane(lat, lon)
        rows["heard_ns"], rows["offset"] = batch.time_ns, batch.offset
        rows["received_ns"], rows["sequence"] = now_ns, batch.sequence
        rows["sigma"], rows["sigma_s"] = batch.column("sigma_m"), batch.column("sigma_time_s")
        rows["first_hand"] = batch.column("first_hand") >= 0.5
        rows["source"] = _number(self._words, batch.source)
        rows["sensor"] = _number(self._words, batch.sensor_id)
        rows["label"] = _number(self._labels, batch.releasability)
        rows["number"] = self._count + np.arange(len(rows))
        self._count += len(rows)
        return rows[now_ns - rows["heard_ns"] <= self._rules.report_keep_s * 1e9]

    def _join(self, row: Rows, now_ns: int) -> list[ReportCluster]:
        """Put a report into the cluster that it fits, or several that it joins, or a new one."""
        number = int(row["number"])
        fits = (self._reports["cluster"] >= 0) & _fits(row, self._reports, self._rules)
        clusters = np.unique(self._reports["cluster"][fits]).tolist()
        if not clusters:
            row["cluster"] = number
            self._ids[number] = _identifier(row)
            return []
        first, *others = clusters
        row["cluster"] = first
        said = []
        for other in others:
            self._reports["cluster"][self._reports["cluster"] == other] = first
            if other in self._told:
                said.append(self._merged(other, first, now_ns))
                del self._told[other]
            del self._ids[other]
        return said

    def _forget(self, now_ns: int) -> None:
        keep = now_ns - self._reports["heard_ns"] <= self._rules.report_keep_s * 1e9
        keep[: max(0, len(keep) - MOST_REPORTS)] = False
        if keep.all():
            return
        self._reports = self._reports[keep]
        alive = set(self._reports["cluster"].tolist())
        self._ids = {n: text for n, text in self._ids.items() if n in alive}
        self._told = {n: told for n, told in self._told.items() if n in alive}

    def _say(self, cluster: int, now_ns: int) -> list[ReportCluster]:
        members = self._reports[self._reports["cluster"] == cluster]
        probability, count = _probability(members, self._rules)
        if count < 2 or probability < self._rules.report_probability:
            return []
        east, north, radius_m = _newest_place(members)
        told = self._told.get(cluster)
        if told is not None:
            moved = np.hypot(east - told.east, north - told.north)
            changed = abs(probability - told.probability) >= self._rules.report_change
            if not changed and moved < self._rules.report_change_m:
                return []
        self._told[cluster] = _Told(probability, east, north)
        lat_deg, lon_deg = self._frame.to_geodetic(east, north)
        place = (float(lat_deg), float(lon_deg), radius_m)
        rules = self._rules
        sentence = (
            f"{count} independent reports (first-hand {rules.report_first_hand_probability:.2f} "
            f"each, relayed {rules.report_relayed_probability:.2f}) fit one object of at most "
            f"{rules.max_speed_mps:.0f} m/s: {probability:.2f}."
        )
        evidence = (Evidence(sentence=sentence, rule=RULE), *self._named(members))
        return [self._noun(cluster, members, (now_ns, probability, place), evidence)]

    def _merged(self, other: int, first: int, now_ns: int) -> ReportCluster:
        members = self._reports[self._reports["cluster"] == first]
        sentence = f"These reports belong to the cluster {self._ids[first]} as well."
        evidence = (Evidence(sentence=sentence, rule=MERGED),)
        east, north, radius_m = _newest_place(members)
        lat_deg, lon_deg = self._frame.to_geodetic(east, north)
        place = (float(lat_deg), float(lon_deg), radius_m)
        return self._noun(other, members, (now_ns, 0.0, place), evidence)

    def _noun(
        self,
        cluster: int,
        members: Rows,
        at: tuple[int, float, tuple[float, float, float]],
        evidence: tuple[Evidence, ...],
    ) -> ReportCluster:
        time_ns, probability, (lat_deg, lon_deg, radius_m) = at
        first_hand = int((members["first_hand"] == 1).sum())
        label = self._labels[int(members["label"][0])]
        for number in np.unique(members["label"]).tolist():
            label = label.meet(self._labels[number])
        return ReportCluster(
            cluster_id=self._ids[cluster],
            time_ns=time_ns,
            probability=probability,
            first_heard_ns=int(members["heard_ns"].min()),
            last_heard_ns=int(members["heard_ns"].max()),
            lat_deg=lat_deg,
            lon_deg=lon_deg,
            radius_m=radius_m,
            first_hand_count=first_hand,
            relayed_count=len(members) - first_hand,
            evidence=evidence,
            releasability=label,
        )

    def _named(self, members: Rows) -> tuple[Evidence, ...]:
        newest = members[np.argsort(-members["number"], kind="stable")][:MOST_NAMED]
        return tuple(
            Evidence(
                sentence=f"Heard or seen {zulu(int(row['heard_ns']))}, received "
                f"{zulu(int(row['received_ns']))}, at {row['lat']:.2f}, {row['lon']:.2f} "
                f"(± {row['sigma']:.0f} m), {'first-hand' if row['first_hand'] else 'relayed'}.",
                sensor_id=self._words[int(row["sensor"])],
                source=self._words[int(row["source"])],
                sequence=int(row["sequence"]),
                offset=int(row["offset"]),
            )
            for row in newest
        )

    def content(self) -> dict[str, Any]:
        """All state, for a snapshot."""
        return {
            "reports": self._reports.tobytes(),
            "count": self._count,
            "words": self._words,
            "labels": self._labels,
            "ids": sorted(self._ids.items()),
            "told": sorted(self._told.items()),
        }

    def restore(self, content: dict[str, Any]) -> None:
        """Take up the state of `content`."""
        self._reports = np.frombuffer(content["reports"], dtype=REPORT).copy()
        self._count, self._words = content["count"], list(content["words"])
        self._labels = msgspec.convert(content["labels"], list[Releasability])
        self._ids = dict(content["ids"])
        self._told = {number: _Told(*told) for number, told in content["told"]}


def _number(known: list[Any], item: object) -> int:
    if item not in known:
        known.append(item)
    return known.index(item)


def _identifier(row: Rows) -> str:
    """A name for a cluster that depends only on its first report."""
    parts = (row["heard_ns"], row["received_ns"], row["lat"], row["lon"], row["sequence"])
    text = "|".join(repr(part.item()) for part in (*parts, row["offset"]))
    return blake2b(text.encode(), digest_size=8).hexdigest()


def _fits(row: Rows, others: Rows, rules: Rules) -> Column:
    """Whether one object can have caused `row` and each of the others, (n,) bool."""
    slack_s = 2 * np.hypot(row["sigma_s"], others["sigma_s"])
    gap_s = np.abs(row["heard_ns"] - others["heard_ns"]) / 1e9
    way = np.hypot(row["east"] - others["east"], row["north"] - others["north"])
    slack_m = 2 * np.hypot(row["sigma"], others["sigma"])
    fits: Column = (gap_s <= rules.report_gap_s + slack_s) & (
        way <= rules.max_speed_mps * (gap_s + slack_s) + slack_m
    )
    return fits


def _belongs_to_track(row: Rows, picture: Picture, rules: Rules) -> bool:
    """Whether a shown low track was there when it was heard, or will be on a straight line."""
    tracks = picture.table.rows
    back_s = (row["heard_ns"] - tracks["at_ns"]) / 1e9
    east = tracks["east"] + tracks["v_east"] * back_s
    north = tracks["north"] + tracks["v_north"] * back_s
    away = np.hypot(east - row["east"], north - row["north"])
    low = (tracks["high"] == 0) & (np.abs(back_s) <= TRACK_BACK_S)
    return bool((low & (away <= max(rules.report_track_m, 2 * float(row["sigma"])))).any())


def _probability(members: Rows, rules: Rules) -> tuple[float, int]:
    """P(there is an object) from the independent reports of a cluster, and their number."""
    kept: list[Rows] = []
    relayed, doubt = 0, 1.0
    for row in members[np.argsort(-members["first_hand"], kind="stable")]:
        if any(_repeats(row, other, rules) for other in kept):
            continue
        kept.append(row)
        if row["first_hand"]:
            doubt *= 1.0 - rules.report_first_hand_probability
        elif relayed < MOST_RELAYED:
            relayed += 1
            doubt *= 1.0 - rules.report_relayed_probability
    return min(1.0 - doubt, HIGHEST), len(kept)


def _repeats(row: Rows, other: Rows, rules: Rules) -> bool:
    near = np.hypot(row["east"] - other["east"], row["north"] - other["north"])
    apart_s = abs(int(row["heard_ns"]) - int(other["heard_ns"])) / 1e9
    return bool(near <= rules.report_same_m and apart_s <= rules.report_same_s)


def _newest_place(members: Rows) -> tuple[float, float, float]:
    """East, north and 95 % radius of the reports heard last, weighted by their errors."""
    newest = members[members["heard_ns"] >= members["heard_ns"].max() - NEWEST_S * 1e9]
    weight: FloatColumn = 1.0 / np.maximum(newest["sigma"], 1.0) ** 2
    weight = weight / weight.sum()
    east, north = (float(weight @ newest[name]) for name in ("east", "north"))
    spread = weight @ ((newest["east"] - east) ** 2 + (newest["north"] - north) ** 2)
    variance = weight @ newest["sigma"] ** 2 + 0.5 * spread
    return east, north, float(_CIRCLE_95 * np.sqrt(variance))
