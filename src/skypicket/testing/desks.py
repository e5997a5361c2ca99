"""An operator's desk for tests: an incident stage, and short words for what it is told."""

from typing import Any, TypeVar

import msgspec
import numpy as np

from skypicket.domain.assessments import (
    Approach,
    Evidence,
    Incursion,
    Loss,
    Raid,
    Regained,
    ReportCluster,
    SensorSilence,
    SpoofSuspicion,
)
from skypicket.domain.contracts import OperatorAction, Outcome, Tick
from skypicket.domain.incidents import Alarm, Incident, IncidentEntry
from skypicket.domain.noun import Noun
from skypicket.domain.observations import batch_of
from skypicket.geo.frame import TheatreFrame
from skypicket.incidents import IncidentRules, IncidentStage
from skypicket.testing.builders import NIGHT_NS

T = TypeVar("T", bound=Noun)
SECOND_NS = 1_000_000_000


def _at(second: float) -> int:
    return NIGHT_NS + round(second * SECOND_NS)


class Desk:
    """Places are kilometres east and north of Vilnius, times seconds after `NIGHT_NS`.

    >>> desk = Desk()
    >>> [type(noun).__name__ for noun in desk.incursion(0, -1.0)]
    ['Alarm', 'Incident', 'IncidentEntry']
    """

    def __init__(self, rules: IncidentRules | None = None) -> None:
        self.frame = TheatreFrame(54.69, 25.28)
        self.stage = IncidentStage(rules or IncidentRules(), self.frame)
        self.said: list[Noun] = []

    def step(self, noun: Noun) -> list[Noun]:
        """Give the stage one noun."""
        said = self.stage.step(noun)
        self.said += said
        return said

    def of(self, kind: type[T]) -> list[T]:
        """All that was said so far of one class."""
        return [noun for noun in self.said if isinstance(noun, kind)]

    def alarms(self) -> dict[str, Alarm]:
        """The newest revision of each alarm, by its id."""
        return {alarm.alarm_id: alarm for alarm in self.of(Alarm)}

    def alarm(self, cause: str) -> Alarm:
        """The newest revision of the only alarm of a cause."""
        (found,) = [alarm for alarm in self.alarms().values() if alarm.cause == cause]
        return found

    def incidents(self) -> dict[str, Incident]:
        """The newest revision of each incident, by its id."""
        return {one.incident_id: one for one in self.of(Incident)}

    def incident(self) -> Incident:
        """The newest revision of the only incident."""
        (found,) = self.incidents().values()
        return found

    def entries(self, what: str) -> list[IncidentEntry]:
        """The incident entries of one kind."""
        return [entry for entry in self.of(IncidentEntry) if entry.what == what]

    def _place(self, east_km: float, north_km: float) -> dict[str, Any]:
        lat_deg, lon_deg = self.frame.to_geodetic(1_000.0 * east_km, 1_000.0 * north_km)
        return {"lat_deg": float(lat_deg), "lon_deg": float(lon_deg)}

    def approach(
        self, second: float, probability: float, *, track: str = "t1", rule: str = "approach"
    ) -> list[Noun]:
        """A track comes nearer; it would cross in ten minutes, 40 km east."""
        return self.step(
            Approach(
                track_id=track,
                time_ns=_at(second),
                probability=probability,
                border="LTU",
                crossing_ns=_at(second + 600),
                crossing_from_ns=_at(second + 500),
                crossing_to_ns=_at(second + 700),
                sigma_m=1_500.0,
                evidence=(Evidence(sentence="The rule says so.", rule=rule),),
                **self._place(40.0, 0.0),
            )
        )

    def incursion(
        self,
        second: float,
        inside_km: float = 1.0,
        *,
        track: str = "t1",
        rule: str = "incursion",
        north_km: float = 0.0,
    ) -> list[Noun]:
        """A track has crossed, 40 km east of Vilnius, ten seconds before."""
        return self.step(
            Incursion(
                track_id=track,
                time_ns=_at(second),
                probability=0.95,
                border="LTU",
                crossing_ns=_at(second - 10),
                sigma_m=100.0,
                inside_m=1_000.0 * inside_km,
                evidence=(
                    Evidence(sentence="It is inside.", rule=rule),
                    Evidence(sentence="Seen.", sensor_id="R1", source="rdr", sequence=9, offset=4),
                ),
                **self._place(40.0, north_km),
            )
        )

    def loss(
        self,
        second: float,
        p_crossing: float = 0.8,
        *,
        track: str = "t1",
        abroad: bool = True,
        rule: str = "loss",
    ) -> list[Noun]:
        """A track was lost, last seen twenty seconds before, 50 km east or 10 km west."""
        return self.step(
            Loss(
                track_id=track,
                time_ns=_at(second),
                probability=0.98,
                last_seen_ns=_at(second - 20),
                radius_m=2_000.0,
                course_deg=270.0,
                speed_mps=45.0,
                abroad=abroad,
                border="LTU",
                p_crossing=p_crossing,
                evidence=(Evidence(sentence="Nothing has measured it.", rule=rule),),
                **self._place(50.0 if abroad else -10.0, 0.0),
            )
        )

    def regained(self, second: float, lost: str = "t1", track: str = "t2") -> list[Noun]:
        """A lost track is seen again."""
        evidence = (Evidence(sentence="It fits.", rule="regained"),)
        return self.step(
            Regained(
                track_id=track,
                lost_track_id=lost,
                time_ns=_at(second),
                probability=0.9,
                evidence=evidence,
            )
        )

    def report(
        self,
        heard: float,
        east_km: float,
        north_km: float = 0.0,
        *,
        received: float | None = None,
        first_hand: bool = True,
    ) -> list[Noun]:
        """Someone heard it; without `received` the report came at once."""
        columns: dict[str, float] = {"sigma_m": 1_000.0, "sigma_time_s": 30.0}
        columns |= {"first_hand": float(first_hand), **self._place(east_km, north_km)}
        return self.step(
            batch_of(
                "sighting",
                "people",
                np.array([_at(heard)]),
                {name: np.array([value]) for name, value in columns.items()},
                received_ns=_at(heard if received is None else received),
                source="calls",
                sequence=77,
            )
        )

    def cluster(
        self, second: float, probability: float, east_km: float, **fields: Any
    ) -> list[Noun]:
        """Reports that fit one object, heard within the last five minutes."""
        cluster = ReportCluster(
            cluster_id="c1",
            time_ns=_at(second),
            probability=probability,
            first_heard_ns=_at(second - 300),
            last_heard_ns=_at(second),
            radius_m=3_000.0,
            first_hand_count=3,
            relayed_count=1,
            evidence=(Evidence(sentence="They fit.", rule="report_cluster"),),
            **self._place(east_km, 0.0),
        )
        return self.step(msgspec.structs.replace(cluster, **fields))

    def silent(self, second: float, sensor: str, *, restored: bool = False) -> list[Noun]:
        """A sensor fell silent, or speaks again."""
        evidence = (Evidence(sentence=f"{sensor} says nothing.", rule="sensor_silence"),)
        return self.step(
            SensorSilence(
                sensor_id=sensor,
                time_ns=_at(second),
                probability=1.0,
                last_heard_ns=_at(second - 30),
                restored=restored,
                evidence=evidence,
            )
        )

    def suspect(self, second: float, claimed: str, *, over: bool = False) -> list[Noun]:
        """A sender came to be suspect, or is so no more."""
        evidence = (Evidence(sentence="No measured track flies as it does.", rule="claim_unseen"),)
        return self.step(
            SpoofSuspicion(
                claimed=claimed,
                time_ns=_at(second),
                probability=0.0 if over else 0.85,
                lat_deg=54.69,
                lon_deg=25.28,
                over=over,
                evidence=evidence,
            )
        )

    def act(
        self, second: float, action: str, subject: str, comment: str = "", **fields: Any
    ) -> list[Noun]:
        """An operator does something; `until` is a second like all others."""
        until = fields.pop("until", None)
        deed = OperatorAction(
            action=action,
            subject=subject,
            time_ns=_at(second),
            operator="desk 1",
            comment=comment,
            until_ns=None if until is None else _at(until),
        )
        return self.step(msgspec.structs.replace(deed, **fields))

    def declare(self, second: float, outcome: Outcome, track: str = "t1") -> list[Noun]:
        """An operator says what became of a lost object, or (`lost`) takes that back."""
        return self.act(second, "declare", track, f"It is {outcome}, say I.", outcome=outcome)

    def raid(self, second: float, *tracks: str, rule: str = "raid") -> list[Noun]:
        """Many objects come at once, around 40 km east."""
        return self.step(
            Raid(
                raid_id="r1",
                time_ns=_at(second),
                probability=0.97,
                border="LTU",
                first_ns=_at(0),
                radius_m=8_000.0,
                standing_count=len(tracks),
                track_ids=tracks,
                evidence=(Evidence(sentence="There are many.", rule=rule),),
                **self._place(40.0, 0.0),
            )
        )

    def tick(self, second: float) -> list[Noun]:
        """Tell the stage the time."""
        return self.step(Tick(time_ns=_at(second)))
