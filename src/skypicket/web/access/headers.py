"""The headers of every answer: what a browser may do with it."""

from litestar.datastructures import Headers, MutableScopeHeaders
from litestar.types import Message, Scope

from skypicket.web.access.fence import Fence

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "worker-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), usb=(), geolocation=(self)",
}
STRICT_TRANSPORT = "max-age=31536000"


class AnswerHeaders:
    """Puts the headers on every answer, also on what no route made: a hook before sending."""

    def __init__(self, fence: Fence, *, tls: bool) -> None:
        self._fence = fence
        self._tls = tls

    async def __call__(self, message: Message, scope: Scope) -> None:
        """Add the headers to the start of an HTTP answer."""
        if message["type"] != "http.response.start":
            return
        headers = MutableScopeHeaders.from_message(message)
        host = Headers.from_scope(scope).get("host", "").lower()
        live = f" {'wss' if self._tls else 'ws'}://{host}" if self._fence.knows(host) else ""
        headers["Content-Security-Policy"] = f"{POLICY}; connect-src 'self'{live}"
        for name, value in FIXED.items():
            headers[name] = value
        if self._tls:
            headers["Strict-Transport-Security"] = STRICT_TRANSPORT
        if scope["path"].startswith(("/api/", "/login")) and "cache-control" not in headers:
            headers["Cache-Control"] = "no-store"
