"""The errors that Skypicket raises, all below one root.

    SkypicketError
    ├── UsageError            wrong words on a command line            exit 2
    ├── NotReleasedError      something that may not leave             exit 1
    ├── InputError            a file or message that cannot be used    exit 3
    │   ├── FormatError       bytes that are not what the format says
    │   └── ConfigurationError  a configuration that cannot run
    └── UnavailableError      something outside is missing             exit 4
        ├── StorageFullError  the capture cannot be written
        └── OverloadError     a bounded queue is full

A message says what happened, the value, where, and what to do next.
"""

from typing import ClassVar


class SkypicketError(Exception):
    """The root: catch it to catch all that Skypicket raises on purpose."""

    exit_code: ClassVar[int] = 1


class UsageError(SkypicketError):
    """The command was called with words that it does not take."""

    exit_code = 2


class NotReleasedError(SkypicketError):
    """Something may not leave for whoever asks: its label does not say so, or it has none."""


class InputError(SkypicketError):
    """A file or message cannot be used as it is."""

    exit_code = 3


class FormatError(InputError):
    """Bytes are not what their format says they are."""


class ConfigurationError(InputError):
    """A configuration cannot run; the message names file, place and cure."""


class UnavailableError(SkypicketError):
    """Something outside the program is missing or does not answer."""

    exit_code = 4


class StorageFullError(UnavailableError):
    """The capture could not be written; nothing was acknowledged."""


class OverloadError(UnavailableError):
    """A bounded queue is full; the sender should try again later."""
