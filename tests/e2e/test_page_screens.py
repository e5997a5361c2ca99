"""The screens: both sizes, both languages, every panel, every eye; and a map that is rebuilt."""

import io
import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

DEMO = ("--speed", "60")
PANELS = ("alarms", "tracks", "sensors", "incident", "report", "wall", "replay", "keys")
SMALL, LARGE = {"width": 960, "height": 540}, {"width": 1920, "height": 1080}
GRAVE = {"serious", "critical"}

pytestmark = pytest.mark.timeout(200)


def live(page: Page) -> Page:
    """The page once it shows what is now."""
    expect(page.locator("header [data-link=live], header[data-link=live]")).to_be_visible()
    return page


def colours(page: Page) -> int:
    """How many colours the map's canvas shows, in steps of sixteen."""
    shot = page.locator(".maplibregl-canvas").screenshot()
    pixels = np.asarray(Image.open(io.BytesIO(shot)).convert("RGB")) // 16
    return len(np.unique(pixels.reshape(-1, 3), axis=0))


def until(told: Callable[[], bool], what: str, patience_s: float = 45.0) -> None:
    deadline_s = time.monotonic() + patience_s
    while not told():
        assert time.monotonic() < deadline_s, what
        time.sleep(0.2)


def test_the_map_is_drawn_with_borders_and_tracks(
    look: Callable[..., Page], browser: Browser
) -> None:
    page = live(look(browser))
    until(lambda: colours(page) > 12, "the map stays empty")
    assert page.evaluate("() => document.querySelector('.maplibregl-canvas') !== null") is True


def test_a_lost_drawing_context_is_rebuilt(look: Callable[..., Page], browser: Browser) -> None:
    page = live(look(browser))
    until(lambda: colours(page) > 12, "the map stays empty")
    page.evaluate(
        """() => {
          const gl = document.querySelector('.maplibregl-canvas').getContext('webgl2');
          window.lost = gl.getExtension('WEBGL_lose_context');
          window.lost.loseContext();
        }"""
    )
    until(lambda: colours(page) <= 6, "the map does not notice")
    page.evaluate("() => window.lost.restoreContext()")
    until(lambda: colours(page) > 12, "the map is not drawn again")


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["960x540", "1920x1080"])
def test_every_panel_fits_the_screen(
    look: Callable[..., Page], browser: Browser, size: dict[str, int], tmp_path: Path
) -> None:
    page = live(look(browser, viewport=size))
    over = []
    for panel in PANELS:
        page.locator(f"[data-panel={panel}]").click()
        page.screenshot(path=tmp_path / f"{panel}.png")
        wide, high = page.evaluate(
            """() => {
              const root = document.scrollingElement;
              return [root.scrollWidth - innerWidth, root.scrollHeight - innerHeight];
            }"""
        )
        if wide > 0 or high > 0:
            over.append(f"{panel}: {wide} px too wide, {high} px too high")
    assert over == []


@pytest.mark.parametrize(("language", "word"), [("en", "Alarms"), ("lt", "Pavojaus signalai")])
def test_the_page_speaks_its_language_everywhere(
    look: Callable[..., Page], browser: Browser, language: str, word: str
) -> None:
    page = live(look(browser, f"lang={language}"))
    assert page.evaluate("() => document.documentElement.lang") == language
    assert (
        word.lower() in page.locator("nav").first.inner_text().lower()
        or page.get_by_role("region", name=word).count()
    )
    for panel in PANELS:
        page.locator(f"[data-panel={panel}]").click()
        said = page.inner_text("body")
        assert re.findall(r"\b[a-z_]+\.[a-z_]+\.[a-z_]+\b|\{[a-z]+\}|undefined|NaN", said) == []


def test_the_keys_explain_themselves(look: Callable[..., Page], browser: Browser) -> None:
    page = live(look(browser))
    page.keyboard.press("?")
    keys = page.get_by_role("region", name="Keys")
    expect(keys).to_contain_text("acknowledge")
    expect(keys).to_contain_text("the gravest alarm")


def test_the_address_holds_the_view(look: Callable[..., Page], browser: Browser) -> None:
    page = live(look(browser, "lang=en&panel=sensors&theme=day&map=8/54.7/25.3"))
    expect(page.get_by_role("region", name="Sensors")).to_be_visible()
    page.keyboard.press("w")
    until(lambda: "panel=wall" in page.url, "the address does not follow")
    page.reload()
    expect(page.get_by_role("region", name="Wall")).to_be_visible()


@pytest.mark.parametrize("theme", ["day", "dim", "night"])
def test_nothing_serious_stands_in_the_way_of_any_reader(
    look: Callable[..., Page], browser: Browser, repository: Path, theme: str
) -> None:
    page = live(look(browser, f"lang=en&theme={theme}", bypass_csp=True))
    axe = (repository / "ui/node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
    page.add_script_tag(content=axe)
    found: dict[str, Any] = {}
    for panel in PANELS if theme == "dim" else ("alarms", "tracks", "wall"):
        page.locator(f"[data-panel={panel}]").click()
        result = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
        for violation in result["violations"]:
            if violation["impact"] in GRAVE:
                places = [node["html"][:160] for node in violation["nodes"][:4]]
                found[f"{panel}: {violation['id']}"] = places
    assert found == {}, json.dumps(found, indent=1)
