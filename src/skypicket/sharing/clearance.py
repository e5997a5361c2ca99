"""For whom something is made ready: the own side, or one partner by its code."""

import msgspec

from skypicket.domain.labels import Releasability


class Clearance(msgspec.Struct, frozen=True):
    """Who will see it: "" is the own side, which sees all; else a partner's code.

    >>> Clearance().is_own, Clearance("LVA").is_own
    (True, False)
    """

    partner: str = ""

    @property
    def is_own(self) -> bool:
        """Whether it is the own side."""
        return self.partner == ""

    def permits(self, label: Releasability) -> bool:
        """Whether a noun with this label may be seen at all; a label that names nobody says no.

        >>> Clearance("LVA").permits(Releasability()), Clearance().permits(Releasability())
        (False, True)
        """
        return self.is_own or label.permits(self.partner)


OWN = Clearance()
