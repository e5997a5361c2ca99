"""What alarms and approaches say of tracks, as columns by track key."""

from collections.abc import Mapping

import numpy as np

from skypicket.domain.assessments import Approach
from skypicket.domain.incidents import Alarm
from skypicket.engine.picture import Picture
from skypicket.web.live.layout import UNACKNOWLEDGED, Marks, no_marks

LEVELS = {"advisory": 1, "caution": 2, "warning": 3}
OVER = "approach_over"


class MarkMaker:
    """The marks of a picture, made anew only when its alarms or approaches have changed."""

    def __init__(self) -> None:
        self._of: tuple[object, object] = (None, None)
        self._marks = no_marks()

    def of(self, picture: Picture) -> Marks:
        """The marks of what the picture holds now."""
        alarms, approaches = picture.alarms, picture.approaches
        if self._of[0] is not alarms or self._of[1] is not approaches:
            self._of = (alarms, approaches)
            self._marks = marks_of(alarms, approaches)
        return self._marks


def marks_of(alarms: Mapping[str, Alarm], approaches: Mapping[str, Approach]) -> Marks:
    """The gravest open alarm of each track, whether one waits for its operator, and the border."""
    levels: dict[str, int] = {}
    waiting: set[str] = set()
    for alarm in alarms.values():
        if alarm.state == "cleared":
            continue
        level = LEVELS[alarm.level]
        for track in alarm.track_ids:
            levels[track] = max(level, levels.get(track, 0))
        if alarm.state == "raised":
            waiting.update(alarm.track_ids)
    ahead = {track: one for track, one in approaches.items() if not _is_over(one)}
    ids = sorted({*levels, *ahead})
    return Marks(
        keys=np.array([int(track, 16) for track in ids], dtype=np.uint64),
        level=np.array([levels.get(track, 0) for track in ids], dtype=np.uint8),
        flags=np.array([UNACKNOWLEDGED * (track in waiting) for track in ids], dtype=np.uint8),
        crossing_ns=np.array(
            [ahead[track].crossing_ns if track in ahead else 0 for track in ids], dtype=np.int64
        ),
        border_probability=np.array(
            [ahead[track].probability if track in ahead else 0.0 for track in ids],
            dtype=np.float32,
        ),
    )


def _is_over(approach: Approach) -> bool:
    return bool(approach.evidence) and approach.evidence[0].rule == OVER
