"""Datagrams over UDP, also multicast; what the kernel dropped is counted too."""

import asyncio
import errno
import ipaddress
import socket
import struct

from skypicket.domain.contracts import Clock, Intake, LinkHealth
from skypicket.domain.errors import UnavailableError
from skypicket.links.settings import UdpSettings
from skypicket.links.tally import Tally

_SO_RXQ_OVFL = 40  # asm-generic/socket.h; Python does not name it
_MAX_DATAGRAM = 65_535
_AT_ONCE = 64  # datagrams per wake-up, so that other links get their turn
_ANY_ANCILLARY = 64


class UdpLink:
    """Takes each datagram that reaches a port as one message; UDP cannot acknowledge."""

    def __init__(self, settings: UdpSettings, source: str, clock: Clock) -> None:
        self._settings = settings
        self._tally = Tally(source, clock)
        self._dropped_by_kernel = 0

    async def run(self, intake: Intake) -> None:
        """Receive until cancelled.

        Raises:
            UnavailableError: the port is in use, or the address is not one of this machine.
        """
        loop = asyncio.get_running_loop()
        receiver = self._open()
        try:
            loop.add_reader(receiver, self._receive, receiver, intake)
            self._tally.up()
            await loop.create_future()  # for ever: a cancellation ends it
        finally:
            loop.remove_reader(receiver)
            receiver.close()
            self._tally.down("stopped")

    def health(self) -> LinkHealth:
        """How the link is; `refused` includes what the kernel dropped."""
        return self._tally.health()

    def _open(self) -> socket.socket:
        settings = self._settings
        address = settings.multicast_group or settings.host
        try:
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            receiver = socket.socket(family, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)
        except OSError as error:
            raise UnavailableError(f"No UDP socket for {self._tally.source!r}: {error}.") from error
        try:
            self._prepare(receiver, family)
        except (OSError, ValueError) as error:
            receiver.close()
            text = self._why(error)
            self._tally.down(text)
            raise UnavailableError(text) from error
        return receiver

    def _prepare(self, receiver: socket.socket, family: socket.AddressFamily) -> None:
        settings = self._settings
        receiver.setblocking(False)
        receiver.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, settings.receive_buffer_bytes)
        receiver.setsockopt(socket.SOL_SOCKET, _SO_RXQ_OVFL, 1)
        if not settings.multicast_group:
            receiver.bind((settings.host, settings.port))
            return
        receiver.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        receiver.bind((settings.multicast_group, settings.port))
        group = ipaddress.ip_address(settings.multicast_group)
        if family == socket.AF_INET6:
            any_interface = struct.pack("@I", 0)
            receiver.setsockopt(
                socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, group.packed + any_interface
            )
        else:
            interface = socket.inet_aton(settings.host)
            receiver.setsockopt(
                socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, group.packed + interface
            )

    def _why(self, error: OSError | ValueError) -> str:
        settings = self._settings
        place = f"{settings.multicast_group or settings.host}:{settings.port}"
        where = f"source {self._tally.source!r}"
        number = error.errno if isinstance(error, OSError) else None
        if number == errno.EADDRINUSE:
            return f"UDP port {place} of {where} is in use by another program. Choose another port."
        if number == errno.EADDRNOTAVAIL:
            return f"UDP address {place} of {where} is none of this machine's."
        return f"UDP {place} of {where} cannot be opened: {error}."

    def _receive(self, receiver: socket.socket, intake: Intake) -> None:
        for _ in range(_AT_ONCE):
            try:
                payload, ancillary, _flags, _sender = receiver.recvmsg(
                    _MAX_DATAGRAM, _ANY_ANCILLARY
                )
            except (BlockingIOError, InterruptedError):
                return
            except OSError as error:
                self._tally.refused(f"receiving failed: {error}", 0)
                return
            self._count_drops(ancillary)
            self._tally.offer(intake, payload)

    def _count_drops(self, ancillary: list[tuple[int, int, bytes]]) -> None:
        for level, kind, content in ancillary:
            if level == socket.SOL_SOCKET and kind == _SO_RXQ_OVFL:
                total = struct.unpack("@I", content[:4])[0]
                new = (total - self._dropped_by_kernel) & 0xFFFF_FFFF
                if new:
                    self._dropped_by_kernel = total
                    text = f"the kernel dropped {new} datagrams: the receive buffer was full"
                    self._tally.refused(text, new)
