"""Clocks that tests hold in their own hands."""

from skypicket.domain.times import NS_PER_S


class ManualClock:
    """A clock that stands still until it is told to go; calling it gives nanoseconds of UTC.

    >>> clock = ManualClock(1_000)
    >>> clock.advance_s(2.5)
    >>> clock()
    2500001000
    """

    def __init__(self, start_ns: int = 0) -> None:
        self.now_ns = start_ns

    def __call__(self) -> int:
        """The time that it shows, UTC in nanoseconds since 1970."""
        return self.now_ns

    def advance_s(self, seconds: float) -> None:
        """Go on by `seconds`, which may be negative: clocks in the field do step back."""
        self.now_ns += round(seconds * NS_PER_S)
