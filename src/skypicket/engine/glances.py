"""What is shown, brought up to date between ticks: read off the tracker, and nothing changed by it.

Ticks are entries of the capture, and whatever they cause is computed with; a glance is neither. So
people see a plot soon after it came, and a replay gives the same bytes however often they looked.
"""

import time
from collections.abc import Iterable

import structlog

from skypicket.domain.contracts import Entry
from skypicket.domain.noun import Noun
from skypicket.domain.tracks import TrackBatch
from skypicket.engine.picture import Picture
from skypicket.engine.pipeline import Pipeline

_log = structlog.get_logger("skypicket.glances")


class Glances:
    """Shows what messages changed, at most every `every_s` real seconds; for the stage thread.

    Args:
        pipeline: whose tracks are shown.
        picture: where they are shown.
        every_s: the least time between two showings; a tick is one.
    """

    def __init__(self, pipeline: Pipeline, picture: Picture, every_s: float) -> None:
        self._pipeline, self._picture = pipeline, picture
        self._every_s = every_s
        self._shown_s = 0.0  # monotonic
        self._changed = False

    def after(self, entry: Entry, said: Iterable[Noun]) -> None:
        """Look at what followed from an entry, and show it if it is time."""
        if entry.kind == "tick":
            self._changed, self._shown_s = False, time.monotonic()
        elif any(isinstance(noun, TrackBatch) for noun in said):
            self._changed = True
        self.show()

    def show(self) -> None:
        """Show what has changed, as of the newest entry, if it is time."""
        if self._changed and self._rest_s() <= 0:
            self._changed, self._shown_s = False, time.monotonic()
            try:
                self._picture.tracks = self._pipeline.glance(self._picture.time_ns)
            except Exception:  # noqa: BLE001 -- a fence of the engine: the next tick shows it all
                _log.exception("glance_failed")

    def wait_s(self, most_s: float) -> float:
        """How long one may wait for the next entry: until something is to be shown, at most."""
        return min(most_s, max(0.0, self._rest_s())) if self._changed else most_s

    def _rest_s(self) -> float:
        return self._shown_s + self._every_s - time.monotonic()
