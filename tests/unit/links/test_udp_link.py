import asyncio
import socket
import subprocess
import sys
from typing import Any

import pytest

from skypicket.domain.errors import StorageFullError, UnavailableError
from skypicket.links import UdpLink, UdpSettings

# In a process of its own, because the tests' guard knows loopback by address, not by interface.
_SEND_TO_GROUP = """
import socket, sys
sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1"))
sender.sendto(b"to the group", (sys.argv[1], int(sys.argv[2])))
"""


def _send(port: int, *payloads: bytes) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for payload in payloads:
            sender.sendto(payload, ("127.0.0.1", port))


def test_each_datagram_is_a_message(udp_port: int, clock: Any, listed: Any, running: Any) -> None:
    async def receive() -> Any:
        link, intake = UdpLink(UdpSettings(port=udp_port), "radar-1", clock), listed()
        async with running(link, intake):
            _send(udp_port, b"one", b"two", bytes(60_000))
            await intake.until(3)
            return intake.messages, link.health()

    messages, health = asyncio.run(receive())
    assert [message.payload for message in messages] == [b"one", b"two", bytes(60_000)]
    assert {message.source for message in messages} == {"radar-1"}
    assert (health.state, health.messages, health.bytes) == ("up", 3, 60_006)
    assert (health.refused, health.last_message_ns) == (0, clock())


def test_a_burst_is_received_whole(udp_port: int, clock: Any, listed: Any, running: Any) -> None:
    payloads = [b"%05d" % number for number in range(5_000)]

    async def receive() -> Any:
        link, intake = UdpLink(UdpSettings(port=udp_port), "radar-1", clock), listed()
        async with running(link, intake):
            await asyncio.to_thread(_send, udp_port, *payloads)
            await intake.until(len(payloads) - link.health().refused)
            return intake.messages

    assert [message.payload for message in asyncio.run(receive())] == payloads


def test_what_the_intake_refuses_is_counted(
    udp_port: int, clock: Any, listed: Any, running: Any
) -> None:
    async def receive() -> Any:
        link, intake = UdpLink(UdpSettings(port=udp_port), "radar-1", clock), listed(refusals=2)
        intake.error = StorageFullError("the disk is full")
        async with running(link, intake):
            _send(udp_port, b"1", b"2", b"3")
            await intake.until(1)
            return link.health()

    health = asyncio.run(receive())
    assert (health.messages, health.refused, health.text) == (1, 2, "the disk is full")


def test_what_the_kernel_drops_is_counted(
    udp_port: int, clock: Any, listed: Any, running: Any
) -> None:
    settings = UdpSettings(port=udp_port, receive_buffer_bytes=4_096)

    async def receive() -> Any:
        link, intake = UdpLink(settings, "radar-1", clock), listed()
        async with running(link, intake):
            _send(udp_port, *[bytes(500)] * 100)  # while the loop is held up
            await intake.until(1)
            _send(udp_port, b"last")  # the count comes with the datagram after the drop
            for _ in range(2_000):
                if intake.messages[-1].payload == b"last":
                    break
                await asyncio.sleep(0.005)
            return link.health()

    health = asyncio.run(receive())
    assert health.refused > 0
    assert health.messages + health.refused == 101
    assert "the kernel dropped" in health.text


def test_a_port_in_use_is_named(udp_port: int, clock: Any, listed: Any) -> None:
    link = UdpLink(UdpSettings(port=udp_port), "radar-1", clock)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as holder:
        holder.bind(("127.0.0.1", udp_port))
        with pytest.raises(UnavailableError, match=f"127.0.0.1:{udp_port} .* is in use"):
            asyncio.run(link.run(listed()))
    assert link.health().state == "down"


def test_an_address_of_another_machine_is_named(udp_port: int, clock: Any, listed: Any) -> None:
    link = UdpLink(UdpSettings(host="192.0.2.1", port=udp_port), "radar-1", clock)
    with pytest.raises(UnavailableError, match=r"192\.0\.2\.1.* is none of this machine's"):
        asyncio.run(link.run(listed()))


def test_an_address_that_is_none_is_named(udp_port: int, clock: Any, listed: Any) -> None:
    settings = UdpSettings(multicast_group="239.1.2", port=udp_port)
    with pytest.raises(UnavailableError, match="'radar-1' cannot be opened"):
        asyncio.run(UdpLink(settings, "radar-1", clock).run(listed()))


def test_the_port_is_free_after_stopping(
    udp_port: int, clock: Any, listed: Any, running: Any
) -> None:
    async def twice() -> list[str]:
        states: list[str] = []
        for _ in range(2):
            link = UdpLink(UdpSettings(port=udp_port), "radar-1", clock)
            async with running(link, listed()):
                states.append(link.health().state)
            states.append(link.health().state)
        return states

    assert asyncio.run(twice()) == ["up", "down", "up", "down"]


def test_a_multicast_group_is_joined(udp_port: int, clock: Any, listed: Any, running: Any) -> None:
    settings = UdpSettings(port=udp_port, multicast_group="239.255.7.7")

    async def receive() -> Any:
        link, intake = UdpLink(settings, "radar-1", clock), listed()
        async with running(link, intake):
            command = [sys.executable, "-c", _SEND_TO_GROUP, "239.255.7.7", str(udp_port)]
            await asyncio.to_thread(subprocess.run, command, check=True)
            await intake.until(1)
            return intake.messages

    assert [message.payload for message in asyncio.run(receive())] == [b"to the group"]
