"""The theatre plane: one conformal map of the ellipsoid, centred where the watch is kept."""

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from skypicket.domain.errors import InputError
from skypicket.domain.late import Late
from skypicket.domain.noun import FloatColumn
from skypicket.geo._arrays import flat
from skypicket.geo._kernels import plane_constants as at
from skypicket.geo.ellipsoid import ECCENTRICITY, ECCENTRICITY_SQUARED, radii_m

if TYPE_CHECKING:
    from skypicket.geo._kernels import plane
else:
    plane = Late("skypicket.geo._kernels.plane")

MAX_CENTRE_LAT_DEG = 85.0


@dataclass(frozen=True)
class TheatreFrame:
    """A plane of east and north metres, conformal, true to scale at its centre.

    Oblique stereographic by way of the conformal sphere (EPSG method 9809, IOGP publication
    373-7-2, section 3.2.8.1; proj's `sterea`) on WGS 84, without false origin. Angles are true
    everywhere; lengths are too long by the point scale: 1.00015 at 160 km, 1.0015 at 500 km.
    Altitude plays no part. Arguments are scalars or arrays that broadcast; results are float64
    arrays of their common shape. NaN, and a latitude beyond 90 degrees, give NaN; the antipode
    of the centre is far outside of any use and gives huge or NaN coordinates.

    Raises:
        InputError: the centre is not a position between 85 S and 85 N.

    >>> frame = TheatreFrame(54.69, 25.28)
    >>> east_m, north_m = frame.to_plane(55.0, 25.0)
    >>> round(float(east_m)), round(float(north_m))
    (-17918, 34545)
    >>> lat_deg, lon_deg = frame.to_geodetic(east_m, north_m)
    >>> round(float(lat_deg), 9), round(float(lon_deg), 9)
    (55.0, 25.0)
    """

    lat_deg: float
    lon_deg: float
    _constants: FloatColumn = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not (abs(self.lat_deg) <= MAX_CENTRE_LAT_DEG and abs(self.lon_deg) <= 180):
            raise InputError(
                f"A theatre cannot be centred on {self.lat_deg}, {self.lon_deg}: "
                f"use a latitude within {MAX_CENTRE_LAT_DEG:g} and a longitude within 180 degrees."
            )
        object.__setattr__(self, "_constants", _constants(self.lat_deg, self.lon_deg))

    def __reduce__(self) -> tuple[type["TheatreFrame"], tuple[float, float]]:
        return TheatreFrame, (self.lat_deg, self.lon_deg)

    def to_plane(self, lat_deg: ArrayLike, lon_deg: ArrayLike) -> tuple[FloatColumn, FloatColumn]:
        """East and north metres of geodetic positions."""
        shape, (lat, lon) = flat(lat_deg, lon_deg)
        east_m, north_m = np.empty_like(lat), np.empty_like(lat)
        plane.to_plane(lat, lon, self._constants, east_m, north_m)
        return east_m.reshape(shape), north_m.reshape(shape)

    def to_geodetic(self, east_m: ArrayLike, north_m: ArrayLike) -> tuple[FloatColumn, FloatColumn]:
        """Latitude and longitude (in [-180, 180) degrees) of plane positions."""
        shape, (east, north) = flat(east_m, north_m)
        lat_deg, lon_deg = np.empty_like(east), np.empty_like(east)
        plane.to_geodetic(east, north, self._constants, lat_deg, lon_deg)
        return lat_deg.reshape(shape), lon_deg.reshape(shape)

    def scale(self, lat_deg: ArrayLike, lon_deg: ArrayLike) -> FloatColumn:
        """Plane metres per metre on the ellipsoid at the positions, the same in all directions.

        >>> round(float(TheatreFrame(54.69, 25.28).scale(56.0, 25.28)), 6)
        1.00013
        """
        return self._factors(lat_deg, lon_deg)[0]

    def convergence_deg(self, lat_deg: ArrayLike, lon_deg: ArrayLike) -> FloatColumn:
        """What is added to an azimuth in the plane to get the true azimuth at the positions.

        It is the azimuth of plane north: positive east of the centre in the northern hemisphere.

        >>> round(float(TheatreFrame(54.69, 25.28).convergence_deg(54.69, 26.28)), 3)
        0.816
        """
        return self._factors(lat_deg, lon_deg)[1]

    def distance_m(
        self,
        from_east_m: ArrayLike,
        from_north_m: ArrayLike,
        to_east_m: ArrayLike,
        to_north_m: ArrayLike,
    ) -> FloatColumn:
        """Metres along the earth between plane positions, the scale taken out.

        Exact on the conformal sphere; against the geodesic of the ellipsoid the error stays below
        2 parts per million within 500 km of the centre.

        >>> round(float(TheatreFrame(54.69, 25.28).distance_m(0, 0, 300_000, 400_000)))
        499745
        """
        shape, (x1, y1, x2, y2) = flat(from_east_m, from_north_m, to_east_m, to_north_m)
        metres: FloatColumn = plane.sphere_distances(x1, y1, x2, y2, self._constants[at.DIAMETER])
        return metres.reshape(shape)

    @property
    def sphere_diameter_m(self) -> float:
        """Diameter of the conformal sphere: twice the mean radius of curvature at the centre."""
        return float(self._constants[at.DIAMETER])

    def _factors(self, lat_deg: ArrayLike, lon_deg: ArrayLike) -> tuple[FloatColumn, FloatColumn]:
        shape, (lat, lon) = flat(lat_deg, lon_deg)
        scale, convergence_deg = np.empty_like(lat), np.empty_like(lat)
        plane.factors(lat, lon, self._constants, scale, convergence_deg)
        return scale.reshape(shape), convergence_deg.reshape(shape)


def _constants(lat_deg: float, lon_deg: float) -> FloatColumn:
    """The conformal sphere that osculates the ellipsoid at the centre, in the kernels' order.

    EPSG 9809 names them R, n and c; c is chosen so that the scale is stationary at the centre,
    which comes out in closed form as sin(chi0) = sin(phi0) / n.
    """
    meridian_m, prime_m = radii_m(lat_deg)
    sine, cosine = math.sin(math.radians(lat_deg)), math.cos(math.radians(lat_deg))
    second = ECCENTRICITY_SQUARED / (1 - ECCENTRICITY_SQUARED)
    exponent = math.sqrt(1 + second * cosine**4)
    sin_chi0 = sine / exponent
    psi0 = math.atanh(sine) - ECCENTRICITY * math.atanh(ECCENTRICITY * sine)
    constants = np.empty(at.LENGTH)
    constants[at.LON0] = lon_deg
    constants[at.EXPONENT] = exponent
    constants[at.LOG_C] = math.atanh(sin_chi0) - exponent * psi0
    constants[at.SIN_CHI0] = sin_chi0
    constants[at.COS_CHI0] = math.sqrt(1 - sin_chi0**2)
    constants[at.DIAMETER] = 2 * math.sqrt(meridian_m * prime_m)
    return constants
