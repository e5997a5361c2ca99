"""One track's recent past, smoothed: the kept looks worked again, with its row read after each."""

import numpy as np

from skypicket.domain.noun import FloatColumn
from skypicket.physics.smoothing import Estimates
from skypicket.tracking._kernels.show import believed_q
from skypicket.tracking._kernels.tables import FREE, Knobs
from skypicket.tracking.filter import PoissonFilter
from skypicket.tracking.table import Table
from skypicket.tracking.window import Window

_PLANE = 2  # axes of the theatre plane, before the height


def filtered(
    window: Window, core: PoissonFilter, key: int, knobs: Knobs
) -> tuple[Estimates, FloatColumn]:
    """What was believed of a track after each look inside the window, and its densities (n, 3).

    As if every look had come in order, late ones that wait included; nothing is changed by it.
    Empty if the window holds nothing of the track.
    """
    table = window.base()
    replayed = core.over(table)
    times: list[int] = []
    rows: list[tuple[FloatColumn, FloatColumn, FloatColumn]] = []
    for entry in window.looks():
        replayed.absorb(entry.look)
        # How far before the window the base lies depends on the order of arrival.
        row = None if window.floor and entry.key <= window.floor else _row(table, key)
        if row is None:
            continue
        time_ns = int(table.tracks.time_ns[row])
        if times and times[-1] == time_ns:
            times.pop()
            rows.pop()
        times.append(time_ns)
        rows.append(_read(table, row, knobs))
    states, covariances, q_m2ps3 = (
        np.array([row[part] for row in rows]).reshape(len(rows), *shape)
        for part, shape in enumerate(((6,), (6, 6), (3,)))
    )
    return Estimates(np.array(times, dtype=np.int64), states, covariances), q_m2ps3


def _row(table: Table, key: int) -> int | None:
    tracks, used = table.tracks, table.used
    mine = (tracks.key[:used] == np.uint64(key)) & (tracks.life[:used] != FREE)
    found = np.flatnonzero(mine)
    return int(found[0]) if len(found) else None


def _read(table: Table, row: int, knobs: Knobs) -> tuple[FloatColumn, FloatColumn, FloatColumn]:
    q_m2ps3 = believed_q(table.tracks, table.modes, np.array([row]), knobs)
    densities = np.append(np.repeat(q_m2ps3, _PLANE), knobs.q_up)
    return table.tracks.state[row].copy(), table.tracks.covariance[row].copy(), densities
