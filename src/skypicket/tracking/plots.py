"""What a row measures, as a place in the theatre plane with its error, kind by kind."""

import math
from typing import Any, NamedTuple

import numpy as np

from skypicket.domain.noun import Column, FloatColumn
from skypicket.domain.observations import ObservationBatch
from skypicket.geo.frame import TheatreFrame
from skypicket.geo.polar import polar_to_geodetic
from skypicket.tracking.config import TrackerConfig
from skypicket.tracking.sensing import SQUARE_KM_M2, Sensing

_ALT_SIGMA_M = 300.0  # of a height that a 3-D radar gives without an error: 0.15° at 115 km
_ELEVATION_SIGMA_DEG = 0.5
_OWN_WORD = frozenset({"self_report", "sensor_track"})
_SPEED_SIGMA_MPS = 5.0
_RELAYED_WORTH = 1 / 3
_PRESENCE_BIRTH = 0.3  # what one node that hears something makes a track
_SIGHTING_CLUTTER_PER_KM2 = 0.01  # of all calls in a night, many are of something else
_LEAST_M2 = 1.0  # nothing is placed better than to a metre; a smaller error makes a flat covariance
_EARTH_DIAMETER_M = 4 / 3 * 2 * 6_371_000.0  # bent rays, ITU-R P.834


class Places(NamedTuple):
    """Rows in the plane, as in `Plots`."""

    place_m: FloatColumn
    noise_m2: FloatColumn
    dims: Column
    velocity_mps: FloatColumn
    sigma_mps: FloatColumn


class Heights(NamedTuple):
    """Heights above the ellipsoid with their errors; where `known` is false, what is assumed."""

    alt_m: FloatColumn
    sigma_m: FloatColumn
    known: Column


def places_of(
    batch: ObservationBatch, sensing: Sensing, frame: TheatreFrame, config: TrackerConfig
) -> Places:
    """Place, error, dimensions and velocity of every row of a batch."""
    match batch.kind:
        case "range_azimuth":
            return _from_polar(batch, sensing, frame, config)
        case "bearing":
            return _from_bearing(batch, sensing, config)
        case "presence":
            return _from_presence(batch, sensing, config)
        case _:
            return _from_position(batch, sensing, frame, config)


def densities(
    batch: ObservationBatch, sensing: Sensing, config: TrackerConfig
) -> tuple[FloatColumn, FloatColumn, FloatColumn]:
    """False alarms and new objects per m², and what a support counts, for every row."""
    count = len(batch)
    clutter_per_m2 = sensing.clutter_per_m2
    clutter = np.full(count, clutter_per_m2)
    new = max(config.birth_per_km2 / SQUARE_KM_M2, config.birth_clutter_share * clutter_per_m2)
    new = min(new, _odds(config.birth_existence) * clutter_per_m2)
    birth = np.full(count, new)
    worth = np.ones(count)
    match batch.kind:
        case "bearing":
            # Per radian: the sensor's false alarms are spread over the whole turn.
            alarms = sensing.sensor.false_alarms_per_scan or 0.0
            clutter[:] = max(alarms, 1e-6) / (2 * math.pi)
            birth[:] = 0.0
        case "presence":
            likely = batch.column("probability")
            share = _PRESENCE_BIRTH * np.where(np.isnan(likely), 1.0, np.clip(likely, 0.0, 1.0))
            birth = clutter * _odds(share)
        case "sighting":
            first_hand = batch.column("first_hand") > 0
            clutter[:] = _SIGHTING_CLUTTER_PER_KM2 / SQUARE_KM_M2
            share = np.where(
                first_hand, config.sighting_birth_existence, config.relayed_birth_existence
            )
            clutter *= np.where(first_hand, 1.0, 4.0)
            birth = clutter * _odds(share)
            worth = np.where(first_hand, 1.0, _RELAYED_WORTH)
        case _:
            pass
    return clutter, birth, worth


def _odds(probability: Any) -> Any:
    return probability / (1.0 - probability)


def _heights(batch: ObservationBatch, geoid_m: float, config: TrackerConfig) -> Heights:
    """The best height that each row has: GNSS, then mean sea level, then air pressure.

    Air pressure only where the whole row is the sender's own word: on a plot it is what the
    object's transponder claims, and a claim must not lift a measured track.
    """
    alt = batch.column("alt_m").copy()
    sigma = _or_else(batch.column("sigma_alt_m"), _ALT_SIGMA_M)
    amsl = batch.column("amsl_m")
    by_sea = np.isnan(alt) & ~np.isnan(amsl)
    alt[by_sea] = amsl[by_sea] + geoid_m
    sigma[by_sea] = _or_else(batch.column("sigma_amsl_m"), _ALT_SIGMA_M)[by_sea]
    pressure = batch.column("pressure_alt_m")
    by_air = np.isnan(alt) & ~np.isnan(pressure) & (batch.kind in _OWN_WORD)
    alt[by_air] = pressure[by_air] + geoid_m
    sigma[by_air] = config.pressure_sigma_m
    known = ~np.isnan(alt)
    alt[~known] = config.birth_alt_m
    sigma[~known] = config.birth_sigma_alt_m
    return Heights(alt, np.maximum(sigma, 1.0), known)


def _or_else(values: FloatColumn, default: float) -> FloatColumn:
    return np.where(np.isnan(values), default, values)


def _no_less(variance_m2: FloatColumn) -> FloatColumn:
    """The variances, the smallest of them raised to that of a metre; zero and NaN stay wrong."""
    return np.where(variance_m2 > 0, np.maximum(variance_m2, _LEAST_M2), variance_m2)


def _dims(known: Column) -> Column:
    return np.where(known, 3, 2).astype(np.int8)


def _from_position(
    batch: ObservationBatch, sensing: Sensing, frame: TheatreFrame, config: TrackerConfig
) -> Places:
    heights = _heights(batch, sensing.geoid_m, config)
    lat, lon = batch.column("lat_deg"), batch.column("lon_deg")
    count = len(batch)
    place = np.empty((count, 3))
    place[:, 0], place[:, 1] = frame.to_plane(lat, lon)
    place[:, 2] = heights.alt_m
    variance = batch.column("sigma_m") ** 2
    if batch.kind == "sighting":
        # While its time is uncertain, so is how far the object has moved since.
        moved_m = config.sighting_speed_mps * _or_else(batch.column("sigma_time_s"), 0.0)
        variance = variance + moved_m**2
    noise = np.zeros((count, 6))
    noise[:, 0] = noise[:, 2] = _no_less(variance)
    noise[:, 5] = heights.sigma_m**2
    velocity, sigma_mps = _velocity(batch, frame)
    return Places(place, noise, _dims(heights.known), velocity, sigma_mps)


def _velocity(batch: ObservationBatch, frame: TheatreFrame) -> tuple[FloatColumn, FloatColumn]:
    """Velocity along the plane's axes, NaN where not given, and its error."""
    east, north = batch.column("east_mps"), batch.column("north_mps")
    velocity = np.column_stack([east, north, batch.column("up_mps")])
    if not np.isnan(east).all():
        turn = np.radians(frame.convergence_deg(batch.column("lat_deg"), batch.column("lon_deg")))
        velocity[:, 0] = east * np.cos(turn) - north * np.sin(turn)
        velocity[:, 1] = north * np.cos(turn) + east * np.sin(turn)
    return velocity, np.maximum(_or_else(batch.column("sigma_mps"), _SPEED_SIGMA_MPS), 0.1)


def _from_presence(batch: ObservationBatch, sensing: Sensing, config: TrackerConfig) -> Places:
    """The disc that the node hears; what the unknown way of the sound leaves open widens it."""
    count = len(batch)
    place = np.empty((count, 3))
    place[:] = sensing.east_m, sensing.north_m, 0.0
    noise = np.zeros((count, 6))
    moved_m = config.sighting_speed_mps * sensing.hearing.delay_sigma_s
    noise[:, 0] = noise[:, 2] = sensing.hearing.sigma_m**2 + moved_m**2
    return Places(place, noise, *_still(count))


def _from_bearing(batch: ObservationBatch, sensing: Sensing, config: TrackerConfig) -> Places:
    """A direction; that of a sound is to where the object was, and so much less sure."""
    count = len(batch)
    place = np.zeros((count, 3))
    place[:, 0] = np.radians(batch.column("azimuth_deg") - sensing.convergence_deg)
    noise = np.zeros((count, 6))
    moved_m = config.sighting_speed_mps * sensing.hearing.delay_sigma_s
    aside = moved_m / sensing.hearing.away_m
    noise[:, 0] = np.radians(batch.column("sigma_deg")) ** 2 + aside**2
    _, velocity, sigma_mps = _still(count)
    return Places(place, noise, np.ones(count, dtype=np.int8), velocity, sigma_mps)


def _still(count: int) -> tuple[Column, FloatColumn, FloatColumn]:
    """Two dimensions, no velocity."""
    return np.full(count, 2, dtype=np.int8), np.full((count, 3), np.nan), np.ones(count)


def _from_polar(
    batch: ObservationBatch, sensing: Sensing, frame: TheatreFrame, config: TrackerConfig
) -> Places:
    """Unbiased converted measurements: D. Lerro, Y. Bar-Shalom, IEEE Trans. AES 29 (1993).

    The slant range is laid on the ground with the best height there is; what the height leaves
    open, to the second order, is part of the error along the line of sight.
    """
    range_m, sensor = batch.column("range_m"), sensing.sensor
    heights = _with_elevation(batch, _heights(batch, sensing.geoid_m, config), sensing)
    # A range shorter than the assumed height would have no place on the ground.
    above = np.clip(heights.alt_m - sensing.antenna_alt_m, -0.7 * range_m, 0.7 * range_m)
    sigma_alt = np.minimum(heights.sigma_m, 0.5 * range_m)
    alt = sensing.antenna_alt_m + above
    count = len(batch)
    lat, lon = polar_to_geodetic(
        np.full(count, sensor.lat_deg),
        np.full(count, sensor.lon_deg),
        np.full(count, sensing.antenna_alt_m),
        range_m,
        batch.column("azimuth_deg"),
        alt,
    )
    east, north = frame.to_plane(lat, lon)
    aside = np.radians(batch.column("sigma_azimuth_deg")) ** 2
    ground = np.sqrt(range_m**2 - above**2)
    bend = range_m**2 / ground**3  # minus the second derivative of ground range by height
    longer = np.exp(0.5 * aside) - 0.5 * bend * sigma_alt**2 / ground
    de, dn = (east - sensing.east_m) * longer, (north - sensing.north_m) * longer
    place = np.column_stack([sensing.east_m + de, sensing.north_m + dn, heights.alt_m])
    slope = -above / ground
    along = (range_m / ground * batch.column("sigma_range_m")) ** 2 + (slope * sigma_alt) ** 2
    # Seen from the measured direction, the true place lies nearer: mean square 3/2 (g sigma²)².
    along += 0.5 * (bend * sigma_alt**2) ** 2 + 1.5 * (ground * aside) ** 2
    along, across = _no_less(along), _no_less(ground**2 * aside)
    distance = np.hypot(de, dn)
    ue, un = de / distance, dn / distance
    noise = np.empty((len(batch), 6))
    noise[:, 0] = along * ue**2 + across * un**2
    noise[:, 1] = (along - across) * ue * un
    noise[:, 2] = along * un**2 + across * ue**2
    shared = np.where(heights.known, slope * sigma_alt**2, 0.0)
    noise[:, 3], noise[:, 4] = shared * ue, shared * un
    noise[:, 5] = heights.sigma_m**2
    _, velocity, sigma_mps = _still(len(batch))
    return Places(place, noise, _dims(heights.known), velocity, sigma_mps)


def _with_elevation(batch: ObservationBatch, heights: Heights, sensing: Sensing) -> Heights:
    """Heights, with those that only an elevation angle tells filled in."""
    elevation = batch.column("elevation_deg")
    told = ~heights.known & ~np.isnan(elevation)
    if not told.any():
        return heights
    range_m = batch.column("range_m")
    angle = np.radians(elevation)
    spread = np.radians(_or_else(batch.column("sigma_elevation_deg"), _ELEVATION_SIGMA_DEG))
    level = range_m * np.cos(angle)
    alt = sensing.antenna_alt_m + range_m * np.sin(angle) + level**2 / _EARTH_DIAMETER_M
    sigma = np.hypot(level * spread, np.sin(angle) * batch.column("sigma_range_m"))
    return Heights(
        np.where(told, alt, heights.alt_m),
        np.where(told, np.maximum(sigma, 1.0), heights.sigma_m),
        heights.known | told,
    )
