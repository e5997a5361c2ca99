"""The one place where nouns become the bytes of an answer, as the asker's clearance allows."""

from collections.abc import Iterable
from typing import Any, TypeVar

import msgspec
from litestar import MediaType, Request, Response
from litestar.exceptions import PermissionDeniedException, ServiceUnavailableException
from litestar.openapi.datastructures import ResponseSpec

from skypicket.domain.errors import NotReleasedError
from skypicket.domain.noun import Noun
from skypicket.domain.tracks import TrackBatch
from skypicket.engine.picture import Picture
from skypicket.engine.runtime import Runtime
from skypicket.sharing import ApiSerializer, Clearance
from skypicket.web.access.principal import Principal
from skypicket.web.api.paging import Page
from skypicket.web.api.parameters import Fault
from skypicket.web.parts import WebParts, picture_for

N = TypeVar("N", bound=Noun)
AnyRequest = Request[Principal, Any, Any]
_NEVER_KEPT = {"Cache-Control": "no-store"}


class Asker(msgspec.Struct, frozen=True):
    """Whoever asks: the picture that they may see, and the gate through which it leaves."""

    runtime: Runtime
    picture: Picture
    principal: Principal
    now_ns: int

    @property
    def is_own(self) -> bool:
        """Whether it is the own side and no partner."""
        return not self.principal.clearance

    def _serializer(self, views: tuple[type, ...] = ()) -> ApiSerializer:
        return ApiSerializer(Clearance(self.principal.clearance), views)

    def nouns(self, nouns: Iterable[N]) -> list[N]:
        """What the asker may have of many nouns, in order; counts are made from these."""
        return self._serializer().nouns(nouns, self.now_ns)

    def tracks(self, batch: TrackBatch | None) -> TrackBatch | None:
        """What the asker may have of a batch of tracks."""
        return self._serializer().tracks(batch, self.now_ns)

    def answer(self, said: object, *views: type) -> Response[bytes]:
        """What is said as JSON; `views` are classes of it that may go to partners.

        Raises:
            PermissionDeniedException: there is something in it that this asker may not have.
        """
        try:
            body = self._serializer((Page, *views)).says(said, self.now_ns)
        except NotReleasedError as error:
            raise PermissionDeniedException(str(error)) from None
        return Response(body, media_type=MediaType.JSON, headers=_NEVER_KEPT)


def asker_of(parts: WebParts, request: AnyRequest) -> Asker:
    """Who asks, with their own picture.

    Raises:
        ServiceUnavailableException: the asker is a partner for whom no picture is made.
    """
    try:
        picture = picture_for(parts, request.user)
    except KeyError:
        raise ServiceUnavailableException(
            f"No picture is made for the partner {request.user.clearance!r}: "
            "the configuration of this system does not name it.",
            extra={"reason": "no_picture"},
        ) from None
    return Asker(parts.runtime, picture, request.user, parts.runtime.clock())


def says(kind: Any, description: str) -> dict[int, ResponseSpec]:
    """What OpenAPI tells of answers: the good one, which the serializer makes, and faults.

    A handler that may find nothing adds `raises=[NotFoundException]`.
    """
    good = ResponseSpec(data_container=kind, description=description, generate_examples=False)
    return {200: good, **FAULTS}


FAULTS = {
    status: ResponseSpec(data_container=Fault, description=description, generate_examples=False)
    for status, description in (
        (400, "A parameter is wrong; the detail names it, its value, and what to give."),
        (401, "Nobody is signed in."),
        (403, "Whoever asks may not, or must prove afresh who they are."),
        (429, "Too many requests; `Retry-After` says when to ask again."),
        (503, "It cannot be answered now; the detail says why."),
    )
}
