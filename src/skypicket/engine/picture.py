"""What is true right now, for whoever shows it: written by the stage thread, read by others."""

from collections import deque
from collections.abc import Iterable

import numpy as np

from skypicket.domain.assessments import Approach, Loss, Regained
from skypicket.domain.contracts import Entry, Reject
from skypicket.domain.incidents import Alarm, Declaration, Incident, IncidentEntry
from skypicket.domain.noun import Noun
from skypicket.domain.observations import ObservationBatch
from skypicket.domain.sensors import Registration, SensorStatus
from skypicket.domain.times import NS_PER_DAY, NS_PER_S
from skypicket.domain.tracks import TrackBatch

RECENT_REJECTS = 100
RECENT_LATENCIES = 20_000
FORGET_EVERY_NS = 60 * NS_PER_S
KEPT_NS = NS_PER_DAY
REPORTS_KEPT_NS = 6 * 3600 * NS_PER_S  # places of witnesses are shown no longer than of use
MOST_REPORTS = 2_000


class Picture:
    """The newest tracks, alarms, incidents and sensor states, and counts since the start.

    One thread writes. Readers take what an attribute holds at that moment: dictionaries are
    replaced and never changed, so that a reader never meets one half written.
    """

    def __init__(self) -> None:
        self.past = False  # set where it shows the own side's past and not what is now
        self.time_ns = 0
        self.sequence = 0
        self.tracks: TrackBatch | None = None
        self.alarms: dict[str, Alarm] = {}
        self.incidents: dict[str, Incident] = {}
        self.entries: dict[str, tuple[IncidentEntry, ...]] = {}
        self.approaches: dict[str, Approach] = {}
        self.losses: dict[str, Loss] = {}
        self.declarations: dict[str, Declaration] = {}  # what stands, by track
        self.reports: dict[int, ObservationBatch] = {}  # what people said, by capture sequence
        self.last_heard_ns: dict[str, int] = {}
        self.last_detected_ns: dict[str, int] = {}  # receipt of the newest that held a detection
        self.statuses: dict[str, SensorStatus] = {}
        self.registrations: dict[str, Registration] = {}  # of radars, at the newest tick
        self.lost_messages: dict[str, int] = {}
        self.rejects: deque[Reject] = deque(maxlen=RECENT_REJECTS)
        self.reject_counts: dict[tuple[str, str], int] = {}
        self.observations = 0
        self._forget_ns = 0
        self.latencies_s: deque[float] = deque(maxlen=RECENT_LATENCIES)

    def take(self, entry: Entry, said: Iterable[Noun], now_ns: int) -> None:
        """Take up what followed from an entry; `now_ns` is the engine clock after the step."""
        self.time_ns, self.sequence = entry.received_ns, entry.sequence
        self._forget(entry.received_ns)
        for noun in said:
            self._take(noun)
            if isinstance(noun, TrackBatch) and entry.kind == "message":
                self.latencies_s.append((now_ns - entry.received_ns) / 1e9)

    def _forget(self, now_ns: int) -> None:
        """Let go, once a minute, of what was settled a day ago; the record keeps it."""
        if now_ns < self._forget_ns:
            return
        self._forget_ns = now_ns + FORGET_EVERY_NS
        oldest_ns = now_ns - KEPT_NS
        self.approaches = {k: v for k, v in self.approaches.items() if v.time_ns > oldest_ns}
        self.alarms = {
            k: v for k, v in self.alarms.items() if v.state != "cleared" or v.time_ns > oldest_ns
        }
        standing = {t for a in self.alarms.values() if a.state != "cleared" for t in a.track_ids}
        self.losses = {
            k: v for k, v in self.losses.items() if v.time_ns > oldest_ns or k in standing
        }
        self.declarations = {k: v for k, v in self.declarations.items() if k in self.losses}
        self.incidents = {
            k: v for k, v in self.incidents.items() if v.state != "closed" or v.time_ns > oldest_ns
        }
        self.entries = {k: v for k, v in self.entries.items() if k in self.incidents}
        fresh_ns = now_ns - REPORTS_KEPT_NS
        self.reports = {k: v for k, v in self.reports.items() if v.received_ns > fresh_ns}

    def recall(self, noun: Noun) -> None:
        """Take up again what was said before a restart."""
        self._take(noun)

    def remember(self, noun: Noun) -> None:
        """Take up what was said long ago, in order, and let go of it as it was let go of then."""
        if isinstance(noun, Alarm | Incident):
            self._forget(noun.time_ns)
        self._take(noun)

    def _take(self, noun: Noun) -> None:
        match noun:
            case TrackBatch():
                if noun.complete:
                    self.tracks = noun
            case ObservationBatch():
                self.observations += len(noun)
                self._take_report(noun)
                self.last_heard_ns = {**self.last_heard_ns, noun.sensor_id: noun.received_ns}
                if len(noun):
                    detected = {noun.sensor_id: noun.received_ns}
                    self.last_detected_ns = self.last_detected_ns | detected
            case SensorStatus():
                self._take_status(noun)
            case Reject():
                self.rejects.append(noun)
                key = (noun.source, noun.reason)
                self.reject_counts = {
                    **self.reject_counts,
                    key: self.reject_counts.get(key, 0) + 1,
                }
            case Alarm():
                self.alarms = {**self.alarms, noun.alarm_id: noun}
            case Incident():
                self.incidents = {**self.incidents, noun.incident_id: noun}
            case IncidentEntry():
                before = self.entries.get(noun.incident_id, ())
                self.entries = {**self.entries, noun.incident_id: (*before, noun)}
            case _:
                self._take_meaning(noun)

    def _take_meaning(self, noun: Noun) -> None:
        """What was said of one track: where it goes, that it is lost, and what became of it."""
        match noun:
            case Approach():
                self.approaches = {**self.approaches, noun.track_id: noun}
            case Loss():
                self.losses = {**self.losses, noun.track_id: noun}
            case Regained():
                lost = noun.lost_track_id
                self.losses = {k: v for k, v in self.losses.items() if k != lost}
            case Declaration():
                told = dict.fromkeys(noun.track_ids, noun)
                kept = {k: v for k, v in self.declarations.items() if k not in told}
                self.declarations = kept if noun.outcome == "lost" else kept | told
            case _:
                pass

    def _take_report(self, batch: ObservationBatch) -> None:
        """Keep what people said a while, the newest of a flood."""
        if batch.kind == "sighting" and len(batch):
            kept = list(self.reports.items())[-MOST_REPORTS + 1 :]
            self.reports = {**dict(kept), batch.sequence: batch}

    def _take_status(self, status: SensorStatus) -> None:
        self.statuses = {**self.statuses, status.sensor_id: status}
        if status.state != "gone":
            self.last_heard_ns = {**self.last_heard_ns, status.sensor_id: status.received_ns}
        if status.lost:
            lost = self.lost_messages.get(status.sensor_id, 0) + status.lost
            self.lost_messages = {**self.lost_messages, status.sensor_id: lost}

    def latency_s(self, quantile: float) -> float:
        """A quantile of receipt-to-track time over the newest messages; 0 when there are none."""
        seen = tuple(self.latencies_s)
        return float(np.quantile(seen, quantile)) if seen else 0.0
