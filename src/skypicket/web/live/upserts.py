"""What changed of one topic since it was said last, and all of it for those who come new."""

from collections.abc import Iterable, Mapping
from typing import Any

from skypicket.domain.noun import Noun
from skypicket.sharing import StreamSerializer
from skypicket.web.live.topics import KEYS, message


class Upserts:
    """Remembers the items of a topic; each change is encoded once, and so is the whole.

    Nouns are compared by identity, because a noun that changes is said anew; views, which are
    made anew each time, by what they say.
    """

    def __init__(self, topic: str, serializer: StreamSerializer) -> None:
        self._topic = topic
        self._key = KEYS.get(topic)
        self._serializer = serializer
        self._items: Mapping[str, Any] | None = None
        self._told: frozenset[str] = frozenset()  # keys of what passed: only of these can one go
        self._whole: str | None = None

    @property
    def known(self) -> bool:
        """Whether anything was ever taken up, be it that there is nothing."""
        return self._items is not None

    def forget(self) -> None:
        """Know nothing any more."""
        self._items, self._whole, self._told = None, None, frozenset()

    def keyed(self, items: Iterable[Any]) -> dict[str, Any]:
        """The items by the field that tells them apart, by their place if there is none."""
        if self._key is None:
            return {str(place): item for place, item in enumerate(items)}
        return {str(getattr(item, self._key)): item for item in items}

    def take(self, items: Mapping[str, Any], now_ns: int) -> str | None:
        """Take up what there is now; the message about what changed, None if nothing did."""
        before = self._items
        if items is before:
            return None
        self._items = items
        changed = {k: v for k, v in items.items() if _differs((before or {}).get(k), v)}
        passed = self._passed(changed, now_ns)
        told = (self._told & items.keys()) - changed.keys() | passed.keys()
        removed = sorted(self._told - told)
        self._told = told
        if not passed and not removed:
            return None
        self._whole = None
        if self._key is None:
            return self.whole(now_ns)
        said = message(self._topic, list(passed.values()), removed, reset=False)
        return self._text(said, now_ns)

    def whole(self, now_ns: int) -> str | None:
        """The message with all items; None while nothing is known of the topic."""
        if self._items is None:
            return None
        if self._whole is None:
            passed = self._passed(self._items, now_ns)
            said = message(self._topic, list(passed.values()), [], reset=True)
            self._whole = self._text(said, now_ns)
        return self._whole

    def _passed(self, items: Mapping[str, Any], now_ns: int) -> Mapping[str, Any]:
        """What the clearance may have; views that are no nouns are the own side's."""
        if self._serializer.clearance.is_own:
            return items
        nouns = {key: item for key, item in items.items() if isinstance(item, Noun)}
        told = {key: self._serializer.nouns([noun], now_ns) for key, noun in nouns.items()}
        return {key: found[0] for key, found in told.items() if found}

    def _text(self, said: object, now_ns: int) -> str:
        return self._serializer.says(said, now_ns).decode()


def _differs(before: Any, item: Any) -> bool:
    if before is item:
        return False
    return isinstance(item, Noun) or before != item
