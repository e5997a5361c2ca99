"""The HTTP server: the page, its API and live stream, what comes in, and who may do what."""
