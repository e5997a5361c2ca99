"""From a plot that is sent to the pixel: a system that hears 2,000 plots a second, and its page.

4,500 objects, two radars, `skypicket run` as anybody starts it, and the page in Debian's Chromium
with graphics by software, all of it on this machine. A sample is a track that shows a newer plot
than in the frame drawn before; it lasts from the time at which that plot was due to be sent until
the graphics renderer has drawn the frame. A plot that a newer one of the same track overtook on the
way is not seen, and is no sample.

    python bench/bench_sensor_to_screen.py             with the default settings
    python bench/bench_sensor_to_screen.py --compare   and with others beside them

A minute and a half for each setting. The numbers count only on a machine that does nothing else.
"""

import argparse
import os
import shutil
import sys
import tempfile
import threading
import time
from base64 import b64decode
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from bench_page import BUILT, LLVMPIPE, PATIENCE_S, SIZE, SOFTWARE, SWIFTSHADER, screen
from bench_stream import NEVER_S, OBJECTS, load_of, row, session
from skypicket.engine.settings import SystemSettings
from skypicket.testing.load import send
from skypicket.testing.system import System
from skypicket.web.access.desk import COOKIE
from skypicket.web.live.layout import Frame, decode_frame

VIEW = "?measure#map=7/55/24.5&lang=en"  # all objects lie on this map
WARM_S, SLACK_S, MEASURE_S = 30, 10, 30
LEAST_SHOWN = 0.9 * OBJECTS
LEAST_SAMPLES = 1_000
LATEST_MS = 50.0  # between a frame's arrival at the page and its decoding
CLOCK_TICKS_PER_S = os.sysconf("SC_CLK_TCK")
# Keeps each binary message as it comes; the page makes views over the same bytes.
LISTEN = """
const Plain = window.WebSocket;
window.benchFrames = [];
window.WebSocket = class extends Plain {
  constructor(...words) {
    super(...words);
    this.addEventListener("message", ({ data }) => {
      if (data instanceof ArrayBuffer) window.benchFrames.push([performance.now(), data]);
    });
  }
};
"""
# One of them as text, because a page can hand nothing else over.
TAKE = """
(index) => {
  const [atMs, data] = window.benchFrames[index];
  const bytes = new Uint8Array(data);
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  }
  return [atMs, btoa(text)];
}
"""
DRAWN = """
() => performance
  .getEntriesByName("skypicket:data-to-pixel")
  .map((one) => [one.startTime, one.duration])
"""
# What to add to performance.now() for milliseconds since 1970, by the clock of today.
EPOCH = "() => Date.now() - performance.now()"
CLEAR = "() => { performance.clearMeasures(); window.benchFrames.length = 0; }"


class Pace(NamedTuple):
    """How often the stages are told the time, and how soon what is shown follows a message."""

    tick_s: float = SystemSettings().tick_s
    show_s: float = SystemSettings().show_s


COMPARED = (Pace(1.0, NEVER_S), Pace(0.5, NEVER_S), Pace(0.25, NEVER_S), Pace(1.0, 0.5))


class Heard(NamedTuple):
    """A frame as the page got it: when, on the page's clock, and what is in it."""

    at_ms: float
    frame: Frame


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--compare", action="store_true", help="try other settings too")
    compare = parser.parse_args().compare
    if not (BUILT / "index.html").exists():
        print("The page is not built: scripts/build_page.sh", file=sys.stderr)
        return 1
    for pace in (Pace(), *(COMPARED if compare else ())):
        shown = "at ticks only" if pace.show_s == NEVER_S else f"each {pace.show_s:g} s"
        name = f", tick {pace.tick_s:g} s, shown {shown}" if compare else ""
        with tempfile.TemporaryDirectory() as folder, screen() as display:
            measure(Path(folder), pace, display, name)
    return 0


def measure(folder: Path, pace: Pace, display: str | None, name: str) -> None:
    """One run: start, warm up, look for half a minute, and say what was seen."""
    system = System(folder)
    lines = "".join(f"{key} = {value}\n" for key, value in pace._asdict().items())
    system.config.write_text(system.config.read_text().replace("[system]\n", f"[system]\n{lines}"))
    system.start()
    try:
        secret = session(folder / "state")
        load, begin_s = load_of(WARM_S + SLACK_S + MEASURE_S + 5)
        sender = threading.Thread(target=send, args=(load, system.ports, begin_s))
        sender.start()
        with looking(system.url, secret, display) as page:
            look(page, system, begin_s, name)
        sender.join()
        sent = sum(one.rows for one in load) / load[-1].at_s
        row(f"plots sent{name}", sent, "1/s", ">= 2000")
    finally:
        system.stop()


@contextmanager
def looking(url: str, secret: str, display: str | None) -> Iterator[Any]:
    """The page in a browser, as somebody who is signed in."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 -- only where there is a browser

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            headless=display is None,
            args=[
                "--no-sandbox",
                "--disable-dev-shm-usage",
                *(LLVMPIPE if display else SWIFTSHADER),
            ],
            env={**os.environ, "DISPLAY": display} if display else None,
        )
        page = browser.new_page(viewport=SIZE)  # type: ignore[arg-type]
        page.set_default_timeout(PATIENCE_S * 1000)
        page.context.add_cookies([{"name": COOKIE, "value": secret, "url": url}])
        page.add_init_script(LISTEN)
        page.goto(f"{url}/{VIEW}")
        yield page
        browser.close()


def look(page: Any, system: System, begin_s: float, name: str) -> None:
    page.wait_for_timeout(max(0.0, begin_s + WARM_S - time.monotonic()) * 1000)
    shown = all_shown(page, begin_s + WARM_S + SLACK_S)
    renderer = page.evaluate("() => skypicket.renderer")
    if SOFTWARE.search(renderer) is None:
        raise RuntimeError(f"Not drawn by software but by {renderer!r}: the numbers would flatter.")
    print(f"renderer: {renderer}", file=sys.stderr)
    assert system.running is not None
    page.evaluate(CLEAR)
    before, from_s = (cpu_s([system.running.pid]), cpu_s(browsers())), time.monotonic()
    page.wait_for_timeout(MEASURE_S * 1000)
    took_s, after = time.monotonic() - from_s, (cpu_s([system.running.pid]), cpu_s(browsers()))
    epoch_ms, drawings = page.evaluate(EPOCH), page.evaluate(DRAWN)
    drawn = list(drawn_frames(frames(page), drawings))
    delays_ms = updates([(heard.frame, at_ms + epoch_ms) for heard, at_ms in drawn])
    row(f"tracks on the map{name}", shown, "count", f">= {LEAST_SHOWN:.0f}")
    row(f"samples{name}", len(delays_ms), "count", f">= {LEAST_SAMPLES}")
    row(f"frames drawn{name}", len(drawn) / took_s, "1/s", "-")
    row(f"plot to pixel{name}, p50", float(np.quantile(delays_ms, 0.5)), "ms", "-")
    row(f"plot to pixel{name}, p99", float(np.quantile(delays_ms, 0.99)), "ms", "<= 2000")
    arrived = [heard.at_ms + epoch_ms - heard.frame.sent_ms for heard, _ in drawn]
    row(f"server to page{name}, p50", float(np.quantile(arrived, 0.5)), "ms", "-")
    to_pixel = [at_ms - heard.at_ms for heard, at_ms in drawn]
    row(f"page to pixel{name}, p50", float(np.quantile(to_pixel, 0.5)), "ms", "-")
    for part, first, last in zip(("server", "browser"), before, after, strict=True):
        row(f"CPU of the {part}{name}", 100 * (last - first) / took_s, "% of a core", "-")


def all_shown(page: Any, until_s: float) -> int:
    """Wait until the map has settled with nearly all tracks on it; how many they are.

    Raises:
        RuntimeError: it does not come to that in time.
    """
    while time.monotonic() < until_s:
        shown: int = page.evaluate("() => (window.skypicket?.settled ? window.skypicket.shown : 0)")
        if shown >= LEAST_SHOWN:
            return shown
        page.wait_for_timeout(200)
    raise RuntimeError("The map did not settle with all tracks on it: too slow to measure.")


def frames(page: Any) -> list[Heard]:
    """The frames that the page got since it was cleared."""
    count: int = page.evaluate("() => window.benchFrames.length")
    taken = [page.evaluate(TAKE, index) for index in range(count)]
    return [Heard(at_ms, decode_frame(b64decode(text))) for at_ms, text in taken]


def drawn_frames(
    heard: list[Heard], drawings: list[tuple[float, float]]
) -> Iterator[tuple[Heard, float]]:
    """The frames that were drawn, each with when it was, on the page's clock."""
    arrivals = [one.at_ms for one in heard]
    for decoded_ms, lasted_ms in sorted(drawings):
        index = bisect_right(arrivals, decoded_ms) - 1
        if index >= 0 and decoded_ms - arrivals[index] < LATEST_MS:
            yield heard[index], decoded_ms + lasted_ms


def updates(drawn: list[tuple[Frame, float]]) -> np.ndarray:
    """For each track with a newer plot than in the drawing before: how old that was, ms."""
    found = [np.zeros(0)]
    keys, newest = np.zeros(0, np.uint64), np.zeros(0)
    for frame, drawn_ms in drawn:
        order = np.argsort(frame.columns["track_key"])
        these = frame.columns["track_key"][order]
        plot_ms = frame.time_ns / 1e6 - 1e3 * frame.columns["age_s"][order].astype(np.float64)
        if len(keys):
            at = np.minimum(np.searchsorted(keys, these), len(keys) - 1)
            fresh = (keys[at] == these) & (plot_ms > newest[at] + 10)
            found.append(drawn_ms - plot_ms[fresh])
        keys, newest = these, plot_ms
    return np.concatenate(found)


def browsers() -> list[int]:
    """The processes of this bench's browser, and of the screen on which it draws."""
    parents: dict[int, int] = {}
    names: dict[int, str] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = path.read_text().partition(" (")[2].rpartition(") ")
        except OSError:
            continue  # it has just ended
        pid = int(path.parent.name)
        names[pid], parents[pid] = name, int(rest.split()[1])
    return [
        pid
        for pid, name in names.items()
        if name in {"chromium", "Xvfb"} and _is_ours(pid, parents)
    ]


def _is_ours(pid: int, parents: dict[int, int]) -> bool:
    while pid in parents and pid != os.getpid():
        pid = parents[pid]
    return pid == os.getpid()


def cpu_s(pids: list[int]) -> float:
    """Seconds of processor time that processes have taken so far."""
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / CLOCK_TICKS_PER_S


if __name__ == "__main__":
    sys.exit(main())
