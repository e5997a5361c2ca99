"""All silent sensors in one alarm row, however many they are."""

from typing import Any

import msgspec

from skypicket.domain.assessments import Evidence, SensorSilence
from skypicket.domain.incidents import Alarm
from skypicket.incidents.alarms import AlarmBook, Draft
from skypicket.incidents.words import silence_text

CAUSE, SUBJECT = "SensorSilence", "sensors"
MOST_EVIDENCE = 16


class SilenceRow:
    """Knows which sensors are silent, and since when."""

    def __init__(self) -> None:
        self._silent: dict[str, int] = {}
        self._evidence: dict[str, tuple[Evidence, ...]] = {}

    def step(self, alarms: AlarmBook, noun: SensorSilence) -> list[Alarm]:
        """The row after a sensor fell silent or spoke again; it clears when all speak."""
        standing = alarms.standing(CAUSE, SUBJECT)
        if noun.restored:
            self._silent.pop(noun.sensor_id, None)
            self._evidence.pop(noun.sensor_id, None)
            if standing is None:
                return []
            if not self._silent:
                text = f"All sensors speak again; the last was {noun.sensor_id}."
                return [alarms.change(standing, "cleared", noun.time_ns, text=text)]
        else:
            self._silent[noun.sensor_id] = noun.last_heard_ns
            self._evidence[noun.sensor_id] = noun.evidence
        alarm = alarms.say(self._draft(noun))
        if not noun.restored and alarm.state == "acknowledged":
            return [alarms.change(alarm, "raised", noun.time_ns)]
        return [alarm]

    def _draft(self, noun: SensorSilence) -> Draft:
        named = [e for name in sorted(self._evidence) for e in self._evidence[name]]
        return Draft(
            cause=CAUSE,
            subject=SUBJECT,
            level="advisory",
            time_ns=noun.time_ns,
            title="Sensors silent" if len(self._silent) > 1 else "Sensor silent",
            text=silence_text(self._silent, noun.time_ns),
            probability=noun.probability,
            rule=noun.evidence[0].rule if noun.evidence else "",
            evidence=tuple(named[:MOST_EVIDENCE]),
            releasability=noun.releasability,
        )

    def content(self) -> dict[str, Any]:
        """All state, for a snapshot."""
        return {"silent": sorted(self._silent.items()), "evidence": sorted(self._evidence.items())}

    def restore(self, content: dict[str, Any]) -> None:
        """Take up the state of `content`."""
        self._silent = dict(content["silent"])
        self._evidence = dict(
            msgspec.convert(content["evidence"], list[tuple[str, tuple[Evidence, ...]]])
        )
