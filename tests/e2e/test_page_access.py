"""Who may see what: nobody nothing, and the first start of `run` a password."""

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from skypicket.testing.demo import Demo
from skypicket.testing.system import configuration, free_port

DEMO = ("--speed", "60")
PASSWORD = "žalia arklio uodega 7"

pytestmark = pytest.mark.timeout(150)


def test_a_visitor_sees_how_to_sign_in_and_nothing_of_the_picture(
    open_page: Callable[..., Page], browser: Browser, demo: Demo
) -> None:
    page = open_page(browser)
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 -- no builtins
    page.goto(f"{demo.url}/#lang=en")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.get_by_label("Password", exact=True)).to_be_visible()
    page.wait_for_load_state("networkidle")
    asked = {answer.url: answer.status for answer in answers if "/api/" in answer.url}
    ways = asked.pop(f"{demo.url}/api/v1/session/ways")  # which ways in there are, no more
    assert ways == 200
    assert set(asked.values()) <= {401, 403, 404}
    assert not re.search(r"Incursion|Vilnius|P\(real\)", page.inner_text("body"))
    plain = page.request.get(f"{demo.url}/plain", headers={"Accept-Language": "en"})
    assert plain.status == 401
    assert "You are not signed in" in plain.text()


def test_a_wrong_password_is_refused_in_plain_words(
    open_page: Callable[..., Page], browser: Browser, demo: Demo
) -> None:
    page = open_page(browser)
    page.goto(f"{demo.url}/#lang=en")
    page.get_by_label("Name", exact=True).fill("nobody")
    page.get_by_label("Password", exact=True).fill("wrong")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("Name or password are not right")).to_be_visible()


@pytest.fixture
def first_start(tmp_path: Path) -> Iterator[Demo]:
    """A live system, started for the first time."""
    ports = {"r1": free_port(), "r2": free_port(), "adsb": free_port()}
    config = tmp_path / "site.toml"
    config.write_text(configuration(free_port(), ports))
    command = (sys.executable, "-m", "skypicket.cli", "run", str(config), "--log", "error")
    system = Demo(tmp_path, command=command)
    yield system
    system.stop()


def test_the_first_start_sets_a_password_before_anything_else(
    open_page: Callable[..., Page], browser: Browser, first_start: Demo
) -> None:
    page = open_page(browser)
    page.goto(f"{first_start.link}#lang=en")
    expect(page.get_by_role("heading", name="First start")).to_be_visible()
    page.get_by_label(re.compile("^New password")).fill(PASSWORD)
    page.get_by_label("The same again").fill(PASSWORD)
    page.get_by_role("button", name="Set the password").click()
    expect(page.locator("header[data-link=live]")).to_be_visible()

    later = open_page(browser)
    later.goto(f"{first_start.url}/#lang=en")
    later.get_by_label("Name", exact=True).fill("admin")
    later.get_by_label("Password", exact=True).fill(PASSWORD)
    later.get_by_role("button", name="Sign in", exact=True).click()
    expect(later.locator("header[data-link=live]")).to_be_visible()
    again = open_page(browser)
    answer = again.goto(first_start.link)
    assert answer is not None
    assert answer.status == 403
