"""How well a night was followed: what was shown, held against what truly was there."""

from collections import defaultdict
from collections.abc import Iterable

import msgspec
import numpy as np

from skypicket.domain.noun import Column, FloatColumn
from skypicket.domain.times import NS_PER_S
from skypicket.domain.tracks import TrackBatch, TrackState, track_id
from skypicket.scenario.night import Night

GATE_M = 3_000.0  # a track farther from every object is none of them
SHOWN = (TrackState.CONFIRMED, TrackState.COASTING)


class ObjectScore(msgspec.Struct, frozen=True, kw_only=True):
    """How one object was followed.

    `first_confirmed_ns`: when a confirmed track first stood on it, None if never.
    `covered_share`: of the looks at which it was in the air, at how many a track stood on it.
    `rmse_m`: root mean square of the nearest such track's horizontal error, None if never.
    `tracks`: how many different tracks.
    """

    object: str
    airframe: str
    first_confirmed_ns: int | None
    covered_share: float
    rmse_m: float | None
    tracks: int


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """How a night was followed; `false_tracks` stood on no object for most of their looks."""

    objects: tuple[ObjectScore, ...]
    false_tracks: tuple[str, ...]

    def of(self, object_id: str) -> ObjectScore | None:
        """The score of one object, None if it was never in the air at a look."""
        return next((one for one in self.objects if one.object == object_id), None)


class _Tally:
    """Counts over the looks so far."""

    def __init__(self) -> None:
        self.looks: dict[int, int] = defaultdict(int)
        self.errors_m: dict[int, list[float]] = defaultdict(list)
        self.first_ns: dict[int, int] = {}
        self.keys: dict[int, set[int]] = defaultdict(set)
        self.shown: dict[int, int] = defaultdict(int)
        self.placed: dict[int, int] = defaultdict(int)


def score(night: Night, batches: Iterable[TrackBatch], gate_m: float = GATE_M) -> Score:
    """The score of a night. A look is a complete `TrackBatch`; others are passed over.

    At each look a shown track belongs to the nearest object in the air, if that is within
    `gate_m` (metres along the ground); several tracks may belong to one object.
    """
    tally = _Tally()
    for batch in batches:
        if batch.complete:
            _look(night, batch, gate_m, tally)
    actors = night.objects.actors
    return Score(
        objects=tuple(
            ObjectScore(
                object=actors[index].id,
                airframe=actors[index].airframe.name,
                first_confirmed_ns=tally.first_ns.get(index),
                covered_share=len(tally.errors_m[index]) / looks,
                rmse_m=_rms(tally.errors_m[index]),
                tracks=len(tally.keys[index]),
            )
            for index, looks in sorted(tally.looks.items())
        ),
        false_tracks=tuple(
            track_id(key)
            for key, shown in sorted(tally.shown.items())
            if tally.placed[key] <= shown / 2
        ),
    )


def _look(night: Night, batch: TrackBatch, gate_m: float, tally: _Tally) -> None:
    time_s = (batch.time_ns - night.start_ns) / NS_PER_S
    airborne = night.objects.between(time_s, time_s)
    for index in airborne:
        tally.looks[index] += 1
    shown = batch.take(np.isin(batch.columns["state"], SHOWN))
    keys = [int(key) for key in shown.columns["track_key"]]
    for key in keys:
        tally.shown[key] += 1
    if not keys or not airborne:
        return
    apart_m = _distances(night, shown, airborne, time_s)
    apart_m[apart_m > gate_m] = np.inf
    nearest: Column = apart_m.argmin(axis=1)
    best_m: dict[int, float] = {}
    for row, key in enumerate(keys):
        error_m = float(apart_m[row, nearest[row]])
        if error_m == np.inf:
            continue
        index = airborne[int(nearest[row])]
        tally.placed[key] += 1
        tally.keys[index].add(key)
        tally.first_ns.setdefault(index, batch.time_ns)
        best_m[index] = min(error_m, best_m.get(index, np.inf))
    for index, error_m in best_m.items():
        tally.errors_m[index].append(error_m)


def _distances(night: Night, shown: TrackBatch, airborne: list[int], time_s: float) -> FloatColumn:
    """Metres from every shown track (rows) to every object in the air (columns)."""
    frame = night.objects.frame
    places = np.array([night.objects.place(index, np.array([time_s]))[:2] for index in airborne])
    east_m, north_m = frame.to_plane(shown.columns["lat_deg"], shown.columns["lon_deg"])
    truth_east_m, truth_north_m = places[:, 0, 0], places[:, 1, 0]
    apart_m: FloatColumn = np.hypot(
        east_m[:, None] - truth_east_m, north_m[:, None] - truth_north_m
    )
    return apart_m


def _rms(errors_m: list[float]) -> float | None:
    return float(np.sqrt(np.mean(np.square(errors_m)))) if errors_m else None
