"""The application on a socket: of loopback, or of a network and then over TLS."""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import uvicorn
from litestar import Litestar

from skypicket.domain.errors import InputError, UnavailableError
from skypicket.engine.web_settings import WebSettings

STOP_TIMEOUT_S = 5
WEBSOCKET_MESSAGE_BYTES = 65_536  # clients have little to say on the live stream
# Of each connection: a frame or two of the live stream, so that who does not read is noticed soon
# and costs the others nothing.
SEND_BUFFER_BYTES = 262_144
BACKLOG = 1_024


def bind(web: WebSettings) -> socket.socket:
    """A listening socket; port 0 takes a free one.

    Raises:
        UnavailableError: others could reach the address in the clear, or the port is taken.
    """
    if not web.loopback and not (web.tls and web.host_names):
        raise UnavailableError(
            f"The server was told to listen on {web.host}, which others can reach. Give [web] "
            "tls_certificate, tls_key and host_names, or set host to 127.0.0.1."
        )
    family = socket.AF_INET6 if ":" in web.host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
    try:
        bound.bind((web.host, web.port))
    except OSError as error:
        bound.close()
        raise UnavailableError(
            f"Port {web.port} of {web.host} cannot be used: {error.strerror}. "
            "Stop what uses it, or name another with --port."
        ) from error
    bound.listen(BACKLOG)
    bound.setblocking(False)
    return bound


def url_of(web: WebSettings, port: int) -> str:
    """The address to open in a browser: the first name that the configuration gives, else the host.

    >>> url_of(WebSettings(), 8480)
    'http://127.0.0.1:8480'
    """
    host = web.host if web.loopback or not web.host_names else web.host_names[0]
    bracketed = f"[{host}]" if ":" in host else host
    return f"{'https' if web.tls else 'http'}://{bracketed}:{port}"


class Server(uvicorn.Server):
    """A uvicorn server that leaves signals to the command that runs it."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Catch nothing."""
        yield


def server_of(app: Litestar, web: WebSettings, folder: Path) -> Server:
    """A quiet server for the application; certificate and key are found from `folder`.

    What a proxy says about addresses is not believed, because anybody can say it.

    Raises:
        InputError: certificate or key cannot be used.
    """
    tls = _tls_files(web, folder) if web.tls else None
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="on",
        server_header=False,
        proxy_headers=False,
        ws_max_size=WEBSOCKET_MESSAGE_BYTES,
        ws_per_message_deflate=False,  # frames are encoded once for all, not packed once for each
        timeout_graceful_shutdown=STOP_TIMEOUT_S,
        ssl_certfile=tls[0] if tls else None,
        ssl_keyfile=tls[1] if tls else None,
    )
    return Server(config)


def _tls_files(web: WebSettings, folder: Path) -> tuple[Path, Path]:
    certificate, key = folder / web.tls_certificate, folder / web.tls_key
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(certificate, key)
    except OSError as error:  # an SSLError is one too
        reason = getattr(error, "reason", None) or error.strerror or str(error)
        raise InputError(
            f"TLS cannot be set up from {certificate} and {key}: {reason}. "
            "Both are PEM files; the key belongs to the certificate and has no password."
        ) from error
    return certificate, key


async def answering(server: Server) -> None:
    """Return once the server answers."""
    while not server.started:
        await asyncio.sleep(0.01)
