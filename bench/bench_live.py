"""The live system under load: latency, memory, nothing lost. About seven minutes.

2,000 radar plots a second of 4,500 objects for 60 s, after what fills has been filled; then
20,000 observations a second for 30 s (the rest is ADS-B, which may be shed); then the radars alone
again. Reports of people come all the while.
"""

import tempfile
import threading
import time
from pathlib import Path

import numpy as np

from skypicket.store.reader import CaptureReader
from skypicket.testing.load import RADARS, Datagram, Sky, send
from skypicket.testing.system import System

OBJECTS = 4_500
ADSB_PER_S = 18_500
WARM_S = 150
STEADY_S = WARM_S + 60
BURST_S = 30
CALM_S = 60
PREPARE_S = 75


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        system = System(Path(name))
        system.start()
        try:
            measure(system)
        finally:
            system.stop()


def measure(system: System) -> None:
    begin_ns = time.time_ns() + PREPARE_S * 1_000_000_000
    begin_s = time.monotonic() + PREPARE_S
    end_s = STEADY_S + BURST_S
    radar = plots(OBJECTS, begin_ns, 0.0, end_s + CALM_S)
    steady = [one for one in radar if one.at_s < STEADY_S]
    calm = [one for one in radar if one.at_s >= end_s]
    burst = [one for one in radar if STEADY_S <= one.at_s < end_s]
    burst += Sky(ADSB_PER_S, 3).adsb(begin_ns, ADSB_PER_S, STEADY_S, end_s)
    burst.sort(key=lambda one: one.at_s)
    if time.monotonic() > begin_s:
        raise RuntimeError("the load was not ready in time; raise PREPARE_S")
    acknowledged: list[int] = []
    done = threading.Event()
    reporter = threading.Thread(target=report, args=(system, acknowledged, done))
    sampler = Sampler(system, begin_s)
    reporter.start()
    sampler.start()
    send([*steady, *burst], system.ports, begin_s)
    after = threading.Thread(target=send, args=(calm, system.ports, begin_s))
    after.start()
    calm_s = back(system, begin_s + end_s)
    after.join(CALM_S + 30)
    done.set()
    sampler.done.set()
    reporter.join(30)
    sampler.join(30)
    tell(system, sampler, calm_s, (steady, [*burst, *calm], acknowledged))


def plots(count: int, begin_ns: int, from_s: float, to_s: float) -> list[Datagram]:
    sky = Sky(count, 1)
    found = [d for radar in RADARS for d in sky.radar(radar, begin_ns, from_s, to_s)]
    return sorted(found, key=lambda one: one.at_s)


def report(system: System, acknowledged: list[int], done: threading.Event) -> None:
    number = 0
    while not done.wait(0.2):
        number += 1
        sequence = system.report(f"bench {number}")
        if sequence is not None:
            acknowledged.append(sequence)


class Sampler(threading.Thread):
    """Looks once a second: memory, latency, how far behind."""

    def __init__(self, system: System, begin_s: float) -> None:
        super().__init__()
        self.system = system
        self.begin_s = begin_s
        self.done = threading.Event()
        self.rows: list[tuple[float, float, float, float]] = []

    def run(self) -> None:
        while not self.done.wait(1.0):
            told = self.system.metrics()
            self.rows.append(
                (
                    time.monotonic() - self.begin_s,
                    self.system.rss_mb(),
                    told['skypicket_receipt_to_track_seconds{quantile="0.99"}'],
                    told['skypicket_tracks{state="confirmed"}'],
                )
            )


def back(system: System, from_s: float) -> float:
    """Seconds after the burst until the stages have caught up with what comes in."""
    while time.monotonic() < from_s + CALM_S:
        if system.health()["behind"] <= 20 and time.monotonic() > from_s:
            return time.monotonic() - from_s
        time.sleep(0.2)
    return float("inf")


def tell(
    system: System,
    sampler: Sampler,
    calm_s: float,
    sent: tuple[list[Datagram], list[Datagram], list[int]],
) -> None:
    steady, burst, acknowledged = sent
    reader = CaptureReader(system.folder / "state" / "capture")
    captured: dict[str, int] = {}
    kept: set[int] = set()
    for entry in reader.entries():
        if entry.kind == "message":
            captured[entry.source] = captured.get(entry.source, 0) + 1
            if entry.source == "reports":
                kept.add(entry.sequence)
    reader.close()
    radar = sum(one.source != "adsb" for one in (*steady, *burst))
    adsb = sum(one.source == "adsb" for one in burst)
    rows = np.array([row for row in sampler.rows if WARM_S < row[0] < STEADY_S])
    rates = [
        sum(one.rows for one in steady) / STEADY_S,
        sum(one.rows for one in burst if one.at_s < STEADY_S + BURST_S) / BURST_S,
    ]
    third = max(1, len(rows) // 3)
    growth_mb = rows[-third:, 1].mean() - rows[:third, 1].mean()
    print(f"steady load | {rates[0]:.0f} | observations/s | >= 2000")
    print(f"confirmed tracks in the steady load | {rows[:, 3].max():.0f} | tracks | >= 4000")
    print(f"receipt to track, p99, steady | {rows[-1, 2] * 1000:.0f} | ms | <= 250")
    print(f"memory growth over the steady load | {growth_mb:.1f} | MB | <= 20")
    print(f"memory at the end of the steady load | {rows[-1, 1]:.0f} | MB | -")
    print(f"burst load | {rates[1]:.0f} | observations/s | >= 20000")
    missing = radar - captured.get("r1", 0) - captured.get("r2", 0)
    print(f"radar datagrams lost | {missing} | of {radar} | <= 0")
    lost = len(set(acknowledged) - kept)
    print(f"acknowledged reports lost | {lost} | of {len(acknowledged)} | <= 0")
    print(f"ADS-B messages shed in the burst | {adsb - captured.get('adsb', 0)} | of {adsb} | -")
    print(f"caught up after the burst | {calm_s:.1f} | s | <= 60")
    everything = np.array(sampler.rows)
    print(f"memory at its highest | {everything[:, 1].max():.0f} | MB | -")


if __name__ == "__main__":
    main()
