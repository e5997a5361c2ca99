"""How fast the JSON formats and the wrappers go, in records per CPU second, and beside what."""

import json
import time
from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np

from skypicket import formats
from skypicket.domain.contracts import Decoder, Entry, SourceDescription
from skypicket.domain.observations import ObservationBatch, batch_of
from skypicket.domain.sensors import Sensor
from skypicket.formats.observation_lines import observation_lines
from skypicket.formats.wrappers import frames
from skypicket.testing.builders import NIGHT_NS

SENSOR = Sensor(id="S1", kind="adsb", lat_deg=54.7, lon_deg=25.3)
RNG = np.random.default_rng(5)
S = 1_000_000_000


def line(name: str, value: float, unit: str, must: str = "-") -> None:
    print(f"{name} | {value:,.{0 if value > 100 else 2}f} | {unit} | {must}", flush=True)


def cpu_s(work: Callable[[], object], times: int = 3) -> float:
    """The least CPU time of some runs."""
    spent = []
    for _ in range(times):
        start = time.process_time()
        work()
        spent.append(time.process_time() - start)
    return min(spent)


def decoder(name: str) -> Decoder:
    return formats.load(name).decoder(SourceDescription(source="s", sensors={}))


def entry(payload: bytes) -> Entry:
    return Entry(sequence=1, kind="message", source="s", received_ns=NIGHT_NS, payload=payload)


def scans(rows: int, count: int) -> list[ObservationBatch]:
    return [
        batch_of(
            "range_azimuth",
            "R1",
            np.full(rows, NIGHT_NS + scan * 4 * S),
            {
                "range_m": RNG.uniform(1e3, 1e5, rows).round(1),
                "azimuth_deg": RNG.uniform(0, 360, rows).round(3),
                "sigma_range_m": np.full(rows, 50.0),
                "sigma_azimuth_deg": np.full(rows, 0.15),
            },
        )
        for scan in range(count)
    ]


def line_by_line(payload: bytes) -> dict[str, Any]:
    """The obvious way to columns: the standard library's parser, one line after the other."""
    rows = [json.loads(text) for text in payload.splitlines()]
    return {name: np.array([row.get(name) for row in rows]) for name in rows[0]}


def observations() -> None:
    said = scans(200, 500)
    n = 200 * 500
    payload = b"".join(observation_lines(batch) for batch in said)
    reader = decoder("observations")
    spent = cpu_s(lambda: reader.decode(entry(payload)))
    line("observation lines into columns", n / spent, "lines/CPU s", ">= 300000")
    slow = cpu_s(lambda: line_by_line(payload), 1)
    line("the same, against json.loads line by line", slow / spent, "times as fast", ">= 3")
    line(
        "columns into lines", n / cpu_s(lambda: [observation_lines(b) for b in said]), "lines/CPU s"
    )
    single = b"".join(observation_lines(batch) for batch in scans(1, 20_000))
    line(
        "lines that are a scan each",
        20_000 / cpu_s(lambda: reader.decode(entry(single))),
        "lines/CPU s",
    )
    broken = payload + b"{}\n"
    line(
        "lines of which one is bad",
        n / cpu_s(lambda: reader.decode(entry(broken)), 1),
        "lines/CPU s",
    )


def readsb() -> None:
    n = 300
    batch = batch_of(
        "self_report",
        "S1",
        NIGHT_NS - RNG.integers(0, 10 * S, n),
        {
            "lat_deg": RNG.uniform(53, 57, n),
            "lon_deg": RNG.uniform(20, 27, n),
            "sigma_m": np.full(n, 12.0),
            "alt_m": RNG.uniform(0, 12_000, n),
            "east_mps": RNG.normal(0, 150, n),
            "north_mps": RNG.normal(0, 150, n),
        },
        claims={
            "icao24": np.array([f"{number:06x}" for number in range(n)]),
            "callsign": np.array([f"LOT{number}" for number in range(n)]),
        },
    )
    (message,) = formats.load("readsb-json").encode(batch, SENSOR)
    reader, work = decoder("readsb-json"), entry(message.payload)
    line(
        "readsb aircraft into columns",
        20 * n / _repeated(reader, work, 20),
        "aircraft/CPU s",
        ">= 50000",
    )


def _repeated(reader: Decoder, work: Entry, times: int) -> float:
    return cpu_s(lambda: [reader.decode(work) for _ in range(times)])


def small_messages() -> None:
    detection = {"node": "A1", "time": NIGHT_NS, "azimuth_deg": 12.5, "snr_db": 9, "class": "moped"}
    report = {"lat_deg": 54.7, "lon_deg": 25.3, "time": NIGHT_NS, "text": "low and loud"}
    for name, said, must in (("acoustic", detection, ">= 10000"), ("report", report, ">= 10000")):
        work = entry(msgspec.json.encode(said))
        line(
            f"{name} messages",
            5_000 / _repeated(decoder(name), work, 5_000),
            "messages/CPU s",
            must,
        )


def captures() -> None:
    payload = bytes(200)
    udp = b"\0\1\0\2" + (8 + len(payload)).to_bytes(2, "big") + bytes(2) + payload
    ip = b"\x45\0" + (20 + len(udp)).to_bytes(2, "big") + bytes(5) + b"\x11" + bytes(10) + udp
    packet = bytes(12) + b"\x08\x00" + ip
    size = len(packet).to_bytes(4, "little")
    head = bytes.fromhex("d4c3b2a1020004000000000000000000ffff000001000000")
    content = head + (bytes(8) + size + size + packet) * 50_000
    spent = cpu_s(lambda: sum(1 for _ in frames(content, "asterix")))
    line("datagrams out of a pcap", 50_000 / spent, "datagrams/CPU s", ">= 100000")


def main() -> None:
    observations()
    readsb()
    small_messages()
    captures()


if __name__ == "__main__":
    main()
