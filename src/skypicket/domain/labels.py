"""Releasability: who may see a noun. What is unknown is not released."""

import msgspec


class Releasability(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A label: owner, partners it may go to, and how it is coarsened and delayed on the way.

    An empty `releasable_to` means: to no partner. Local commands and operators still see it.

    >>> Releasability(owner="LTU", releasable_to=("LVA",)).permits("LVA")
    True
    >>> Releasability().permits("LVA")
    False
    """

    owner: str = ""
    releasable_to: tuple[str, ...] = ()
    coarsen_m: float = 0.0
    delay_s: float = 0.0

    def permits(self, partner: str) -> bool:
        """Whether `partner` is named; an unnamed partner may not."""
        return partner in self.releasable_to

    def meet(self, other: "Releasability") -> "Releasability":
        """The label of something made from both: the stricter in each respect.

        >>> a = Releasability(owner="LTU", releasable_to=("LVA", "EST"), delay_s=5)
        >>> b = Releasability(owner="LTU", releasable_to=("EST",), coarsen_m=1000)
        >>> a.meet(b).releasable_to, a.meet(b).delay_s, a.meet(b).coarsen_m
        (('EST',), 5, 1000)
        """
        return Releasability(
            owner=self.owner if self.owner == other.owner else "",
            releasable_to=tuple(p for p in self.releasable_to if p in other.releasable_to),
            coarsen_m=max(self.coarsen_m, other.coarsen_m),
            delay_s=max(self.delay_s, other.delay_s),
        )


NOT_RELEASED = Releasability()
