"""The link to the server: cut without a word, seen at once, and taken up again."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from skypicket.testing.demo import Demo

DEMO = ("--speed", "60")
STALE_WITHIN_S = 6.0

pytestmark = pytest.mark.timeout(150)


def test_a_feed_that_stops_looks_stale_within_six_seconds_and_comes_back(
    look: Callable[..., Page], browser: Browser, demo: Demo
) -> None:
    page = look(browser)
    link = page.get_by_role("status").filter(has_text="LIVE")
    expect(link).to_be_visible()
    acts = page.get_by_role("button", name="Acknowledge")
    expect(acts.first).to_be_enabled()
    demo.freeze()
    cut_s = time.monotonic()
    try:
        frozen = page.get_by_text("FROZEN AT").first
        expect(frozen).to_be_visible(timeout=STALE_WITHIN_S * 1000)
        assert time.monotonic() - cut_s <= STALE_WITHIN_S
        expect(acts.first).to_be_disabled()
        expect(page.get_by_text("OLD: from").first).to_be_visible()
        clock = page.get_by_role("timer")
        stood = clock.inner_text()
        page.keyboard.press("w")  # the page itself still answers
        expect(page.get_by_role("region", name="Wall")).to_be_visible()
        assert clock.inner_text() == stood
    finally:
        demo.thaw()
    expect(link).to_be_visible(timeout=30_000)
    expect(page.get_by_text("FROZEN AT")).to_have_count(0)
    page.keyboard.press("a")
    expect(acts.first).to_be_enabled()


def test_a_server_that_ends_leaves_the_last_picture_marked_as_old(
    look: Callable[..., Page], browser: Browser, demo: Demo
) -> None:
    page = look(browser)
    expect(page.get_by_role("status").filter(has_text="LIVE")).to_be_visible()
    alarms = page.get_by_role("list", name="Open alarms").get_by_role("listitem")
    expect(alarms.first).to_be_visible()
    demo.stop()
    expect(page.get_by_text("FROZEN AT").first).to_be_visible(timeout=STALE_WITHIN_S * 1000)
    expect(alarms.first).to_be_visible()
