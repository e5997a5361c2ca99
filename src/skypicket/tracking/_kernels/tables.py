"""The arrays that the kernels work on, by name."""

from typing import Any, NamedTuple

from numpy.typing import NDArray

# Names for what the arrays hold; the same to mypy, so that whole tables can be mapped over.
Floats = NDArray[Any]  # float64
Ints = NDArray[Any]  # int64
Words = NDArray[Any]  # uint64
Small = NDArray[Any]  # int8, int16

# Life of a row. LOST rows were confirmed once and are only remembered.
FREE, TENTATIVE, CONFIRMED, LOST = 0, 1, 2, 3
MEASURED, CLAIMED = 0, 1  # what a row stands on, as in `Basis`
UNKNOWN, ALL_ROUND, SECTOR = 0, 1, 2  # what was swept
# How well a kind tells a place: as a measurement; only that something is near a node, so that
# repeated words of one node are one word; as people do.
NARROW, PRESENCE, TOLD = 0, 1, 2
CONTRIBUTORS = 6
# How an object moves: on as it was, turning or changing speed, slow and borne by the wind.
STEADY, TURNING, DRIFTING = 0, 1, 2
MODES = 3
PLAIN, TELLING, MOVING = 0, 1, 2  # what the Gaussians of a row are: one, its stories, its modes
SECOND_NS = 1e9


class Tracks(NamedTuple):
    """The track table: structure of arrays, one row per track, first axis the capacity.

    The state is (east_m, north_m, up_m, east_mps, north_mps, up_mps) in the theatre plane at the
    row's own `time_ns`. `seen_existence` is the existence when the row was last supported.
    """

    state: Floats  # (n, 6)
    covariance: Floats  # (n, 6, 6)
    time_ns: Ints
    existence: Floats
    seen_existence: Floats
    supports: Floats
    patience_s: Floats  # lost when nothing supports it for so long
    coast_s: Floats  # coasting when nothing supports it for so long
    support_ns: Ints
    born_ns: Ints
    key: Words
    identity: Words  # claimed identity as a hash, 0 for none
    callsign: Words  # eight claimed characters, 0 for none
    life: Small  # int8
    basis: Small  # int8
    has_height: Small  # int8
    branched: Small  # int8: PLAIN, or what its Gaussians in `Modes` are
    missed: Small  # int16, expected looks in a row that brought nothing
    sensor: Small  # (n, CONTRIBUTORS) int16, newest first, -1 for none
    sensor_ns: Ints  # (n, CONTRIBUTORS)
    sequence: Ints  # (n, CONTRIBUTORS)
    offset: Ints  # (n, CONTRIBUTORS)
    # The newest sure plot of a radar that no other radar's was compared with, as it was said.
    plot_radar: Small  # int16, -1 for none
    plot_ns: Ints
    plot_place: Floats  # (n, 2)
    plot_noise: Floats  # (n, 3), ee, en, nn
    plot_velocity: Floats  # (n, 2), of the track as the plots before it told it ...
    plot_spread: Floats  # (n, 3), ... with its error covariance, ee, en, nn


class Modes(NamedTuple):
    """Several Gaussians for a row that is branched, and how probable each is.

    Of a young track they are its stories: which measurements it may have made. Of a track that has
    enough of them to tell how it moves, they are the modes of its motion.
    """

    probability: Floats  # (n, MODES)
    state: Floats  # (n, MODES, 6)
    covariance: Floats  # (n, MODES, 6, 6)


class Plots(NamedTuple):
    """The rows of one look in the theatre plane, in canonical order.

    `dims` is 1 for a bearing (`place[:, 0]` is its azimuth in the plane, radians, `noise[:, 0]`
    its variance), 2 for a place without height, 3 with height. `noise` holds the upper triangle
    of the error covariance: ee, en, nn, eu, nu, uu. The last of each is how fast it moves away
    from the sensor along the ground (m/s, NaN where not given), and the variance of that.
    """

    time_ns: Ints
    place: Floats  # (m, 4)
    noise: Floats  # (m, 7)
    dims: Small  # int8
    velocity: Floats  # (m, 3), NaN where not given
    sigma_mps: Floats
    clutter: Floats  # false alarms per m² (per rad for a bearing)
    birth: Floats  # new objects per m², 0: never
    worth: Floats  # what its support counts
    fold: Words  # hash of what the row says
    identity: Words
    callsign: Words
    sequence: Ints
    offset: Ints


class View(NamedTuple):
    """Who looked, when, and where silence means something."""

    time_ns: int
    delay_ns: int  # by which its rows are older than it, as they tell of what sound left then
    sensor: int
    basis: int
    swept: int  # UNKNOWN, ALL_ROUND or SECTOR
    wide: int  # NARROW, PRESENCE or TOLD
    east_m: float
    north_m: float
    start_rad: float
    extent_rad: float
    min_m: float
    max_m: float
    patience_s: float
    coast_s: float
    correlation_s: float  # in which the sensor's words have one error, 0 where each has its own
    misses: float  # how many independent looks its silence is worth
    key: int  # hash of the sensor, 63 bits
    radar: int  # its row in `Experience`, -1 for none
    alarms: float  # false alarms per scan that were told of it
    least_m: float  # from where ...
    reach_m: float  # ... to where it sees at all


class Knobs(NamedTuple):
    """The settings that kernels use, see `TrackerConfig`."""

    q: float
    q_up: float
    mode_q: Floats  # (MODES,)
    mode_share: Floats  # (MODES,), of all time
    mode_s: float  # mean time until a mode is chosen anew
    drift_s: float  # in which a drifting object takes on the wind's velocity
    wind_east_mps: float
    wind_north_mps: float
    branch_count: float
    gate_d2: float
    identity_gate_d2: float
    sweeps: int
    survival_s: float
    detection_floor: float
    most_detection: float
    birth_slow_share: float
    birth_slow_mps: float
    birth_fast_mps: float
    birth_sigma_mps: float  # of slow and fast together
    birth_alt_m: float
    birth_sigma_alt_m: float
    prune: float
    confirm: float
    confirm_count: float
    drop: float
    max_existence: float
    keep_lost_s: float
    tail_share: float  # of what people tell, that is much less exact than they say ...
    tail_factor: float  # ... by this factor of the variance
