"""Claimed tracks, and which measured track flies as each of them does."""

from typing import Any, NamedTuple

import numpy as np

from skypicket.assessment.table import Rows
from skypicket.domain.noun import Column, FloatColumn, IntColumn
from skypicket.domain.times import NS_PER_S
from skypicket.domain.tracks import Basis, TrackBatch, TrackState
from skypicket.geo.frame import TheatreFrame

CLAIM = np.dtype(
    [
        ("key", "<u8"),
        ("name", "<U16"),  # callsign or aircraft address, "" where it may be about a person
        ("at_ns", "<i8"),
        ("updated_ns", "<i8"),
        *((name, "<f8") for name in ("lat", "lon", "east", "north", "alt", "v_east", "v_north")),
        ("fits", "<i4"),  # pictures in a row in which `match` flies as it does; below 0: none does
        ("match", "<u8"),
        ("match_p", "<f8"),
        ("linked", "<u8"),  # the match that was said, 0 for none
        ("beside", "<u8"),  # the nearest measured track that flies otherwise, 0 for none
        ("beside_m", "<f8"),
        ("same_name", "<u8"),  # the measured track of the same name elsewhere, 0 for none
        ("apart_ns", "<i8"),  # since when, 0 for not
        ("unseen", "<i4"),  # looks in a row that should have seen it
        ("doubt", "<f8"),  # P(all of them missed it)
        ("suspect", "<i1"),
        ("sensor", "<i4"),
        ("sequence", "<i8"),
        ("offset", "<i8"),
    ]
)
NEAR_M = 30_000.0  # no measured track farther off has to do with a claimed one
GATE_D2 = 20.0  # 99.95 % of honest pairs in place and velocity lie within
# What two receivers and two clocks differ by, beside the errors that each track says.
_SLACK_M, _SLACK_MPS, _SLACK_UP_M = 150.0, 5.0, 300.0
_OTHERS_PER_M2 = 1e-8  # measured tracks that happen to be there: one in 100 km²
_OTHERS_MPS = 300.0  # and fly anyhow
_FLYING = (int(TrackState.CONFIRMED), int(TrackState.COASTING))
_SEEN = (int(TrackState.TENTATIVE), *_FLYING)


class Motion(NamedTuple):
    """Tracks of one basis in the theatre plane, columns (n,)."""

    key: Column
    name: Column
    east_m: FloatColumn
    north_m: FloatColumn
    v_east_mps: FloatColumn
    v_north_mps: FloatColumn
    alt_m: FloatColumn
    s_place_m: FloatColumn
    s_velocity_mps: FloatColumn
    s_up_m: FloatColumn

    def __len__(self) -> int:
        return len(self.key)


class Pairs(NamedTuple):
    """Claimed and measured tracks near each other: their rows, how far apart, how unlike."""

    claimed: IntColumn
    measured: IntColumn
    apart_m: FloatColumn
    d2: FloatColumn
    probability: FloatColumn  # that one object is both


def claimed_rows(batch: TrackBatch, fresh_s: float) -> Column:
    """Which rows are claimed tracks that were heard lately, (n,) bool."""
    columns = batch.columns
    fresh = batch.time_ns - columns["updated_ns"] <= fresh_s * NS_PER_S
    claimed: Column = (columns["basis"] == int(Basis.CLAIMED)) & fresh
    return claimed & np.isin(columns["state"], _FLYING)


def measured_rows(batch: TrackBatch) -> Column:
    """Which rows are measured tracks that are followed, sure or not, (n,) bool."""
    measured: Column = batch.columns["basis"] == int(Basis.MEASURED)
    return measured & np.isin(batch.columns["state"], _SEEN)


def motion_of(batch: TrackBatch, rows: Column, frame: TheatreFrame) -> Motion:
    """The motion of the given rows; velocities stay along true east and north."""
    columns = {name: column[rows] for name, column in batch.columns.items()}
    east, north = frame.to_plane(columns["lat_deg"], columns["lon_deg"])
    names = batch.callsigns[rows] if len(batch.callsigns) else np.full(len(east), "")
    up = columns["sigma_up_m"]
    return Motion(
        columns["track_key"],
        names,
        east,
        north,
        columns["east_mps"],
        columns["north_mps"],
        np.where(np.isnan(up), np.nan, columns["alt_m"]),
        np.maximum(columns["sigma_east_m"], columns["sigma_north_m"]),
        np.fmax(columns["sigma_east_mps"], columns["sigma_north_mps"]),
        up,
    )


def pairs_of(claimed: Motion, measured: Motion) -> Pairs:
    """All pairs that may be one object by their places, in order of the claimed tracks.

    The squared distance is that of place, velocity, and height where both know theirs.
    """
    a, b = _near(claimed, measured)
    apart = np.hypot(
        claimed.east_m[a] - measured.east_m[b], claimed.north_m[a] - measured.north_m[b]
    )
    place2 = claimed.s_place_m[a] ** 2 + measured.s_place_m[b] ** 2 + _SLACK_M**2
    velocity2 = claimed.s_velocity_mps[a] ** 2 + measured.s_velocity_mps[b] ** 2 + _SLACK_MPS**2
    faster = np.hypot(
        claimed.v_east_mps[a] - measured.v_east_mps[b],
        claimed.v_north_mps[a] - measured.v_north_mps[b],
    )
    flat = apart**2 / place2 + faster**2 / velocity2
    up2 = claimed.s_up_m[a] ** 2 + measured.s_up_m[b] ** 2 + _SLACK_UP_M**2
    above = (claimed.alt_m[a] - measured.alt_m[b]) ** 2 / up2
    same = np.exp(-0.5 * flat) / (4 * np.pi**2 * place2 * velocity2)
    chance = _OTHERS_PER_M2 / (np.pi * _OTHERS_MPS**2)
    return Pairs(a, b, apart, flat + np.where(np.isnan(above), 0.0, above), same / (same + chance))


def _near(claimed: Motion, measured: Motion) -> tuple[IntColumn, IntColumn]:
    """Rows of claimed and measured tracks no farther apart than the gate of their places."""
    order = np.argsort(claimed.east_m, kind="stable")
    east = claimed.east_m[order]
    widest_m2 = np.max(claimed.s_place_m, initial=0.0) ** 2 + _SLACK_M**2
    reach_m = np.minimum(np.sqrt(GATE_D2 * (measured.s_place_m**2 + widest_m2)), NEAR_M)
    first = np.searchsorted(east, measured.east_m - reach_m)
    counts = np.searchsorted(east, measured.east_m + reach_m, side="right") - first
    b = np.repeat(np.arange(len(measured)), counts)
    a = order[np.arange(len(b)) + np.repeat(first - (np.cumsum(counts) - counts), counts)]
    near = np.abs(claimed.north_m[a] - measured.north_m[b]) <= reach_m[b]
    a, b = a[near], b[near]
    ordered = np.lexsort((measured.key[b], a))
    return a[ordered], b[ordered]


def next_to(row: Rows, measured: Motion) -> tuple[int, float]:
    """The key of the measured track next to a claimed one, and how far off it is (m); 0 for none.

    Only tracks within `NEAR_M` have to do with it.
    """
    apart_m = np.hypot(measured.east_m - row["east"], measured.north_m - row["north"])
    if not len(apart_m) or apart_m.min() > NEAR_M:
        return 0, 0.0
    nearest = int(np.argmin(apart_m))
    return int(measured.key[nearest]), float(apart_m[nearest])


def best_of(pairs: Pairs, which: Column, values: FloatColumn, count: int) -> IntColumn:
    """For each of `count` claimed tracks its pair of `which` with the least value, -1 for none.

    >>> nothing = np.zeros(2)
    >>> pairs = Pairs(np.array([0, 0]), np.array([3, 4]), nothing, nothing, nothing)
    >>> best_of(pairs, np.array([True, True]), np.array([2.0, 1.0]), 2).tolist()
    [1, -1]
    """
    out = np.full(count, -1, dtype=np.int64)
    chosen = np.flatnonzero(which)
    order = chosen[np.lexsort((values[chosen], pairs.claimed[chosen]))]
    claimed, first = np.unique(pairs.claimed[order], return_index=True)
    out[claimed] = order[first]
    return out


def keys_of(measured: Motion, pairs: Pairs, chosen: IntColumn) -> Column:
    """The key of the measured track in each chosen pair, 0 where none was chosen."""
    out = np.zeros(len(chosen), dtype=np.uint64)
    some = chosen >= 0
    out[some] = measured.key[pairs.measured[chosen[some]]]
    return out


def namesakes(names: Column, measured: Motion) -> Column:
    """The key of a measured track of the same name, the least of several, 0 for none."""
    named = np.flatnonzero(measured.name != "")
    order = named[np.lexsort((measured.key[named], measured.name[named]))]
    known, first = np.unique(measured.name[order], return_index=True)
    out = np.zeros(len(names), dtype=np.uint64)
    if len(known):
        at = np.minimum(np.searchsorted(known, names), len(known) - 1)
        same = known[at] == names
        out[same] = measured.key[order[first[at[same]]]]
    return out


def laid(rows: Rows, batch: TrackBatch, which: Column, motion: Motion) -> None:
    """Put where the claimed tracks are now into their rows, in place."""
    columns: dict[str, Any] = {name: column[which] for name, column in batch.columns.items()}
    rows["at_ns"], rows["updated_ns"] = batch.time_ns, columns["updated_ns"]
    rows["lat"], rows["lon"] = columns["lat_deg"], columns["lon_deg"]
    rows["east"], rows["north"], rows["alt"] = motion.east_m, motion.north_m, motion.alt_m
    rows["v_east"], rows["v_north"] = motion.v_east_mps, motion.v_north_mps
    rows["sensor"] = -1
    if "contributor_sensor" in columns:
        rows["sensor"] = columns["contributor_sensor"][:, 0]
        rows["sequence"] = columns["contributor_sequence"][:, 0]
        rows["offset"] = columns["contributor_offset"][:, 0]
