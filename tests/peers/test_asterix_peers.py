"""Two programs that others wrote read the same octets: libasterix and tshark."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import dpkt
import numpy as np
import pytest

from skypicket.domain.observations import batch_of
from skypicket.formats.asterix import DEFAULT_EDITIONS, FORMAT, editions, records
from skypicket.formats.asterix.samples import random_block
from skypicket.formats.asterix.tables import TO_SI
from skypicket.testing.builders import NIGHT_NS, radar

READER = Path(__file__).with_name("libasterix_reader.py")
PORT = 30_000


class Asked(NamedTuple):
    """A block, and the edition that its source has."""

    category: int
    edition: str
    block: bytes


def blocks_in(payload: bytes) -> Iterator[bytes]:
    while payload:
        length = int.from_bytes(payload[1:3], "big")
        yield payload[:length]
        payload = payload[length:]


@pytest.fixture(scope="module")
def datagrams(shared: Path) -> list[bytes]:
    path = shared / "captures" / "asterix" / "cat_034_048_first_half.pcap"
    with path.open("rb") as file:
        packets = [dpkt.ethernet.Ethernet(frame) for _, frame in dpkt.pcap.Reader(file)]
    return [bytes(packet.data.data.data) for packet in packets]


@pytest.fixture(scope="module")
def random_blocks() -> list[Asked]:
    chance = np.random.default_rng(20_250_728)
    return [
        Asked(category, edition, random_block(category, chance, 3, edition))
        for category in DEFAULT_EDITIONS
        for edition in editions(category)
        for _ in range(60)
    ]


@pytest.fixture(scope="module")
def libasterix(
    repository: Path, datagrams: list[bytes], random_blocks: list[Asked]
) -> list[tuple[Asked, dict[str, Any]]]:
    """What libasterix reads, asked once because it takes seconds to start."""
    python = repository / ".tools" / "peers" / "libasterix" / "bin" / "python"
    if not python.exists():
        pytest.skip("libasterix is missing: run scripts/peers/pypi.sh libasterix")
    captured = [b for datagram in datagrams for b in blocks_in(datagram)]
    asked = [Asked(b[0], DEFAULT_EDITIONS[b[0]], b) for b in captured] + random_blocks
    lines = "".join(
        json.dumps({"category": a.category, "edition": a.edition, "block": a.block.hex()}) + "\n"
        for a in asked
    )
    done = subprocess.run(
        [str(python), str(READER)], input=lines, capture_output=True, text=True, check=True
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    return list(zip(asked, answers, strict=True))


def agreed(ours: Any, theirs: Any) -> bool:
    """Whether two values are the same; theirs are in the units of the specification."""
    match theirs:
        case dict():
            return ours.keys() == theirs.keys() and all(agreed(ours[n], theirs[n]) for n in ours)
        case [float() as value, str() as unit]:
            return bool(ours == pytest.approx(value * TO_SI.get(unit, 1.0), rel=1e-12, abs=1e-12))
        case list():
            return len(ours) == len(theirs) and all(map(agreed, ours, theirs))
        case str():
            return str(ours).strip("0 ") == theirs.strip("0 ")  # they show code 0 as a space
    return bool(ours == theirs)


def test_libasterix_reads_the_same_values(
    libasterix: list[tuple[Asked, dict[str, Any]]],
) -> None:
    compared = 0
    for asked, answer in libasterix:
        ours = records(asked.block, {f"{asked.category:03d}": asked.edition})
        assert len(ours) == len(answer["records"])
        for one, theirs in zip(ours, answer["records"], strict=True):
            assert agreed(one["items"], theirs), (asked.block.hex(), one["items"], theirs)
            compared += len(theirs)
    assert compared > 10_000


def test_libasterix_writes_the_same_octets(
    libasterix: list[tuple[Asked, dict[str, Any]]],
) -> None:
    assert [asked.block.hex() for asked, answer in libasterix if not answer["same"]] == []


@pytest.fixture(scope="module")
def tshark() -> str:
    found = shutil.which("tshark")
    if found is None:
        pytest.skip("tshark is missing: run scripts/peers/debian.sh")
    return found


def dissected(tshark: str, folder: Path, payloads: list[bytes]) -> list[dict[str, list[str]]]:
    """tshark's fields of every payload, each with its values in order."""
    path = folder / "blocks.pcap"
    with path.open("wb") as file:
        writer = dpkt.pcap.Writer(file)
        for n, payload in enumerate(payloads):
            datagram = dpkt.udp.UDP(sport=PORT, dport=PORT, data=payload, ulen=8 + len(payload))
            packet = dpkt.ip.IP(
                src=b"\x7f\0\0\1", dst=b"\x7f\0\0\1", p=17, data=datagram, len=28 + len(payload)
            )
            writer.writepkt(bytes(dpkt.ethernet.Ethernet(data=packet)), ts=n)
    done = subprocess.run(
        [
            tshark,
            "-r",
            path,
            "-d",
            f"udp.port=={PORT},asterix",
            "-T",
            "json",
            "--no-duplicate-keys",
        ],
        capture_output=True,
        check=True,
        text=True,
    )
    return [fields_of(packet["_source"]["layers"]) for packet in json.loads(done.stdout)]


def fields_of(layer: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    match layer:
        case dict():
            for name, value in layer.items():
                if isinstance(value, str):
                    found.setdefault(name, []).append(value)
                else:
                    for inner, values in fields_of(value).items():
                        found.setdefault(inner, []).extend(values)
                    if isinstance(value, list) and all(isinstance(v, str) for v in value):
                        found.setdefault(name, []).extend(value)
        case list():
            for value in layer:
                for inner, values in fields_of(value).items():
                    found.setdefault(inner, []).extend(values)
    return found


# tshark's field, our item and field, and what its unit is in ours.
FIELDS = (
    ("048_010_SAC", "010", "SAC", 1.0),
    ("048_010_SIC", "010", "SIC", 1.0),
    ("048_140_VALUE", "140", "", 1.0),
    ("048_020_TYP", "020", "TYP", 1.0),
    ("048_040_RHO", "040", "RHO", 1852.0),
    ("048_040_THETA", "040", "THETA", 1.0),
    ("048_042_X", "042", "X", 1852.0),
    ("048_042_Y", "042", "Y", 1852.0),
    ("048_090_FL", "090", "FL", 30.48),
    ("048_161_TRN", "161", "TRN", 1.0),
    ("048_200_GSP", "200", "GSP", 1852.0),
    ("048_200_HDG", "200", "HDG", 1.0),
    ("048_220_VALUE", "220", "", 1.0),
    ("034_000_VALUE", "000", "", 1.0),
    ("034_020_VALUE", "020", "", 1.0),
    ("034_030_VALUE", "030", "", 1.0),
    ("034_041_VALUE", "041", "", 1.0),
)


def compare(ours: list[dict[str, Any]], theirs: dict[str, list[str]]) -> set[str]:
    """Hold our records against tshark's fields; the fields that were held."""
    held = set()
    for field, item, name, unit in FIELDS:
        items = [
            r["items"][item] for r in ours if r["category"] == int(field[:3]) and item in r["items"]
        ]
        expected = [value[name] if name else value for value in items]
        texts = theirs.get(f"asterix.{field}", [])
        found = [(int(t, 16) if t.startswith("0x") else float(t)) * unit for t in texts]
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-9), field
        held |= {field} if found else set()
    return held


def test_tshark_reads_the_same_values_in_the_capture(
    tshark: str, datagrams: list[bytes], tmp_path: Path
) -> None:
    held: set[str] = set()
    for payload, theirs in zip(datagrams, dissected(tshark, tmp_path, datagrams), strict=True):
        held |= compare(records(payload), theirs)
    assert held == {field for field, *_ in FIELDS}


def test_tshark_reads_what_we_encode(tshark: str, tmp_path: Path) -> None:
    sensor = radar("25/13")
    chance = np.random.default_rng(5)
    polar = {
        "range_m": [chance.uniform(1e3, 2e5) for _ in range(30)],
        "azimuth_deg": [chance.uniform(0, 360) for _ in range(30)],
        "pressure_alt_m": [chance.uniform(0, 12_000) for _ in range(30)],
        "sigma_range_m": [50.0] * 30,
        "sigma_azimuth_deg": [0.15] * 30,
    }
    batch = batch_of("range_azimuth", sensor.id, np.full(30, NIGHT_NS), polar)
    payloads = [message.payload for message in FORMAT.encode(batch, sensor)]
    found = dissected(tshark, tmp_path, payloads)
    held = [compare(records(p), f) for p, f in zip(payloads, found, strict=True)]
    assert all(len(fields) == 7 for fields in held)
    ranges = [float(v) * 1852.0 for f in found for v in f["asterix.048_040_RHO"]]
    assert ranges == pytest.approx(polar["range_m"], abs=1852 / 512)
