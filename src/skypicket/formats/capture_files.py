"""Packets of pcap and pcapng files, with exact times and byte offsets.

Own code, because the readers at hand give times as floats (some 0.2 µs off today) and no offsets,
and take a file that ends inside a packet for a complete one. Layouts: draft-ietf-opsawg-pcap,
draft-ietf-opsawg-pcapng.
"""

from collections.abc import Iterator
from struct import Struct
from typing import Literal, NamedTuple

from skypicket.domain.times import NS_PER_S
from skypicket.formats.origin import Refusal

# First four bytes of a pcap file: byte order, and nanoseconds per tick of its times.
PCAP_MAGICS: dict[bytes, tuple[Literal["<", ">"], int]] = {
    bytes.fromhex("d4c3b2a1"): ("<", 1000),
    bytes.fromhex("a1b2c3d4"): (">", 1000),
    bytes.fromhex("4d3cb2a1"): ("<", 1),
    bytes.fromhex("a1b23c4d"): (">", 1),
}
PCAPNG_MAGIC = bytes.fromhex("0a0d0d0a")

_SECTION, _INTERFACE, _OLD_PACKET, _SIMPLE_PACKET, _PACKET = 0x0A0D0D0A, 1, 2, 3, 6
_LITTLE_ENDIAN = bytes.fromhex("4d3c2b1a")
_BIG_ENDIAN = bytes.fromhex("1a2b3c4d")
_TIME_RESOLUTION, _TIME_OFFSET = 9, 14


class Packet(NamedTuple):
    """A packet: its byte offset in the file, receive time if known, link type and bytes."""

    offset: int
    received_ns: int | None
    link_type: int
    content: bytes


class _Interface(NamedTuple):
    link_type: int
    ticks_per_s: int = 1_000_000
    offset_s: int = 0


def pcap(content: bytes) -> Iterator[Packet | Refusal]:
    """The packets of a pcap file; last a refusal if it ends inside one."""
    order, tick_ns = PCAP_MAGICS[content[:4]]
    if len(content) < 24:
        yield _cut(0, "header")
        return
    link_type = Struct(order + "I").unpack_from(content, 20)[0] & 0xFFFF  # above: frame check flags
    record = Struct(order + "IIII")
    at = 24
    while at < len(content):
        if at + record.size > len(content):
            yield _cut(at, "packet header")
            return
        seconds, ticks, size, _ = record.unpack_from(content, at)
        start = at + record.size
        if start + size > len(content):
            yield _cut(at, f"packet of {size} bytes")
            return
        received_ns = seconds * NS_PER_S + ticks * tick_ns
        yield Packet(start, received_ns, link_type, content[start : start + size])
        at = start + size


def _cut(at: int, what: str) -> Refusal:
    return Refusal("truncated", at, f"The capture ends inside a {what} that starts at byte {at}.")


def pcapng(content: bytes) -> Iterator[Packet | Refusal]:
    """The packets of a pcapng file; last a refusal if a block cannot be read."""
    order: Literal["<", ">"] = "<"
    interfaces: list[_Interface] = []
    at = 0
    while at < len(content):
        if content[at : at + 4] == PCAPNG_MAGIC:
            mark = content[at + 8 : at + 12]
            if len(mark) == 4 and mark not in {_LITTLE_ENDIAN, _BIG_ENDIAN}:
                yield Refusal(
                    "bad_byte_order", at + 8, f"Section at byte {at}: no byte-order mark."
                )
                return
            order, interfaces = ">" if mark == _BIG_ENDIAN else "<", []
        size = _block_size(content, at, order)
        if isinstance(size, Refusal):
            yield size
            return
        kind = Struct(order + "I").unpack_from(content, at)[0]
        body = content[at + 8 : at + size - 4]
        if kind == _INTERFACE and len(body) >= 8:
            interfaces.append(_interface(body, order))
        elif kind in {_PACKET, _OLD_PACKET, _SIMPLE_PACKET}:
            yield _packet(kind, body, at + 8, order, interfaces)
        at += size


def _block_size(content: bytes, at: int, order: str) -> int | Refusal:
    if at + 12 > len(content):
        return _cut(at, "block header")
    size = int(Struct(order + "I").unpack_from(content, at + 4)[0])
    if size < 12 or size % 4:
        return Refusal("bad_length", at + 4, f"The block at byte {at} says it has {size} bytes.")
    if at + size > len(content):
        return _cut(at, f"block of {size} bytes")
    if content[at + 4 : at + 8] != content[at + size - 4 : at + size]:
        return Refusal("bad_length", at + 4, f"The block at byte {at} ends with another length.")
    return size


def _interface(body: bytes, order: str) -> _Interface:
    found = _Interface(Struct(order + "H").unpack_from(body)[0])
    at = 8
    while at + 4 <= len(body):
        code, size = Struct(order + "HH").unpack_from(body, at)
        value = body[at + 4 : at + 4 + size]
        if code == _TIME_RESOLUTION and size == 1:
            base = 2 if value[0] & 0x80 else 10
            found = found._replace(ticks_per_s=base ** (value[0] & 0x7F))
        elif code == _TIME_OFFSET and len(value) == 8:
            found = found._replace(offset_s=Struct(order + "q").unpack(value)[0])
        elif code == 0:
            break
        at += 4 + (size + 3) // 4 * 4
    return found


def _packet(
    kind: int, body: bytes, at: int, order: str, interfaces: list[_Interface]
) -> Packet | Refusal:
    """A packet block: simple, enhanced or old (which differ in how the interface is said)."""
    if kind == _SIMPLE_PACKET:
        if len(body) < 4 or not interfaces:
            return Refusal("bad_block", at, "A packet block names no interface of its section.")
        size = Struct(order + "I").unpack_from(body)[0]
        content = body[4 : 4 + size]
        return Packet(at + 4, None, interfaces[0].link_type, content)
    if len(body) < 20:
        return Refusal("bad_length", at, f"A packet block of {len(body)} bytes is too short.")
    number = Struct(order + ("I" if kind == _PACKET else "H")).unpack_from(body)[0]
    high, low, size, _ = Struct(order + "IIII").unpack_from(body, 4)
    if number >= len(interfaces):
        return Refusal(
            "bad_block", at, f"A packet block names interface {number}, never described."
        )
    if 20 + size > len(body):
        return Refusal("bad_length", at + 12, f"A packet of {size} bytes is longer than its block.")
    interface = interfaces[number]
    ticks = (high << 32) | low
    received_ns = ticks * NS_PER_S // interface.ticks_per_s + interface.offset_s * NS_PER_S
    return Packet(at + 20, received_ns, interface.link_type, body[20 : 20 + size])
