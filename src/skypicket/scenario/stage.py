"""What all sensors of a simulated night share, and what they give out."""

from dataclasses import dataclass
from typing import NamedTuple

from numpy.random import Generator

from skypicket.domain.observations import ObservationBatch
from skypicket.domain.sensors import Sensor, SensorStatus
from skypicket.domain.times import NS_PER_S
from skypicket.geo.frame import TheatreFrame
from skypicket.physics.detection import DetectionField
from skypicket.scenario.cast import generator
from skypicket.scenario.plan import Plan
from skypicket.scenario.truth import Truth


class Emission(NamedTuple):
    """What one sensor says, the source that carries it, and when it is received.

    `lost` was sent and never arrives: whoever numbers messages counts it, nobody hands it on.
    """

    received_ns: int
    source: str
    noun: ObservationBatch | SensorStatus
    lost: bool = False


@dataclass(frozen=True)
class Scene:
    """What truly happens, how sensors see it, and the seed of this run's chance."""

    plan: Plan
    truth: Truth
    field: DetectionField
    seed: int

    @property
    def frame(self) -> TheatreFrame:
        """The theatre plane."""
        return self.truth.frame

    def chance(self, name: str) -> Generator:
        """A source of chance of its own for each name."""
        return generator(self.seed, name)

    def time_ns(self, time_s: float) -> int:
        """A time in seconds since the night's start as nanoseconds since 1970."""
        return self.truth.start_ns + round(time_s * NS_PER_S)


class Voice(NamedTuple):
    """A sensor and the source that carries what it says."""

    sensor: Sensor
    source: str
