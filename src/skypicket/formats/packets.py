"""Where the UDP payload lies in a captured packet.

Layouts: RFC 768, 791, 8200; IEEE 802.1Q; the link types of pcap.
"""

from typing import NamedTuple

UDP = 17
_VLAN_TAGS = frozenset({0x8100, 0x88A8, 0x9100})
_IP_TYPES = frozenset({0x0800, 0x86DD})
# IPv6 headers that may stand before UDP: hop-by-hop, routing, destination options.
_IPV6_EXTENSIONS = frozenset({0, 43, 60})
_IPV6_FRAGMENT = 44

# Bytes before the network header, and where in them the EtherType stands (None: there is none).
_LINK_HEADERS: dict[int, tuple[int, int | None]] = {
    0: (4, None),  # BSD loopback
    1: (14, 12),  # Ethernet
    12: (0, None),  # raw IP
    14: (0, None),
    101: (0, None),
    108: (4, None),
    113: (16, 14),  # Linux cooked
    228: (0, None),  # raw IPv4
    229: (0, None),  # raw IPv6
    276: (20, 0),  # Linux cooked, version 2
}


class Span(NamedTuple):
    """The payload's bytes in the packet; `fault` is a reason word if it cannot be had, or ""."""

    start: int
    stop: int
    fault: str = ""


def udp_span(link_type: int, packet: bytes) -> Span | None:
    """The span of the UDP payload, None if the packet carries no UDP.

    Faults: `unknown_link_type`, `fragmented`, `truncated` (a header or the payload is cut short),
    `bad_length`.

    >>> ip = bytes.fromhex("4500001e00000000401100007f0000017f000001")
    >>> udp_span(101, ip + bytes.fromhex("27102710000a0000ffff"))
    Span(start=28, stop=30, fault='')
    """
    if link_type not in _LINK_HEADERS:
        return Span(0, 0, "unknown_link_type")
    size, type_at = _LINK_HEADERS[link_type]
    if type_at is not None:
        ether_type = _u16(packet, type_at)
        while ether_type in _VLAN_TAGS:
            ether_type = _u16(packet, size + 2)
            size += 4
        if ether_type not in _IP_TYPES:
            return None
    if len(packet) <= size:
        return Span(size, size, "truncated")
    version = packet[size] >> 4
    if version == 4:
        return _ipv4(packet, size)
    if version == 6:
        return _ipv6(packet, size)
    return None


def _u16(packet: bytes, at: int) -> int:
    return int.from_bytes(packet[at : at + 2], "big")


def _ipv4(packet: bytes, at: int) -> Span | None:
    header = (packet[at] & 0x0F) * 4
    if len(packet) < at + 20:
        return Span(at, at, "truncated")
    if packet[at + 9] != UDP:
        return None
    if _u16(packet, at + 6) & 0x3FFF:  # more fragments, or not the first
        return Span(at, at, "fragmented")
    if header < 20:
        return Span(at, at, "bad_length")
    return _udp(packet, at + header)


def _ipv6(packet: bytes, at: int) -> Span | None:
    if len(packet) < at + 40:
        return Span(at, at, "truncated")
    following, at = packet[at + 6], at + 40
    while following in _IPV6_EXTENSIONS and len(packet) >= at + 8:
        following, at = packet[at], at + 8 * (packet[at + 1] + 1)
    if following == _IPV6_FRAGMENT:
        return Span(at, at, "fragmented")
    return _udp(packet, at) if following == UDP else None


def _udp(packet: bytes, at: int) -> Span:
    if len(packet) < at + 8:
        return Span(at, at, "truncated")
    length = _u16(packet, at + 4)
    if length < 8:
        return Span(at, at, "bad_length")
    stop = at + length
    return Span(at + 8, stop, "truncated" if stop > len(packet) else "")
