"""Turns of radars over claimed tracks that they should have seen, and did not."""

from collections.abc import Mapping

import numpy as np

from skypicket.assessment.picture import Picture
from skypicket.assessment.rules import Rules
from skypicket.assessment.table import Rows
from skypicket.domain.noun import Column, FloatColumn
from skypicket.domain.observations import ObservationBatch, SweptSector
from skypicket.domain.sensors import Sensor, with_defaults
from skypicket.domain.times import NS_PER_S
from skypicket.physics.detection import DetectionField

_LEAST_ASIDE = 2.0  # range over height, below which a radar may not look so steeply


class ClaimLooks:
    """Counts, for each claimed track that no measured one fits, the looks that it was missed in.

    Only turns of radars count that say where they looked. Slow tracks are left out, because many
    radars do not see what stands; and what is high above a radar, where its beam may not reach.
    """

    def __init__(self, rules: Rules, sensors: Mapping[str, Sensor], picture: Picture) -> None:
        self._rules, self._geoid_m = rules, float(picture.geoid_m or 0.0)
        known = [with_defaults(sensor) for _, sensor in sorted(sensors.items())]
        self._radars = {sensor.id: sensor for sensor in known if sensor.kind == "radar"}
        self._field = DetectionField(self._radars.values(), picture.frame, geoid_m=self._geoid_m)
        self._places = {
            name: (
                *map(float, picture.frame.to_plane(s.lat_deg, s.lon_deg)),
                float(picture.frame.convergence_deg(s.lat_deg, s.lon_deg)),
            )
            for name, s in self._radars.items()
        }

    def count(self, batch: ObservationBatch, rows: Rows) -> None:
        """Count the look of a batch in the rows of the claimed tracks, in place."""
        radar, swept = self._radars.get(batch.sensor_id), batch.swept
        if radar is None or not isinstance(swept, SweptSector):
            return
        dt_s = (swept.to_ns - rows["at_ns"]) / NS_PER_S
        known = (rows["fits"] < 0) & (np.abs(dt_s) <= self._rules.fresh_s)
        known &= np.hypot(rows["v_east"], rows["v_north"]) > self._rules.slow_mps
        if not known.any():
            return
        east, north = rows["east"] + dt_s * rows["v_east"], rows["north"] + dt_s * rows["v_north"]
        detection = self._field.probability(radar.id, east, north, rows["alt"])
        known &= detection >= self._rules.spoof_probability
        known &= self._inside(radar, swept, (east, north), rows["alt"])
        rows["unseen"][known] += 1
        rows["doubt"][known] *= 1.0 - detection[known]

    def _inside(
        self,
        radar: Sensor,
        swept: SweptSector,
        place: tuple[FloatColumn, FloatColumn],
        alt_m: FloatColumn,
    ) -> Column:
        """Whether the places lie inside of what was swept, and not steeply above the radar."""
        east_m, north_m, convergence_deg = self._places[radar.id]
        de, dn = place[0] - east_m, place[1] - north_m
        away_m = np.hypot(de, dn)
        azimuth_deg = np.degrees(np.arctan2(de, dn)) + convergence_deg
        aside_deg = (azimuth_deg - swept.start_azimuth_deg) % 360.0
        inside: Column = (aside_deg <= swept.extent_deg) & (away_m >= swept.min_range_m)
        inside &= away_m <= swept.max_range_m
        above_m = alt_m - (radar.ground_amsl_m + radar.mast_m + self._geoid_m)
        inside &= ~(away_m < _LEAST_ASIDE * above_m)
        return inside
