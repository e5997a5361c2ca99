"""From `make demo` to the first picture in a browser, in a warm environment.

Everything is counted that a person waits for: make, the start of the server, the start of
Chromium, the page, the first frame of tracks and the first drawn map.

The server answers before the tracker's kernels are loaded, so the bench also says when the first
tracks stood on the map.
"""

import io
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

from skypicket.testing.demo import CHROMIUM_FLAGS, PATIENCE_S, Demo

RUNS = 3
DRAWN_COLOURS = 8
ROOT = Path(__file__).resolve().parent.parent


def drawn(page: Page) -> bool:
    """Whether the map shows more than its background."""
    shot = page.locator(".maplibregl-canvas").screenshot()
    pixels = np.asarray(Image.open(io.BytesIO(shot)).convert("RGB"), dtype=np.uint16) // 16
    red, green, blue = pixels[..., 0], pixels[..., 1], pixels[..., 2]
    colours = np.bincount((red << 8 | green << 4 | blue).ravel())
    return int(np.count_nonzero(colours)) >= DRAWN_COLOURS


class Phases(NamedTuple):
    """Seconds from the command to the link, a live page, the first picture and its first tracks."""

    link_s: float
    live_s: float
    picture_s: float
    tracks_s: float


def once(chromium: str) -> Phases:
    """When each phase of one start was over."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        began_s = time.monotonic()
        demo = Demo(Path(folder), command=("make", "-C", str(ROOT), "demo", "ARGS=--no-browser"))
        link_s = time.monotonic() - began_s
        try:
            browser = playwright.chromium.launch(executable_path=chromium, args=[*CHROMIUM_FLAGS])
            page = browser.new_page(viewport={"width": 960, "height": 540})
            page.goto(f"{demo.link}#lang=en")
            expect(page.locator("header[data-link=live]")).to_be_visible(timeout=PATIENCE_S * 1000)
            live_s = time.monotonic() - began_s
            while not drawn(page):
                assert time.monotonic() - began_s < 2 * PATIENCE_S, "no picture came"
                time.sleep(0.05)
            picture_s = time.monotonic() - began_s
            while not page.evaluate("window.skypicket.shown"):
                assert time.monotonic() - began_s < 2 * PATIENCE_S, "no tracks came"
                time.sleep(0.05)
            tracks_s = time.monotonic() - began_s
            browser.close()
        finally:
            demo.stop()
    return Phases(link_s, live_s, picture_s, tracks_s)


def main() -> int:
    chromium = shutil.which("chromium")
    if chromium is None:
        print("No chromium here; install the Debian package chromium.", file=sys.stderr)
        return 1
    runs = [once(chromium) for _ in range(RUNS)]
    link_s, live_s, _, tracks_s = np.median(runs, axis=0)
    worst_s = max(run.picture_s for run in runs)
    print("name | value | unit | must reach")
    print(f"make demo to the link, median of {RUNS} | {link_s:.1f} | s | -")
    print(f"make demo to a live page, median of {RUNS} | {live_s:.1f} | s | -")
    print(f"make demo to the first tracks on it, median of {RUNS} | {tracks_s:.1f} | s | -")
    print(f"make demo to the first picture, worst of {RUNS} | {worst_s:.1f} | s | <= 10")
    return 0


if __name__ == "__main__":
    sys.exit(main())
