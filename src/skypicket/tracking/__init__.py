"""Observations to tracks: a Poisson multi-Bernoulli filter that takes late data exactly.

Takes `ObservationBatch` and `Tick`, gives `TrackBatch`. `Tracker` and `TrackerConfig` are all that
most need; `warm_up` compiles the kernels before the first scan does.
"""

from skypicket.tracking.config import TrackerConfig
from skypicket.tracking.tracker import Tracker
from skypicket.tracking.warming import warm_up

__all__ = ["Tracker", "TrackerConfig", "warm_up"]
