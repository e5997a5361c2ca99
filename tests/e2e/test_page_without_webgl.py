"""Old desktops: no WebGL, no script."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from skypicket.testing.demo import Demo

DEMO = ("--speed", "60")

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
