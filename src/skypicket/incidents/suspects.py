"""All suspect senders in one alarm row, however many they are: a flood of them buries nothing."""

from itertools import islice
from typing import Any

import msgspec

from skypicket.domain.assessments import SpoofSuspicion
from skypicket.domain.incidents import Alarm
from skypicket.incidents.alarms import AlarmBook, Draft
from skypicket.incidents.words import suspects_text

CAUSE, SUBJECT = "SpoofSuspicion", "senders"
MOST_EVIDENCE = 16


class SuspectRow:
    """Knows which senders are suspect, in the order in which they came to be.

    The first is told at once, whatever follows at the next tick: thousands may come in one picture.
    """

    def __init__(self) -> None:
        self._suspects: dict[str, SpoofSuspicion] = {}
        self._untold: SpoofSuspicion | None = None  # the newest since the row was said
        self._raises = False  # whether a new suspect is among what is untold

    def step(self, alarms: AlarmBook, noun: SpoofSuspicion) -> list[Alarm]:
        """The row after a sender became suspect, or is so no more; it clears when none is."""
        standing = alarms.standing(CAUSE, SUBJECT)
        if noun.over:
            self._suspects.pop(noun.claimed, None)
            if standing is None:
                return []
            if not self._suspects:
                self._untold, self._raises = None, False
                text = f"No sender is suspect any more; the last was {noun.claimed}."
                return [alarms.change(standing, "cleared", noun.time_ns, text=text)]
        else:
            self._suspects[noun.claimed] = noun
        self._untold, self._raises = noun, self._raises or not noun.over
        return self.tick(alarms) if standing is None else []

    def tick(self, alarms: AlarmBook) -> list[Alarm]:
        """The row, if anything has changed since it was said."""
        noun, raises = self._untold, self._raises
        if noun is None:
            return []
        self._untold, self._raises = None, False
        alarm = alarms.say(self._draft(noun))
        if raises and alarm.state == "acknowledged":
            return [alarms.change(alarm, "raised", noun.time_ns)]
        return [alarm]

    def _draft(self, noun: SpoofSuspicion) -> Draft:
        newest = list(islice(reversed(self._suspects.values()), MOST_EVIDENCE))
        several = len(self._suspects) > 1
        return Draft(
            cause=CAUSE,
            subject=SUBJECT,
            level="advisory",
            time_ns=noun.time_ns,
            title="Suspect senders" if several else "Suspect sender",
            text=suspects_text(newest, len(self._suspects), noun.time_ns),
            probability=newest[0].probability,
            lat_deg=newest[0].lat_deg,
            lon_deg=newest[0].lon_deg,
            rule=newest[0].evidence[0].rule if newest[0].evidence else "",
            evidence=tuple(e for suspect in newest for e in suspect.evidence)[:MOST_EVIDENCE],
            releasability=noun.releasability,
        )

    def content(self) -> dict[str, Any]:
        """All state, for a snapshot."""
        suspects = list(self._suspects.values())
        return {"suspects": suspects, "untold": self._untold, "raises": self._raises}

    def restore(self, content: Any) -> None:
        """Take up the state of `content`."""
        known = msgspec.convert(content["suspects"], list[SpoofSuspicion])
        self._suspects = {noun.claimed: noun for noun in known}
        self._untold = msgspec.convert(content["untold"], SpoofSuspicion | None)
        self._raises = bool(content["raises"])
