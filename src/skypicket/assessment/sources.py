"""Through which source each sensor spoke, so that evidence can name it."""

from bisect import bisect_right

MOST_CHANGES = 64  # remembered per sensor


class Sources:
    """The source of a sensor's capture entries, by their sequence.

    >>> sources = Sources()
    >>> sources.heard("R1", 3, "rdr"), sources.heard("R1", 9, "spare")
    (None, None)
    >>> sources.of("R1", 8), sources.of("R1", 9), sources.of("R2", 1)
    ('rdr', 'spare', '')
    """

    def __init__(self) -> None:
        self._from: dict[str, list[int]] = {}
        self._source: dict[str, list[str]] = {}

    def heard(self, sensor_id: str, sequence: int, source: str) -> None:
        """The sensor spoke through `source` in the entry `sequence`."""
        names = self._source.setdefault(sensor_id, [])
        if names and names[-1] == source:
            return
        starts = self._from.setdefault(sensor_id, [])
        starts.append(sequence)
        names.append(source)
        del starts[:-MOST_CHANGES], names[:-MOST_CHANGES]

    def of(self, sensor_id: str, sequence: int) -> str:
        """The source of that entry, "" if it is not known."""
        place = bisect_right(self._from.get(sensor_id, []), sequence)
        return self._source[sensor_id][place - 1] if place else ""

    def content(self) -> list[tuple[str, list[int], list[str]]]:
        """All state, for a snapshot."""
        return [(name, self._from[name], self._source[name]) for name in sorted(self._from)]

    def restore(self, content: list[tuple[str, list[int], list[str]]]) -> None:
        """Take up the state of `content`."""
        self._from = {name: list(starts) for name, starts, _ in content}
        self._source = {name: list(names) for name, _, names in content}
