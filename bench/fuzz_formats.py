"""A million damaged messages per JSON decoder: no crash, none over 50 ms, memory bounded.

    python bench/fuzz_formats.py [--count 1000000] [--only report] [--seed 1]

Each message is a good one with bytes changed, cut, repeated or spliced, with a value of the wrong
type or size in a field, with a key twice, or foreign. Each goes through one decoder that keeps its
state. `bench/fuzz_asterix.py` does the same for ASTERIX.
"""

import argparse
import resource
import time
from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Any

import msgspec

from skypicket import formats
from skypicket.domain.contracts import Entry, SourceDescription
from skypicket.domain.times import NS_PER_S

NIGHT_NS = 1_753_667_760 * NS_PER_S
LIMIT_S = 0.050
MEMORY_LIMIT_MB = 64
_FIRST_USE = 10  # messages that find libraries not yet set up
_WARM_UP = 2_000  # messages after which memory should stand still

_VALUES: tuple[Any, ...] = (
    None, True, -1, 0, 1e308, 2**63, 10**30, "", "x" * 2_000, "\x00", "ąžuolas", [], [[[[1]]]], {},
    {"a": {"a": 1}}, "2025-07-28T01:56:00Z", NIGHT_NS, 54.7, -200.5,
)  # fmt: skip


def _aircraft(chance: Random) -> dict[str, Any]:
    return {
        "hex": f"{chance.getrandbits(24):06x}",
        "type": "adsb_icao",
        "flight": f"LOT{chance.randrange(999)}  ",
        "alt_baro": chance.choice(["ground", 3000, 37000]),
        "alt_geom": 3200,
        "gs": round(chance.uniform(0, 500), 1),
        "track": round(chance.uniform(0, 360), 2),
        "geom_rate": -64,
        "squawk": "1000",
        "emergency": "none",
        "category": "A3",
        "lat": round(chance.uniform(-90, 90), 6),
        "lon": round(chance.uniform(-180, 180), 6),
        "nic": 8,
        "rc": 186,
        "seen_pos": 0.3,
        "nac_p": chance.randrange(12),
        "mlat": [],
        "rssi": -20.1,
    }


def _node(chance: Random) -> dict[str, Any]:
    numbering: dict[str, Any] = {
        "node": f"A{chance.randrange(9)}",
        "boot_id": f"b{chance.randrange(3)}",
    }
    numbering |= {"seq": chance.randrange(10 ** chance.randrange(1, 9))}
    if chance.random() < 0.3:
        return {"state": "alive", **numbering, "listening_from": 5, "listening_to": NIGHT_NS}
    return {"time": NIGHT_NS, **numbering, "azimuth_deg": 12.5, "snr_db": 9, "class": "propeller"}


def _line(chance: Random) -> dict[str, Any]:
    said: dict[str, Any] = {
        "kind": "position",
        "sensor_id": f"R{chance.randrange(9)}",
        "time_ns": NIGHT_NS,
    }
    said |= {"lat_deg": 54.7, "lon_deg": round(chance.uniform(20, 30), 5), "sigma_m": 40}
    return said | chance.choice([{}, {"alt_m": 200}, {"claims": {"class": "x"}}, {"snr_db": 3}])


def good(name: str, chance: Random) -> bytes:
    """A message that the format's decoder takes."""
    match name:
        case "readsb-json":
            fleet = [_aircraft(chance) for _ in range(chance.choice((0, 1, 3, 12)))]
            said: Any = {"now": NIGHT_NS / 1e9, "messages": 9, "aircraft": fleet}
            return msgspec.json.encode(said if chance.random() < 0.7 else _aircraft(chance))
        case "acoustic":
            return msgspec.json.encode(_node(chance))
        case "observations":
            lines = [msgspec.json.encode(_line(chance)) for _ in range(chance.choice((1, 3, 12)))]
            return b"\n".join(lines)
    said = {"lat_deg": 54.7, "lon_deg": 25.3, "time": "2025-07-28T01:50:00Z", "text": "low, loud"}
    said |= {"first_hand": True, "course_deg": 310, "contact": {"phone": "0"}, "simulated": True}
    return msgspec.json.encode(said)


def _misfit(message: bytes, chance: Random) -> bytes:
    """The message with another value in one of its fields, or with a field twice."""
    at = [i for i in range(len(message)) if message[i : i + 2] == b'":']
    if not at:
        return message
    place = chance.choice(at)
    key = message[message.rfind(b'"', 0, place) : place + 2]
    extra = key + msgspec.json.encode(chance.choice(_VALUES)) + b","
    start = place + 2 - len(key)
    return message[:start] + extra + message[start + chance.choice((0, len(key) + 2)) :]


def damaged(pool: list[bytes], chance: Random) -> bytes:
    """One message with one to three kinds of damage, or foreign bytes."""
    if chance.random() < 0.03:
        return chance.randbytes(chance.randint(0, 1400))
    if chance.random() < 0.01:
        return chance.choice((b"[", b'{"a":', b'{"aircraft":[', b'"')) * chance.randint(1, 20_000)
    message = bytearray(chance.choice(pool))
    for _ in range(chance.randint(1, 3)):
        place = chance.randrange(len(message) + 1)
        match chance.randrange(6):
            case 0:
                del message[place:]
            case 1 if message:
                message[place - 1] ^= 1 << chance.randrange(8)
            case 2:
                message[place:] = chance.choice(pool)[place:]
            case 3:
                message[place:place] = chance.choice(
                    (b"\n", b'"', b"{", b"}", b",", b"\\u0061", b"9")
                )
            case 4:
                message += b"\n" + message[:2_000]
            case _:
                message[:] = _misfit(bytes(message), chance)
    return bytes(message)


def entries(name: str, count: int, chance: Random) -> Iterator[Entry]:
    pool = [good(name, chance) for _ in range(400)]
    for number in range(1, count + 1):
        yield Entry(
            sequence=number,
            kind="message",
            source="fuzz",
            received_ns=NIGHT_NS + number * (NS_PER_S // 500),
            payload=damaged(pool, chance),
        )


def memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def fuzz(name: str, count: int, seed: int) -> None:
    decoder = formats.load(name).decoder(SourceDescription(source="fuzz", sensors={}))
    reasons: Counter[str] = Counter()
    slowest_s, rows, before_mb = 0.0, 0, 0.0
    for entry in entries(name, count, Random(seed)):
        start_s = time.thread_time()
        decoding = decoder.decode(entry)
        took_s = time.thread_time() - start_s
        if entry.sequence > _FIRST_USE:
            slowest_s = max(slowest_s, took_s)
        if entry.sequence == _WARM_UP:
            before_mb = memory_mb()
        rows += sum(map(len, decoding.batches))
        reasons.update(reject.reason for reject in decoding.rejects)
    print(f"{name}: messages without a crash | {count} | messages | >= {count}")
    print(f"{name}: slowest message | {slowest_s:.4f} | CPU s | <= {LIMIT_S}")
    print(f"{name}: memory grown | {memory_mb() - before_mb:.1f} | MB | <= {MEMORY_LIMIT_MB}")
    print(f"{name}: kinds of reject | {len(reasons)} | words | >= 8")
    print(f"{name}: rejects | {sum(reasons.values())} | records | > 0")
    print(f"{name}: rows that looked sound | {rows} | rows | > 0", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    names = sorted(formats.BUILT_IN.keys() - {"asterix"})
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--only", choices=names)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    for name in names if asked.only is None else [asked.only]:
        fuzz(name, asked.count, asked.seed)


if __name__ == "__main__":
    main()
