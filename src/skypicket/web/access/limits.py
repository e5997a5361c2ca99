"""How often somebody may ask: token buckets by address and by principal, strict where one signs in.

A bucket holds so many requests and fills again at a steady rate; an empty one answers 429 and says
when to come back. Static files and `/healthz` are not counted, an open WebSocket counts once.
"""

import ipaddress
import math
import threading
from collections import OrderedDict
from collections.abc import Callable

import msgspec
from litestar.exceptions import TooManyRequestsException

from skypicket.domain.times import NS_PER_S
from skypicket.web.access.principal import Principal

MOST_KEYS = 10_000
UNCOUNTED = frozenset({"page.read", "health.read"})


class Rate(msgspec.Struct, frozen=True, kw_only=True):
    """A bucket's size, and how many requests flow into it each second."""

    burst: int
    per_s: float


ANONYMOUS = Rate(burst=200, per_s=20.0)
SIGNED_IN = Rate(burst=1_000, per_s=200.0)
TOKEN = Rate(burst=10_000, per_s=4_000.0)
LOGIN_BY_ADDRESS = Rate(burst=10, per_s=1 / 6)
LOGIN_BY_NAME = Rate(burst=20, per_s=1 / 30)


class Buckets:
    """Token buckets by key. Only the `MOST_KEYS` newest are kept, so that memory is bounded."""

    def __init__(self, rate: Rate, clock: Callable[[], int]) -> None:
        self._rate = rate
        self._clock = clock
        self._lock = threading.Lock()
        self._levels: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def wait_s(self, key: str) -> float:
        """Take one; 0 if there was one, else in how many seconds there will be."""
        now_ns = self._clock()
        with self._lock:
            level, then_ns = self._levels.pop(key, (float(self._rate.burst), now_ns))
            filled = max(0, now_ns - then_ns) / NS_PER_S * self._rate.per_s
            level = min(float(self._rate.burst), level + filled)
            taken = level >= 1
            self._levels[key] = (level - 1 if taken else level, now_ns)
            if len(self._levels) > MOST_KEYS:
                self._levels.popitem(last=False)
        return 0.0 if taken else (1 - level) / self._rate.per_s


class Limits:
    """All buckets of a server."""

    def __init__(self, clock: Callable[[], int]) -> None:
        self._anonymous = Buckets(ANONYMOUS, clock)
        self._signed_in = Buckets(SIGNED_IN, clock)
        self._tokens = Buckets(TOKEN, clock)
        self._logins = Buckets(LOGIN_BY_ADDRESS, clock)
        self._names = Buckets(LOGIN_BY_NAME, clock)

    def count(self, principal: Principal, address: str, permission: str) -> None:
        """Count a request.

        Raises:
            TooManyRequestsException: there were too many; it says when to come back.
        """
        if permission in UNCOUNTED:
            return
        if principal.kind == "anonymous":
            _refuse(self._anonymous.wait_s(neighbourhood(address)))
        elif principal.kind == "token":
            _refuse(self._tokens.wait_s(principal.session))
        else:
            _refuse(self._signed_in.wait_s(principal.session))

    def count_login(self, address: str, name: str = "") -> None:
        """Count an attempt to sign in, by address and by the name that it tries.

        Raises:
            TooManyRequestsException: there were too many; it says when to come back.
        """
        _refuse(self._logins.wait_s(neighbourhood(address)))
        if name:
            _refuse(self._names.wait_s(name))


def neighbourhood(address: str) -> str:
    """What counts as one asker: an IPv4 address, or the /64 that an IPv6 host can choose within."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return str(parsed)
    return str(ipaddress.ip_network((parsed, 64), strict=False))


def _refuse(wait_s: float) -> None:
    if wait_s > 0:
        seconds = math.ceil(wait_s)
        raise TooManyRequestsException(
            f"Too many requests; try again in {seconds} s.", headers={"Retry-After": str(seconds)}
        )
