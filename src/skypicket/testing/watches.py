"""A watch kept over a straight border, second by second, for tests of the assessment."""

from collections.abc import Callable, Mapping, Sequence

from skypicket.assessment import AssessmentStage, Rules
from skypicket.domain.contracts import OperatorAction, Outcome, Tick
from skypicket.domain.noun import Noun
from skypicket.domain.sensors import Sensor
from skypicket.domain.tracks import track_id
from skypicket.geo.frame import TheatreFrame
from skypicket.testing.borders import StraightBorder
from skypicket.testing.builders import NIGHT_NS
from skypicket.testing.pictures import Shown, picture

SECOND_NS = 1_000_000_000


class BorderWatch:
    """An assessment stage over a `StraightBorder`: home is west of it, the neighbour east.

    Seconds count from `NIGHT_NS`. All that was said is kept in `said`.

    >>> watch = BorderWatch()
    >>> watch.fly(Shown(east_m=30_000.0, east_mps=-50.0), 0, 1)[0].border
    'LTU'
    """

    def __init__(
        self, rules: Rules | None = None, sensors: Mapping[str, Sensor] | None = None
    ) -> None:
        self.frame = TheatreFrame(54.7, 25.3)
        self.border = StraightBorder()
        self.stage = AssessmentStage(rules or Rules(), self.border, self.frame, sensors or {})
        self.said: list[Noun] = []

    def step(self, noun: Noun) -> list[Noun]:
        """Give the stage one noun."""
        said = self.stage.step(noun)
        self.said += said
        return said

    def show(self, second: float, tracks: Sequence[Shown], *, complete: bool = True) -> list[Noun]:
        """Show the stage one picture."""
        time_ns = NIGHT_NS + round(second * SECOND_NS)
        return self.step(picture(self.frame, time_ns, tracks, complete=complete))

    def tick(self, second: float) -> list[Noun]:
        """Tell the stage the time."""
        return self.step(Tick(time_ns=NIGHT_NS + round(second * SECOND_NS)))

    def fly(self, track: Shown, start: int, stop: int, step: int = 1) -> list[Noun]:
        """Show `track`, which is where it says at second 0, alone in a picture per step."""
        return self.follow(track.at, start, stop, step)

    def follow(
        self, where: Callable[[float], Shown], start: int, stop: int, step: int = 1
    ) -> list[Noun]:
        """Show a track that is `where(second)`."""
        said: list[Noun] = []
        for second in range(start, stop, step):
            said += self.show(second, [where(second)])
        return said

    def declare(self, second: float, outcome: Outcome, key: int = 1) -> list[Noun]:
        """A person says what became of a lost track, or takes it back."""
        return self.step(
            OperatorAction(
                action="declare",
                subject=track_id(key),
                time_ns=NIGHT_NS + round(second * SECOND_NS),
                operator="desk 1",
                comment="seen",
                outcome=outcome,
            )
        )
