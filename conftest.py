"""Plugins for all tests: no skip that CI does not notice, no request that leaves the machine."""

pytest_plugins = ["skypicket.testing.skips", "skypicket.testing.offline"]
