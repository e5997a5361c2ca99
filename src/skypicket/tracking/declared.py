"""What a named person said became of lost tracks: shown as such until they are measured again."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from skypicket.domain.contracts import OperatorAction
from skypicket.domain.noun import Column, IntColumn
from skypicket.domain.tracks import TrackState, track_keys

KEPT_NS = 86_400_000_000_000
_STATES = {
    "left": int(TrackState.LEFT),
    "down": int(TrackState.DOWN),
    "never_real": int(TrackState.NEVER_REAL),
}


class Declared:
    """The declared state of each lost track, by its key; changes nothing that is believed."""

    def __init__(self) -> None:
        self._words: dict[int, tuple[int, int]] = {}  # state, and when it was said

    def __len__(self) -> int:
        return len(self._words)

    def take(self, action: OperatorAction) -> None:
        """Take up a declaration, or let go of it; other acts are none of the tracker's."""
        if action.action != "declare" or action.outcome is None or not action.comment.strip():
            return
        oldest_ns = action.time_ns - KEPT_NS
        self._words = {k: word for k, word in self._words.items() if word[1] > oldest_ns}
        for key in track_keys(action.track_ids or (action.subject,)).tolist():
            self._words.pop(key, None)
            if action.outcome in _STATES:
                self._words[key] = (_STATES[action.outcome], action.time_ns)

    def states(self, keys: Column, states: Column, support_ns: IntColumn) -> Column:
        """The states (n,) with the word on those that are lost and were not measured since."""
        told = states.copy()
        for key, (state, said_ns) in self._words.items():
            row = int(np.searchsorted(keys, np.uint64(key)))
            known = row < len(keys) and keys[row] == key
            if known and states[row] == TrackState.LOST and support_ns[row] <= said_ns:
                told[row] = state
        return told

    def content(self) -> list[Any]:
        """All state, for a snapshot."""
        return sorted(self._words.items())

    def restore(self, content: Sequence[Any]) -> None:
        """Take up the state of `content`."""
        self._words = {int(key): (int(word[0]), int(word[1])) for key, word in content}
