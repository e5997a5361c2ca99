"""The serializers, one for each channel. Nothing leaves the system but as bytes of one of them.

channel   serializer         what a partner may be told over it
API       ApiSerializer      tracks, alarms, zones, and views that declare themselves open
stream    StreamSerializer   tracks as frames or JSON, alarms, and such views
files     FileSerializer     tracks, alarms, zones
"""

from collections.abc import Iterable
from typing import Any, TypeVar

import msgspec

from skypicket.domain.codec import to_json
from skypicket.domain.errors import NotReleasedError
from skypicket.domain.incidents import Alarm
from skypicket.domain.noun import Noun
from skypicket.domain.tracks import Track, TrackBatch
from skypicket.domain.zones import Zone
from skypicket.sharing.clearance import Clearance
from skypicket.sharing.gate import released

N = TypeVar("N", bound=Noun)
Kinds = tuple[type, ...]
_PLAIN = (str, int, float, bool, type(None))


class _Channel(msgspec.Struct, frozen=True):
    """What may pass to partners on one channel: nouns by their kind, views by their class."""

    name: str
    nouns: Kinds
    views: Kinds = ()

    def noun(self, noun: N, clearance: Clearance, now_ns: int) -> N | None:
        """What of a noun passes."""
        if not clearance.is_own and not isinstance(noun, self.nouns):
            return None
        return released(noun, clearance, now_ns)

    def passed(self, said: Any, clearance: Clearance, now_ns: int) -> Any:
        """What of anything passes, as nouns and builtins.

        Raises:
            NotReleasedError: there is something in it that this channel does not know.
        """
        if isinstance(said, _PLAIN):
            return said
        if isinstance(said, Noun):
            return self.noun(said, clearance, now_ns)
        if isinstance(said, list | tuple):
            told = [self.passed(item, clearance, now_ns) for item in said]
            pairs = zip(said, told, strict=True)
            return [new for old, new in pairs if new is not None or old is None]
        if isinstance(said, dict):
            return {key: self.passed(value, clearance, now_ns) for key, value in said.items()}
        if isinstance(said, self.views):
            names = type(said).__struct_fields__  # type: ignore[attr-defined]
            return {name: self.passed(getattr(said, name), clearance, now_ns) for name in names}
        raise NotReleasedError(
            f"{type(said).__name__} is not released to partners over the {self.name}."
        )


class ApiSerializer:
    """Answers of the HTTP API for one clearance.

    `views` are classes of answers that may go to partners because each of their fields is a noun,
    which is asked for its label, or a fact that anybody may know.

    >>> ApiSerializer(Clearance("LVA")).says({"items": [Zone(zone_id="z", name="", kind="border")]})
    b'{"items":[]}'
    """

    def __init__(self, clearance: Clearance, views: Kinds = ()) -> None:
        self.clearance = clearance
        self._channel = _Channel("API", (Track, Alarm, Zone), views)

    def nouns(self, nouns: Iterable[N], now_ns: int = 0) -> list[N]:
        """What passes of many nouns, in order; counts are made from these."""
        told = (self._channel.noun(noun, self.clearance, now_ns) for noun in nouns)
        return [noun for noun in told if noun is not None]

    def tracks(self, batch: TrackBatch | None, now_ns: int = 0) -> TrackBatch | None:
        """What passes of a batch of tracks."""
        return None if batch is None else released(batch, self.clearance, now_ns)

    def says(self, said: object, now_ns: int = 0) -> bytes:
        """The bytes of an answer.

        Raises:
            NotReleasedError: there is something in it that does not go to partners.
        """
        if self.clearance.is_own:
            return to_json(said)
        return to_json(self._channel.passed(said, self.clearance, now_ns))


class StreamSerializer:
    """Messages and frames of the live stream for one clearance; `views` as for `ApiSerializer`."""

    def __init__(self, clearance: Clearance, views: Kinds = ()) -> None:
        self.clearance = clearance
        self._channel = _Channel("live stream", (Track, Alarm), views)

    def tracks(self, batch: TrackBatch, now_ns: int) -> TrackBatch | None:
        """What passes of a batch of tracks; its frame is made from this."""
        return released(batch, self.clearance, now_ns)

    def nouns(self, nouns: Iterable[N], now_ns: int) -> list[N]:
        """What passes of many nouns, in order."""
        told = (self._channel.noun(noun, self.clearance, now_ns) for noun in nouns)
        return [noun for noun in told if noun is not None]

    def says(self, said: object, now_ns: int) -> bytes:
        """The bytes of a message.

        Raises:
            NotReleasedError: there is something in it that does not go to partners.
        """
        if self.clearance.is_own:
            return to_json(said)
        return to_json(self._channel.passed(said, self.clearance, now_ns))


class FileSerializer:
    """Nouns for files that leave, for one clearance; a format makes the bytes of what passes."""

    def __init__(self, clearance: Clearance) -> None:
        self.clearance = clearance
        self._channel = _Channel("files", (Track, Alarm, Zone))

    def tracks(self, batch: TrackBatch, now_ns: int) -> TrackBatch | None:
        """What passes of a batch of tracks."""
        return released(batch, self.clearance, now_ns)

    def nouns(self, nouns: Iterable[N], now_ns: int) -> list[N]:
        """What passes of many nouns, in order."""
        told = (self._channel.noun(noun, self.clearance, now_ns) for noun in nouns)
        return [noun for noun in told if noun is not None]
