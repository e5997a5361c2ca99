"""Wind that is the same over the whole theatre and changes with height."""

import msgspec
import numpy as np
from numpy.typing import ArrayLike

from skypicket.domain.errors import InputError
from skypicket.domain.noun import FloatColumn


class WindLayer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The wind at one height: whence it blows, clockwise from true north, and how fast."""

    amsl_m: float
    from_deg: float
    speed_mps: float


class Wind:
    """Wind between layers: components linear in height, constant below and above; calm if none.

    Raises:
        InputError: the layers do not rise.

    >>> layers = [WindLayer(amsl_m=0, from_deg=270, speed_mps=4),
    ...           WindLayer(amsl_m=1000, from_deg=270, speed_mps=10)]
    >>> east_mps, north_mps = Wind(layers).at(500.0)
    >>> round(float(east_mps), 3), abs(round(float(north_mps), 3))
    (7.0, 0.0)
    """

    def __init__(self, layers: "list[WindLayer] | tuple[WindLayer, ...]" = ()) -> None:
        chosen = tuple(layers) or (WindLayer(amsl_m=0.0, from_deg=0.0, speed_mps=0.0),)
        self._amsl_m = np.array([layer.amsl_m for layer in chosen])
        if np.any(np.diff(self._amsl_m) <= 0):
            raise InputError(f"Wind layers must rise, not {self._amsl_m.tolist()} m.")
        towards = np.radians([layer.from_deg + 180.0 for layer in chosen])
        speed = np.array([layer.speed_mps for layer in chosen])
        self._east_mps, self._north_mps = speed * np.sin(towards), speed * np.cos(towards)

    def at(self, amsl_m: ArrayLike) -> tuple[FloatColumn, FloatColumn]:
        """East and north components in m/s at heights above mean sea level."""
        heights = np.asarray(amsl_m, dtype=np.float64)
        east: FloatColumn = np.asarray(np.interp(heights, self._amsl_m, self._east_mps))
        north: FloatColumn = np.asarray(np.interp(heights, self._amsl_m, self._north_mps))
        return east, north
