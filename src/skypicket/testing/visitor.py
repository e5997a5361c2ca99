"""Visitors of the web application without a socket: they see each answer begin, and then leave."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
from anyio.from_thread import BlockingPortal, start_blocking_portal
from litestar import Litestar

from skypicket.web.access.desk import COOKIE

PATIENCE_S = 30.0
HOST = "127.0.0.1:8480"


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """An answer: status, headers in small letters, and its body, or the body's first piece.

    A WebSocket that is accepted has status 101; one that is refused has the close code.
    """

    status: int
    headers: dict[str, str]
    body: bytes
    cookies: dict[str, str]

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


class Visitor:
    """Asks an application as a browser would: with a cookie, or a bearer token, or neither.

    It keeps the cookies that it is given. A body that never ends is left after its first piece.
    """

    def __init__(self, app: Litestar, portal: BlockingPortal) -> None:
        self._app = app
        self._portal = portal
        self.cookies: dict[str, str] = {}
        self.token = ""
        self.address = "127.0.0.1"
        self.host = HOST
        self.scheme = "http"

    def another(self) -> "Visitor":
        """Somebody else at the same door, with nothing in their hands."""
        return Visitor(self._app, self._portal)

    def with_session(self, secret: str) -> "Visitor":
        """Somebody who holds the cookie of a session."""
        visitor = self.another()
        visitor.cookies[COOKIE] = secret
        return visitor

    def with_token(self, token: str) -> "Visitor":
        """Somebody who holds a bearer token."""
        visitor = self.another()
        visitor.token = token
        return visitor

    def get(self, path: str, **headers: str) -> Answer:
        """GET a path, with its query."""
        return self.ask("GET", path, None, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Answer:
        """POST a body: bytes as they are, else as JSON."""
        return self.ask("POST", path, body, **headers)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Ask anything; underscores in header names are dashes."""
        payload = body if isinstance(body, bytes) else b"" if body is None else _json(body)
        scope = self._scope(path, headers) | {"type": "http", "method": method}
        sent = self._portal.call(_until_it_began, self._app, scope, payload)
        start = sent[0]
        body_bytes = b"".join(message.get("body", b"") for message in sent[1:])
        answer = _answer(start["status"], start.get("headers", []), body_bytes)
        self._keep(answer)
        return answer

    def knock(self, path: str, **headers: str) -> Answer:
        """Ask for a WebSocket, and leave as soon as it is known whether it opens."""
        scope = self._scope(path, headers) | {"type": "websocket", "subprotocols": []}
        scope["scheme"] = "wss" if self.scheme == "https" else "ws"
        start = self._portal.call(_until_it_began, self._app, scope, b"")[0]
        if start["type"] == "websocket.accept":
            return _answer(101, start.get("headers", []), b"")
        status = int(start.get("status", start.get("code", 0)))
        return _answer(status, [], str(start.get("reason", "")).encode())

    def _scope(self, path: str, headers: dict[str, str]) -> dict[str, Any]:
        place, _, query = path.partition("?")
        given = {"host": self.host} | {k.lower().replace("_", "-"): v for k, v in headers.items()}
        if self.token:
            given["authorization"] = f"Bearer {self.token}"
        if self.cookies and "cookie" not in given:
            given["cookie"] = "; ".join(f"{key}={value}" for key, value in self.cookies.items())
        return {
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "scheme": self.scheme,
            "path": place,
            "raw_path": place.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(name.encode(), value.encode()) for name, value in given.items()],
            "client": (self.address, 50_000),
            "server": ("127.0.0.1", 8480),
            "state": {},
        }

    def _keep(self, answer: Answer) -> None:
        for name, value in answer.cookies.items():
            said = value.split(";")[0].strip('"')
            if said:
                self.cookies[name] = said
            else:
                self.cookies.pop(name, None)


@contextmanager
def visiting(app: Litestar) -> Iterator[Visitor]:
    """A visitor of an application that runs, with nothing in their hands."""
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(app.lifespan()):
        yield Visitor(app, portal)


def _json(body: Any) -> bytes:
    return msgspec.json.encode(body)


def _answer(status: int, headers: Any, body: bytes) -> Answer:
    plain: dict[str, str] = {}
    cookies: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name, value = raw_name.decode().lower(), raw_value.decode()
        if name == "set-cookie":
            key, _, rest = value.partition("=")
            cookies[key] = rest
        else:
            plain[name] = value
    return Answer(status=status, headers=plain, body=body, cookies=cookies)


async def _until_it_began(app: Litestar, scope: Any, payload: bytes) -> list[dict[str, Any]]:
    """The messages of an answer up to its end, or to the first piece of one that goes on."""
    sent: list[dict[str, Any]] = []
    over = asyncio.Event()
    first = [{"type": "http.request", "body": payload, "more_body": False}]
    if scope["type"] == "websocket":
        first = [{"type": "websocket.connect"}]

    async def receive() -> dict[str, Any]:
        if first:
            return first.pop()
        await over.wait()
        kind = "http.disconnect" if scope["type"] == "http" else "websocket.disconnect"
        return {"type": kind, "code": 1000}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)
        began = message["type"] != "http.response.start"
        if began and (message.get("body") or not message.get("more_body", False)):
            over.set()

    answering: asyncio.Task[None] = asyncio.ensure_future(app(scope, receive, send))  # type: ignore[arg-type]
    waiting = asyncio.ensure_future(over.wait())
    await asyncio.wait(
        {answering, waiting}, timeout=PATIENCE_S, return_when=asyncio.FIRST_COMPLETED
    )
    waiting.cancel()
    if not answering.done():
        await asyncio.wait({answering}, timeout=1)
    answering.cancel()
    await asyncio.gather(answering, waiting, return_exceptions=True)
    if not sent:
        raise TimeoutError(f"{scope['path']} was not answered within {PATIENCE_S} s.")
    return sent
