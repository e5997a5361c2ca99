"""Makes docs/images/live-picture.png: the page as it looks a while after the object was lost.

python scripts/screenshot.py [--out FILE] [--size 1600x900] [--view HASH] [--speed 60]

The real demo runs, Debian's Chromium looks at it, and nothing is drawn by hand.
"""

import argparse
import io
import shutil
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

from skypicket.testing.demo import CHROMIUM_FLAGS, Demo

OUT = Path(__file__).resolve().parent.parent / "docs" / "images" / "live-picture.png"
VIEW = "lang=en&map=7.9/54.75/25.15&panel=alarms"
MOST_BYTES = 400_000
PATIENCE_MS = 240_000
SETTLE_S = 4.0


def waited(page: Page, words: str) -> None:
    """Return once an open alarm has the words, and the map has come to rest."""
    alarms = page.get_by_role("list", name="Open alarms").get_by_role("listitem")
    expect(alarms.filter(has_text=words).first).to_be_visible(timeout=PATIENCE_MS)
    time.sleep(SETTLE_S)


def small(shot: bytes) -> bytes:
    """The picture as PNG of as many colours as fit the size that a README may load."""
    image = Image.open(io.BytesIO(shot)).convert("RGB")
    for colours in (256, 128, 64):
        packed = io.BytesIO()
        image.quantize(colours, dither=Image.Dither.NONE).save(packed, "PNG", optimize=True)
        if packed.tell() <= MOST_BYTES:
            return packed.getvalue()
    raise SystemExit(f"The picture has {packed.tell()} bytes; at most {MOST_BYTES} are wanted.")


def take(size: tuple[int, int], view: str, speed: str, words: str) -> bytes:
    chromium = shutil.which("chromium")
    if chromium is None:
        raise SystemExit("No chromium here; install the Debian package chromium.")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        demo = Demo(Path(folder), "--speed", speed)
        try:
            browser = playwright.chromium.launch(executable_path=chromium, args=[*CHROMIUM_FLAGS])
            context = browser.new_context(
                viewport={"width": size[0], "height": size[1]},
                locale="en-GB",
                timezone_id="Europe/Vilnius",
            )
            page = context.new_page()
            page.goto(f"{demo.link}#{view}")
            waited(page, words)
            shot = page.screenshot()
            browser.close()
        finally:
            demo.stop()
    return shot


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--size", default="1600x900")
    parser.add_argument("--view", default=VIEW, help="the part of the address after #")
    parser.add_argument("--speed", default="60")
    parser.add_argument("--words", default="Lost inside", help="of the alarm that is waited for")
    said = parser.parse_args()
    wide, high = (int(part) for part in said.size.split("x"))
    picture = small(take((wide, high), said.view, said.speed, said.words))
    said.out.parent.mkdir(parents=True, exist_ok=True)
    said.out.write_bytes(picture)
    print(f"{said.out}: {len(picture)} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
