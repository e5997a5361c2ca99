"""The link to the server: cut without a word, seen at once, and taken up again."""

import re
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from skypicket.testing.demo import Demo
from skypicket.testing.system import configuration, free_port

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
        expect(acts.first).to_have_accessible_description(re.compile("the server is not reached"))
        acts.first.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog")).to_have_count(0)
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


@pytest.fixture
def new_system(tmp_path: Path) -> Iterator[Demo]:
    """A live system that nobody has signed in to yet."""
    ports = {"r1": free_port(), "r2": free_port(), "adsb": free_port()}
    config = tmp_path / "site.toml"
    config.write_text(configuration(free_port(), ports))
    command = (sys.executable, "-m", "skypicket.cli", "run", str(config), "--log", "error")
    system = Demo(tmp_path, command=command)
    yield system
    system.stop()


def test_the_first_start_does_not_speak_of_a_lost_link(
    open_page: Callable[..., Page], browser: Browser, new_system: Demo
) -> None:
    page = open_page(browser)
    page.goto(f"{new_system.link}#lang=en")
    expect(page.get_by_role("heading", name="First start")).to_be_visible()
    word = page.locator(".link-word")
    expect(word).to_have_text("NOT SET UP YET")
    assert "all is in order" in (word.get_attribute("title") or "")
    for wrong in ("NO LINK", "FROZEN", "no alarm open"):
        assert wrong not in page.inner_text("header")
    new_system.stop()
    expect(word).to_have_text("NO LINK")
