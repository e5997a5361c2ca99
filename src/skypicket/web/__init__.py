"""The HTTP server: health, metrics, and reports in. Loopback until accounts are there."""
