"""Files that hold messages: plain ones, JSON lines, pcap and pcapng."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

import msgspec

from skypicket import formats
from skypicket.domain.contracts import Reject
from skypicket.formats.capture_files import PCAP_MAGICS, PCAPNG_MAGIC, Packet, pcap, pcapng
from skypicket.formats.origin import Refusal
from skypicket.formats.packets import udp_span

Framing = Literal["blocks", "lines", "whole"]

# How a plain file of each format is cut; a format of another package may say `framing`.
FRAMINGS: dict[str, Framing] = {
    "acoustic": "lines",
    "asterix": "blocks",
    "observations": "whole",
    "readsb-json": "lines",
    "report": "lines",
}

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Frame(NamedTuple):
    """One message of a file: its byte offset there, its receive time if known, its bytes."""

    offset: int
    received_ns: int | None
    payload: bytes


def framing_of(format_name: str) -> Framing:
    """How plain files of a format are cut; those of an unknown one are not.

    >>> framing_of("asterix"), framing_of("unheard-of")
    ('blocks', 'whole')
    """
    if format_name in FRAMINGS or format_name not in formats.names():
        return FRAMINGS.get(format_name, "whole")
    framing: Framing = getattr(formats.load(format_name), "framing", "whole")
    return framing


def frames(content: bytes, format_name: str) -> Iterator[Frame | Reject]:
    r"""The messages of a file in order, and a `Reject` for what of it cannot be read.

    Capture files are known by their first bytes; each UDP payload is a message. A plain file is
    cut by ASTERIX block length, by line, or not at all, as `framing_of` says. A file that is one
    JSON text is one message, however many lines it has. Bad content never raises.

    Raises:
        ConfigurationError: the package that offers the format is broken.

    >>> [f.payload for f in frames(b'{"a":1}\n\n{"a":2}\n', "report")]
    [b'{"a":1}', b'{"a":2}']
    """
    if content[:4] in PCAP_MAGICS:
        yield from _from_packets(pcap(content), "pcap")
    elif content[:4] == PCAPNG_MAGIC:
        yield from _from_packets(pcapng(content), "pcapng")
    else:
        match framing_of(format_name):
            case "blocks":
                yield from _blocks(content)
            case "lines":
                yield from _lines(content)
            case "whole":
                if content:
                    yield Frame(0, None, content)


def _blocks(content: bytes) -> Iterator[Frame]:
    """ASTERIX blocks: category, two bytes of length. What cannot be cut goes on whole."""
    at = 0
    while at < len(content):
        length = int.from_bytes(content[at + 1 : at + 3], "big")
        if length < 3 or at + length > len(content):
            length = len(content) - at  # the decoder says what is wrong with it
        yield Frame(at, None, content[at : at + length])
        at += length


def _lines(content: bytes) -> Iterator[Frame]:
    start = len(_BYTE_ORDER_MARK) if content.startswith(_BYTE_ORDER_MARK) else 0
    first_line = content[start:].lstrip().partition(b"\n")[0]
    if not _is_json(first_line) and _is_json(content[start:]):
        yield Frame(start, None, content[start:])
        return
    while start < len(content):
        stop = content.find(b"\n", start)
        stop = len(content) if stop < 0 else stop
        line = content[start:stop]
        if stripped := line.strip():
            yield Frame(start + len(line) - len(line.lstrip()), None, stripped)
        start = stop + 1


def _is_json(text: bytes) -> bool:
    try:
        msgspec.json.decode(text, type=msgspec.Raw)
    except (ValueError, RecursionError):
        return False
    return True


def _from_packets(packets: Iterator[Packet | Refusal], wrapper: str) -> Iterator[Frame | Reject]:
    seen = found = 0
    for packet in packets:
        if isinstance(packet, Refusal):
            yield _reject(wrapper, packet)
            found += 1
            continue
        seen += 1
        span = udp_span(packet.link_type, packet.content)
        if span is None:
            continue
        found += 1
        if span.fault:
            detail = f"Packet {seen} of the capture: its UDP payload is not readable."
            yield _reject(wrapper, Refusal(span.fault, packet.offset + span.start, detail))
        elif span.stop > span.start:
            payload = packet.content[span.start : span.stop]
            yield Frame(packet.offset + span.start, packet.received_ns, payload)
    if seen and not found:
        detail = f"None of the {seen} packets of the capture carries UDP."
        yield _reject(wrapper, Refusal("no_payload", 0, detail))


def _reject(wrapper: str, refusal: Refusal) -> Reject:
    return Reject(
        source="",
        sequence=0,
        received_ns=0,
        format=wrapper,
        reason=refusal.reason,
        offset=refusal.offset,
        detail=refusal.detail,
    )
