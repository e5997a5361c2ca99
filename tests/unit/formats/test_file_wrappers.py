import io
import struct
from collections.abc import Iterator

import dpkt
import pytest

from skypicket.domain.contracts import Reject
from skypicket.domain.times import NS_PER_S
from skypicket.formats.wrappers import Frame, frames

SOME_NS = 1_753_667_760 * NS_PER_S + 123_456_000
PAYLOAD = b"\x30\x00\x05\xab\xcd"


def udp(payload: bytes = PAYLOAD) -> dpkt.udp.UDP:
    return dpkt.udp.UDP(sport=1, dport=2, data=payload, ulen=8 + len(payload))


def ipv4(payload: bytes = PAYLOAD, **fields: int) -> dpkt.ip.IP:
    data = udp(payload)
    return dpkt.ip.IP(
        src=b"\x7f\0\0\1", dst=b"\x7f\0\0\1", p=17, data=data, len=20 + len(data), **fields
    )


def ethernet(payload: bytes = PAYLOAD) -> bytes:
    return bytes(dpkt.ethernet.Ethernet(data=ipv4(payload), type=0x0800))


def vlan(payload: bytes = PAYLOAD) -> bytes:
    plain = ethernet(payload)
    return plain[:12] + b"\x88\xa8\x00\x05\x81\x00\x00\x07" + plain[12:]


def ipv6(payload: bytes = PAYLOAD, extension: bytes = b"", following: int = 17) -> bytes:
    data = extension + bytes(udp(payload))
    return struct.pack(">IHBB", 6 << 28, len(data), following, 1) + bytes(32) + data


def pcap(*packets: bytes, link_type: int = 1, nano: bool = False) -> bytes:
    file = io.BytesIO()
    writer = dpkt.pcap.Writer(file, linktype=link_type, nano=nano)
    for number, packet in enumerate(packets):
        writer.writepkt_time(packet, SOME_NS // NS_PER_S + number)
    return file.getvalue()


def pcapng(*packets: bytes) -> bytes:
    file = io.BytesIO()
    writer = dpkt.pcapng.Writer(file)
    for number, packet in enumerate(packets):
        writer.writepkt(packet, ts=SOME_NS // NS_PER_S + number)
    return file.getvalue()


def good(content: bytes, format_name: str = "asterix") -> list[Frame]:
    found = list(frames(content, format_name))
    assert all(isinstance(frame, Frame) for frame in found), found
    return [frame for frame in found if isinstance(frame, Frame)]


def last_reject(found: Iterator[Frame | Reject]) -> Reject:
    last = list(found)[-1]
    assert isinstance(last, Reject)
    return last


@pytest.mark.parametrize(
    ("packet", "link_type"),
    [
        (ethernet(), 1),
        (vlan(), 1),
        (bytes(ipv4()), 101),
        (bytes(ipv4()), 228),
        (ipv6(), 229),
        (ipv6(extension=b"\x11\x00" + bytes(6), following=0), 101),
        (b"\x02\x00\x00\x00" + bytes(ipv4()), 0),
        (bytes(14) + b"\x08\x00" + bytes(ipv4()), 113),
        (b"\x08\x00" + bytes(18) + bytes(ipv4()), 276),
    ],
    ids=["ethernet", "vlan", "raw", "raw4", "raw6", "extension", "loopback", "cooked", "cooked2"],
)
def test_the_udp_payload_is_found_behind_each_link_header(packet: bytes, link_type: int) -> None:
    content = pcap(packet, link_type=link_type)
    (frame,) = good(content)
    assert frame.payload == PAYLOAD
    assert content[frame.offset : frame.offset + len(PAYLOAD)] == PAYLOAD


def test_padding_behind_a_short_datagram_is_no_payload() -> None:
    assert good(pcap(ethernet() + bytes(13)))[0].payload == PAYLOAD


def test_pcapng_gives_the_same_frames_as_pcap() -> None:
    packets = [ethernet(b"one"), ethernet(b"two")]
    assert [f.payload for f in good(pcapng(*packets))] == [b"one", b"two"]
    assert [f.received_ns for f in good(pcapng(*packets))] == [
        f.received_ns for f in good(pcap(*packets))
    ]


def big_endian_pcap(ticks: int, *, nano: bool) -> bytes:
    magic = 0xA1B23C4D if nano else 0xA1B2C3D4
    head = struct.pack(">IHHiIII", magic, 2, 4, 0, 0, 65535, 1)
    packet = ethernet()
    return (
        head + struct.pack(">IIII", SOME_NS // NS_PER_S, ticks, len(packet), len(packet)) + packet
    )


def test_a_receive_time_is_exact_to_the_nanosecond() -> None:
    (frame,) = good(big_endian_pcap(123_456_789, nano=True))
    assert frame.received_ns == SOME_NS // NS_PER_S * NS_PER_S + 123_456_789
    (frame,) = good(big_endian_pcap(123_456, nano=False))
    assert frame.received_ns == SOME_NS


def block(kind: int, body: bytes) -> bytes:
    size = struct.pack("<I", 12 + len(body))
    return struct.pack("<I", kind) + size + body + size


SECTION = block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))


def test_pcapng_times_follow_resolution_and_offset_of_their_interface() -> None:
    options = struct.pack("<HHB3x", 9, 1, 9) + struct.pack("<HHq", 14, 8, 100) + bytes(4)
    described = block(1, struct.pack("<HHI", 1, 0, 0) + options)
    packet = ethernet()
    packet += bytes(-len(packet) % 4)
    body = struct.pack("<IIIII", 0, 0, 7, len(packet), len(packet)) + packet
    (frame,) = good(SECTION + described + block(6, body))
    assert frame.received_ns == 100 * NS_PER_S + 7


def test_a_simple_packet_has_no_receive_time() -> None:
    described = block(1, struct.pack("<HHI", 1, 0, 0))
    packet = ethernet()
    body = struct.pack("<I", len(packet)) + packet + bytes(-len(packet) % 4)
    (frame,) = good(SECTION + described + block(3, body))
    assert (frame.received_ns, frame.payload) == (None, PAYLOAD)


@pytest.mark.parametrize("wrap", [pcap, pcapng])
def test_a_capture_cut_anywhere_gives_whole_frames_and_at_most_one_reject(wrap: object) -> None:
    assert callable(wrap)
    content = wrap(ethernet(b"one"), ethernet(b"two"))
    for length in range(4, len(content)):
        found = list(frames(content[:length], "asterix"))
        payloads = [f.payload for f in found if isinstance(f, Frame)]
        assert payloads == [b"one", b"two"][: len(payloads)]
        assert sum(isinstance(f, Reject) for f in found) <= 1
        if length not in {24, *_ends(content)}:
            assert last_reject(iter(found)).reason == "truncated"


def _ends(content: bytes) -> set[int]:
    """Lengths at which a capture of these tests may well end: between records."""
    ends = {content.index(b"one") + 3, content.index(b"two") + 3}
    at = 0
    while content[:1] == b"\x0a" and at < len(content):
        at += struct.unpack_from("<I", content, at + 4)[0]
        ends.add(at)
    return ends


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (pcap(bytes(ipv4(mf=1)), link_type=101), "fragmented"),
        (pcap(ipv6(extension=b"\x11" + bytes(7), following=44), link_type=101), "fragmented"),
        (pcap(ethernet()[:-2]), "truncated"),
        (pcap(ethernet(), link_type=147), "unknown_link_type"),
        (pcap(bytes(dpkt.ethernet.Ethernet(type=0x0806))), "no_payload"),
        (SECTION[:8] + bytes(4) + SECTION[12:], "bad_byte_order"),
        (SECTION + block(6, struct.pack("<IIIII", 3, 0, 0, 0, 0)), "bad_block"),
        (SECTION + b"\x06\0\0\0\x02\0\0\0" + bytes(8), "bad_length"),
        (SECTION + block(6, bytes(20))[:-4] + b"\x40\0\0\0", "bad_length"),
    ],
)
def test_what_a_capture_cannot_say_is_a_reject_with_its_reason(content: bytes, reason: str) -> None:
    assert last_reject(frames(content, "asterix")).reason == reason


def test_a_plain_asterix_file_is_cut_by_block_length() -> None:
    assert [(f.offset, f.payload) for f in good(PAYLOAD * 2)] == [(0, PAYLOAD), (5, PAYLOAD)]


@pytest.mark.parametrize("tail", [b"\x30", b"\x30\x00\x02rest", b"\x30\xff\xffrest"])
def test_what_cannot_be_cut_goes_on_whole_for_the_decoder_to_name(tail: bytes) -> None:
    assert [f.payload for f in good(PAYLOAD + tail)] == [PAYLOAD, tail]


def test_json_lines_keep_their_offsets_over_blank_lines_and_carriage_returns() -> None:
    content = b'\xef\xbb\xbf{"a":1}\r\n\n   \n  {"a":2}'
    found = good(content, "report")
    assert [f.payload for f in found] == [b'{"a":1}', b'{"a":2}']
    assert all(content[f.offset :].startswith(f.payload) for f in found)


def test_a_json_text_over_many_lines_is_one_message() -> None:
    content = b'{\n "now": 1,\n "aircraft": []\n}\n'
    assert [f.payload for f in good(content, "readsb-json")] == [content]


def test_a_bad_first_line_does_not_glue_the_others() -> None:
    assert len(good(b'{"a":\n{"a":2}\n{"a":3}\n', "report")) == 3


def test_an_empty_file_has_no_messages() -> None:
    assert [good(b"", name) for name in ("asterix", "report", "observations")] == [[], [], []]
