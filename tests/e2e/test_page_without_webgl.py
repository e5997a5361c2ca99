"""Old desktops: no WebGL, no script."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from skypicket.testing.demo import Demo

DEMO = ("--speed", "60")

DRAWN_SAYS = """async (words) => {
  const image = document.querySelector('.drawn-picture img');
  try {
    const said = await (await fetch(image.src)).text();
    return said.includes('</svg>') && words.every(([one, there]) => said.includes(one) === there);
  } catch {
    return false; // not drawn yet, or just replaced by the next one
  }
}"""

pytestmark = pytest.mark.timeout(150)


def test_without_webgl_there_is_a_drawn_picture_and_tables(
    look: Callable[..., Page], browser_without_webgl: Browser
) -> None:
    page = look(browser_without_webgl)
    assert page.evaluate("() => document.createElement('canvas').getContext('webgl2')") is None
    drawn = page.locator("img[src*='/api/v1/picture.svg'], img[src^='blob:']").first
    expect(drawn).to_be_visible()
    page.keyboard.press("t")
    expect(page.get_by_role("table").first).to_be_visible()
    expect(page.get_by_role("row").nth(1)).to_be_visible()
    size = drawn.evaluate("async image => { await image.decode(); return image.naturalWidth; }")
    assert size > 0


def test_without_webgl_the_picture_shows_the_time_that_replay_has_chosen(
    look: Callable[..., Page], browser_without_webgl: Browser
) -> None:
    page = look(browser_without_webgl, bypass_csp=True)
    expect(page.get_by_role("status").filter(has_text="LIVE")).to_be_visible()
    expect(page.get_by_role("table").get_by_role("row").nth(1)).to_be_visible()  # it is kept, too
    page.keyboard.press("h")
    page.get_by_role("button", name="Look at the past").click()
    page.get_by_role("button", name="1 min back").click()
    shown = page.locator(".replay-at")
    expect(shown).to_be_visible()
    zulu = re.search(r"\d\d:\d\d:\d\dZ", shown.inner_text())
    assert zulu is not None
    page.wait_for_function(DRAWN_SAYS, arg=[[zulu[0], True], ["PAST, NOT NOW", True]])
    page.keyboard.press("l")
    page.wait_for_function(DRAWN_SAYS, arg=[["PAST, NOT NOW", False]])


def test_without_webgl_a_place_is_said_by_click_and_by_key(
    look: Callable[..., Page], browser_without_webgl: Browser
) -> None:
    page = look(browser_without_webgl)
    drawn = page.locator(".drawn-picture img")
    expect(drawn).to_be_visible()
    page.keyboard.press("r")
    button = page.get_by_role("button", name="Click it on the map")
    where = page.get_by_label(re.compile("Where was it"))
    button.click()
    drawn.click(position={"x": 120, "y": 180})
    expect(page.get_by_text(re.compile("Taken: .+"))).to_be_visible()
    first = where.input_value()
    button.click()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(where).not_to_have_value(first)
    expect(page.get_by_role("alert").filter(has_text="Click the place")).to_have_count(0)


def test_without_any_script_the_plain_page_shows_picture_and_tables(
    look: Callable[..., Page], browser_without_webgl: Browser, demo: Demo
) -> None:
    page = look(browser_without_webgl, java_script_enabled=False)
    page.goto(f"{demo.url}/plain")
    expect(page.get_by_role("heading", name="Alarms")).to_be_visible()
    expect(page.get_by_role("table").first).to_contain_text(re.compile("CAUTION|advisory|WARNING"))
    expect(page.get_by_text("SIMULATION")).to_be_visible()
    answer = page.request.get(f"{demo.url}/api/v1/picture.svg?width=960&height=540&theme=night")
    assert answer.ok
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert "<svg" in answer.text()
