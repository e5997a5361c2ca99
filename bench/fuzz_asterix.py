"""A million damaged ASTERIX messages: no crash, none over 50 ms, memory bounded.

    python bench/fuzz_asterix.py [--count 1000000] [--seed 1]

Each message is a good datagram that was cut, had bits flipped, was spliced with another, was made
for another edition, or is foreign. It goes through one decoder that keeps its state.
"""

import argparse
import gc
import resource
import time
from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Any, NamedTuple

import numpy as np

from skypicket.domain.contracts import Entry, SourceDescription
from skypicket.domain.times import NS_PER_S
from skypicket.formats.asterix import FORMAT, editions
from skypicket.formats.asterix.samples import random_block

LIMIT_S = 0.050
MEMORY_LIMIT_MB = 64
_SEEDS = 200
_WARM = 2_000
_EVERY_NS = NS_PER_S // 500
_RESTART = 20_000  # messages after which a decoder is made anew, with the next set of options
_OPTIONS: tuple[dict[str, Any], ...] = (
    {},
    {"rows": "all"},
    {"editions": {"048": "1.27"}},
    {"spare_bits": "ignore"},
)


def good_datagrams(chance: Random, shapes: np.random.Generator) -> list[bytes]:
    """Datagrams of both categories and all editions, of one to four blocks."""
    made = []
    for _ in range(_SEEDS):
        blocks = []
        for _ in range(chance.randint(1, 4)):
            category = chance.choice((34, 48, 48))
            edition = chance.choice(editions(category))
            blocks.append(random_block(category, shapes, chance.randint(1, 6), edition))
        made.append(b"".join(blocks))
    return made


def damaged(good: list[bytes], chance: Random) -> bytes:
    """One message: a datagram with one to three kinds of damage, or foreign bytes."""
    if chance.random() < 0.05:
        return chance.randbytes(chance.randint(0, 1400))
    message = bytearray(chance.choice(good))
    for _ in range(chance.randint(1, 3)):
        match chance.randrange(6):
            case 0:
                del message[chance.randrange(len(message) + 1) :]
            case 1:
                for _ in range(chance.randint(1, 8)):
                    if message:
                        message[chance.randrange(len(message))] ^= 1 << chance.randrange(8)
            case 2:
                other = chance.choice(good)
                at = chance.randrange(len(message) + 1)
                message[at:] = other[chance.randrange(len(other)) :]
            case 3:
                at = chance.randrange(len(message) + 1)
                message[at:at] = chance.randbytes(chance.randint(1, 16))
            case 4:
                message += chance.choice(good) * chance.randint(1, 4)
            case 5 if len(message) > 3:
                message[1:3] = chance.randbytes(2)
    return bytes(message)


def entries(count: int, seed: int) -> Iterator[Entry]:
    chance = Random(seed)
    good = good_datagrams(chance, np.random.default_rng(seed))
    for n in range(count):
        yield Entry(
            sequence=n + 1,
            kind="message",
            source="fuzz",
            received_ns=1_753_667_760 * NS_PER_S + n * _EVERY_NS,
            payload=damaged(good, chance),
        )


def memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


class Outcome(NamedTuple):
    """What a run of damaged messages came to."""

    messages: int
    slowest_s: float
    grown_mb: float
    rows: int
    reasons: Counter[str]


def run(count: int, seed: int) -> Outcome:
    """Decode `count` damaged messages; any exception is a failure and ends the run."""
    slowest_s, rows, before_mb = 0.0, 0, 0.0
    reasons: Counter[str] = Counter()
    decoder = FORMAT.decoder(SourceDescription(source="fuzz", sensors={}))
    for entry in entries(count, seed):
        if entry.sequence % _RESTART == 1:
            options = _OPTIONS[entry.sequence // _RESTART % len(_OPTIONS)]
            decoder = FORMAT.decoder(SourceDescription(source="fuzz", sensors={}, options=options))
        start_s = time.perf_counter()
        decoding = decoder.decode(entry)
        took_s = time.perf_counter() - start_s
        for _ in range(3 * (took_s > LIMIT_S)):  # on a busy machine the clock also counts others
            start_s = time.perf_counter()
            decoder.decode(entry)
            took_s = min(took_s, time.perf_counter() - start_s)
        if entry.sequence > _WARM:  # the first ones compile the kernels
            slowest_s = max(slowest_s, took_s)
        elif entry.sequence == _WARM:
            gc.collect()
            gc.freeze()  # what importing the compiler left would be collected again and again
            before_mb = memory_mb()
        rows += sum(len(batch) for batch in decoding.batches)
        reasons.update(reject.reason for reject in decoding.rejects)
    return Outcome(count, slowest_s, memory_mb() - before_mb, rows, reasons)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    found = run(asked.count, asked.seed)
    print(f"messages without a crash | {found.messages} | messages | >= {asked.count}")
    print(f"slowest message | {found.slowest_s:.4f} | s | <= {LIMIT_S}")
    print(f"memory grown | {found.grown_mb:.1f} | MB | <= {MEMORY_LIMIT_MB}")
    print(f"rejects | {found.reasons.total()} | blocks | > 0")
    print(f"kinds of reject | {len(found.reasons)} | words | >= 12")
    print(f"rows that looked sound | {found.rows} | rows | -")


if __name__ == "__main__":
    main()
