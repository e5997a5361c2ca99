from collections.abc import Callable

import pytest

from skypicket.scenario import Night, load_night

BASE = """
[[sensors]]
id = "R1"
kind = "radar"
lat_deg = 54.7
lon_deg = 25.3
mast_m = 20.0
period_s = 10.0
max_range_m = 100000.0
sigma_range_m = 50.0
sigma_azimuth_deg = 0.1
false_alarms_per_scan = 0.0
detection = { model = "constant", probability = 1.0 }

[[sensors]]
id = "B1"
kind = "adsb"
lat_deg = 54.7
lon_deg = 25.3
detection = { model = "constant", probability = 1.0 }

[[sensors]]
id = "A1"
kind = "acoustic"
lat_deg = 54.7
lon_deg = 25.5
max_range_m = 6000.0
period_s = 5.0
false_alarms_per_scan = 0.0
detection = { model = "acoustic", source_db = 115.0, noise_db = 36.0 }

[[sensors]]
id = "desk"
kind = "person"
lat_deg = 54.7
lon_deg = 25.3

[system]
theatre = { lat_deg = 54.7, lon_deg = 25.3 }

[[sources]]
id = "radar"
sensors = ["R1"]

[[sources]]
id = "ads-b"
sensors = ["B1"]

[[sources]]
id = "nodes"
sensors = ["A1"]

[[sources]]
id = "calls"
sensors = ["desk"]

[scenario]
title = "A test night"
start = "2026-03-01T00:00:00Z"
duration_s = 600.0
"""

FLYER = """
[[scenario.objects]]
id = "flyer"
airframe = "gerbera"
waypoints = [
  { time = "2026-03-01T00:00:00Z", lat_deg = 54.7, lon_deg = 25.6, amsl_m = 300.0 },
  { time = "2026-03-01T00:08:20Z", lat_deg = 54.7, lon_deg = 25.4, amsl_m = 200.0 },
]
"""


@pytest.fixture
def night_of() -> Callable[[str], Night]:
    """A ten-minute night with a perfect radar, receiver, node and desk; the text adds to it."""

    def build(text: str = "") -> Night:
        return load_night(BASE + text)

    return build


@pytest.fixture
def flyer_night(night_of: Callable[[str], Night]) -> Night:
    """A Gerbera that flies west past the node for 500 s, 12.9 km at 25.8 m/s."""
    return night_of(FLYER)


@pytest.fixture(scope="session")
def vilnius() -> Night:
    """The built-in reconstruction, with its acoustic line."""
    return load_night("vilnius-2025-07-28")
