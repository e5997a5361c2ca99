"""The application on a socket of loopback."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator

import uvicorn
from litestar import Litestar

from skypicket.domain.errors import UnavailableError

LOOPBACK = ("127.0.0.1", "::1", "localhost")
STOP_TIMEOUT_S = 5


def bind(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one.

    Raises:
        UnavailableError: the address is not loopback, or the port is taken.
    """
    if host not in LOOPBACK:
        raise UnavailableError(
            f"The server was told to listen on {host}, but without accounts it stays on loopback. "
            "Set [web] host to 127.0.0.1."
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        raise UnavailableError(
            f"Port {port} of {host} cannot be used: {error.strerror}. "
            "Stop what uses it, or name another with --port."
        ) from error
    bound.listen(128)
    bound.setblocking(False)
    return bound


class Server(uvicorn.Server):
    """A uvicorn server that leaves signals to the command that runs it."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Catch nothing."""
        yield


def server_of(app: Litestar) -> Server:
    """A quiet server for the application."""
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="on",
        server_header=False,
        timeout_graceful_shutdown=STOP_TIMEOUT_S,
    )
    return Server(config)


async def answering(server: Server) -> None:
    """Return once the server answers."""
    while not server.started:
        await asyncio.sleep(0.01)
