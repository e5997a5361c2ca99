"""Where new objects appear: more of them where they fly in than anywhere else."""

from collections.abc import Callable

import numpy as np

from skypicket.domain.noun import FloatColumn
from skypicket.tracking.config import TrackerConfig
from skypicket.tracking.sensing import Sensing

# Metres of places in the plane to the border that is watched, of any sign.
BorderDistance = Callable[[FloatColumn, FloatColumn], FloatColumn]

_ANYWHERE_M = 5e6


class BirthMap:
    """How many times more new objects a place has than the land between.

    What flies in is first seen at the edge of a sensor's reach, or where the border is crossed.

    >>> from skypicket.geo.frame import TheatreFrame
    >>> from skypicket.physics.detection import DetectionField
    >>> from skypicket.testing.builders import radar
    >>> from skypicket.tracking.sensing import sensings
    >>> sensor, frame = radar(max_range_m=50_000.0), TheatreFrame(54.7, 25.3)
    >>> seen = sensings({"R1": sensor}, frame, 0.0, DetectionField([sensor], frame))["R1"]
    >>> places_m = np.array([[0.0, 0.0], [seen.east_m + 49_990.0, seen.north_m]])
    >>> gain = BirthMap(TrackerConfig(), None).gain(places_m, seen)
    >>> gain.round(1).tolist()
    [1.0, 3.0]
    """

    def __init__(self, config: TrackerConfig, border_m: BorderDistance | None) -> None:
        self._config = config
        self._border_m = border_m

    def gain(self, place_m: FloatColumn, sensing: Sensing) -> FloatColumn:
        """The factor for each of the places (n, 2 or more), at least 1."""
        config = self._config
        # What is no place is dropped afterwards, and counted; until then it lies anywhere.
        east_m, north_m = np.clip(np.nan_to_num(place_m[:, :2].T), -_ANYWHERE_M, _ANYWHERE_M)
        away_m = np.hypot(east_m - sensing.east_m, north_m - sensing.north_m)
        gain = 1.0 + _near(sensing.max_range_m - away_m, config.birth_edge_m) * (
            config.birth_edge_gain - 1.0
        )
        if self._border_m is not None:
            border_m = self._border_m(east_m, north_m)
            gain += _near(border_m, config.birth_border_m) * (config.birth_border_gain - 1.0)
        return gain


def _near(distance_m: FloatColumn, scale_m: float) -> FloatColumn:
    return np.exp(-np.abs(distance_m) / scale_m)
