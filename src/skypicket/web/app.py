"""The routes: `/healthz`, `/metrics`, `POST /api/v1/reports`, `POST /api/v1/sources/{source}`.

A POST answers 201 only after the message is safely on disk.
"""

import re
from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import Litestar, MediaType, Request, Response, get, post
from litestar.exceptions import ClientException, NotFoundException, PermissionDeniedException
from litestar.openapi import OpenAPIConfig
from litestar.status_codes import HTTP_503_SERVICE_UNAVAILABLE
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from skypicket.domain.contracts import Entry
from skypicket.domain.errors import OverloadError, StorageFullError, UnavailableError
from skypicket.engine.pipeline import decoder_of
from skypicket.engine.runtime import Runtime
from skypicket.engine.settings import Settings, SourceSettings
from skypicket.links import HttpSettings
from skypicket.web.health import Health, health_of
from skypicket.web.metrics import registry_of

RETRY_AFTER_S = 2
_HOST = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?")


class Accepted(msgspec.Struct, frozen=True, kw_only=True):
    """The message is on disk as capture entry `sequence`."""

    sequence: int


def build_app(runtime: Runtime) -> Litestar:
    """The HTTP application of one runtime."""
    registry = registry_of(runtime)
    by_id = {source.id: source for source in runtime.settings.sources}

    @get("/healthz", summary="Is the system well?", sync_to_thread=False)
    def healthz() -> Response[Health]:
        health = health_of(runtime)
        return Response(health, status_code=200 if health.ok else HTTP_503_SERVICE_UNAVAILABLE)

    @get(
        "/metrics",
        media_type=MediaType.TEXT,
        summary="Figures for Prometheus",
        sync_to_thread=False,
    )
    def metrics() -> Response[bytes]:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    @post("/api/v1/reports", summary="A person saw or heard something")
    async def report(request: Request[Any, Any, Any]) -> Accepted:
        source = report_source(runtime.settings)
        if source is None:
            raise NotFoundException("No source takes reports. Add one with format = 'report'.")
        return await take(runtime, source, request)

    @post("/api/v1/sources/{source_id:str}", summary="A message of a sensor, as its format says it")
    async def message(source_id: str, request: Request[Any, Any, Any]) -> Accepted:
        source = by_id.get(source_id)
        if source is None or not isinstance(source.link, HttpSettings):
            raise NotFoundException(f"No source {source_id!r} takes messages over HTTP.")
        return await take(runtime, source, request)

    return Litestar(
        route_handlers=[healthz, metrics, report, message],
        openapi_config=OpenAPIConfig(title="Skypicket", version="1", path="/schema"),
        request_max_body_size=runtime.settings.web.max_body_bytes,
        exception_handlers={UnavailableError: _unavailable},
        logging_config=None,
    )


def report_source(settings: Settings) -> SourceSettings | None:
    """The source that takes reports of people: the first over HTTP, else the first at all."""
    taking = [source for source in settings.sources if source.format == "report"]
    over_http = [source for source in taking if isinstance(source.link, HttpSettings)]
    return next(iter(over_http or taking), None)


async def take(
    runtime: Runtime, source: SourceSettings, request: Request[Any, Any, Any]
) -> Accepted:
    """Check that the body can be read, then capture it as it is.

    Raises:
        PermissionDeniedException: the page that sent it is not ours.
        ClientException: the format cannot read it; the answer names place and cure.
    """
    check_origin(request.headers)
    payload = await request.body()
    fault = fault_of(runtime, source, payload)
    if fault is not None:
        raise ClientException(fault)
    return Accepted(sequence=await runtime.deliver(source.id, payload))


def check_origin(headers: Mapping[str, str]) -> None:
    """Refuse a request that another site's page caused, also one that renamed us to itself.

    Raises:
        PermissionDeniedException: the host is not this machine by its own name, or the origin is
            another than that host.
    """
    host = headers.get("host", "")
    if _HOST.fullmatch(host) is None:
        raise PermissionDeniedException(f"This server is not called {host!r}.")
    origin = headers.get("origin")
    if origin is not None and origin != f"http://{host}":
        raise PermissionDeniedException(f"Requests from {origin!r} are not taken here.")


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


def _unavailable(_: Request[Any, Any, Any], error: UnavailableError) -> Response[dict[str, Any]]:
    retry = {"Retry-After": str(RETRY_AFTER_S)}
    kind = {OverloadError: "overload", StorageFullError: "storage_full"}.get(
        type(error), "unavailable"
    )
    return Response(
        {"status_code": HTTP_503_SERVICE_UNAVAILABLE, "detail": str(error), "reason": kind},
        status_code=HTTP_503_SERVICE_UNAVAILABLE,
        headers=retry,
    )
