"""Room for words: whoever comes first gets it, the others stay unsaid."""

import msgspec

WIDTH_SHARE = 0.63  # of a letter, of the size of the type
LINE_SHARE = 1.25


class Rectangle(msgspec.Struct, frozen=True):
    """Room in pixels."""

    left_px: float
    top_px: float
    right_px: float
    bottom_px: float

    def meets(self, other: "Rectangle") -> bool:
        """Whether the two share room.

        >>> Rectangle(0, 0, 2, 2).meets(Rectangle(1, 1, 3, 3))
        True
        """
        return (
            self.left_px < other.right_px
            and other.left_px < self.right_px
            and self.top_px < other.bottom_px
            and other.top_px < self.bottom_px
        )


class Desk:
    """Knows which room of a picture is taken."""

    def __init__(self, width_px: float, height_px: float) -> None:
        self._whole = Rectangle(0, 0, width_px, height_px)
        self._taken: list[Rectangle] = []

    def take(
        self, left_px: float, top_px: float, said: str, size_px: float, lines: int = 1
    ) -> bool:
        """Take the room of so many lines of words; False if it is not free, or not in the picture.

        >>> desk = Desk(200, 100)
        >>> desk.take(10, 10, "Vilnius", 10), desk.take(12, 12, "Kaunas", 10)
        (True, False)
        """
        room = Rectangle(
            left_px,
            top_px,
            left_px + WIDTH_SHARE * size_px * max(len(said), 1),
            top_px + LINE_SHARE * size_px * lines,
        )
        whole = self._whole
        if room.left_px < whole.left_px or room.right_px > whole.right_px:
            return False
        if room.top_px < whole.top_px or room.bottom_px > whole.bottom_px:
            return False
        if any(room.meets(other) for other in self._taken):
            return False
        self._taken.append(room)
        return True

    def keep(self, room: Rectangle) -> None:
        """Keep room free that is taken anyway."""
        self._taken.append(room)
