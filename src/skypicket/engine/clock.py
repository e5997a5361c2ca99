"""The engine clock: UTC now, or the time of a simulated night at any speed."""

import threading
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
    """Runs `speed_factor` times as fast as real time from `origin_ns`, and never past `ceiling_ns`.

    Whoever feeds a night raises the ceiling to its next message: where the machine is too slow
    for the speed asked for, the night then takes longer, and nothing in it comes late.
    """

    def __init__(self, origin_ns: int, speed_factor: float) -> None:
        self.speed_factor = speed_factor
        self.ceiling_ns: int | None = None
        self._lock = threading.Lock()
        self._shown_ns = origin_ns
        self._looked_ns = time.monotonic_ns()

    def __call__(self) -> int:
        """Scenario time now, in nanoseconds since 1970; it never goes back."""
        with self._lock:
            looked_ns = time.monotonic_ns()
            passed_ns = int((looked_ns - self._looked_ns) * self.speed_factor)
            due_ns = self._shown_ns + passed_ns
            if self.ceiling_ns is not None:
                due_ns = max(self._shown_ns, min(due_ns, self.ceiling_ns))
            self._shown_ns, self._looked_ns = due_ns, looked_ns
            return due_ns

    def wait_s(self, time_ns: int) -> float:
        """Seconds of this machine until the clock shows `time_ns`; 0 if it has passed."""
        return max(0.0, (time_ns - self()) / (NS_PER_S * self.speed_factor))
