"""All that the incident stage remembers, in one hand."""

from typing import Any

from skypicket.incidents.alarms import AlarmBook
from skypicket.incidents.cases import CaseBook
from skypicket.incidents.declared import Declared
from skypicket.incidents.objects import Objects
from skypicket.incidents.raids import RaidRows
from skypicket.incidents.rules import IncidentRules
from skypicket.incidents.silence import SilenceRow
from skypicket.incidents.suspects import SuspectRow


class Books:
    """The alarms, the incidents, the objects, and what was said of them."""

    def __init__(self, rules: IncidentRules) -> None:
        self.rules = rules
        self.alarms = AlarmBook()
        self.cases = CaseBook(rules)
        self.objects = Objects()
        self.silence = SilenceRow()
        self.declared = Declared()
        self.raids = RaidRows()
        self.suspects = SuspectRow()

    def content(self) -> dict[str, Any]:
        """All state, for a snapshot."""
        return {name: getattr(self, name).content() for name in _KEPT}

    def restore(self, content: dict[str, Any]) -> None:
        """Take up the state of `content`."""
        for name in _KEPT:
            if name in content:  # an older snapshot has fewer
                getattr(self, name).restore(content[name])


_KEPT = ("alarms", "cases", "objects", "silence", "declared", "raids", "suspects")
