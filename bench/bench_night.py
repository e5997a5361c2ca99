"""A 12-hour night headless, and how light the command's help is."""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

COMMAND = [sys.executable, "-m", "skypicket.cli"]


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        started_s = time.perf_counter()
        subprocess.run(
            [*COMMAND, "scenario", "run", "quiet-12h", "--out", str(Path(name) / "night")],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        night_s = time.perf_counter() - started_s
        started_s = time.perf_counter()
        capture = Path(name) / "night" / "night.capture"
        subprocess.run(
            [*COMMAND, "replay", str(capture), "--out", str(Path(name) / "again")],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        replay_s = time.perf_counter() - started_s
    print(f"12-hour night, headless | {night_s:.1f} | s | <= 120")
    print(f"its replay | {replay_s:.1f} | s | <= 120")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([*COMMAND, "--help"], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"skypicket --help | {cpu_s * 1000:.0f} | ms CPU | <= 300")


if __name__ == "__main__":
    main()
