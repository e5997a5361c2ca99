"""From heights above mean sea level to heights above the ellipsoid, one constant per theatre.

The undulation of the geoid is the height of mean sea level above the WGS 84 ellipsoid. A theatre
takes it from the nearest of the aerodromes below, each as its state publishes it (item 4 of AIP
section AD 2.2, "geoid undulation at the aerodrome's elevation position", in whole feet). EGM96
agrees with such values to about a metre. For low airspace the error that is left is small beside
those of pressure heights and of terrain; who needs better gives a surveyed value.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from skypicket.domain.errors import InputError
from skypicket.domain.noun import FloatColumn
from skypicket.geo.polar import geodetic_to_polar

FOOT_M = 0.3048
BOUND_M = 2.0
BOUND_M_PER_KM = 0.04  # twice the steepest slope between two aerodromes of the table

# ICAO code, latitude, longitude, undulation in feet.
PUBLISHED = (
    ("EYVI", 54.637, 25.288, 82),  # Vilnius, AIP Lithuania, July 2022
    ("EVRA", 56.924, 23.971, 69),  # Riga, AIP Latvia, September 2018
    ("EETN", 59.413, 24.833, 59),  # Tallinn, AIP Estonia, November 2024
    ("EPPO", 52.421, 16.826, 115),  # Poznan, AIP Poland, May 2017
    ("LROP", 44.571, 26.085, 114),  # Bucharest, AIP Romania, November 2013
)


@dataclass(frozen=True)
class TheatreGeoid:
    """A constant undulation, and the bound within which it is trusted around the theatre's centre.

    >>> geoid = TheatreGeoid.at(54.69, 25.28)
    >>> round(geoid.undulation_m, 1), round(geoid.bound_m, 1)
    (25.0, 2.2)
    >>> round(float(geoid.to_alt_m(100.0)), 1)
    125.0
    """

    undulation_m: float
    bound_m: float

    @classmethod
    def at(cls, lat_deg: float, lon_deg: float) -> "TheatreGeoid":
        """The constant for a theatre centred on a position.

        `bound_m` holds at the centre; it grows by 4 m per 100 km from there. From the Alps or the
        Carpathians, or more than 600 km from the table, take a surveyed value instead.

        Raises:
            InputError: the position is none.
        """
        lat, lon, feet = np.array([row[1:] for row in PUBLISHED]).T
        range_m = geodetic_to_polar(lat_deg, lon_deg, 0.0, lat, lon, 0.0)[0]
        if np.isnan(range_m).any():
            raise InputError(f"{lat_deg}, {lon_deg} is no position. Give degrees, latitude first.")
        row = int(np.argmin(range_m))
        bound_m = BOUND_M + BOUND_M_PER_KM * float(range_m[row]) / 1000
        return cls(undulation_m=float(feet[row]) * FOOT_M, bound_m=bound_m)

    def to_alt_m(self, amsl_m: ArrayLike) -> FloatColumn:
        """Heights above the ellipsoid, of heights above mean sea level."""
        return np.asarray(np.asarray(amsl_m, dtype=np.float64) + self.undulation_m)

    def to_amsl_m(self, alt_m: ArrayLike) -> FloatColumn:
        """Heights above mean sea level, of heights above the ellipsoid."""
        return np.asarray(np.asarray(alt_m, dtype=np.float64) - self.undulation_m)
