"""The page in a browser: 10,000 tracks at 1 Hz, all of them on the map, drawn by software.

JavaScript per update is all that the page's main thread runs for a frame: what the browser counts
as script between two moments, in time of that thread, divided by the frames in between.
Data-to-pixel goes from the bytes of a frame until the graphics renderer has drawn it; it counts
only on a machine that does nothing else.
"""

import argparse
import gzip
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
BUILT = ROOT / "src/skypicket/web/page/built"
TRACKS = 10_000
WARM_S = 15.0
MEASURE_S = 30.0
PATIENCE_S = 120.0
SIZE = {"width": 1280, "height": 720}
VIEW = "?measure#map=6.3/54.9/24.8"  # all tracks of the feeder lie on this map
SOFTWARE = re.compile("llvmpipe|SwiftShader")
# Under Xvfb llvmpipe draws, which is what old desktops have; without it the browser's own software.
LLVMPIPE = ("--use-angle=gl", "--ignore-gpu-blocklist")
SWIFTSHADER = ("--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--built", type=Path, default=BUILT, help="folder of the built page")
    built = parser.parse_args().built
    if not (built / "index.html").exists():
        print("The page is not built: scripts/build_page.sh", file=sys.stderr)
        return 1
    total_bytes = bundle_bytes(built)
    print(f"bundle, gzipped | {total_bytes / 1e6:.3f} | MB | <= 0.7")
    with feeder(TRACKS, built) as address, screen() as display:
        measure(address, display)
    return 0


def bundle_bytes(built: Path) -> int:
    """All scripts, workers and styles of the page, gzipped as the server packs them."""
    files = [path for path in built.rglob("*") if path.suffix in {".js", ".css"}]
    return sum(len(gzip.compress(path.read_bytes(), 9)) for path in files)


def measure(address: str, display: str | None) -> None:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 -- only where there is a browser

    flags = LLVMPIPE if display else SWIFTSHADER
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            headless=display is None,
            args=["--no-sandbox", "--disable-dev-shm-usage", *flags],
            env={**os.environ, "DISPLAY": display} if display else None,
        )
        page = browser.new_page(viewport=SIZE)  # type: ignore[arg-type]
        page.set_default_timeout(PATIENCE_S * 1000)
        page.goto(address + VIEW)
        all_shown(page)
        page.wait_for_timeout(WARM_S * 1000)
        report(page, page.evaluate("() => skypicket.renderer"))
        browser.close()


def all_shown(page: Any) -> None:
    """Wait for all tracks and the basemap; by asking, because the page's policy forbids to
    evaluate text in it.
    """
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        if page.evaluate("() => skypicket.settled && skypicket.shown") > 0.95 * TRACKS:
            return
        page.wait_for_timeout(500)
    raise RuntimeError("The map does not show all tracks.")


def report(page: Any, renderer: str) -> None:
    if SOFTWARE.search(renderer) is None:
        raise RuntimeError(f"Not drawn by software but by {renderer!r}: the numbers would flatter.")
    print(f"renderer: {renderer}", file=sys.stderr)
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = script_s(session)
    page.evaluate("() => performance.clearMeasures()")
    page.wait_for_timeout(MEASURE_S * 1000)
    spent_s = script_s(session) - before
    spans = {name: durations(page, name) for name in ("update", "render", "data-to-pixel")}
    updates = len(spans["update"])
    shown = page.evaluate("() => skypicket.shown")
    print(f"tracks on the map | {shown} | count | >= {TRACKS * 0.95:.0f}")
    print(f"updates per second | {updates / MEASURE_S:.2f} | 1/s | >= 0.9")
    print(f"JavaScript per update, all of it | {1000 * spent_s / updates:.1f} | ms | <= 40")
    print(f"JavaScript per update, taking it in | {median(spans['update']):.1f} | ms | -")
    print(f"JavaScript per update, drawing | {median(spans['render']):.1f} | ms | -")
    print(f"data-to-pixel, median | {median(spans['data-to-pixel']):.0f} | ms | <= 300")
    print(f"data-to-pixel, p95 | {quantile(spans['data-to-pixel'], 0.95):.0f} | ms | -")


def script_s(session: Any) -> float:
    """Seconds of its own thread that the page has spent in JavaScript since it was counted."""
    metrics = session.send("Performance.getMetrics")["metrics"]
    return float(next(one["value"] for one in metrics if one["name"] == "ScriptDuration"))


def durations(page: Any, name: str) -> list[float]:
    script = "(name) => performance.getEntriesByName(name).map((one) => one.duration)"
    found: list[float] = page.evaluate(script, f"skypicket:{name}")
    return found


def median(values: list[float]) -> float:
    return quantile(values, 0.5)


def quantile(values: list[float], part: float) -> float:
    ordered = sorted(values)
    return ordered[min(int(part * len(ordered)), len(ordered) - 1)] if ordered else float("nan")


@contextmanager
def feeder(tracks: int, built: Path) -> Iterator[str]:
    """The feeder of ui/dev, on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, str(ROOT / "ui/dev/feeder.py"), "--port", str(port)]
    command += ["--tracks", str(tracks), "--built", str(built)]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}/"
        answered(address, running)
        yield address
    finally:
        running.terminate()
        running.wait(10)


def answered(address: str, running: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and running.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("The feeder did not answer.")


@contextmanager
def screen() -> Iterator[str | None]:
    """A virtual screen, on which Mesa's llvmpipe draws; None where Xvfb is not installed."""
    if shutil.which("Xvfb") is None:
        yield None
        return
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1400x900x24", "-nolisten", "tcp"]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        assert running.stdout is not None
        yield f":{running.stdout.readline().decode().strip()}"
    finally:
        running.terminate()
        running.wait(10)


if __name__ == "__main__":
    sys.exit(main())
