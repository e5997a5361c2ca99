"""The tracker as a stage: observations and ticks in, tracks out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import ClassVar

from skypicket.domain.codec import pack, unpack
from skypicket.domain.contracts import OperatorAction, Tick
from skypicket.domain.noun import Noun
from skypicket.domain.observations import ObservationBatch
from skypicket.domain.sensors import Sensor, with_defaults
from skypicket.domain.times import NS_PER_S
from skypicket.domain.tracks import TrackBatch
from skypicket.geo.frame import TheatreFrame
from skypicket.geo.geoid import TheatreGeoid
from skypicket.physics.detection import DetectionField
from skypicket.tracking._kernels.tables import LOST
from skypicket.tracking.config import TrackerConfig
from skypicket.tracking.filter import PoissonFilter
from skypicket.tracking.intake import Entry, Intake
from skypicket.tracking.picture import Painter
from skypicket.tracking.sensing import count_radars, sensings
from skypicket.tracking.snapshots import saved, take_up
from skypicket.tracking.window import Window


class Tracker:
    """Observations of any sensors into tracks with P(real), whatever the order of their arrival.

    A stage: `step` takes an `ObservationBatch` and gives the tracks that it touched, or a `Tick`
    and gives the complete picture at that time. A tick changes nothing that is believed.
    `counts` says by reason what was not used.

    >>> from skypicket.testing.builders import NIGHT_NS, plot_batch, radar
    >>> tracker = Tracker(TrackerConfig(), {"R1": radar()}, TheatreFrame(54.7, 25.3))
    >>> for second in range(0, 20, 4):
    ...     place = (54.9, 25.3 + second * 0.0008)
    ...     said = tracker.step(plot_batch([place], time_ns=NIGHT_NS + second * 10**9))
    >>> (tracks,) = said
    >>> len(tracks), int(tracks.columns["state"][0])
    (1, 1)
    >>> round(float(tracks.columns["east_mps"][0]))
    51
    """

    takes: ClassVar[tuple[type[Noun], ...]] = (ObservationBatch, Tick, OperatorAction)

    def __init__(
        self, config: TrackerConfig, sensors: Mapping[str, Sensor], frame: TheatreFrame
    ) -> None:
        geoid_m = config.geoid_m
        if geoid_m is None:
            geoid_m = TheatreGeoid.at(frame.lat_deg, frame.lon_deg).undulation_m
        field = DetectionField(map(with_defaults, sensors.values()), frame, geoid_m=geoid_m)
        known = sensings(sensors, frame, geoid_m, field)
        self._config = config
        self._intake = Intake(known, frame, config)
        self._filter = PoissonFilter(config, field, count_radars(known))
        self._window = Window(self._filter, config)
        self._painter = Painter(self._filter.table, frame, tuple(known), config)
        self._strangers: list[int] = []  # times of looks in a row that fit no other

    @property
    def counts(self) -> Counter[str]:
        """How much was not used, by reason.

        Those of `Intake`, and of looks: `duplicate`, `too_late`, `time_jump`.
        """
        return self._intake.counts

    def step(self, noun: Noun) -> Sequence[TrackBatch]:
        """The tracks that a batch touched, or all shown ones at a tick.

        Of an empty batch, which only says where nothing was, only tracks that it ended are told.
        """
        if isinstance(noun, Tick):
            return (self.picture(noun.time_ns),)
        if isinstance(noun, OperatorAction):
            self._painter.declared.take(noun)  # shown so from the next tick on
            return ()
        assert isinstance(noun, ObservationBatch)
        for entry in self._intake.entries(noun):
            if self._is_news(entry, received_ns=noun.received_ns):
                self._window.take(entry)
        touched, newest_ns = self._window.touched(), self._window.newest_ns
        if not len(noun):  # silence alone is told at the next tick, unless it ends a track
            touched = touched[self._filter.table.tracks.life[touched] == LOST]
        if not len(touched) or newest_ns is None:
            return ()
        said = self._painter.of(touched, newest_ns)
        return (said,) if len(said) else ()

    def picture(self, time_ns: int) -> TrackBatch:
        """Every shown track, extrapolated to a time; what came late is in it."""
        self._window.settle()
        return self._painter.of_all(time_ns)

    def glance(self, time_ns: int) -> TrackBatch:
        """Every shown track, extrapolated to a time; late looks that wait are not in it.

        Nothing is changed by it, so one may look between entries, however often.
        """
        return self._painter.of_all(time_ns)

    def _is_news(self, entry: Entry, *, received_ns: int) -> bool:
        """Whether a look is to be taken in; why not, is counted.

        The time of receipt bears a time out; without it, far ones wait for others to agree.
        """
        if received_ns <= 0 and self._jumps(entry.key.time_ns):
            self.counts["time_jump"] += 1
            return False
        verdict = self._window.verdict(entry.key)
        if verdict != "fresh":
            self.counts[verdict] += 1
        return verdict == "fresh"

    def _jumps(self, time_ns: int) -> bool:
        """Whether a time is too far from the newest to be believed before others agree."""
        newest_ns = self._window.newest_ns
        jump_ns = self._config.max_jump_s * NS_PER_S
        if newest_ns is None or abs(time_ns - newest_ns) <= jump_ns:
            self._strangers = []
            return False
        if self._strangers and abs(time_ns - self._strangers[-1]) > jump_ns:
            self._strangers = []
        self._strangers.append(time_ns)
        if len(self._strangers) < self._config.jump_witnesses:
            return True
        self._strangers = []
        if time_ns < newest_ns:  # what is believed lies in a future that never was
            self._window.clear()
        return False

    def snapshot(self) -> bytes:
        """All state; the same bytes for the same history."""
        state = saved(self._window)
        own = {"counts": dict(self.counts), "strangers": self._strangers}
        return pack(state | own | {"declared": self._painter.declared.content()})

    def restore(self, state: bytes) -> None:
        """Take up the state of a snapshot of the same version."""
        kept = unpack(state)
        take_up(kept, self._window, self._filter.table)
        self.counts.clear()
        self.counts.update(kept["counts"])
        self._strangers = list(kept["strangers"])
        self._painter.declared.restore(kept.get("declared", ()))  # older snapshots have none
