"""HTTP ranges of one file: `Range: bytes=…` as RFC 9110, section 14, says it. Pure."""

import re

import msgspec

_ONE_RANGE = re.compile(r"bytes=\s*(\d{0,19})-(\d{0,19})\s*", re.ASCII | re.IGNORECASE)


class Span(msgspec.Struct, frozen=True):
    """The bytes from `start` up to, not including, `stop`."""

    start: int
    stop: int

    def content_range(self, length: int) -> str:
        """The value of `Content-Range` for a file of `length` bytes."""
        return f"bytes {self.start}-{self.stop - 1}/{length}"


class Unsatisfiable(msgspec.Struct, frozen=True):
    """A range of which the file has no byte; the answer is 416."""


def span_of(header: str | None, length: int) -> Span | Unsatisfiable | None:
    """The one range that a `Range` header asks for; None for the whole file.

    What is not a single range of bytes is ignored, as the standard allows: the whole file is a
    right answer to it.

    >>> span_of("bytes=0-99", 1000), span_of("bytes=-100", 1000)
    (Span(start=0, stop=100), Span(start=900, stop=1000))
    >>> span_of("bytes=1000-", 1000)
    Unsatisfiable()
    >>> span_of("bytes=0-1,5-6", 1000) is span_of(None, 1000) is None
    True
    """
    match = _ONE_RANGE.fullmatch(header or "")
    if match is None or not (match[1] or match[2]):
        return None
    if not match[1]:
        suffix = min(int(match[2]), length)
        return Span(length - suffix, length) if suffix else Unsatisfiable()
    start = int(match[1])
    last = int(match[2]) if match[2] else length - 1
    if match[2] and last < start:
        return None
    return Span(start, min(last + 1, length)) if start < length else Unsatisfiable()
