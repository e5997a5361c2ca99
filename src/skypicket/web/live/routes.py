"""The routes of the live stream: a WebSocket with binary frames, and events as JSON.

Whoever listens is asked every few seconds whether its session still stands.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

from litestar import Litestar, Request, WebSocket, get, websocket
from litestar.exceptions import (
    ClientException,
    PermissionDeniedException,
    TooManyRequestsException,
    WebSocketDisconnect,
)
from litestar.params import FromQuery
from litestar.response import Stream
from litestar.types import ControllerRouterHandler

from skypicket.domain.errors import NotReleasedError, OverloadError, UsageError
from skypicket.web.access.principal import Principal
from skypicket.web.live.hubs import Hubs
from skypicket.web.live.seats import Seat
from skypicket.web.live.topics import topics_of
from skypicket.web.parts import WebParts

SIGNED_OUT, NOT_ALLOWED, NO_SUCH_TOPIC, TRY_LATER = 4401, 4403, 4400, 1013
ASK_S = 5.0
SEND_S = 20.0  # a client that takes nothing for so long is let go
CLOSE_S = 1.0
REASON_BYTES = 123
MOST_OVERRUNS = 8

Socket = WebSocket[Principal, Any, Any]


class _EndedError(Exception):
    """The stream is to be closed with a code and a reason."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code


def live_routes(parts: WebParts) -> list[ControllerRouterHandler]:
    """`/api/v1/live` and `/api/v1/live/events`."""
    hubs = Hubs(parts)

    @contextlib.asynccontextmanager
    async def resting(_: Litestar) -> AsyncIterator[None]:
        try:
            yield
        finally:
            hubs.stop()

    parts.lifespans.append(resting)

    @websocket("/api/v1/live", permission="live.read")
    async def live(socket: Socket) -> None:
        await socket.accept()
        try:
            await _serve(parts, hubs, socket)
        except WebSocketDisconnect:
            return
        except _EndedError as ended:
            with contextlib.suppress(TimeoutError, WebSocketDisconnect, RuntimeError):
                async with asyncio.timeout(CLOSE_S):
                    await socket.close(ended.code, shortened(str(ended)))

    @get(
        "/api/v1/live/events",
        permission="live.read",
        summary="The live picture as server-sent events, tracks as JSON once a second",
        media_type="text/event-stream",
    )
    async def events(request: Request[Principal, Any, Any], topics: FromQuery[str] = "") -> Stream:
        return _events(parts, hubs, request.user, topics)

    return [live, events]


def shortened(reason: str) -> str:
    """The reason of a close in the bytes that a control frame has for it (RFC 6455, 5.5).

    >>> shortened("x" * 200)[-3:], len(shortened("ž" * 200).encode())
    ('xx…', 123)
    """
    if len(reason.encode()) <= REASON_BYTES:
        return reason
    return reason.encode()[: REASON_BYTES - len("…".encode())].decode(errors="ignore") + "…"


async def _serve(parts: WebParts, hubs: Hubs, socket: Socket) -> None:
    """One client, until it goes or has to go.

    Raises:
        WebSocketDisconnect: it has gone.
        _EndedError: it has to go.
    """
    principal = socket.user
    try:
        seat = Seat(topics_of(principal, socket.query_params.get("topics", "")))
        hub = hubs.enter(principal, seat)
    except UsageError as error:
        raise _EndedError(NO_SUCH_TOPIC, str(error)) from error
    except NotReleasedError as error:
        raise _EndedError(NOT_ALLOWED, str(error)) from error
    except OverloadError as error:
        raise _EndedError(TRY_LATER, str(error)) from error
    try:
        await _together(_send(socket, seat), _hear(socket), _ask(parts, principal, seat))
    finally:
        hubs.leave(principal, seat, hub)


async def _together(*works: Any) -> None:
    """Do all until the first ends; what it raised is raised."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _send(socket: Socket, seat: Seat) -> None:
    while True:
        said = await seat.next()
        try:
            async with asyncio.timeout(SEND_S):
                if isinstance(said, str):
                    await socket.send_text(said)
                else:
                    await socket.send_bytes(said)
        except TimeoutError as error:
            raise _EndedError(TRY_LATER, "Nothing was read for too long.") from error


async def _hear(socket: Socket) -> None:
    """Clients have nothing to say but that they are there; what they say is not kept."""
    while True:
        await socket.receive_data(mode="text")


async def _ask(parts: WebParts, principal: Principal, seat: Seat) -> None:
    """Ask now and then whether the client may stay."""
    while True:
        await asyncio.sleep(ASK_S)
        if not await parts.access.stands(principal):
            raise _EndedError(SIGNED_OUT, "The session has ended.")
        if seat.overruns > MOST_OVERRUNS:
            raise _EndedError(TRY_LATER, "Too slow: start afresh later.")


def _events(parts: WebParts, hubs: Hubs, principal: Principal, topics: str) -> Stream:
    """The answer that goes on until the client goes.

    Raises:
        ClientException: there is no such topic.
        PermissionDeniedException: no picture is made for this partner.
        TooManyRequestsException: there is no seat left.
    """
    try:
        seat = Seat(topics_of(principal, topics), "json")
        hubs.room(principal)
    except UsageError as error:
        raise ClientException(str(error)) from error
    except NotReleasedError as error:
        raise PermissionDeniedException(str(error)) from error
    except OverloadError as error:
        raise TooManyRequestsException(str(error)) from error
    return Stream(
        _told(parts, hubs, principal, seat),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _told(
    parts: WebParts, hubs: Hubs, principal: Principal, seat: Seat
) -> AsyncIterator[bytes]:
    """Each message as an event; what it is about stands in its `type`."""
    hub = hubs.enter(principal, seat)
    asked_s = asyncio.get_running_loop().time()
    try:
        while True:
            said = await seat.next()
            yield f"data: {said}\n\n".encode() if isinstance(said, str) else said
            now_s = asyncio.get_running_loop().time()
            if now_s - asked_s >= ASK_S:
                asked_s = now_s
                if seat.overruns > MOST_OVERRUNS or not await parts.access.stands(principal):
                    return
    finally:
        hubs.leave(principal, seat, hub)
