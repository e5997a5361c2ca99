"""What comes in over HTTP: reports of people, messages of sensors. 201 only once it is on disk."""

from typing import Any

import msgspec
from litestar import Request, post
from litestar.exceptions import ClientException, NotFoundException, PermissionDeniedException
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from skypicket.domain.contracts import Entry
from skypicket.engine.pipeline import decoder_of
from skypicket.engine.runtime import Runtime
from skypicket.engine.settings import Settings, SourceSettings
from skypicket.links import HttpSettings
from skypicket.web.access.principal import Principal
from skypicket.web.parts import WebParts


class Accepted(msgspec.Struct, frozen=True, kw_only=True):
    """The message is on disk as capture entry `sequence`."""

    sequence: int


def intake_routes(parts: WebParts) -> list[ControllerRouterHandler]:
    """`POST /api/v1/reports` and `POST /api/v1/sources/{source}`."""
    runtime = parts.runtime
    by_id = {source.id: source for source in runtime.settings.sources}

    @post("/api/v1/reports", permission="reports.write", summary="A person saw or heard something")
    async def report(request: Request[Principal, Any, Any]) -> Accepted:
        source = report_source(runtime.settings)
        if source is None:
            raise NotFoundException("No source takes reports. Add one with format = 'report'.")
        return await _take(runtime, source, request)

    @post(
        "/api/v1/sources/{source_id:str}",
        permission="sources.write",
        summary="A message of a sensor, as its format says it",
    )
    async def message(source_id: FromPath[str], request: Request[Principal, Any, Any]) -> Accepted:
        check_bound(request.user, source_id)
        source = by_id.get(source_id)
        if source is None or not isinstance(source.link, HttpSettings):
            raise NotFoundException(f"No source {source_id!r} takes messages over HTTP.")
        return await _take(runtime, source, request)

    return [report, message]


def report_source(settings: Settings) -> SourceSettings | None:
    """The source that takes reports of people: the first over HTTP, else the first at all."""
    taking = [source for source in settings.sources if source.format == "report"]
    over_http = [source for source in taking if isinstance(source.link, HttpSettings)]
    return next(iter(over_http or taking), None)


def check_bound(principal: Principal, source_id: str) -> None:
    """A token speaks for its own source only.

    Raises:
        PermissionDeniedException: it is another source's.
    """
    if principal.kind == "token" and principal.source != source_id:
        raise PermissionDeniedException("This token is another source's.")


async def _take(
    runtime: Runtime, source: SourceSettings, request: Request[Principal, Any, Any]
) -> Accepted:
    """Check that the body can be read, then capture it as it is.

    Raises:
        ClientException: the format cannot read it; the answer names place and cure.
    """
    check_bound(request.user, source.id)
    payload = await request.body()
    fault = fault_of(runtime, source, payload)
    if fault is not None:
        raise ClientException(fault)
    return Accepted(sequence=await runtime.deliver(source.id, payload))


def fault_of(runtime: Runtime, source: SourceSettings, payload: bytes) -> str | None:
    """Why the source's format cannot read the payload; None if it can.

    A fresh decoder looks at it, so that nothing of the running one's state is touched.
    """
    decoder = decoder_of(source, runtime.settings)
    entry = Entry(
        sequence=0,
        kind="message",
        source=source.id,
        received_ns=runtime.clock(),
        payload=payload,
    )
    rejects = decoder.decode(entry).rejects
    return (
        f"{rejects[0].reason} at byte {rejects[0].offset}: {rejects[0].detail}" if rejects else None
    )
