"""Where sensors stand, what they reach, and how well they detect."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from skypicket.domain.noun import Noun

Latitude = Annotated[float, Meta(ge=-90, le=90)]
Longitude = Annotated[float, Meta(ge=-180, le=180)]
Probability = Annotated[float, Meta(ge=0, le=1)]
Positive = Annotated[float, Meta(gt=0)]
NotNegative = Annotated[float, Meta(ge=0)]
Identifier = Annotated[str, Meta(min_length=1, max_length=64)]

SensorKind = Literal["radar", "acoustic", "rf", "camera", "adsb", "remote_id", "person", "tracker"]


class _Model(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="model"
):
    """A detection model; the field `model` names which."""


class ConstantDetection(_Model, frozen=True, kw_only=True, tag="constant"):
    """The same P(detect) everywhere inside the sensor's reach."""

    probability: Probability


class RadarDetection(_Model, frozen=True, kw_only=True, tag="radar"):
    """A radar anchored on one data-sheet point: P(detect) of `rcs_m2` at `range_m`."""

    range_m: Positive
    rcs_m2: Positive = 1.0
    probability: Annotated[float, Meta(gt=0, lt=1)] = 0.8


class AcousticDetection(_Model, frozen=True, kw_only=True, tag="acoustic"):
    """A microphone: level of the source at 1 m against the noise at the node, both dB re 20 µPa."""

    source_db: float
    noise_db: float


DetectionModel = ConstantDetection | RadarDetection | AcousticDetection


class Site(Noun, frozen=True, kw_only=True):
    """A named place on the ground, WGS 84; `ground_amsl_m` is above mean sea level."""

    site_id: Identifier
    lat_deg: Latitude
    lon_deg: Longitude
    ground_amsl_m: float = 0.0


class Sensor(Noun, frozen=True, kw_only=True):
    """A sensor: kind, place, reach, errors, period and detection model.

    What is None has the default of its kind, filled by `with_defaults`. Distances are along the
    ground; `false_alarms_per_scan` counts over the disc from minimum to maximum range.
    """

    id: Identifier
    kind: SensorKind
    lat_deg: Latitude
    lon_deg: Longitude
    ground_amsl_m: float = 0.0
    mast_m: NotNegative = 0.0
    min_range_m: NotNegative | None = None
    max_range_m: Positive | None = None
    period_s: Positive | None = None
    sigma_m: Positive | None = None
    sigma_range_m: Positive | None = None
    sigma_azimuth_deg: Positive | None = None
    false_alarms_per_scan: NotNegative | None = None
    heartbeat_s: Positive | None = None
    detection: DetectionModel | None = None


class SensorDefaults(msgspec.Struct, frozen=True, kw_only=True):
    """What a sensor of one kind is taken to be where its file is silent."""

    min_range_m: float
    max_range_m: float
    period_s: float
    sigma_m: float
    sigma_range_m: float
    sigma_azimuth_deg: float
    false_alarms_per_scan: float
    heartbeat_s: float
    detection: DetectionModel


def _defaults(
    max_range_m: float, period_s: float, sigma_m: float, false_alarms: float, probability: float
) -> SensorDefaults:
    return SensorDefaults(
        min_range_m=0.0,
        max_range_m=max_range_m,
        period_s=period_s,
        sigma_m=sigma_m,
        sigma_range_m=50.0,
        sigma_azimuth_deg=0.15,
        false_alarms_per_scan=false_alarms,
        heartbeat_s=max(5 * period_s, 30.0),
        detection=ConstantDetection(probability=probability),
    )


# Orders of magnitude of civil equipment; the docs page "Sensors" lists them with the reasons.
DEFAULTS: dict[SensorKind, SensorDefaults] = {
    "radar": _defaults(100_000.0, 4.0, 40.0, 10.0, 0.8),
    "acoustic": _defaults(3_000.0, 1.0, 1_500.0, 0.01, 0.5),
    "rf": _defaults(20_000.0, 1.0, 1_000.0, 0.1, 0.5),
    "camera": _defaults(5_000.0, 1.0, 200.0, 0.1, 0.5),
    "adsb": _defaults(300_000.0, 1.0, 30.0, 0.01, 0.9),
    "remote_id": _defaults(3_000.0, 1.0, 20.0, 0.01, 0.5),
    "person": _defaults(5_000.0, 60.0, 2_000.0, 0.1, 0.1),
    "tracker": _defaults(300_000.0, 4.0, 100.0, 0.1, 0.8),
}


def with_defaults(sensor: Sensor) -> Sensor:
    """The sensor with every None replaced by the default of its kind.

    >>> with_defaults(Sensor(id="R1", kind="radar", lat_deg=54.7, lon_deg=25.3)).period_s
    4.0
    """
    defaults = DEFAULTS[sensor.kind]
    absent = {
        name: getattr(defaults, name)
        for name in SensorDefaults.__struct_fields__
        if getattr(sensor, name) is None
    }
    return msgspec.structs.replace(sensor, **absent)


class SensorStatus(Noun, frozen=True, kw_only=True):
    """What a sensor or its network says of the sensor itself: alive, degraded or gone.

    `lost` counts messages that its sequence numbers show to be missing since the last status.
    """

    sensor_id: str
    time_ns: int
    state: Literal["alive", "degraded", "gone"]
    received_ns: int = 0
    lost: int = 0
    restarted: bool = False
    clock_error_s: float | None = None
    text: str = ""
    simulated: bool = False


class Registration(msgspec.Struct, frozen=True, kw_only=True):
    """What one radar adds to its ranges, azimuths and times, as far as other radars tell.

    What two radars have in common can hardly be told: both then have a share of their difference,
    and a standard deviation that says so.

    Attributes:
        sensor_id: the radar.
        comparison_count: how many plots of it were compared with another radar's, older ones faded.
        range_m: how much too long its ranges are, and the standard deviation of that (m).
        azimuth_deg: how far its azimuths lie too far clockwise, and the same (deg).
        time_s: how much too late its times are, and the same (s).
        applied_range_m: what its plots are put right by (m), ...
        applied_azimuth_deg: ... in azimuth (deg), ...
        applied_time_s: ... and in time (s); 0 where nothing is significant.
    """

    sensor_id: str
    comparison_count: float
    range_m: float
    sigma_range_m: float
    azimuth_deg: float
    sigma_azimuth_deg: float
    time_s: float
    sigma_time_s: float
    applied_range_m: float
    applied_azimuth_deg: float
    applied_time_s: float
