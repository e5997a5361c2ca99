"""A `self_report` batch as the `aircraft.json` of a receiver, rounded as receivers round."""

import msgspec
import numpy as np

from skypicket.domain.errors import FormatError
from skypicket.domain.noun import FloatColumn
from skypicket.domain.observations import ObservationBatch
from skypicket.domain.times import NS_PER_S
from skypicket.formats.readsb_aircraft import (
    FEET_PER_MINUTE_MPS,
    FOOT_M,
    GVA_BOUND_M,
    KNOT_MPS,
    NACP_EPU_M,
    NACV_BOUND_MPS,
    NORMAL_95,
    RAYLEIGH_95,
)

_ROUNDING = 1e-9  # relative; a sigma that came from a category goes back to that category
_CLAIMED = {
    "callsign": "flight",
    "category": "category",
    "squawk": "squawk",
    "emergency": "emergency",
    "position_source": "type",
}


def snapshot_of(batch: ObservationBatch) -> bytes:
    """One snapshot: positions to 1e-6°, heights to 1 ft, speeds to 0.1 kt, times to 1 ms.

    Raises:
        FormatError: a row has no claim `icao24`.
    """
    now_ms = -(-int(batch.time_ns.max()) // 1_000_000)
    aircraft = [_aircraft(batch, row, now_ms) for row in range(len(batch))]
    said = {"now": now_ms / 1000, "messages": len(batch), "aircraft": aircraft}
    return msgspec.json.encode(said)


def _aircraft(batch: ObservationBatch, row: int, now_ms: int) -> dict[str, object]:
    claims = {name: str(column[row]) for name, column in batch.claims.items()}
    if not claims.get("icao24"):
        raise FormatError(f"Row {row} of {batch.sensor_id!r} needs the claim icao24, its address.")
    said: dict[str, object] = {"hex": claims["icao24"]}
    for claim, field in _CLAIMED.items():
        if claims.get(claim):
            said[field] = claims[claim].ljust(8) if field == "flight" else claims[claim]
    value = {name: float(column[row]) for name, column in batch.columns.items()}
    value = {name: number for name, number in value.items() if not np.isnan(number)}
    said |= _heights(value, claims.get("surface") == "ground") | _velocity(value)
    said["lat"], said["lon"] = round(value["lat_deg"], 6), round(value["lon_deg"], 6)
    said["seen_pos"] = (now_ms - _nearest(int(batch.time_ns[row]), NS_PER_S // 1000)) / 1000
    said["nac_p"] = _category(NACP_EPU_M, value["sigma_m"] * RAYLEIGH_95)
    return said


def _nearest(number: int, unit: int) -> int:
    return (number + unit // 2) // unit


def _heights(value: dict[str, float], grounded: bool) -> dict[str, object]:
    said: dict[str, object] = {}
    if grounded:
        said["alt_baro"] = "ground"
    elif "pressure_alt_m" in value:
        said["alt_baro"] = round(value["pressure_alt_m"] / FOOT_M)
    if "alt_m" in value:
        said["alt_geom"] = round(value["alt_m"] / FOOT_M)
    if "sigma_alt_m" in value:
        said["gva"] = _category(GVA_BOUND_M, value["sigma_alt_m"] * NORMAL_95)
    return said


def _velocity(value: dict[str, float]) -> dict[str, object]:
    said: dict[str, object] = {}
    if "east_mps" in value and "north_mps" in value:
        east, north = value["east_mps"], value["north_mps"]
        knots = round(float(np.hypot(east, north)) / KNOT_MPS, 1)
        track_deg = round(float(np.degrees(np.arctan2(east, north))) % 360, 2) % 360
        said |= {"gs": knots, "track": track_deg if knots else 0.0}
    if "up_mps" in value:
        said["geom_rate"] = round(value["up_mps"] / FEET_PER_MINUTE_MPS)
    if "sigma_mps" in value:
        said["nac_v"] = _category(NACV_BOUND_MPS, value["sigma_mps"] * RAYLEIGH_95)
    return said


def _category(bounds: FloatColumn, bound: float) -> int:
    """The best category that still covers `bound`; 0, unknown, if none does."""
    covering = np.flatnonzero(bounds >= bound * (1 - _ROUNDING))
    return int(covering[-1]) if len(covering) else 0
