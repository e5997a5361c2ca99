"""What the assessment asks of the ground below: the border of the home state."""

from typing import Any, Protocol

from skypicket.domain.noun import Column, FloatColumn


class Borders(Protocol):
    """The part of `skypicket.geo.borders.Borders` that the assessment uses.

    `signed_distance_m` is positive inside `state`, shape (n,), in metres of the theatre plane;
    its standard error is `SIGMA_M`.
    """

    @property
    def SIGMA_M(self) -> float:  # noqa: N802 -- a constant of the class that this describes
        """Standard error of a signed distance, in metres."""
        ...

    def signed_distance_m(self, state: str, east_m: Any, north_m: Any) -> FloatColumn:
        """Metres to the border of `state`, positive inside."""
        ...

    def nearest(
        self, state: str, east_m: Any, north_m: Any
    ) -> tuple[FloatColumn, FloatColumn, Column]:
        """The nearest points of that border, and the codes of the states beyond it."""
        ...
