"""A pytest plugin: a connection or a name look-up that leaves the machine fails the test.

It listens to the interpreter's own audit events, so that no library slips through; programs that
a test starts are outside its reach.
"""

import sys
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

import pytest

_LOCAL_NAMES = {"", "localhost", "ip6-localhost", "ip6-loopback"}


class OutsideRequestError(AssertionError):
    """A test tried to reach another machine."""


class _Guard:
    """Whether the guard is up; the interpreter keeps its audit hooks until it ends."""

    up = False


def is_local(host: object) -> bool:
    """Whether a host is this machine: loopback, unspecified, or a path of a Unix socket.

    >>> is_local("127.0.0.1"), is_local("::1"), is_local("localhost"), is_local("192.0.2.7")
    (True, True, True, False)
    """
    if host is None or isinstance(host, bytes | int):
        return not isinstance(host, bytes) or is_local(host.decode("ascii", "replace"))
    name = str(host).split("%", 1)[0]
    if name in _LOCAL_NAMES:
        return True
    try:
        address = ip_address(name)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _listen(event: str, arguments: tuple[Any, ...]) -> None:
    if not _Guard.up or not event.startswith("socket."):
        return
    host: object = None
    if event in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    if not is_local(host):
        raise OutsideRequestError(f"{event} to {host!r}: tests talk to loopback only.")


def pytest_configure() -> None:
    """Start to listen, once per interpreter."""
    if not hasattr(sys, "_skypicket_offline"):
        sys.addaudithook(_listen)
        sys._skypicket_offline = True  # type: ignore[attr-defined]  # noqa: SLF001


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol() -> Iterator[None]:
    """Raise the guard round each test and its fixtures."""
    _Guard.up = True
    try:
        return (yield)
    finally:
        _Guard.up = False
