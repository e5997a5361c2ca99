"""The administrator's page: a link lets in, roles change, disabling puts out, tokens come, go."""

import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from skypicket.store.access import AccessStore, Account
from skypicket.testing.demo import Demo
from skypicket.testing.system import configuration, free_port
from skypicket.web.access.desk import AccessDesk

DEMO = ("--speed", "60")
PASSWORD = "žalia arklio uodega 7"
THEIRS = "pilka varna ant stogo"
ROOM_FOR_PROOFS_MS = 40_000  # one of ten is free again every six seconds
PARTNERS = '[[partners]]\ncode = "LVA"\nname = "Latvia"\n'

WATCH_LINK = """() => {
    window.linkWas = [];
    const head = document.querySelector("header[data-link]");
    new MutationObserver(() => window.linkWas.push(head.dataset.link))
        .observe(head, {attributes: true, attributeFilter: ["data-link"]});
}"""

pytestmark = pytest.mark.timeout(240)


class Site:
    """A live system with one administrator, who has set a password."""

    def __init__(self, folder: Path) -> None:
        ports = {"r1": free_port(), "r2": free_port(), "adsb": free_port()}
        config = folder / "site.toml"
        config.write_text(configuration(free_port(), ports) + PARTNERS)
        command = (sys.executable, "-m", "skypicket.cli", "run", str(config), "--log", "error")
        self.running = Demo(folder, command=command)
        self.url = self.running.url
        self._state = folder / "state"

    def link(self, name: str, *roles: str) -> str:
        """A one-time link, as `skypicket access link` makes it: another, or for a new account."""
        store = AccessStore.of_state(self._state)
        try:
            account = store.accounts.named(name) or Account(name=name, roles=roles)
            return f"{self.url}/login/{AccessDesk(store).new_link(account, 'testing')}"
        finally:
            store.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    one = Site(tmp_path_factory.mktemp("site"))
    yield one
    one.running.stop()


@pytest.fixture
def admin(site: Site, open_page: Callable[..., Page], browser: Browser) -> Page:
    """The administrator, just signed in: by the first link or else by password."""
    page = open_page(browser)
    answer = page.goto(f"{site.running.link}#lang=en")
    assert answer is not None
    if answer.status == 200:
        set_password(page, PASSWORD)
    else:
        page.goto(f"{site.url}/#lang=en")
        page.get_by_label("Name", exact=True).fill("admin")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
    return live(page)


def set_password(page: Page, password: str) -> None:
    page.get_by_label(re.compile("^New password")).fill(password)
    page.get_by_label("The same again").fill(password)
    page.get_by_role("button", name="Set the password").click()


def live(page: Page) -> Page:
    expect(page.locator("header[data-link=live]")).to_be_visible()
    return page


def accounts(page: Page) -> Page:
    """The page of accounts, opened by its key."""
    heading = page.get_by_role("heading", name="Who has access")
    page.keyboard.press("u")
    expect(heading).to_be_visible()
    expect(page).to_have_url(re.compile("panel=accounts"))
    return page


def row(page: Page, name: str) -> Locator:
    return page.locator(f"tr[data-account='{name}']")


def dialog(page: Page) -> Locator:
    """The dialog of an act; the question for a proof lies over it, and has a name of its own."""
    return page.locator("dialog[open]").last


def test_a_link_lets_an_operator_in_and_disabling_puts_it_out_within_seconds(
    admin: Page, open_page: Callable[..., Page], browser: Browser
) -> None:
    accounts(admin)
    admin.get_by_role("button", name="Let somebody in").click()
    admin.get_by_label("Name of the account").fill("o.operator")
    expect(dialog(admin).get_by_role("checkbox", name="operator")).to_be_checked()
    dialog(admin).get_by_role("button", name="Make the link").click()
    link = dialog(admin).get_by_label("The link, for o.operator")
    expect(dialog(admin)).to_contain_text(re.compile(r"opens once, until \d\d:\d\d"))
    address = link.input_value()
    admin.keyboard.press("Escape")
    expect(admin.locator("dialog[open]")).to_have_count(0)
    expect(row(admin, "o.operator")).to_contain_text("link not opened yet")
    assert address.rpartition("/")[2] not in admin.content(), "it is shown once"

    operator = open_page(browser)
    operator.goto(f"{address}#lang=en")
    expect(operator.get_by_role("heading", name="Welcome")).to_be_visible()
    set_password(operator, THEIRS)
    live(operator)
    operator.keyboard.press("u")
    expect(operator.get_by_role("heading", name="Who has access")).to_have_count(0)

    admin.reload()
    expect(row(admin, "o.operator")).to_contain_text("1 session open")
    row(admin, "o.operator").get_by_role("button", name="Disable").click()
    expect(dialog(admin)).to_contain_text("1 open session ends")
    dialog(admin).get_by_role("button", name="Disable").click()
    expect(row(admin, "o.operator")).to_contain_text("disabled")
    expect(operator.get_by_text("Your session has ended.")).to_be_visible()
    expect(operator.locator(".maplibregl-canvas")).to_have_count(0)
    operator.get_by_label("Name", exact=True).fill("o.operator")
    operator.get_by_label("Password", exact=True).fill(THEIRS)
    operator.get_by_role("button", name="Sign in", exact=True).click()
    expect(operator.get_by_text("the account is closed")).to_be_visible()
    expect(admin.get_by_role("region", name="Who did what")).to_contain_text("disabled the account")


def newcomer(site: Site, page: Page, name: str, role: str) -> Locator:
    """Somebody comes by a link and sets a password; the button that says name and role."""
    page.goto(f"{site.link(name, role)}#lang=en")
    set_password(page, THEIRS)
    live(page)
    return page.get_by_role("button", name=f"Account: {name}")


def test_roles_change_under_an_open_page_which_loses_nothing(
    site: Site, admin: Page, open_page: Callable[..., Page], browser: Browser
) -> None:
    planner = open_page(browser)
    person = newcomer(site, planner, "p.planner", "planner")
    expect(person).to_contain_text("planner")
    planner.evaluate(WATCH_LINK)
    accounts(admin)
    row(admin, "p.planner").get_by_role("button", name="Roles").click()
    give = dialog(admin).get_by_role("button", name="Change the roles")
    expect(give).to_have_attribute("aria-disabled", "true")
    expect(dialog(admin)).to_contain_text("It has these roles already")
    expect(dialog(admin).get_by_role("checkbox", name="partner")).to_have_count(0)
    dialog(admin).get_by_role("checkbox", name="planner").uncheck()
    expect(dialog(admin)).to_contain_text("At least one role is needed")
    give.focus()
    admin.keyboard.press("Enter")  # refused: it says why, does nothing and keeps the focus
    expect(give).to_be_focused()
    dialog(admin).get_by_role("checkbox", name="supervisor").check()
    give.click()
    expect(row(admin, "p.planner")).to_contain_text("supervisor")
    expect(row(admin, "p.planner")).to_contain_text("1 session open")
    expect(person).to_contain_text("supervisor")
    assert planner.evaluate("window.linkWas") == []
    audit = admin.get_by_role("region", name="Who did what")
    expect(audit).to_contain_text("roles are now: supervisor")


def test_the_last_administrator_is_told_why_the_role_stays(admin: Page) -> None:
    accounts(admin)
    row(admin, "admin").get_by_role("button", name="Roles").click()
    dialog(admin).get_by_role("checkbox", name="administrator").uncheck()
    expect(dialog(admin)).to_contain_text("you see this page no longer")
    dialog(admin).get_by_role("button", name="Change the roles").click()
    expect(dialog(admin).get_by_role("alert")).to_contain_text("the last administrator")
    admin.keyboard.press("Escape")
    expect(row(admin, "admin")).to_contain_text("administrator, supervisor")


def test_a_disabled_account_is_enabled_and_signs_in_as_before(
    site: Site, admin: Page, open_page: Callable[..., Page], browser: Browser
) -> None:
    leader = open_page(browser)
    person = newcomer(site, leader, "s.leader", "search_leader")
    accounts(admin)
    row(admin, "s.leader").get_by_role("button", name="Disable").click()
    dialog(admin).get_by_role("button", name="Disable").click()
    expect(leader.get_by_text("Your session has ended.")).to_be_visible()
    row(admin, "s.leader").get_by_role("button", name="Enable").click()
    expect(dialog(admin)).to_contain_text("It signs in as before: password.")
    expect(dialog(admin)).to_contain_text("Its roles: search leader.")
    dialog(admin).get_by_role("button", name="Enable").click()
    expect(row(admin, "s.leader")).to_contain_text("active")
    leader.reload()
    expect(leader.get_by_role("heading", name="Sign in")).to_be_visible()
    leader.get_by_label("Name", exact=True).fill("s.leader")
    leader.get_by_label("Password", exact=True).fill(THEIRS)
    leader.get_by_role("button", name="Sign in", exact=True).click()
    expect(person).to_contain_text("search leader")
    audit = admin.get_by_role("region", name="Who did what")
    expect(audit).to_contain_text("enabled the account again")


def test_an_act_asks_again_who_it_is_and_then_goes_on_by_itself(
    site: Site, admin: Page, open_page: Callable[..., Page], browser: Browser
) -> None:
    # It has a password now. Sign-ins and proofs are counted: wait until some are free again.
    admin.wait_for_timeout(ROOM_FOR_PROOFS_MS)
    page = open_page(browser)
    page.goto(f"{site.link('admin')}#lang=en")  # a link proves nothing about the person
    expect(page.get_by_role("heading", name="A new password")).to_be_visible()
    page.get_by_role("button", name="Go on without a new one").click()
    accounts(live(page))
    page.get_by_role("button", name="New token").click()
    dialog(page).get_by_role("button", name="Make the token").click()
    proof = page.get_by_role("dialog", name="Say again who you are")
    expect(proof.get_by_label("Current password")).to_be_focused()
    page.keyboard.type("not this one")
    page.keyboard.press("Enter")
    expect(proof).to_contain_text("That is not your password")
    page.get_by_label("Current password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(proof).to_have_count(0)
    secret = dialog(page).get_by_label("The token, for reports").input_value()
    page.keyboard.press("Escape")
    report = {"lat_deg": 54.9, "lon_deg": 24.9, "first_hand": True, "text": "like a moped"}
    bearer = {"Authorization": f"Bearer {secret}"}
    place = f"{site.url}/api/v1/reports"
    stranger = open_page(browser).request
    assert stranger.post(place, data=report, headers=bearer).status == 201
    page.reload()
    tokens = page.get_by_role("region", name="Tokens of sensors")
    expect(tokens.locator("tbody tr")).to_have_count(1)
    expect(tokens).not_to_contain_text("never")  # it was used

    tokens.get_by_role("button", name="Revoke").click()
    dialog(page).get_by_role("button", name="Revoke").click()
    expect(page.get_by_text("There is no token yet")).to_be_visible()
    assert stranger.post(place, data=report, headers=bearer).status == 401


def test_a_forgotten_password_is_replaced_by_a_link(
    site: Site, admin: Page, open_page: Callable[..., Page], browser: Browser
) -> None:
    del site
    accounts(admin)
    row(admin, "admin").get_by_role("button", name="New link").click()
    expect(dialog(admin)).to_contain_text("signed in as admin")
    dialog(admin).get_by_role("button", name="Make the link").click()
    address = dialog(admin).get_by_label("The link, for admin").input_value()
    expect(row(admin, "admin").get_by_role("button", name="Disable")).to_be_disabled()
    page = open_page(browser)
    page.goto(f"{address}#lang=en")
    set_password(page, PASSWORD)
    live(page)
    expect(admin.get_by_text("Your session has ended.")).to_be_visible()


def test_a_demo_says_that_it_is_one_and_that_there_is_no_account(
    look: Callable[..., Page], browser: Browser
) -> None:
    page = live(look(browser, "lang=en&panel=accounts"))
    expect(page.get_by_text("This is a demo")).to_be_visible()
    expect(page.get_by_text("There is no account yet")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "lt"])
def test_nothing_serious_stands_in_the_way_and_everything_fits(
    admin: Page, repository: Path, language: str
) -> None:
    axe = (repository / "ui/node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
    for width, height in ((960, 540), (1920, 1080)):
        admin.set_viewport_size({"width": width, "height": height})
        admin.goto(f"{admin.url.partition('#')[0]}#lang={language}&panel=accounts")
        expect(row(admin, "admin")).to_be_visible()
        assert serious(admin, axe) == {}
        admin.locator(".access-head button").first.click()
        expect(dialog(admin).locator("input[name=account]")).to_be_focused()
        admin.locator("dialog[open] input[name=partner]").check()
        assert serious(admin, axe) == {}
        inside = "e => e.scrollWidth <= e.clientWidth + 1"
        assert dialog(admin).evaluate(inside)
        admin.keyboard.press("Escape")
        for table in admin.locator(".accounts .table-scroll").all():
            assert table.evaluate(inside), "a list is cut off"
        assert not re.search(r"\b[a-z_]+\.[a-z_]+\.[a-z_]+\b|\{[a-z]+\}", admin.inner_text("main"))


def serious(page: Page, axe: str) -> dict[str, Any]:
    """What axe finds that keeps somebody from using the page."""
    page.evaluate(axe)  # over the debugger, which the page's policy does not bind
    result = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    found = {
        violation["id"]: [node["html"][:160] for node in violation["nodes"][:3]]
        for violation in result["violations"]
        if violation["impact"] in {"serious", "critical"}
    }
    print(json.dumps(found, indent=1))
    return found
