"""From `make demo` to the first picture in a browser, in a warm environment.

Everything is counted that a person waits for: make, the start of the server, the start of
Chromium, the page, the first frame of tracks and the first drawn map.
"""

import io
import shutil
import sys
import tempfile
import time
from pathlib import Path

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
    pixels = np.asarray(Image.open(io.BytesIO(shot)).convert("RGB")) // 16
    return len(np.unique(pixels.reshape(-1, 3), axis=0)) >= DRAWN_COLOURS


def once(chromium: str) -> tuple[float, float]:
    """Seconds from the command to the link, and to the first picture."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        began_s = time.monotonic()
        demo = Demo(Path(folder), command=("make", "-C", str(ROOT), "demo", "ARGS=--no-browser"))
        link_s = time.monotonic() - began_s
        try:
            browser = playwright.chromium.launch(executable_path=chromium, args=[*CHROMIUM_FLAGS])
            page = browser.new_page(viewport={"width": 960, "height": 540})
            page.goto(f"{demo.link}#lang=en")
            expect(page.locator("header[data-link=live]")).to_be_visible(timeout=PATIENCE_S * 1000)
            while not drawn(page):
                assert time.monotonic() - began_s < 2 * PATIENCE_S, "no picture came"
                time.sleep(0.05)
            picture_s = time.monotonic() - began_s
            browser.close()
        finally:
            demo.stop()
    return link_s, picture_s


def main() -> int:
    chromium = shutil.which("chromium")
    if chromium is None:
        print("No chromium here; install the Debian package chromium.", file=sys.stderr)
        return 1
    runs = [once(chromium) for _ in range(RUNS)]
    link_s, worst_s = np.median([link for link, _ in runs]), max(picture for _, picture in runs)
    print("name | value | unit | must reach")
    print(f"make demo to the link, median of {RUNS} | {link_s:.1f} | s | -")
    print(f"make demo to the first picture, worst of {RUNS} | {worst_s:.1f} | s | <= 10")
    return 0


if __name__ == "__main__":
    sys.exit(main())
