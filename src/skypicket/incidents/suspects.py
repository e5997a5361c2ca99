"""All suspect senders in one alarm row, however many they are: a flood of them buries nothing."""

from typing import Any

import msgspec

from skypicket.domain.assessments import SpoofSuspicion
from skypicket.domain.incidents import Alarm
from skypicket.incidents.alarms import AlarmBook, Draft
from skypicket.incidents.words import suspects_text

CAUSE, SUBJECT = "SpoofSuspicion", "senders"
MOST_EVIDENCE = 16


class SuspectRow:
    """Knows which senders are suspect, in the order in which they came to be."""

    def __init__(self) -> None:
        self._suspects: dict[str, SpoofSuspicion] = {}

    def step(self, alarms: AlarmBook, noun: SpoofSuspicion) -> list[Alarm]:
        """The row after a sender became suspect, or is so no more; it clears when none is."""
        standing = alarms.standing(CAUSE, SUBJECT)
        if noun.over:
            self._suspects.pop(noun.claimed, None)
            if standing is None:
                return []
            if not self._suspects:
                text = f"No sender is suspect any more; the last was {noun.claimed}."
                return [alarms.change(standing, "cleared", noun.time_ns, text=text)]
        else:
            self._suspects[noun.claimed] = noun
        alarm = alarms.say(self._draft(noun))
        if not noun.over and alarm.state == "acknowledged":
            return [alarms.change(alarm, "raised", noun.time_ns)]
        return [alarm]

    def _draft(self, noun: SpoofSuspicion) -> Draft:
        suspects = list(self._suspects.values())
        newest = suspects[-1]
        return Draft(
            cause=CAUSE,
            subject=SUBJECT,
            level="advisory",
            time_ns=noun.time_ns,
            title="Suspect senders" if len(suspects) > 1 else "Suspect sender",
            text=suspects_text(suspects, noun.time_ns),
            probability=newest.probability,
            lat_deg=newest.lat_deg,
            lon_deg=newest.lon_deg,
            rule=newest.evidence[0].rule if newest.evidence else "",
            evidence=tuple(e for s in reversed(suspects) for e in s.evidence)[:MOST_EVIDENCE],
            releasability=noun.releasability,
        )

    def content(self) -> list[SpoofSuspicion]:
        """All state, for a snapshot."""
        return list(self._suspects.values())

    def restore(self, content: Any) -> None:
        """Take up the state of `content`."""
        known = msgspec.convert(content, list[SpoofSuspicion])
        self._suspects = {noun.claimed: noun for noun in known}
