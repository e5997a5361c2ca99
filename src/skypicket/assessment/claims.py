"""Self-reports held against measurements: which fit, and which must not be believed."""

from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np

from skypicket.assessment.claimed import (
    CLAIM,
    GATE_D2,
    Motion,
    best_of,
    claimed_rows,
    keys_of,
    laid,
    measured_rows,
    motion_of,
    namesakes,
    next_to,
    pairs_of,
)
from skypicket.assessment.evidence import by_rule
from skypicket.assessment.picture import Picture
from skypicket.assessment.rules import Rules
from skypicket.assessment.senders import Jump, Senders
from skypicket.assessment.table import Rows, Table
from skypicket.assessment.turns import ClaimLooks
from skypicket.domain.assessments import ClaimMatch, Evidence, SpoofSuspicion
from skypicket.domain.labels import NOT_RELEASED, Releasability
from skypicket.domain.noun import Column, Noun
from skypicket.domain.observations import ObservationBatch
from skypicket.domain.sensors import Sensor
from skypicket.domain.times import NS_PER_S
from skypicket.domain.tracks import TrackBatch, track_id

UNSEEN, ELSEWHERE, JUMP = "claim_unseen", "claim_elsewhere", "claim_jump"
OVER, MATCH, PARTED = "claim_over", "claim_match", "claim_parted"
_SUSPECT = {UNSEEN: 1, ELSEWHERE: 2}
_MATCHED = 3  # pictures in a row in which a measured track flies as a claimed one does
_LINKED = 0.5  # P(one object is both) from which they refer to each other
_MOST_AT_ONCE = 500  # are told of in one picture; others are in the next ones
_PARTED = -10  # the same in which none does any more
# How probably a sender is false before anything is known; and that of an honest one nothing is
# seen where it should be, because a hill, a building or a wrong setting is in the way.
_PRIOR, _HIDDEN = 0.1, 0.02


class ClaimWatch:
    """Says `SpoofSuspicion` and `ClaimMatch`, and changes nothing else.

    A claimed track is suspect if radars that should see it look `spoof_looks` times and no
    measured track flies as it does; or if a measured track of its name flies elsewhere. A sender
    is suspect that speaks from two places.
    """

    def __init__(self, rules: Rules, sensors: Mapping[str, Sensor], picture: Picture) -> None:
        self._rules, self._picture = rules, picture
        self._public = {name for name, sensor in sensors.items() if sensor.kind == "adsb"}
        self._looks = ClaimLooks(rules, sensors, picture)
        self._senders = Senders(rules, picture.frame)
        self._table = Table(CLAIM)
        self._sensors: tuple[str, ...] = ()
        self._label = NOT_RELEASED

    def heard(self, batch: ObservationBatch) -> list[Noun]:
        """Count a radar's look at claimed tracks, and hear senders speak."""
        if batch.kind == "self_report":
            said = self._senders.heard(batch) if len(batch) else []
            return [self._jumped(jump, batch.releasability, batch) for jump in said]
        if len(self._table):
            self._looks.count(batch, self._table.rows)
        return []

    def tick(self, time_ns: int) -> list[Noun]:
        """Who speaks from one place again."""
        return [self._jumped(jump, self._label) for jump in self._senders.tick(time_ns)]

    def step(self, batch: TrackBatch) -> list[Noun]:
        """What a complete picture says of the claimed tracks in it."""
        which = claimed_rows(batch, self._rules.fresh_s)
        if not batch.complete or not (which.any() or len(self._table)):
            return []
        self._label, self._sensors = batch.releasability, batch.sensors
        said = self._drop(batch.time_ns)
        claimed = motion_of(batch, which, self._picture.frame)
        measured = motion_of(batch, measured_rows(batch), self._picture.frame)
        self._table.insert(claimed.key[self._table.find(claimed.key) < 0])
        places = self._table.find(claimed.key)
        rows = self._table.rows[places]
        laid(rows, batch, which, claimed)
        self._match(rows, claimed, measured)
        for number in np.flatnonzero(self._due(rows))[:_MOST_AT_ONCE]:
            said += self._judge(rows[number], measured)
        self._table.rows[places] = rows
        return said

    def _match(self, rows: Rows, claimed: Motion, measured: Motion) -> None:
        """Find for each claimed track the measured one that fits it, and its namesake."""
        public = np.array([*(sensor in self._public for sensor in self._sensors), False])
        named = public[rows["sensor"]]  # -1, for none, is the last
        rows["name"] = np.where(named, claimed.name, rows["name"])
        pairs = pairs_of(claimed, measured)
        fitting = best_of(pairs, pairs.d2 <= GATE_D2, pairs.d2, len(rows))
        fits = fitting >= 0
        match = keys_of(measured, pairs, fitting)
        again = np.where(match == rows["match"], np.maximum(rows["fits"], 0), 0) + 1
        rows["fits"] = np.where(fits, again, np.minimum(rows["fits"], 0) - 1)
        rows["match"][fits] = match[fits]
        rows["match_p"][fits] = pairs.probability[fitting[fits]]
        rows["unseen"][fits] = 0
        rows["doubt"][rows["unseen"] == 0] = 1.0
        rows["same_name"] = namesakes(rows["name"], measured)
        since = np.where(rows["apart_ns"] > 0, rows["apart_ns"], rows["at_ns"])
        rows["apart_ns"] = np.where(~fits & (rows["same_name"] > 0), since, 0)

    def _due(self, rows: Rows) -> Column:
        """Of which claimed tracks something is to be said, (n,) bool; of most there is not."""
        matched = rows["fits"] >= _MATCHED
        links = matched & (rows["match_p"] >= _LINKED) & (rows["linked"] != rows["match"])
        parts = (rows["fits"] <= _PARTED) & (rows["linked"] != 0)
        apart_ns = np.where(rows["apart_ns"] != 0, rows["at_ns"] - rows["apart_ns"], 0)
        doubted = apart_ns >= self._rules.spoof_s * NS_PER_S
        doubted |= rows["unseen"] >= self._rules.spoof_looks
        out: Column = links | parts | np.where(rows["suspect"] != 0, matched, doubted)
        return out

    def _judge(self, row: Rows, measured: Motion) -> list[Noun]:
        """What is to be said of one claimed track now; its row remembers it."""
        said: list[Noun] = []
        surely = row["fits"] >= _MATCHED and row["match_p"] >= _LINKED
        if surely and row["linked"] != row["match"]:
            said += self._part(row)
            row["linked"] = row["match"]
            said.append(self._linked(row, MATCH))
        if row["fits"] >= _MATCHED:
            said += self._clear(row, "A measured track flies as it does.")
        elif row["fits"] <= _PARTED:
            said += self._part(row)
        if row["suspect"]:
            return said
        apart_s = (row["at_ns"] - row["apart_ns"]) / NS_PER_S if row["apart_ns"] else 0.0
        word = ELSEWHERE if apart_s >= self._rules.spoof_s else ""
        word = UNSEEN if row["unseen"] >= self._rules.spoof_looks else word
        if word:
            row["suspect"] = _SUSPECT[word]
            row["beside"], row["beside_m"] = next_to(row, measured)
            said.append(self._suspicion(row, word, self._why(row, word)))
        return said

    def _drop(self, time_ns: int) -> list[Noun]:
        """Let go of the claimed tracks that were not heard for long."""
        rows, said = self._table.rows, list[Noun]()
        gone = time_ns - rows["updated_ns"] > self._rules.claim_keep_s * NS_PER_S
        told = gone & ((rows["linked"] != 0) | (rows["suspect"] != 0))
        gone[np.flatnonzero(told)[_MOST_AT_ONCE:]] = False
        removed = self._table.remove(gone) if gone.any() else rows[:0]
        for row in removed[(removed["linked"] != 0) | (removed["suspect"] != 0)]:
            said += self._part(row)
            said += self._clear(
                row, f"Nothing was heard of it for {self._rules.claim_keep_s:.0f} s."
            )
        return said

    def _part(self, row: Rows) -> list[Noun]:
        """Take back what a track was linked to, if it was."""
        if not row["linked"]:
            return []
        said = self._linked(row, PARTED)
        row["linked"] = 0
        return [said]

    def _clear(self, row: Rows, sentence: str) -> list[Noun]:
        """Take back the suspicion, if there is one."""
        if not row["suspect"]:
            return []
        row["suspect"] = 0
        return [self._suspicion(row, OVER, sentence)]

    def _linked(self, row: Rows, word: str) -> ClaimMatch:
        over = word == PARTED
        sentence = (
            "They fly apart, or one of them has ended."
            if over
            else (
                f"Place, velocity and known heights agree in {_MATCHED} pictures in a row. "
                "It is a name that was said, and lowers nothing."
            )
        )
        return ClaimMatch(
            track_id=track_id(int(row["linked"])),
            claimed_track_id=track_id(int(row["key"])),
            time_ns=int(row["at_ns"]),
            probability=float(row["match_p"]),
            callsign=str(row["name"]),
            over=over,
            evidence=(by_rule(word, sentence), *self._said_by(row)),
            releasability=self._label,
        )

    def _why(self, row: Rows, word: str) -> str:
        if word == ELSEWHERE:
            other = track_id(int(row["same_name"]))
            return f"The measured track {other} bears its name and flies elsewhere."
        beside = ""
        if row["beside"]:
            other, km = track_id(int(row["beside"])), row["beside_m"] / 1_000.0
            beside = f" The nearest measured track, {other}, is {km:.1f} km away."
        return (
            f"{row['unseen']} looks in a row should have seen it (P(detect) "
            f"{self._rules.spoof_probability:.2f} or more), and no measured track flies as it "
            f"does.{beside}"
        )

    def _suspicion(self, row: Rows, word: str, sentence: str) -> SpoofSuspicion:
        honest = max(float(row["doubt"]), _HIDDEN) if word == UNSEEN else _HIDDEN
        other = row["same_name"] if word == ELSEWHERE else row["beside"]
        probability = 0.0 if word == OVER else _suspect(honest)
        return SpoofSuspicion(
            claimed=str(row["name"]) or track_id(int(row["key"])),
            time_ns=int(row["at_ns"]),
            probability=probability,
            lat_deg=float(row["lat"]),
            lon_deg=float(row["lon"]),
            track_id=track_id(int(row["key"])),
            measured_track_id=track_id(int(other)) if other else "",
            over=word == OVER,
            evidence=(by_rule(word, sentence), *self._said_by(row)),
            releasability=self._label,
        )

    def _said_by(self, row: Rows) -> tuple[Evidence, ...]:
        """The newest word of the claimed track, and where in the capture."""
        if row["sensor"] < 0:
            return ()
        sensor, sequence = self._sensors[int(row["sensor"])], int(row["sequence"])
        return (
            Evidence(
                sentence=f"Receiver {sensor} heard it last.",
                sensor_id=sensor,
                source=self._picture.sources.of(sensor, sequence),
                sequence=sequence,
                offset=int(row["offset"]),
            ),
        )

    def _jumped(
        self, jump: Jump, label: Releasability, batch: ObservationBatch | None = None
    ) -> SpoofSuspicion:
        known = self._table.rows[self._table.rows["name"] == jump.claimed]
        sentence = "It has spoken from one place since."
        if not jump.over:
            sentence = (
                f"It speaks from two places; from one word to the next it would have flown "
                f"{jump.speed_mps:.0f} m/s, and the rule believes "
                f"{self._rules.claim_max_mps:.0f} m/s."
            )
        evidence = [by_rule(OVER if jump.over else JUMP, sentence)]
        if batch is not None:
            evidence.append(
                Evidence(
                    sentence=f"Receiver {batch.sensor_id} heard it there.",
                    sensor_id=batch.sensor_id,
                    source=batch.source,
                    sequence=jump.sequence,
                    offset=jump.offset,
                )
            )
        return SpoofSuspicion(
            claimed=jump.claimed,
            time_ns=jump.time_ns,
            probability=0.0 if jump.over else _suspect(_HIDDEN),
            lat_deg=jump.lat_deg,
            lon_deg=jump.lon_deg,
            track_id=track_id(int(known["key"][0])) if len(known) else "",
            over=jump.over,
            evidence=tuple(evidence),
            releasability=label,
        )

    def content(self) -> dict[str, Any]:
        """All state, for a snapshot."""
        return {
            "claimed": self._table.content(),
            "senders": self._senders.content(),
            "sensors": self._sensors,
            "label": self._label,
        }

    def restore(self, content: dict[str, Any]) -> None:
        """Take up the state of `content`."""
        self._table.restore(content["claimed"])
        self._senders.restore(content["senders"])
        self._sensors = tuple(content["sensors"])
        self._label = msgspec.convert(content["label"], Releasability)


def _suspect(honest: float) -> float:
    """P(false sender), where an honest one looks like that with this probability."""
    return _PRIOR / (_PRIOR + (1.0 - _PRIOR) * honest)
