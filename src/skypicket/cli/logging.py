"""The log: JSON lines on stderr."""

import logging
import sys

import structlog


def configure_log(level: str = "info") -> None:
    """Structured JSON lines on stderr; nothing of a person's report ever goes there."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),  # as it is when it is used
    )
