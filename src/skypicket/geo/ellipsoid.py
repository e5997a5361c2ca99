"""The WGS 84 ellipsoid: the figure that every position in Skypicket refers to."""

import math

# NGA.STND.0036 (WGS 84, 2014), table 3.1.
SEMI_MAJOR_M = 6_378_137.0
FLATTENING = 1 / 298.257223563

ECCENTRICITY_SQUARED = FLATTENING * (2 - FLATTENING)
ECCENTRICITY = math.sqrt(ECCENTRICITY_SQUARED)
THIRD_FLATTENING = FLATTENING / (2 - FLATTENING)


def radii_m(lat_deg: float) -> tuple[float, float]:
    """Radii of curvature at a latitude: along the meridian, and in the prime vertical.

    >>> [round(radius) for radius in radii_m(0.0)]
    [6335439, 6378137]
    """
    sine = math.sin(math.radians(lat_deg))
    w2 = 1 - ECCENTRICITY_SQUARED * sine * sine
    prime_m = SEMI_MAJOR_M / math.sqrt(w2)
    return prime_m * (1 - ECCENTRICITY_SQUARED) / w2, prime_m
