"""The assessment stage: tracks, reports and sensor statuses in, what they mean out."""

from collections.abc import Mapping
from typing import ClassVar

from skypicket.assessment.approach import ApproachWatch
from skypicket.assessment.claims import ClaimWatch
from skypicket.assessment.ground import Borders
from skypicket.assessment.incursion import IncursionWatch
from skypicket.assessment.loss import LossWatch
from skypicket.assessment.outlook import Lookout
from skypicket.assessment.picture import Picture
from skypicket.assessment.raid import RaidWatch
from skypicket.assessment.reports import ReportWatch
from skypicket.assessment.rules import Rules, checked
from skypicket.assessment.samples import Watch
from skypicket.assessment.silence import SilenceWatch
from skypicket.domain.codec import pack, unpack
from skypicket.domain.contracts import OperatorAction, Tick
from skypicket.domain.noun import Noun
from skypicket.domain.observations import ObservationBatch
from skypicket.domain.sensors import Sensor, SensorStatus
from skypicket.domain.tracks import Basis, TrackBatch, track_keys
from skypicket.geo.frame import TheatreFrame

_STALE_EVERY_NS = 10_000_000_000
_MEASURED = int(Basis.MEASURED)
_NO_SENSORS: Mapping[str, Sensor] = {}


class AssessmentStage:
    """Says what is in `skypicket.domain.assessments`: Approach, Incursion, Loss and others.

    Pure and deterministic: all times come from the nouns, all samples are fixed. Tracks that
    rest on claims alone (ADS-B, Remote ID) give no more than `SpoofSuspicion` and `ClaimMatch`,
    and no claim changes what a measured track gives. Every noun carries its evidence and the
    label of what it was made from.

    Raises:
        ConfigurationError: a rule is out of bounds.
    """

    takes: ClassVar[tuple[type[Noun], ...]] = (
        TrackBatch,
        ObservationBatch,
        SensorStatus,
        OperatorAction,
        Tick,
    )

    def __init__(
        self,
        rules: Rules,
        borders: Borders,
        frame: TheatreFrame,
        sensors: Mapping[str, Sensor] = _NO_SENSORS,
    ) -> None:
        self._rules = rules = checked(rules)
        watch = Watch(borders, rules.home)
        lookout = Lookout(rules, watch)
        self._picture = Picture(rules, watch, frame, sensors)
        self._approach = ApproachWatch(rules, watch, frame, lookout)
        self._incursion = IncursionWatch(rules, watch, frame, lookout)
        self._loss = LossWatch(rules, watch, frame, lookout)
        self._reports = ReportWatch(rules, frame)
        self._silence = SilenceWatch(rules, sensors)
        self._raid = RaidWatch(rules, frame)
        self._claims = ClaimWatch(rules, sensors, self._picture)
        self._stale_due_ns = 0

    def step(self, noun: Noun) -> list[Noun]:
        """What follows from this noun."""
        match noun:
            case TrackBatch():
                return self._tracks(noun)
            case ObservationBatch():
                return self._observed(noun)
            case SensorStatus():
                return [*self._silence.status(noun)]
            case OperatorAction():
                return self._declared(noun)
            case Tick():
                return self._tick(noun.time_ns)
            case _:
                return []

    def _tracks(self, batch: TrackBatch) -> list[Noun]:
        if not batch.complete and not (batch.columns["basis"] == _MEASURED).any():
            return []  # claims alone, which are looked at in complete pictures
        update = self._picture.update(batch)
        time_ns = batch.time_ns
        self._loss.settle(update.settled)
        self._picture.drop(update.settled)
        said: list[Noun] = [*self._loss.found(self._picture, update.new, time_ns)]
        said += self._loss.lose(self._picture, update.lost, time_ns)
        places = self._picture.table.find(update.keys)
        said += self._incursion.step(self._picture, places, time_ns)
        said += self._approach.step(self._picture, places, time_ns)
        said += self._raid.step(said, time_ns)
        return [*said, *self._claims.step(batch)]

    def _declared(self, action: OperatorAction) -> list[Noun]:
        """What a person settled is let go of; what is taken back is lost again."""
        if action.action != "declare" or action.outcome is None or not action.comment.strip():
            return []
        tracks = action.track_ids or (action.subject,)
        keys = track_keys(tracks)
        if action.outcome == "lost":
            return [*self._loss.resume(self._picture, keys, action.time_ns)]
        self._loss.settle(keys)
        self._raid.settle(tracks)
        return []

    def _observed(self, batch: ObservationBatch) -> list[Noun]:
        self._picture.sources.heard(batch.sensor_id, batch.sequence, batch.source)
        received_ns = batch.received_ns or int(batch.time_ns.max(initial=0))
        said: list[Noun] = [*self._silence.heard(batch.sensor_id, received_ns)]
        said += self._claims.heard(batch)
        if batch.kind == "sighting" and len(batch):
            said += self._reports.step(self._picture, batch)
        return said

    def _tick(self, time_ns: int) -> list[Noun]:
        said: list[Noun] = [*self._silence.tick(time_ns), *self._claims.tick(time_ns)]
        if time_ns >= self._stale_due_ns:
            self._stale_due_ns = time_ns + _STALE_EVERY_NS
            rows = self._picture.table.rows
            stale = time_ns - rows["seen_ns"] > self._rules.stale_s * 1e9
            said += self._loss.lose(self._picture, rows["key"][stale], time_ns)
        said += self._loss.again(self._picture, time_ns)
        return [*said, *self._raid.step(said, time_ns)]

    def snapshot(self) -> bytes:
        """All state, so that `restore` continues exactly as if never interrupted."""
        return pack(
            {
                "picture": self._picture.content(),
                "loss": self._loss.content(),
                "reports": self._reports.content(),
                "silence": self._silence.content(),
                "raid": self._raid.content(),
                "claims": self._claims.content(),
                "stale_due_ns": self._stale_due_ns,
            }
        )

    def restore(self, state: bytes) -> None:
        """Take up the state of a snapshot of the same version."""
        content = unpack(state)
        self._picture.restore(content["picture"])
        self._loss.restore(content["loss"])
        self._reports.restore(content["reports"])
        self._silence.restore(content["silence"])
        if "raid" in content:  # an older snapshot has none
            self._raid.restore(content["raid"])
        if "claims" in content:  # the same
            self._claims.restore(content["claims"])
        self._stale_due_ns = content["stale_due_ns"]
