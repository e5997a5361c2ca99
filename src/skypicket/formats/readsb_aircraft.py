"""One aircraft of readsb JSON, and many of them as a `self_report` batch."""

from collections.abc import Callable, Sequence
from typing import Annotated, Literal

import msgspec
import numpy as np
from msgspec import Meta

from skypicket.domain.noun import Column, FloatColumn, IntColumn
from skypicket.domain.observations import ObservationBatch, batch_of
from skypicket.domain.sensors import Latitude, Longitude, NotNegative
from skypicket.formats.json_text import plain_text
from skypicket.formats.origin import Refusal

FOOT_M = 0.3048
KNOT_MPS = 1852 / 3600
FEET_PER_MINUTE_MPS = FOOT_M / 60

RAYLEIGH_95 = 2.4477  # radius that holds 95 % of a circular normal distribution, in sigma
RAYLEIGH_1E5 = (
    4.7985  # the same for all but 1e-5, the risk that a containment radius (SIL 2) allows
)
NORMAL_95 = 1.9600

# 95 % bound of the horizontal position error by NACp, m (DO-260B, 2.2.3.2.7.1.3.8); 0: unknown.
NACP_EPU_M = np.array(
    [np.nan, 18_520, 7_408, 3_704, 1_852, 926, 555.6, 185.2, 92.6, 30, 10, 3], dtype=np.float64
)
# Containment radius by NIC without its supplements, m (DO-260B, table 2-14); 0: unknown.
NIC_RADIUS_M = np.array(
    [np.nan, 37_040, 14_816, 7_408, 3_704, 1_852, 1_111.2, 370.4, 185.2, 75, 25, 7.5],
    dtype=np.float64,
)
# 95 % bound of the horizontal velocity error by NACv, m/s; 0: unknown.
NACV_BOUND_MPS = np.array([np.nan, 10, 3, 1, 0.3], dtype=np.float64)
# 95 % bound of the geometric height error by GVA, m; 0 and 3: unknown.
GVA_BOUND_M = np.array([np.nan, 150, 45, np.nan], dtype=np.float64)

_HeightFt = Annotated[float, Meta(ge=-5_000, le=200_000)]
_SpeedKt = Annotated[float, Meta(ge=0, le=5_000)]
_Course = Annotated[float, Meta(ge=0, le=360)]
_RateFtPerMin = Annotated[float, Meta(ge=-100_000, le=100_000)]
_AgeS = Annotated[float, Meta(ge=0, le=1e6)]
_Word = Annotated[str, Meta(max_length=64)]


class Aircraft(msgspec.Struct, frozen=True, kw_only=True):
    """The fields that are read, by readsb's names; others pass unread, null means absent."""

    hex: Annotated[str, Meta(pattern=r"^~?[0-9a-fA-F]{6}$")]
    lat: Latitude | None = None
    lon: Longitude | None = None
    seen_pos: _AgeS | None = None
    alt_geom: _HeightFt | None = None
    alt_baro: _HeightFt | Literal["ground"] | None = None
    gs: _SpeedKt | None = None
    track: _Course | None = None
    geom_rate: _RateFtPerMin | None = None
    baro_rate: _RateFtPerMin | None = None
    nac_p: Annotated[int, Meta(ge=0, le=11)] | None = None
    nic: Annotated[int, Meta(ge=0, le=11)] | None = None
    rc: NotNegative | None = None
    nac_v: Annotated[int, Meta(ge=0, le=4)] | None = None
    gva: Annotated[int, Meta(ge=0, le=3)] | None = None
    flight: _Word | None = None
    category: _Word | None = None
    squawk: _Word | None = None
    emergency: _Word | None = None
    type: _Word | None = None


def fault_of(aircraft: Aircraft) -> Refusal | None:
    """Why an aircraft whose every value is good is refused all the same."""
    if (aircraft.lat is None) != (aircraft.lon is None):
        absent = "lat" if aircraft.lat is None else "lon"
        return Refusal("missing_key", 0, f"$.{absent} is missing: half a position is none.")
    return None


def batch_of_aircraft(
    sensor_id: str, rows: Sequence[tuple[int, Aircraft]], now_s: float, default_sigma_m: float
) -> ObservationBatch:
    """Aircraft with a position, each with its offset, as one batch.

    `now_s` and `seen_pos` are taken to the microsecond, which is finer than readsb writes them.
    """
    aircraft = [one for _, one in rows]

    def column(name: str) -> FloatColumn:
        return np.array([getattr(one, name) for one in aircraft], dtype=np.float64)

    columns = {
        "offset": np.array([offset for offset, _ in rows], dtype=np.int64),
        "lat_deg": column("lat"),
        "lon_deg": column("lon"),
        "sigma_m": _sigma_m(column, default_sigma_m),
        "alt_m": column("alt_geom") * FOOT_M,
        "sigma_alt_m": _by_category(GVA_BOUND_M, column("gva")) / NORMAL_95,
        "pressure_alt_m": _pressure_alt_m(aircraft),
        **_velocity(column),
    }
    times = _times_ns(now_s, column("seen_pos"))
    return batch_of("self_report", sensor_id, times, columns, claims=_claims(aircraft))


def _times_ns(now_s: float, age_s: FloatColumn) -> IntColumn:
    ages_us = np.rint(np.nan_to_num(age_s) * 1e6).astype(np.int64)
    return np.asarray((round(now_s * 1e6) - ages_us) * 1_000, dtype=np.int64)


def _pressure_alt_m(aircraft: Sequence[Aircraft]) -> FloatColumn:
    feet = [None if one.alt_baro == "ground" else one.alt_baro for one in aircraft]
    return np.array(feet, dtype=np.float64) * FOOT_M


def _by_category(bounds: FloatColumn, category: FloatColumn) -> FloatColumn:
    return bounds[np.nan_to_num(category, nan=0.0).astype(np.int64)]


def _sigma_m(column: Callable[[str], FloatColumn], default_m: float) -> FloatColumn:
    """One standard deviation per axis: from NACp, else the containment radius, else the default."""
    sigma = _by_category(NACP_EPU_M, column("nac_p")) / RAYLEIGH_95
    radius = column("rc")
    radius = np.where(radius > 0, radius, _by_category(NIC_RADIUS_M, column("nic")))
    sigma = np.where(np.isnan(sigma), radius / RAYLEIGH_1E5, sigma)
    return np.where(np.isnan(sigma), default_m, sigma)


def _velocity(column: Callable[[str], FloatColumn]) -> dict[str, FloatColumn]:
    speed_mps = column("gs") * KNOT_MPS
    course = np.radians(column("track"))
    geom_rate = column("geom_rate")
    rate = np.where(np.isnan(geom_rate), column("baro_rate"), geom_rate)
    return {
        "east_mps": speed_mps * np.sin(course),
        "north_mps": speed_mps * np.cos(course),
        "up_mps": rate * FEET_PER_MINUTE_MPS,
        "sigma_mps": _by_category(NACV_BOUND_MPS, column("nac_v")) / RAYLEIGH_95,
    }


def _claims(aircraft: Sequence[Aircraft]) -> dict[str, Column]:
    """What the transponders say of themselves; only names that anyone says."""
    said: dict[str, list[str]] = {
        "icao24": [one.hex.lower() for one in aircraft],
        "callsign": [plain_text(one.flight or "", 16) for one in aircraft],
        "category": [plain_text(one.category or "", 8) for one in aircraft],
        "squawk": [plain_text(one.squawk or "", 8) for one in aircraft],
        "emergency": [_emergency(one) for one in aircraft],
        "position_source": [plain_text(one.type or "", 16) for one in aircraft],
        "surface": ["ground" if one.alt_baro == "ground" else "" for one in aircraft],
    }
    return {name: np.array(words) for name, words in said.items() if any(words)}


def _emergency(aircraft: Aircraft) -> str:
    word = plain_text(aircraft.emergency or "", 16)
    return "" if word == "none" else word
