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
from playwright.sync_api import Browser, Page, Route, expect

from skypicket.testing.demo import Demo

DEMO = ("--speed", "60")
PANELS = ("alarms", "tracks", "sensors", "incident", "report", "wall", "replay", "keys")
SMALL, LARGE = {"width": 960, "height": 540}, {"width": 1920, "height": 1080}
GRAVE = {"serious", "critical"}

pytestmark = pytest.mark.timeout(200)


def live(page: Page) -> Page:
    """The page once it shows what is now."""
    expect(page.locator("header[data-link=live]")).to_be_visible()
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


def press(page: Page, key: str, panel: str) -> None:
    """Press a key once; its panel opens."""
    page.keyboard.press(key)
    expect(page.locator(f".tab[data-panel={panel}][aria-current=page]")).to_be_visible()


def test_the_map_is_drawn_with_borders_and_tracks(
    look: Callable[..., Page], browser: Browser
) -> None:
    page = live(look(browser))
    until(lambda: colours(page) > 12, "the map stays empty")
    assert page.evaluate("() => document.querySelector('.maplibregl-canvas') !== null") is True


LOSE_CONTEXT = """(comesBack) => {
  const canvas = document.querySelector('.maplibregl-canvas');
  window.told = [];
  for (const name of ['webglcontextlost', 'webglcontextrestored'])
    canvas.addEventListener(name, () => window.told.push(name));
  const extension = canvas.getContext('webgl2').getExtension('WEBGL_lose_context');
  extension.loseContext();
  if (comesBack) setTimeout(() => extension.restoreContext(), 300);
}"""


def test_a_lost_drawing_context_is_rebuilt(look: Callable[..., Page], browser: Browser) -> None:
    page = live(look(browser))
    until(lambda: colours(page) > 12, "the map stays empty")
    page.evaluate(LOSE_CONTEXT, True)
    wanted = ["webglcontextlost", "webglcontextrestored"]
    until(lambda: bool(page.evaluate("() => window.told") == wanted), "it is not restored")
    until(lambda: colours(page) > 12, "the map is not drawn again")
    expect(page.locator("img[src*='picture.svg']")).to_have_count(0)


def test_a_drawing_context_that_stays_lost_gives_way_to_the_drawn_picture(
    look: Callable[..., Page], browser: Browser
) -> None:
    page = live(look(browser))
    expect(page.locator(".maplibregl-canvas")).to_be_visible()
    page.evaluate(LOSE_CONTEXT, False)
    expect(page.locator("img[src*='picture.svg'], img[src^='blob:']").first).to_be_visible()


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["960x540", "1920x1080"])
def test_every_panel_fits_the_screen(
    look: Callable[..., Page], browser: Browser, size: dict[str, int], tmp_path: Path
) -> None:
    page = live(look(browser, viewport=size))
    over = []
    for panel in PANELS:
        page.locator(f".tab[data-panel={panel}]").click()
        wide, high = page.evaluate(
            """() => {
              const root = document.scrollingElement;
              return [root.scrollWidth - innerWidth, root.scrollHeight - innerHeight];
            }"""
        )
        if wide > 0 or high > 0:
            over.append(f"{panel}: {wide} px too wide, {high} px too high")
    page.screenshot(path=tmp_path / "page.png")
    with Image.open(tmp_path / "page.png") as shot:
        assert shot.size == (size["width"], size["height"])
    assert over == []


@pytest.mark.parametrize(("language", "word"), [("en", "Sensors"), ("lt", "Jutikliai")])
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
        page.locator(f".tab[data-panel={panel}]").click()
        said = page.inner_text("body")
        assert re.findall(r"\b[a-z_]+\.[a-z_]+\.[a-z_]+\b|\{[a-z]+\}|undefined|NaN", said) == []


def test_the_keys_explain_themselves(look: Callable[..., Page], browser: Browser) -> None:
    page = live(look(browser))
    press(page, "?", "keys")
    keys = page.get_by_role("region", name="Keys", exact=True)
    expect(keys).to_contain_text("acknowledge")
    expect(keys).to_contain_text("the gravest alarm")


def test_keys_that_are_pressed_before_the_page_is_there_are_not_lost(
    open_page: Callable[..., Page], browser: Browser, demo: Demo, session: dict[str, str]
) -> None:
    page = open_page(browser)
    cookies: Any = [{"name": k, "value": v, "url": demo.url} for k, v in session.items()]
    page.context.add_cookies(cookies)
    held: list[Route] = []
    page.route("**/assets/index-*.js", lambda route: held.append(route))  # noqa: PLW0108 -- no builtins
    page.goto(f"{demo.url}/#lang=en", wait_until="commit")
    page.wait_for_function("() => document.body !== null")
    until(lambda: len(held) == 1, "the page does not ask for its script")
    assert page.locator("header").count() == 0
    page.keyboard.press("s")
    page.keyboard.press("w")
    held[0].continue_()
    expect(page.locator(".tab[data-panel=wall][aria-current=page]")).to_be_visible()


SENSOR_ROW = ".sensor-speaking .sensor-head"


def test_a_sensor_tells_when_it_was_heard_and_when_it_detected_something(
    look: Callable[..., Page], browser: Browser
) -> None:
    page = live(look(browser, "lang=en&panel=sensors"))
    page.locator(SENSOR_ROW).first.click()
    chosen = page.locator(".sensor-chosen")
    expect(chosen).to_contain_text("Where it reports nothing, it detected nothing.")
    expect(chosen).to_contain_text(re.compile("Last detection .+ ago|No detection since the start"))
    expect(chosen.locator(".sensor-age")).to_have_count(2)


def test_the_address_holds_the_view(look: Callable[..., Page], browser: Browser) -> None:
    page = live(look(browser, "lang=en&panel=sensors&theme=day&map=8/54.7/25.3"))
    expect(page.get_by_role("region", name="Sensors")).to_be_visible()
    press(page, "w", "wall")
    expect(page).to_have_url(re.compile("panel=wall"))
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
        page.locator(f".tab[data-panel={panel}]").click()
        result = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
        for violation in result["violations"]:
            if violation["impact"] in GRAVE:
                places = [node["html"][:160] for node in violation["nodes"][:4]]
                found[f"{panel}: {violation['id']}"] = places
    assert found == {}, json.dumps(found, indent=1)
