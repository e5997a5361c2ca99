"""P(detect) by place and height: one model, asked by tracking, search, coverage and scenario.

The page "Detection" of the documentation explains the formulas.
"""

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec
import numpy as np
from numpy.typing import ArrayLike

from skypicket.domain.errors import ConfigurationError, InputError
from skypicket.domain.late import Late
from skypicket.domain.noun import FloatColumn
from skypicket.domain.sensors import (
    AcousticDetection,
    ConstantDetection,
    RadarDetection,
    Sensor,
    with_defaults,
)
from skypicket.geo.frame import TheatreFrame
from skypicket.physics.sound import MILD_AIR, Air, absorption_db_per_m

if TYPE_CHECKING:
    from skypicket.physics import _kernels
else:
    _kernels = Late("skypicket.physics._kernels")

# Probability of a false alarm per resolution cell for which a radar's threshold is set.
RADAR_FALSE_ALARM_PROBABILITY = 1e-6
# Relief and trees, which the round earth does not know, blur the radio horizon by this height.
HORIZON_EDGE_M = 50.0
# A node hears with 50 % what is this much above its noise; fluctuation of the path is the spread.
ACOUSTIC_THRESHOLD_DB = 3.0
ACOUSTIC_SPREAD_DB = 4.0
# Where the piston engines of small aircraft are loud: the first harmonics of the blade passage.
ACOUSTIC_FREQUENCY_HZ = 250.0
# Heights above the sensor's ground averaged over, each with the same weight, where none is known.
UNKNOWN_HEIGHTS_M = (100.0, 200.0, 400.0, 800.0, 1600.0, 3200.0)

# A person outdoors at night, listening by chance. Source: a Gerbera (see airframes); noise: a
# quiet suburb at 40 dB and 10 dB for not paying attention. Assumed.
HUMAN_EAR = AcousticDetection(source_db=115.0, noise_db=50.0)

_SHAPE = np.array([HORIZON_EDGE_M, ACOUSTIC_THRESHOLD_DB, ACOUSTIC_SPREAD_DB])
_HEIGHTS = np.array(UNKNOWN_HEIGHTS_M)


class Signature(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How an object shows: radar cross-section, and sound level at 1 m in dB re 20 µPa.

    None means: as the object on which the sensor's own detection model is anchored.
    """

    rcs_m2: float | None = None
    source_db: float | None = None


AS_ANCHORED = Signature()


class DetectionField:
    """P(detect) of each sensor, by plane position, height and signature of the object.

    Heights are `alt_m` above the WGS 84 ellipsoid; `geoid_m` is how high mean sea level lies above
    it in the theatre (23 m at Vilnius), 0 where nobody says. Per look: one antenna turn of a radar,
    one period of a microphone. Limits: a smooth earth at the level of the sensor's own ground
    (terrain belongs to coverage), one air and no wind for sound.

    Raises:
        ConfigurationError: an id stands twice, or a radar's data-sheet point is no detection.

    >>> radar = Sensor(id="R1", kind="radar", lat_deg=54.7, lon_deg=25.3, mast_m=20.0,
    ...                detection=RadarDetection(range_m=60_000.0, rcs_m2=0.1))
    >>> field = DetectionField([radar], TheatreFrame(54.7, 25.3))
    >>> field.probability("R1", [20e3, 60e3, 95e3], 0.0, 5_000.0).round(2)
    array([1.  , 0.8 , 0.27])
    """

    def __init__(
        self,
        sensors: Iterable[Sensor],
        frame: TheatreFrame,
        *,
        geoid_m: float = 0.0,
        air: Air = MILD_AIR,
    ) -> None:
        self._sensors: dict[str, Sensor] = {}
        self._rows: dict[str, FloatColumn] = {}
        absorption = absorption_db_per_m(ACOUSTIC_FREQUENCY_HZ, air)
        for sensor in map(with_defaults, sensors):
            if sensor.id in self._sensors:
                raise ConfigurationError(f"The sensor id {sensor.id!r} stands twice.")
            self._sensors[sensor.id] = sensor
            row = _row(sensor, geoid_m, absorption)
            east_m, north_m = frame.to_plane(sensor.lat_deg, sensor.lon_deg)
            row[_kernels.EAST], row[_kernels.NORTH] = float(east_m), float(north_m)
            row[_kernels.DIAMETER] = frame.sphere_diameter_m
            self._rows[sensor.id] = row

    def probability(
        self,
        sensor_id: str,
        east_m: ArrayLike,
        north_m: ArrayLike,
        alt_m: ArrayLike,
        rcs_m2: ArrayLike | None = None,
    ) -> FloatColumn:
        """P(detect) in one look, in the common shape of the arguments.

        A height of NaN is unknown: the mean over `UNKNOWN_HEIGHTS_M` above the sensor's ground.
        `rcs_m2` None, or NaN, is that of the sensor's data-sheet point. NaN places give NaN.

        Raises:
            InputError: no sensor of that id.
        """
        row = self._row_of(sensor_id)
        strength = self._relative_rcs(sensor_id, rcs_m2)
        shape, looks = _looks(east_m, north_m, alt_m, strength)
        out = np.empty(looks.shape[1])
        _kernels.probabilities(looks, row, _SHAPE, _HEIGHTS, out)
        return out.reshape(shape)

    def probability_of(
        self, sensor_id: str, place: tuple[ArrayLike, ArrayLike, ArrayLike], signature: Signature
    ) -> FloatColumn:
        """As `probability`, of an object with that signature at `place` (east, north, alt).

        >>> ear = Sensor(id="A1", kind="acoustic", lat_deg=54.7, lon_deg=25.3,
        ...              detection=AcousticDetection(source_db=115.0, noise_db=40.0))
        >>> field = DetectionField([ear], TheatreFrame(54.7, 25.3))
        >>> moped, loud = (Signature(source_db=level) for level in (95.0, 125.0))
        >>> for sound in (moped, loud):
        ...     print(field.probability_of("A1", (1500.0, 0.0, 200.0), sound).round(2))
        0.0
        1.0
        """
        row = self._row_of(sensor_id)
        strength = self._strength(sensor_id, signature)
        shape, looks = _looks(*place, strength)
        out = np.empty(looks.shape[1])
        _kernels.probabilities(looks, row, _SHAPE, _HEIGHTS, out)
        return out.reshape(shape)

    def snr_db(
        self, sensor_id: str, place: tuple[ArrayLike, ArrayLike, ArrayLike], signature: Signature
    ) -> FloatColumn:
        """Mean signal-to-noise ratio in dB, without horizon and range limits; NaN if constant.

        Raises:
            InputError: no sensor of that id.
        """
        row = self._row_of(sensor_id)
        strength = self._strength(sensor_id, signature)
        shape, looks = _looks(*place, strength)
        out = np.empty(looks.shape[1])
        _kernels.signal_to_noise_db(looks, row, out)
        return out.reshape(shape)

    def _row_of(self, sensor_id: str) -> FloatColumn:
        row = self._rows.get(sensor_id)
        if row is None:
            raise InputError(
                f"No sensor {sensor_id!r} in this detection field; it holds {len(self._rows)}."
            )
        return row

    def _relative_rcs(self, sensor_id: str, rcs_m2: ArrayLike | None) -> ArrayLike:
        """Cross-section over the data-sheet's; for other sensors nothing is added to the level."""
        model = self._sensors[sensor_id].detection
        if not isinstance(model, RadarDetection):
            return 0.0
        if rcs_m2 is None:
            return 1.0
        rcs = np.asarray(rcs_m2, dtype=np.float64)
        return np.where(np.isnan(rcs), 1.0, rcs / model.rcs_m2)

    def _strength(self, sensor_id: str, signature: Signature) -> ArrayLike:
        model = self._sensors[sensor_id].detection
        if isinstance(model, AcousticDetection) and signature.source_db is not None:
            return signature.source_db - model.source_db
        return self._relative_rcs(sensor_id, signature.rcs_m2)


def _looks(*values: ArrayLike) -> tuple[tuple[int, ...], FloatColumn]:
    """The common shape of east, north, altitude and strength; then one row of each, (4, n)."""
    arrays = [np.asarray(value, dtype=np.float64) for value in values]
    shape = np.broadcast(*arrays).shape
    looks = np.empty((len(arrays), *shape))
    for row, array in enumerate(arrays):
        looks[row, ...] = array
    return shape, looks.reshape(len(arrays), -1)


def _row(sensor: Sensor, geoid_m: float, absorption_db_per_m: float) -> FloatColumn:
    """The sensor's constants in the kernels' order."""
    row = np.zeros(_kernels.LENGTH)
    assert sensor.min_range_m is not None
    assert sensor.max_range_m is not None
    row[_kernels.MIN_RANGE], row[_kernels.MAX_RANGE] = sensor.min_range_m, sensor.max_range_m
    row[_kernels.GROUND] = sensor.ground_amsl_m + geoid_m
    row[_kernels.MAST] = sensor.mast_m
    match sensor.detection:
        case RadarDetection() as radar:
            row[_kernels.MODEL] = _kernels.RADAR
            row[_kernels.FIRST] = anchor_snr(sensor.id, radar.probability)
            row[_kernels.SECOND] = radar.range_m
            row[_kernels.THIRD] = math.log(RADAR_FALSE_ALARM_PROBABILITY)
        case AcousticDetection() as acoustic:
            row[_kernels.MODEL] = _kernels.ACOUSTIC
            row[_kernels.FIRST] = acoustic.source_db - acoustic.noise_db
            row[_kernels.SECOND] = absorption_db_per_m
        case ConstantDetection() as constant:
            row[_kernels.MODEL] = _kernels.CONSTANT
            row[_kernels.FIRST] = constant.probability
    return row


def anchor_snr(sensor_id: str, probability: float) -> float:
    """Mean signal-to-noise ratio (not dB) at which a Swerling 1 object is detected so often.

    From Pd = Pfa^(1 / (1 + SNR)): M. I. Skolnik, "Introduction to Radar Systems", 3rd ed., 2.

    Raises:
        ConfigurationError: a probability not above that of a false alarm.

    >>> round(anchor_snr("R1", 0.8), 1)
    60.9
    """
    if not RADAR_FALSE_ALARM_PROBABILITY < probability < 1.0:
        raise ConfigurationError(
            f"Radar {sensor_id!r}: a detection probability of {probability} is not between "
            f"{RADAR_FALSE_ALARM_PROBABILITY} (false alarm) and 1. Give the data-sheet point."
        )
    return math.log(RADAR_FALSE_ALARM_PROBABILITY) / math.log(probability) - 1.0
