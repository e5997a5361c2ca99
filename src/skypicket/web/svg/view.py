"""From degrees to pixels: Mercator, north up, the asked rectangle whole in the picture."""

import math

import msgspec

EARTH_RADIUS_M = 6_378_137.0
FARTHEST_DEG = 85.0
MARGIN_SHARE = 0.02


class View(msgspec.Struct, frozen=True):
    """What of the Earth is drawn: Mercator of its middle, and pixels per radian there.

    `south` to `east` are the degrees that the picture shows, at least those that were asked for.
    """

    width_px: int
    height_px: int
    middle_x_rad: float
    middle_y_rad: float
    scale: float

    def pixel(self, lon_deg: float, lat_deg: float) -> tuple[float, float]:
        """Where a position is drawn: right and down, in pixels."""
        x = math.radians(lon_deg) - self.middle_x_rad
        y = northing(lat_deg) - self.middle_y_rad
        return self.width_px / 2 + x * self.scale, self.height_px / 2 - y * self.scale

    def position(self, right_px: float, down_px: float) -> tuple[float, float]:
        """Longitude and latitude of a pixel."""
        x = self.middle_x_rad + (right_px - self.width_px / 2) / self.scale
        y = self.middle_y_rad - (down_px - self.height_px / 2) / self.scale
        return math.degrees(x), math.degrees(math.atan(math.sinh(y)))

    def pixels_per_m(self, lat_deg: float) -> float:
        """How long a metre on the ground is drawn at a latitude."""
        return self.scale / (EARTH_RADIUS_M * math.cos(math.radians(_clamped(lat_deg))))

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north of what is shown, in degrees."""
        west, north = self.position(0, 0)
        east, south = self.position(self.width_px, self.height_px)
        return west, south, east, north

    def shows(self, lon_deg: float, lat_deg: float, margin_px: float = 0.0) -> bool:
        """Whether a position is in the picture, or no more than `margin_px` pixels beside it."""
        right, down = self.pixel(lon_deg, lat_deg)
        return (
            -margin_px <= right <= self.width_px + margin_px
            and -margin_px <= down <= self.height_px + margin_px
        )


def view_of(box: tuple[float, float, float, float], width_px: int, height_px: int) -> View:
    """The view that shows the whole rectangle (west, south, east, north in degrees) in its middle.

    >>> view = view_of((24.0, 54.0, 26.0, 56.0), 400, 400)
    >>> [round(value) for value in view.pixel(25.0, 55.006)]
    [200, 201]
    >>> view.shows(24.0, 54.0), view.shows(24.0, 53.0)
    (True, False)
    """
    west, south, east, north = box
    low, high = northing(south), northing(north)
    spread_x = max(math.radians(east - west), 1e-6) * (1 + MARGIN_SHARE)
    spread_y = max(high - low, 1e-6) * (1 + MARGIN_SHARE)
    return View(
        width_px=width_px,
        height_px=height_px,
        middle_x_rad=math.radians((west + east) / 2),
        middle_y_rad=(low + high) / 2,
        scale=min(width_px / spread_x, height_px / spread_y),
    )


def northing(lat_deg: float) -> float:
    """Mercator's ordinate of a latitude, in radians of the equator."""
    return math.asinh(math.tan(math.radians(_clamped(lat_deg))))


def _clamped(lat_deg: float) -> float:
    return max(-FARTHEST_DEG, min(FARTHEST_DEG, lat_deg))
