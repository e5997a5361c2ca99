"""What was believed of an object's past, made better by what was seen of it since.

The fixed-interval smoother of H. E. Rauch, F. Tung and C. T. Striebel, "Maximum likelihood
estimates of linear dynamic systems", AIAA Journal 3 (1965), for the nearly constant velocity of
`skypicket.physics.motion`.
"""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from skypicket.domain.errors import InputError
from skypicket.domain.late import Late
from skypicket.domain.noun import FloatColumn, IntColumn

if TYPE_CHECKING:
    from skypicket.physics import _kernels_smoothing as kernels
else:
    kernels = Late("skypicket.physics._kernels_smoothing")


class Estimates(NamedTuple):
    """States of one object at ascending times, each a Gaussian.

    A state is its places along each axis and then its velocities along them (m, m/s): 4 numbers
    in the theatre plane, 6 with the height.
    """

    time_ns: IntColumn  # (n,)
    states: FloatColumn  # (n, 4) or (n, 6)
    covariances: FloatColumn  # (n, 4, 4) or (n, 6, 6)


class SmoothedPath:
    """The smoothed states of one object, at the times of the filtered ones and between them.

    `filtered` is what a filter believed after each look, from the looks until then. `q_m2ps3`,
    (n, 2) or (n, 3), is the spectral density of the acceleration along each axis, from the time
    before up to each time; its first row is not used. The smoothed covariances are symmetric to
    the bit and positive.

    A filter is too sure of itself for some looks when an object begins to turn, and no smoother
    sees that in its covariances. Where the filtered places jumped by more than those said, the
    covariances grow by the ratio of the squares (the external to the internal consistency of
    R. T. Birge, Phys. Rev. 40, 1932), never less than one.

    Raises:
        InputError: no estimate, times that do not ascend, or arrays that do not fit together.

    >>> filtered = Estimates(
    ...     np.array([0, 4_000_000_000]),
    ...     np.array([[0.0, 0.0, 50.0, 0.0], [240.0, 0.0, 55.0, 0.0]]),
    ...     np.array([np.diag([900.0, 900.0, 100.0, 100.0])] * 2),
    ... )
    >>> path = SmoothedPath(filtered, np.ones((2, 2)))
    >>> path.at(np.array([2_000_000_000])).states.round(1).tolist()
    [[130.0, 0.0, 55.0, 0.0]]
    """

    def __init__(self, filtered: Estimates, q_m2ps3: FloatColumn) -> None:
        time_ns, states, covariances = filtered
        count, size = states.shape
        fits = covariances.shape == (count, size, size) and q_m2ps3.shape == (count, size // 2)
        if not count or len(time_ns) != count or not fits:
            raise InputError(
                f"A path needs states (n, 2 axes), got {states.shape}, with as many times "
                f"({len(time_ns)}), covariances {covariances.shape} and densities {q_m2ps3.shape}."
            )
        if np.any(np.diff(time_ns) <= 0):
            raise InputError("The times of a path must ascend; keep one state per time.")
        self._filtered = Estimates(time_ns, *map(np.ascontiguousarray, filtered[1:]))
        self._q = np.ascontiguousarray(q_m2ps3)
        self._smoothed = (np.empty((count, size)), np.empty((count, size, size)))
        kernels.smooth(*self._filtered, self._q, *self._smoothed)
        self._excess = np.empty(count)
        kernels.excess(*self._filtered, self._q, self._excess)
        self.estimates = self.at(self._filtered.time_ns)

    def at(self, time_ns: IntColumn) -> Estimates:
        """The smoothed states at times within the path.

        Raises:
            InputError: a time before the first or after the last estimate.
        """
        known = self._filtered.time_ns
        if len(time_ns) and (time_ns.min() < known[0] or time_ns.max() > known[-1]):
            raise InputError(
                f"The path is known from {known[0]} to {known[-1]} ns, asked were times from "
                f"{time_ns.min()} to {time_ns.max()} ns."
            )
        size = self._filtered.states.shape[1]
        states, covariances = np.empty((len(time_ns), size)), np.empty((len(time_ns), size, size))
        found = Estimates(time_ns, states, covariances)
        kernels.between(known, self._filtered[1:], self._q, self._smoothed, *found)
        excess = self._excess[np.searchsorted(known, time_ns)]
        return found._replace(covariances=covariances * excess[:, None, None])
