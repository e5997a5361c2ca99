"""Room for words: whoever comes first gets it, the others stay unsaid."""

import msgspec

WIDTH_SHARE = 0.58  # of a letter, of the size of the type
LINE_SHARE = 1.25


class Rectangle(msgspec.Struct, frozen=True):
    """Room in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Rectangle") -> bool:
        """Whether the two share room.

        >>> Rectangle(0, 0, 2, 2).meets(Rectangle(1, 1, 3, 3))
        True
        """
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


class Desk:
    """Knows which room of a picture is taken."""

    def __init__(self, width: float, height: float) -> None:
        self._whole = Rectangle(0, 0, width, height)
        self._taken: list[Rectangle] = []

    def take(self, left: float, top: float, said: str, size: float, lines: int = 1) -> bool:
        """Take the room of so many lines of words; False if it is not free, or not in the picture.

        >>> desk = Desk(200, 100)
        >>> desk.take(10, 10, "Vilnius", 10), desk.take(12, 12, "Kaunas", 10)
        (True, False)
        """
        room = Rectangle(
            left,
            top,
            left + WIDTH_SHARE * size * max(len(said), 1),
            top + LINE_SHARE * size * lines,
        )
        whole = self._whole
        if room.left < whole.left or room.right > whole.right:
            return False
        if room.top < whole.top or room.bottom > whole.bottom:
            return False
        if any(room.meets(other) for other in self._taken):
            return False
        self._taken.append(room)
        return True

    def keep(self, room: Rectangle) -> None:
        """Keep room free that is taken anyway."""
        self._taken.append(room)
