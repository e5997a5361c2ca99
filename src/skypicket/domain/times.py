"""Time as nanoseconds of UTC since 1970, and as text that people read."""

from datetime import UTC, datetime, timedelta

from skypicket.domain.errors import InputError

NS_PER_S = 1_000_000_000
NS_PER_DAY = 86_400 * NS_PER_S
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def zulu(time_ns: int, *, decimals: int = 0) -> str:
    """ISO 8601 in Zulu, cut (not rounded) to `decimals` digits of the second.

    >>> zulu(1_753_667_760_250_000_000)
    '2025-07-28T01:56:00Z'
    >>> zulu(1_753_667_760_250_000_000, decimals=3)
    '2025-07-28T01:56:00.250Z'
    """
    seconds, nanoseconds = divmod(time_ns, NS_PER_S)
    text = (_EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S")
    fraction = f".{nanoseconds:09d}"[: decimals + 1] if decimals else ""
    return f"{text}{fraction}Z"


def parse_time(text: str) -> int:
    """Nanoseconds since 1970 of an ISO 8601 time, which must name its zone.

    Raises:
        InputError: the text is no time, or names no zone.

    >>> parse_time("2025-07-28T04:56:00+03:00")
    1753667760000000000
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(
            f"{text!r} is no time. Write it as 2025-07-28T01:56:00Z or with an offset."
        ) from error
    if moment.tzinfo is None:
        raise InputError(f"{text!r} names no time zone. Add Z, or an offset such as +03:00.")
    since = moment - _EPOCH
    return (since.days * 86_400 + since.seconds) * NS_PER_S + since.microseconds * 1000
