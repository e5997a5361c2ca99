"""Which tracks are of one object, as far as was said."""

from typing import Any

FORGET_S = 86_400.0


class Objects:
    """Every object by its first track; tracks that are not spoken of for a day are forgotten."""

    def __init__(self) -> None:
        self._subject: dict[str, str] = {}
        self._tracks: dict[str, list[str]] = {}
        self._first_ns: dict[str, int] = {}
        self._last_ns: dict[str, int] = {}
        self._lost: dict[str, str] = {}
        self._due_ns = 0

    def seen(self, track: str, time_ns: int) -> str:
        """The object's first track; something was said of `track` at `time_ns`."""
        subject = self._subject.setdefault(track, track)
        if subject not in self._tracks:
            self._tracks[subject] = [track]
            self._first_ns[subject] = time_ns
        self._last_ns[subject] = time_ns
        return subject

    def join(self, lost: str, track: str, time_ns: int) -> str:
        """From now on `track` is the object that `lost` was; gives that object's first track."""
        subject = self.seen(lost, time_ns)
        if track not in self._tracks[subject]:
            self._tracks[subject].append(track)
        self._subject[track] = subject
        return subject

    def lose(self, subject: str, track: str) -> None:
        """The object was lost as this track."""
        self._lost[subject] = track

    def find(self, subject: str) -> None:
        """The object is not lost any more."""
        self._lost.pop(subject, None)

    def is_lost(self, subject: str) -> bool:
        """Whether it was lost and not found."""
        return subject in self._lost

    def subject(self, track: str) -> str:
        """The object's first track."""
        return self._subject.get(track, track)

    def tracks(self, subject: str) -> tuple[str, ...]:
        """All tracks that the object had."""
        return tuple(self._tracks.get(subject, (subject,)))

    def first_ns(self, subject: str) -> int:
        """When something was first said of the object."""
        return self._first_ns.get(subject, 0)

    def forget(self, time_ns: int) -> None:
        """Let go of objects of which nothing was said for a day; looks once an hour."""
        if time_ns < self._due_ns:
            return
        self._due_ns = time_ns + 3_600_000_000_000
        oldest_ns = time_ns - int(FORGET_S * 1e9)
        for subject in [s for s, last_ns in self._last_ns.items() if last_ns < oldest_ns]:
            for track in self._tracks.pop(subject):
                self._subject.pop(track, None)
            del self._first_ns[subject], self._last_ns[subject]
            self._lost.pop(subject, None)

    def content(self) -> dict[str, Any]:
        """All state, for a snapshot."""
        return {
            "subject": sorted(self._subject.items()),
            "tracks": sorted(self._tracks.items()),
            "first_ns": sorted(self._first_ns.items()),
            "last_ns": sorted(self._last_ns.items()),
            "lost": sorted(self._lost.items()),
            "due_ns": self._due_ns,
        }

    def restore(self, content: dict[str, Any]) -> None:
        """Take up the state of `content`."""
        self._subject = dict(content["subject"])
        self._tracks = {subject: list(tracks) for subject, tracks in content["tracks"]}
        self._first_ns, self._last_ns = dict(content["first_ns"]), dict(content["last_ns"])
        self._lost = dict(content.get("lost", ()))  # no such thing in older snapshots
        self._due_ns = content["due_ns"]
