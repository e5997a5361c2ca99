"""Observations to tracks: a Poisson multi-Bernoulli filter that takes late data exactly.

Takes `ObservationBatch` and `Tick`, gives `TrackBatch`. `Tracker` and `TrackerConfig` are all that
most need; `warm_up` compiles the kernels before the first scan does. The tracker and its kernels
are imported when they are first asked for: whoever reads a configuration needs neither.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from skypicket.tracking.config import TrackerConfig

if TYPE_CHECKING:
    from skypicket.tracking.tracker import Tracker
    from skypicket.tracking.warming import warm_up

__all__ = ["Tracker", "TrackerConfig", "warm_up"]

_LATE = {"Tracker": "skypicket.tracking.tracker", "warm_up": "skypicket.tracking.warming"}


def __getattr__(name: str) -> Any:
    if name not in _LATE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_LATE[name]), name)
