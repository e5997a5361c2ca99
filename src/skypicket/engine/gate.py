"""The gate before the intake: when the stages fall behind, the least important sources wait."""

from collections.abc import Callable, Mapping

from skypicket.domain.contracts import Intake, Message
from skypicket.domain.errors import OverloadError
from skypicket.engine.settings import SourceSettings

MOST_BEHIND = 1_000


class Gate:
    """An `Intake` that refuses sources with `shed = "first"` while the stages are far behind.

    Everything that is captured is worked through, so what must be given up is given up here, at
    once, counted and said, while radar and reports come in as ever.
    """

    def __init__(
        self,
        intake: Intake,
        sources: Mapping[str, SourceSettings],
        behind: Callable[[], int],
    ) -> None:
        self._intake = intake
        self._first = {name for name, source in sources.items() if source.shed == "first"}
        self._behind = behind

    def offer(self, message: Message) -> None:
        """Take the message. See `Intake`.

        Raises:
            OverloadError: the stages are behind, and this source is shed first.
            StorageFullError: the capture cannot be written.
        """
        self._check(message.source)
        self._intake.offer(message)

    async def deliver(self, message: Message) -> int:
        """Take the message; its capture sequence, once it is safely on disk. See `Intake`.

        Raises: as `offer`.
        """
        self._check(message.source)
        return await self._intake.deliver(message)

    def _check(self, source: str) -> None:
        if source in self._first and self._behind() > MOST_BEHIND:
            raise OverloadError(
                f"The stages are {self._behind()} entries behind; source {source!r} is shed first. "
                "It is taken again when they have caught up."
            )
