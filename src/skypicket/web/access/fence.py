"""What a request must look like before anybody asks whose it is: a name of ours, a page of ours."""

import re
from collections.abc import Mapping

from litestar.exceptions import PermissionDeniedException

LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")


class Fence:
    """Refuses requests that another site's page caused, also one that renamed us to itself.

    The names of loopback are always ours; others only if the configuration says so. The port is
    free, because a tunnel may change it; a page's origin must be the very host that it asks.
    """

    def __init__(self, host_names: tuple[str, ...] = (), *, tls: bool = False) -> None:
        names = "|".join(re.escape(name.lower()) for name in (*LOOPBACK_NAMES, *host_names))
        self._host = re.compile(rf"(?:{names})(?::\d{{1,5}})?")
        self._scheme = "https" if tls else "http"

    def check(self, headers: Mapping[str, str]) -> None:
        """Check `Host`, and `Origin` where it is present.

        Raises:
            PermissionDeniedException: the host is no name of ours, or the page is not ours.
        """
        host = headers.get("host", "").lower()
        if not self.knows(host):
            raise PermissionDeniedException(f"This server is not called {host[:80]!r}.")
        origin = headers.get("origin")
        if origin is not None and origin.lower() != f"{self._scheme}://{host}":
            raise PermissionDeniedException(f"Requests from {origin[:80]!r} are not taken here.")

    def knows(self, host: str) -> bool:
        """Whether a `Host` header, in small letters, is a name of ours."""
        return self._host.fullmatch(host) is not None
