"""The engine clock: UTC now, or the time of a simulated night at any speed."""

import time

from skypicket.domain.times import NS_PER_S


class SystemClock:
    """UTC of this machine."""

    speed_factor = 1.0

    def __call__(self) -> int:
        """UTC now, in nanoseconds since 1970."""
        return time.time_ns()

    def wait_s(self, time_ns: int) -> float:
        """Seconds of this machine until the clock shows `time_ns`; 0 if it has passed."""
        return max(0.0, (time_ns - self()) / NS_PER_S)


class ScenarioClock:
    """Starts at `origin_ns` when it is made, and runs `speed_factor` times as fast as real time."""

    def __init__(self, origin_ns: int, speed_factor: float) -> None:
        self.origin_ns = origin_ns
        self.speed_factor = speed_factor
        self._started_ns = time.monotonic_ns()

    def __call__(self) -> int:
        """Scenario time now, in nanoseconds since 1970."""
        return self.origin_ns + int(
            (time.monotonic_ns() - self._started_ns) * self.speed_factor_factor
        )

    def wait_s(self, time_ns: int) -> float:
        """Seconds of this machine until the clock shows `time_ns`; 0 if it has passed."""
        return max(0.0, (time_ns - self()) / (NS_PER_S * self.speed_factor_factor))
