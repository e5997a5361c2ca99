"""What tests of Skypicket, and of its plugins, are written with: clocks, builders, a kit.

    clocks       `ManualClock`: stands still until told
    builders     `radar`, `plot_batch`, `sighting`: small nouns with sensible values
    conformance  `check_format`: what every format must keep, checked on sample payloads
    skips        pytest plugin: in CI a skip that nobody allowed fails the run
    offline      pytest plugin: a connection that leaves the machine fails the test

It ships with the product, so that a plugin of yours is held to the same rules as ours. The two
plugins need pytest; the rest does not.
"""

from skypicket.testing.builders import plot_batch, radar, sighting
from skypicket.testing.clocks import ManualClock
from skypicket.testing.conformance import check_format

__all__ = ["ManualClock", "check_format", "plot_batch", "radar", "sighting"]
