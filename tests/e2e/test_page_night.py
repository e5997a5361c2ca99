"""The night in the browser, by a person who touches nothing but the keyboard."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from skypicket.testing.demo import Demo

DEMO = ("--speed", "90")
NIGHT_MS = 150_000

pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module")
def link_used_by_browser(demo: Demo, browser: Browser) -> str:
    """What the page says after the link was opened in a browser, before anything else uses it."""
    page = browser.new_page(locale="en-GB")
    page.goto(f"{demo.link}#lang=en")
    expect(page.get_by_role("status").filter(has_text="LIVE")).to_be_visible(timeout=60_000)
    said = f"{page.url}\n{page.inner_text('body')}"
    (cookie,) = page.context.cookies()
    page.context.close()
    return f"{said}\n{cookie['name']}={cookie['value']} {cookie['httpOnly']} {cookie['sameSite']}"


@pytest.fixture(scope="module")
def session(link_used_by_browser: str) -> dict[str, str]:
    """The session that the browser got from the link."""
    found = re.search(r"^(\w+)=(\S+) ", link_used_by_browser, re.MULTILINE)
    assert found is not None
    return {found[1]: found[2]}


def alarm(page: Page, words: str) -> Locator:
    """Rows of the open alarms that have the words."""
    return (
        page.get_by_role("list", name="Open alarms").get_by_role("listitem").filter(has_text=words)
    )


def go_to_gravest(page: Page) -> None:
    """Press the key until the focus is there: a page that was just opened may not listen yet."""
    expect(page.get_by_role("button", name="Acknowledge").first).to_be_enabled()
    deadline_s = time.monotonic() + 30
    at_alarm = "() => document.activeElement.closest('[data-alarm]') !== null"
    while not page.evaluate(at_alarm):
        assert time.monotonic() < deadline_s, "the key A does not go to the gravest alarm"
        page.keyboard.press("a")
        time.sleep(0.1)


def test_the_link_that_the_demo_prints_opens_the_page(link_used_by_browser: str) -> None:
    assert re.search(r"http://127\.0\.0\.1:\d+/#", link_used_by_browser)
    assert "/login" not in link_used_by_browser
    assert "RECONSTRUCTION" in link_used_by_browser
    assert "True Strict" in link_used_by_browser  # the cookie: for no script, for no other site


def test_the_incursion_is_acknowledged_by_keyboard_alone(
    look: Callable[..., Page], browser: Browser
) -> None:
    page = look(browser)
    expect(alarm(page, "Incursion").first).to_be_visible(timeout=NIGHT_MS)
    expect(alarm(page, "Incursion").first).to_contain_text("NOT ACKNOWLEDGED")
    go_to_gravest(page)
    page.keyboard.press("k")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Acknowledge")
    expect(dialog).to_contain_text("Incursion")
    page.keyboard.type("seen, the desk is told")
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    row = alarm(page, "Incursion").filter(has_text="seen, the desk is told")
    expect(row).to_contain_text("acknowledged")
    expect(row).to_contain_text("demo")


def test_the_lost_object_is_an_area_with_a_question_mark(
    look: Callable[..., Page], browser: Browser
) -> None:
    page = look(browser)
    expect(alarm(page, "Lost inside").first).to_be_visible(timeout=NIGHT_MS)
    page.keyboard.press("t")
    lost = page.get_by_role("row").filter(has_text="LOST")
    expect(lost.first).to_be_visible()
    assert "?" in lost.first.inner_text()
    page.keyboard.press("w")
    wall = page.get_by_role("region", name="Wall")
    expect(wall).to_contain_text("LOST")
    expect(wall).to_contain_text("down")
    expect(wall).to_contain_text("NOTHING LEAVES")


def test_the_loss_becomes_an_incident_with_a_timeline(
    look: Callable[..., Page], browser: Browser
) -> None:
    page = look(browser)
    expect(alarm(page, "Lost inside").first).to_be_visible(timeout=NIGHT_MS)
    page.keyboard.press("i")
    incidents = page.get_by_role("region", name="Incidents")
    expect(incidents).to_contain_text("NO OWNER")
    incidents.get_by_role("button").first.press("Enter")
    expect(page.get_by_text("Timeline").first).to_be_visible()
    expect(page.get_by_text(re.compile("incursion")).first).to_be_visible()


def test_a_report_of_a_clerk_lands_as_an_entry(
    look: Callable[..., Page], browser: Browser, demo: Demo
) -> None:
    page = look(browser)
    expect(page.get_by_role("status").filter(has_text="LIVE")).to_be_visible()
    page.keyboard.press("r")
    form = page.get_by_role("region", name="Report of a caller")
    where = form.get_by_label(re.compile("Where was it"))
    where.fill("54.90, 24.90")
    where.press("Enter")
    form.get_by_label(re.compile("Yes: heard or seen")).check()
    form.get_by_label(re.compile("In the caller's words")).fill("like a moped")
    form.get_by_role("button", name="Send the report").click()
    expect(page.get_by_text(re.compile(r"Saved as entry [\d ,]+\d")).first).to_be_visible()


def test_the_past_is_shown_under_a_banner_that_cannot_be_missed(
    look: Callable[..., Page], browser: Browser
) -> None:
    page = look(browser)
    expect(page.get_by_role("status").filter(has_text="LIVE")).to_be_visible()
    page.keyboard.press("h")
    page.get_by_role("button", name="Look at the past").click()
    banner = page.get_by_role("alert").filter(has_text="PAST — NOT NOW")
    expect(banner).to_be_visible()
    box: Any = banner.bounding_box()
    assert box["width"] > 900
    page.keyboard.press("l")
    expect(banner).to_have_count(0)


def test_the_night_goes_on_while_it_is_watched(look: Callable[..., Page], browser: Browser) -> None:
    page = look(browser)
    clock = page.get_by_role("timer", name="Time of the system")
    expect(clock).to_contain_text("Zulu")
    before = clock.inner_text()
    deadline_s = time.monotonic() + 20
    while clock.inner_text() == before and time.monotonic() < deadline_s:
        time.sleep(0.1)
    assert clock.inner_text() != before
