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


COLOURS = """head => {
  const probe = document.createElement('i');
  head.append(probe);
  const fill = (level) => {
    probe.style.backgroundColor = `var(--${level}-fill)`;
    return getComputedStyle(probe).backgroundColor;
  };
  const told = {
    drawn: getComputedStyle(head).backgroundColor,
    advisory: fill('advisory'),
    caution: fill('caution'),
  };
  probe.remove();
  return told;
}"""


def alarm(page: Page, words: str) -> Locator:
    """Rows of the open alarms that have the words."""
    return (
        page.get_by_role("list", name="Open alarms").get_by_role("listitem").filter(has_text=words)
    )


AT_ALARM = "() => document.activeElement.closest('[data-alarm]') !== null"


def go_to_gravest(page: Page) -> None:
    """Press the key once: no key that a person presses is lost."""
    page.keyboard.press("a")
    page.wait_for_function(AT_ALARM)


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


def test_an_alarm_that_rises_takes_the_colours_of_its_new_level(
    look: Callable[..., Page], browser: Browser
) -> None:
    page = look(browser)
    low = page.locator(".alarm-advisory.alarm-raised:not(:has(.alarm-parts))")
    expect(low.first).to_be_visible(timeout=NIGHT_MS)
    name = low.first.get_attribute("data-alarm")
    row = page.locator(f'[data-alarm="{name}"]')
    before = row.locator(".alarm-head").evaluate(COLOURS)
    row.locator(".alarm-head").click()
    page.keyboard.press("e")
    page.get_by_role("dialog").get_by_role("textbox").fill("the next level must look")
    page.keyboard.press("Enter")
    risen = page.locator(f'.alarm-caution[data-alarm="{name}"]')
    expect(risen.locator(".level")).to_have_text("CAUTION")
    after = risen.locator(".alarm-head").evaluate(COLOURS)
    assert (before["drawn"], after["drawn"]) == (before["advisory"], after["caution"])
    assert before["drawn"] != after["drawn"]


def test_a_place_is_said_by_one_click_on_the_map_that_does_nothing_else(
    look: Callable[..., Page], browser: Browser
) -> None:
    page = look(browser)
    expect(page.get_by_role("status").filter(has_text="LIVE")).to_be_visible()
    page.keyboard.press("r")
    form = page.get_by_role("region", name="Report of a caller")
    where = form.get_by_label(re.compile("Where was it"))
    form.get_by_role("button", name="Click it on the map").click()
    banner = page.get_by_role("alert").filter(has_text="Click the place")
    expect(banner).to_contain_text("Esc leaves")
    canvas = page.locator(".maplibregl-canvas")
    cursor = canvas.evaluate("canvas => getComputedStyle(canvas.parentElement).cursor")
    assert cursor == "crosshair"
    box: Any = canvas.bounding_box()
    page.mouse.dblclick(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.4)
    expect(banner).to_have_count(0)
    expect(form.get_by_text(re.compile("Taken: .+"))).to_be_visible()
    expect(where).to_be_focused()
    assert "sel=" not in page.url
    first = where.input_value()

    form.get_by_role("button", name="Click it on the map").click()
    expect(canvas).to_be_focused()
    page.keyboard.press("Enter")
    expect(banner).to_have_count(0)
    expect(where).not_to_have_value(first)
    second = where.input_value()

    form.get_by_role("button", name="Click it on the map").click()
    expect(banner).to_be_visible()
    page.keyboard.press("Escape")
    expect(banner).to_have_count(0)
    expect(where).to_have_value(second)


def test_reports_are_chosen_in_the_list_and_shown_over_the_map(
    look: Callable[..., Page], browser: Browser, demo: Demo
) -> None:
    page = look(browser)
    expect(page.get_by_role("status").filter(has_text="LIVE")).to_be_visible()
    said = {"lat_deg": 55.96, "lon_deg": 25.59, "sigma_m": 1000, "sigma_time_s": 120}
    told = said | {"first_hand": False, "course_deg": 45, "sigma_course_deg": 45, "text": "moped"}
    sent = page.request.post(f"{demo.url}/api/v1/reports", data=told, headers={"Origin": demo.url})
    assert sent.ok, sent.text()
    page.keyboard.press("r")
    page.get_by_role("button", name=re.compile("reports? of the last 6 h")).click()
    rows = page.get_by_role("list", name="Reports, the one heard last first").get_by_role("button")
    row = rows.filter(has_text="second hand").filter(has_text="Rokiškis").first
    row.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("a")
    card = page.get_by_role("region", name="Report of a caller")
    for words in ("second hand", "Received", "towards NE", "within", "not shown"):
        expect(card).to_contain_text(words)
    assert "moped" not in page.inner_text("body")
    expect(page).to_have_url(re.compile("sel=report"))
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)


def test_places_ahead_stand_on_the_map_with_their_model(
    look: Callable[..., Page], browser: Browser
) -> None:
    page = look(browser)
    expect(alarm(page, "Lost inside").first).to_be_visible(timeout=NIGHT_MS)
    legend = page.get_by_text("place ahead, minutes by a simple model")
    expect(legend).to_be_visible(timeout=NIGHT_MS)  # not each minute has one
    assert len(legend.get_attribute("title") or "") > 20


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
