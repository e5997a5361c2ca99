"""The incident stage: assessments, reports and operators in; alarms and incidents out."""

from typing import Any, ClassVar

from skypicket.domain.assessments import (
    Approach,
    Incursion,
    Loss,
    Raid,
    Regained,
    ReportCluster,
    SensorSilence,
    SpoofSuspicion,
)
from skypicket.domain.codec import pack, unpack
from skypicket.domain.contracts import OperatorAction, Tick
from skypicket.domain.incidents import Alarm, AlarmLevel
from skypicket.domain.noun import Noun
from skypicket.domain.observations import ObservationBatch
from skypicket.geo.frame import TheatreFrame
from skypicket.incidents import words
from skypicket.incidents.alarms import Draft
from skypicket.incidents.books import Books
from skypicket.incidents.cases import Case, Line, Place
from skypicket.incidents.deadlines import overdue_lines
from skypicket.incidents.declarations import SEEN_AGAIN, contradict
from skypicket.incidents.operators import act
from skypicket.incidents.reports import report_lines
from skypicket.incidents.rules import IncidentRules, checked

OVER, LEFT, DOUBTFUL = "approach_over", "incursion_left", "incursion_doubtful"
MERGED = "report_cluster_merged"
_CIRCLE_95 = 2.4477  # radius of 95 % of a circular Gaussian, in sigmas

_Event = Approach | Incursion | Loss | Regained | ReportCluster


class IncidentStage:
    """Says Alarm, Incident and IncidentEntry. Levels are for operators; people decide the rest.

    One alarm per object and cause: an object keeps its row when its track is lost and found
    under another number. Nothing about a lost object is cleared but by its being found, or by a
    person. All times come from the nouns.

    Raises:
        ConfigurationError: a rule is out of bounds.
    """

    takes: ClassVar[tuple[type[Noun], ...]] = (
        Approach,
        Incursion,
        Loss,
        Regained,
        ReportCluster,
        Raid,
        SensorSilence,
        SpoofSuspicion,
        ObservationBatch,
        OperatorAction,
        Tick,
    )

    def __init__(self, rules: IncidentRules, frame: TheatreFrame) -> None:
        self._rules, self._frame = checked(rules), frame
        self._books = books = Books(self._rules)
        self._alarms, self._cases, self._objects = books.alarms, books.cases, books.objects

    def step(self, noun: Noun) -> list[Noun]:
        """What follows from this noun."""
        match noun:
            case Approach() | Incursion() | Loss() | Regained() | ReportCluster():
                return self._assessed(noun)
            case SensorSilence() | Raid() | SpoofSuspicion():
                return self._in_one_row(noun)
            case ObservationBatch() if noun.kind == "sighting":
                return report_lines(noun, self._cases, self._frame)
            case OperatorAction():
                return act(noun, self._books)
            case Tick():
                self._objects.forget(noun.time_ns)
                said = self._books.suspects.tick(self._alarms)
                said += self._alarms.tick(noun.time_ns, self._rules)
                return [*said, *overdue_lines(noun.time_ns, self._books)]
            case _:
                return []

    def _in_one_row(self, noun: SensorSilence | Raid | SpoofSuspicion) -> list[Noun]:
        match noun:
            case Raid():
                return self._books.raids.step(self._alarms, self._objects, noun)
            case SpoofSuspicion():
                return [*self._books.suspects.step(self._alarms, noun)]
            case SensorSilence():
                return [*self._books.silence.step(self._alarms, noun)]

    def _assessed(self, noun: _Event) -> list[Noun]:
        match noun:
            case Approach():
                return self._approach(noun)
            case Incursion():
                return self._incursion(noun)
            case Loss():
                return self._loss(noun)
            case Regained():
                return self._regained(noun)
            case ReportCluster():
                return self._cluster(noun)

    def _approach(self, noun: Approach) -> list[Noun]:
        subject = self._objects.seen(noun.track_id, noun.time_ns)
        standing = self._alarms.standing("Approach", subject)
        if _word(noun) == OVER:
            text = words.approach_over_text(noun)
            return self._clear(standing, noun.time_ns, text, noun.probability)
        sure = noun.probability >= self._rules.caution_approach_probability
        level = self._level("caution" if sure else "advisory", noun)
        text = words.approach_text(noun)
        case = self._cases.of_track(self._objects.tracks(subject))
        title = f"Approach: {words.state_name(noun.border)}"
        said = self._say(subject, level, (title, text), noun, case)
        if case is not None and standing is None:
            said += self._cases.write(case, _line(noun, text, noun.time_ns), level)
        return said

    def _incursion(self, noun: Incursion) -> list[Noun]:
        subject = self._objects.seen(noun.track_id, noun.time_ns)
        text, word = words.incursion_text(noun), _word(noun)
        standing = self._alarms.standing("Incursion", subject)
        level = self._level("warning", noun)
        place = self._place(noun.crossing_ns, noun.lat_deg, noun.lon_deg, noun.sigma_m)
        case = self._case(noun.track_id, place if level == "warning" else None)
        if word == LEFT:
            said = self._clear(standing, noun.time_ns, text, noun.probability)
            return said + self._note(case, _line(noun, text, noun.time_ns))
        level = "advisory" if word == DOUBTFUL else level
        line = _line(noun, text, noun.crossing_ns)
        title = f"Incursion: {words.state_name(noun.border)}"
        entries: list[Noun] = []
        if case is None and level == "warning":
            entries = self._cases.open(subject, level, title, line)
            case = self._cases.of_track((noun.track_id,))
        elif case is not None and (standing is None or word == DOUBTFUL):
            entries = self._cases.write(case, line, level)
        if case is not None and standing is None:
            self._cases.contact(case, place, noun.time_ns)
        alarm = self._say(subject, level, (title, text), noun, case)
        approach = self._alarms.standing("Approach", subject)
        crossed = f"It has crossed; the alarm {title!r} goes on. {text}"
        return [*alarm, *self._clear(approach, noun.time_ns, crossed), *_newest(entries, case)]

    def _loss(self, noun: Loss) -> list[Noun]:
        subject = self._objects.seen(noun.track_id, noun.time_ns)
        self._objects.lose(subject, noun.track_id)
        case = self._cases.of_track(self._objects.tracks(subject))
        standing = self._alarms.standing("Loss", subject)
        text = words.loss_text(noun)
        line = _line(noun, text, noun.last_seen_ns)
        told = self._told(subject)
        level = self._loss_level(noun, told, standing)
        if level is None:
            return self._note(case, line)
        if level == "advisory" and standing is None and told is not None:
            row = self._alarms.change(told, told.state, noun.time_ns, text=f"Lost. {text}")
            return [row, *self._note(case, line)]  # what is only advised of keeps to one row
        side = "abroad" if noun.abroad else "inside"
        title = f"Lost {side}: {words.state_name(noun.border)}"
        if case is not None:
            entries = self._cases.write(case, line, level)
        elif level != "advisory":
            entries = self._cases.open(subject, level, title, line)
            case = self._cases.of_track((noun.track_id,))
        else:
            entries = []
        if case is not None and standing is None:
            self._lost_contact(case, noun)
        alarm = self._say(subject, level, (title, text), noun, case)
        lost = f"It is lost; the alarm {title!r} goes on. {text}"
        for cause in ("Approach", SEEN_AGAIN):
            alarm += self._clear(self._alarms.standing(cause, subject), noun.time_ns, lost)
        return [*alarm, *_newest(entries, case)]

    def _lost_contact(self, case: Case, noun: Loss) -> None:
        """Others join from here on; and somebody must own the loss, and decide by then."""
        place = self._place(noun.last_seen_ns, noun.lat_deg, noun.lon_deg, 0.0)
        self._cases.contact(case, place, noun.time_ns)
        due_ns = noun.time_ns + int(self._rules.decide_s * 1e9)
        self._cases.decide_by(case, due_ns, by_rule=True)

    def _told(self, subject: str) -> Alarm | None:
        """The alarm that stands for an object that is seen, the gravest first."""
        rows = [self._alarms.standing(cause, subject) for cause in ("Incursion", "Approach")]
        return next((row for row in rows if row is not None), None)

    def _loss_level(
        self, noun: Loss, told: Alarm | None, standing: Alarm | None
    ) -> AlarmLevel | None:
        """The level of a loss; None where it wakes nobody.

        An object that people were woken for is never lost quietly.
        """
        known = told or standing
        if _word(noun).endswith(self._rules.quiet_rules):
            return None if known is None else known.level
        if not noun.abroad:
            return self._level("warning", noun)
        if noun.p_crossing < self._rules.loss_probability and known is None:
            return None
        return self._level("caution", noun)

    def _regained(self, noun: Regained) -> list[Noun]:
        subject = self._objects.join(noun.lost_track_id, noun.track_id, noun.time_ns)
        case = self._cases.of_track(self._objects.tracks(subject))
        how = "under its own number" if noun.track_id == noun.lost_track_id else "as a new track"
        why = noun.evidence[0].sentence if noun.evidence else ""
        text = f"The lost object is seen again at {words.clock(noun.time_ns)} {how}. {why}".rstrip()
        standing = self._alarms.standing("Loss", subject)
        said = self._clear(standing, noun.time_ns, text, noun.probability, (noun.track_id,))
        told = self._told(subject)
        if standing is None and told is not None:
            tracks = tuple(dict.fromkeys((*told.track_ids, noun.track_id)))
            fields: dict[str, Any] = {"text": text, "track_ids": tracks}
            said = [self._alarms.change(told, told.state, noun.time_ns, **fields)]
        self._objects.find(subject)
        if case is not None:
            self._cases.seen_again(case, noun.time_ns)
            open_alarms = self._alarms.of_incident(case.incident.incident_id)
            if case.by_rule and not any(alarm.cause == "Loss" for alarm in open_alarms):
                self._cases.decide_by(case, None, by_rule=True)
        said += self._note(case, _line(noun, text, noun.time_ns))
        return said + contradict(noun, subject, self._books)

    def _cluster(self, noun: ReportCluster) -> list[Noun]:
        standing = self._alarms.standing("ReportCluster", noun.cluster_id)
        if _word(noun) == MERGED:
            text = noun.evidence[0].sentence
            return self._clear(standing, noun.time_ns, text, noun.probability)
        text = words.cluster_text(noun)
        sure = noun.probability >= self._rules.caution_cluster_probability
        level = self._level("caution" if sure else "advisory", noun)
        case = self._cases.of_cluster(noun.cluster_id)
        said: list[Noun] = []
        if case is None:
            sigma_m = noun.radius_m / _CIRCLE_95
            place = self._place(noun.last_heard_ns, noun.lat_deg, noun.lon_deg, sigma_m)
            case = self._cases.in_reach(place)
            if case is not None:
                case.clusters.append(noun.cluster_id)
                line = _line(noun, text, noun.last_heard_ns)
                said = self._cases.write(case, line, level)
        title = "Reports of one object"
        return [*self._say(noun.cluster_id, level, (title, text), noun, case), *said]

    def _level(self, level: AlarmLevel, noun: _Event) -> AlarmLevel:
        return "advisory" if _word(noun).endswith(self._rules.advisory_rules) else level

    def _case(self, track: str, place: Place | None) -> Case | None:
        """The incident of this track, or, with a place, one whose lost object it could be."""
        subject = self._objects.subject(track)
        case = self._cases.of_track(self._objects.tracks(subject))
        if case is not None or place is None:
            return case
        found = self._cases.in_reach(place)
        if found is None or self._objects.first_ns(subject) < found.incident.opened_ns:
            return None  # it was told of before that incident's object was lost: another one
        alarms = self._alarms.of_incident(found.incident.incident_id)
        return found if any(alarm.cause == "Loss" for alarm in alarms) else None

    def _place(self, time_ns: int, lat_deg: float, lon_deg: float, sigma_m: float) -> Place:
        east, north = self._frame.to_plane(lat_deg, lon_deg)
        return Place(time_ns, float(east), float(north), sigma_m)

    def _say(
        self,
        subject: str,
        level: AlarmLevel,
        said: tuple[str, str],
        noun: Approach | Incursion | Loss | ReportCluster,
        case: Case | None,
    ) -> list[Noun]:
        """The alarm, and the row of its raid if that rises with it."""
        title, text = said
        track = () if isinstance(noun, ReportCluster) else (noun.track_id,)
        alarm = self._alarms.say(
            Draft(
                cause=type(noun).__name__,
                subject=subject,
                level=level,
                time_ns=noun.time_ns,
                title=title,
                text=text,
                probability=noun.p_crossing if isinstance(noun, Loss) else noun.probability,
                lat_deg=noun.lat_deg,
                lon_deg=noun.lon_deg,
                track_ids=track,
                incident_id=None if case is None else case.incident.incident_id,
                rule=_word(noun),
                evidence=noun.evidence,
                raid_id=self._books.raids.alarm_of(subject),
                releasability=noun.releasability,
            )
        )
        return [alarm, *self._books.raids.follow(self._alarms, alarm)]

    def _clear(
        self,
        alarm: Alarm | None,
        time_ns: int,
        text: str,
        probability: float | None = None,
        tracks: tuple[str, ...] = (),
    ) -> list[Noun]:
        """Clear an alarm with the reason as its text; nothing if it does not stand."""
        if alarm is None:
            return []
        fields: dict[str, Any] = {
            "text": text,
            "track_ids": tuple(dict.fromkeys((*alarm.track_ids, *tracks))),
        }
        if probability is not None:
            fields["probability"] = probability
        return [self._alarms.change(alarm, "cleared", time_ns, **fields)]

    def _note(self, case: Case | None, line: Line) -> list[Noun]:
        return [] if case is None else self._cases.write(case, line)

    def snapshot(self) -> bytes:
        """All state, so that `restore` continues exactly as if never interrupted."""
        return pack(self._books.content())

    def restore(self, state: bytes) -> None:
        """Take up the state of a snapshot of the same version."""
        self._books.restore(unpack(state))


def _word(noun: _Event) -> str:
    """The rule word of an assessment, "" if it has none."""
    return noun.evidence[0].rule if noun.evidence else ""


def _line(noun: _Event, text: str, time_ns: int) -> Line:
    return Line(
        what=type(noun).__name__,
        text=text,
        time_ns=time_ns,
        received_ns=noun.time_ns,
        track_id="" if isinstance(noun, ReportCluster) else noun.track_id,
        evidence=noun.evidence,
        releasability=noun.releasability,
    )


def _newest(said: list[Noun], case: Case | None) -> list[Noun]:
    """The same, with the incident as it is after its contact was noted."""
    if case is None or not said:
        return said
    return [case.incident if isinstance(n, type(case.incident)) else n for n in said]
