"""Plugins for all tests: no skip that CI does not notice, no request that leaves the machine."""

pytest_plugins = ["pytester", "skypicket.testing.skips", "skypicket.testing.offline"]
