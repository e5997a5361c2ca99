"""How fast ASTERIX 048 becomes columns and batches, and batches become ASTERIX."""

import time
from collections.abc import Callable

import numpy as np

from skypicket.domain.contracts import Entry, SourceDescription
from skypicket.domain.observations import ObservationBatch, SweptSector, batch_of
from skypicket.domain.times import NS_PER_S
from skypicket.formats.asterix import FORMAT, columns, records
from skypicket.formats.asterix.samples import random_block
from skypicket.testing.builders import NIGHT_NS, radar

PLOTS = 30
SECTOR_NS = NS_PER_S // 8
RADAR = radar("25/13")


def sector(number: int) -> ObservationBatch:
    """The n-th of 32 sectors of a turn of four seconds, with an ordinary Mode S plot per row."""
    share = (np.arange(PLOTS) + 0.5) / PLOTS
    from_ns = NIGHT_NS + number * SECTOR_NS
    start_deg = number * 11.25 % 360.0
    return batch_of(
        "range_azimuth",
        RADAR.id,
        from_ns + (share * SECTOR_NS).astype(np.int64),
        {
            "range_m": 5_000.0 + 3_000.0 * np.arange(PLOTS),
            "azimuth_deg": (start_deg + share * 11.25) % 360.0,
            "sigma_range_m": np.full(PLOTS, 50.0),
            "sigma_azimuth_deg": np.full(PLOTS, 0.15),
            "pressure_alt_m": np.full(PLOTS, 3048.0),
        },
        claims={
            "icao24": np.array([f"50{n:04x}" for n in range(PLOTS)]),
            "callsign": np.full(PLOTS, "LYX21"),
            "mode_3a": np.full(PLOTS, "2000"),
            "track_number": np.array([str(n) for n in range(PLOTS)]),
            "detection": np.full(PLOTS, "mode_s"),
        },
        swept=SweptSector(
            start_azimuth_deg=start_deg,
            extent_deg=11.25,
            min_range_m=0.0,
            max_range_m=100_000.0,
            from_ns=from_ns,
            to_ns=from_ns + SECTOR_NS,
        ),
    )


def per_second(count: int, work: Callable[[], object], rounds: int = 5) -> float:
    """The best rate of a few rounds, in CPU time."""
    work()
    best_s = float("inf")
    for _ in range(rounds):
        start_s = time.process_time()
        work()
        best_s = min(best_s, time.process_time() - start_s)
    return count / best_s


def main() -> None:
    batches = [sector(n) for n in range(320)]
    datagrams = [m.payload for batch in batches for m in FORMAT.encode(batch, RADAR)]
    rows = PLOTS * len(batches)
    stream = b"".join(datagrams)
    every_item = b"".join(random_block(48, np.random.default_rng(n), 20) for n in range(200))

    def decode() -> None:
        decoder = FORMAT.decoder(SourceDescription(source="rdr", sensors={RADAR.id: RADAR}))
        for n, payload in enumerate(datagrams):
            received_ns = NIGHT_NS + n * SECTOR_NS
            decoder.decode(
                Entry(
                    sequence=n + 1,
                    kind="message",
                    source="rdr",
                    received_ns=received_ns,
                    payload=payload,
                )
            )

    fast = per_second(rows, lambda: columns(stream))
    slow = per_second(rows // 10, lambda: records(b"".join(datagrams[: len(datagrams) // 10])))
    print(f"048 into columns | {fast:.0f} | records/s | >= 200000")
    random_rate = per_second(4000, lambda: columns(every_item))
    print(f"048 with half of all items into columns | {random_rate:.0f} | records/s | >= 200000")
    print(f"048 into columns, over plain Python | {fast / slow:.0f} | x | >= 10")
    print(
        f"048 datagrams into sector batches | {per_second(rows, decode):.0f} | records/s | >= 50000"
    )
    encoded = per_second(rows, lambda: [FORMAT.encode(batch, RADAR) for batch in batches], 3)
    print(f"sector batches into 048 | {encoded:.0f} | records/s | >= 20000")


if __name__ == "__main__":
    main()
