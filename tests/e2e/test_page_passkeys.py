"""Passkeys in a real browser, from the first link to the fresh proof; passwords and a provider too.

The authenticator is the browser's own virtual one: it holds real keys and signs real challenges.
"""

import json
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from skypicket.store.access import AccessStore
from skypicket.testing.demo import PATIENCE_S, Demo
from skypicket.testing.system import configuration, free_port
from skypicket.web.access.desk import COOKIE, AccessDesk

SIZE: Any = {"width": 960, "height": 540}
LOOPBACK = re.compile(r"(?:https?|wss?)://(?:127\.0\.0\.1|localhost):\d+/|(?:data|blob):")
OF_THE_PROVIDER = "https://cdn.jsdelivr.net/"
PASSWORD = "trys gervės virš ežero"
LONG_AGO_NS = 1
EXPORT = "/api/v1/export/picture.geojson"
PEOPLE = ({"sub": "1001", "preferred_username": "ona", "groups": ["shift-leads"]},)
OIDC = """
[web.oidc]
issuer = "{issuer}"
client_id = "skypicket"
client_secret_file = "client.secret"
role_claim = "groups"
roles = {{ "shift-leads" = "supervisor" }}
"""

pytestmark = pytest.mark.timeout(240)


def by_name(url: str) -> str:
    """The same address by a host name: a passkey belongs to one, and a number is none."""
    return url.replace("127.0.0.1", "localhost")


class Site:
    """A live system that was started for the first time."""

    def __init__(self, folder: Path, more: str = "") -> None:
        ports = {"r1": free_port(), "r2": free_port(), "adsb": free_port()}
        config = folder / "site.toml"
        config.write_text(configuration(free_port(), ports) + more)
        self.state = folder / "state"
        words = (sys.executable, "-m", "skypicket.cli", "run", str(config), "--log", "error")
        self.running = Demo(folder, command=words)
        self.link, self.url = by_name(self.running.link), by_name(self.running.url)

    def let_the_proof_grow_old(self, page: Page) -> None:
        """What the passing of five minutes does to the session of a page."""
        (secret,) = [c["value"] for c in page.context.cookies(self.url) if c["name"] == COOKIE]
        store = AccessStore.of_state(self.state)
        try:
            principal = AccessDesk(store).principal_of_secret(secret)
            store.sessions.step_up(principal.session, LONG_AGO_NS)
        finally:
            store.close()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A live system, started for the first time."""
    one = Site(tmp_path)
    yield one
    one.running.stop()


def with_authenticator(page: Page) -> Callable[[], list[dict[str, Any]]]:
    """Give a page's browser an authenticator that knows its person; tells what keys it holds."""
    talk = page.context.new_cdp_session(page)
    talk.send("WebAuthn.enable")
    made = talk.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    key = {"authenticatorId": made["authenticatorId"]}

    def keys() -> list[dict[str, Any]]:
        held: list[dict[str, Any]] = talk.send("WebAuthn.getCredentials", key)["credentials"]
        return held

    return keys


def exported(page: Page) -> int:
    """The status of an export that this page asks for."""
    status: int = page.evaluate("(path) => fetch(path).then((answer) => answer.status)", EXPORT)
    return status


def is_live(page: Page) -> None:
    expect(page.locator("header[data-link=live]")).to_be_visible()


def account_of(page: Page) -> Locator:
    """Opens the dialog of the account that is signed in."""
    page.get_by_role("button", name=re.compile("^Account: ")).click()
    return page.get_by_role("dialog")


def sign_out(page: Page) -> None:
    account_of(page).get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_passkey_opens_the_first_start_the_next_sign_in_and_an_export(
    open_page: Callable[..., Page], browser: Browser, site: Site
) -> None:
    page = open_page(browser)
    keys = with_authenticator(page)
    page.goto(f"{site.link}#lang=en")
    page.get_by_role("button", name="Use a passkey instead").click()
    is_live(page)
    (key,) = keys()
    assert (key["rpId"], key["isResidentCredential"]) == ("localhost", True)

    sign_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    is_live(page)
    assert keys()[0]["signCount"] > key["signCount"]
    assert exported(page) == 200

    site.let_the_proof_grow_old(page)
    page.reload()
    is_live(page)
    assert exported(page) == 403
    dialog = account_of(page)
    dialog.get_by_role("button", name="Use a passkey", exact=True).click()
    expect(dialog.get_by_text("Confirmed until")).to_be_visible()
    assert exported(page) == 200


def test_a_browser_without_the_passkey_does_not_come_in(
    open_page: Callable[..., Page], browser: Browser, site: Site
) -> None:
    page = open_page(browser)
    with_authenticator(page)
    page.goto(f"{site.link}#lang=en")
    page.get_by_role("button", name="Use a passkey instead").click()
    is_live(page)

    stranger = open_page(browser)
    keys = with_authenticator(stranger)
    stranger.goto(f"{site.url}/#lang=en")
    stranger.get_by_role("button", name="Sign in with a passkey").click()
    expect(stranger.get_by_text("The passkey was not given.")).to_be_visible()
    assert keys() == []
    assert exported(stranger) == 401


def test_a_password_said_again_lets_an_export_out_and_a_wrong_one_does_not(
    open_page: Callable[..., Page], browser: Browser, site: Site
) -> None:
    page = open_page(browser)
    page.goto(f"{site.link}#lang=en")
    page.get_by_label(re.compile("^New password")).fill(PASSWORD)
    page.get_by_label("The same again").fill(PASSWORD)
    page.get_by_role("button", name="Set the password").click()
    is_live(page)
    site.let_the_proof_grow_old(page)
    page.reload()
    is_live(page)
    assert exported(page) == 403

    dialog = account_of(page)
    dialog.get_by_label("Current password").fill("something else that is long")
    dialog.get_by_role("button", name="Confirm", exact=True).click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    assert exported(page) == 403
    dialog.get_by_label("Current password").fill(PASSWORD)
    dialog.get_by_role("button", name="Confirm", exact=True).click()
    expect(dialog.get_by_text("Confirmed until")).to_be_visible()
    assert exported(page) == 200


@pytest.fixture
def issuer() -> Iterator[str]:
    """An identity provider that runs; it lets in whoever says that they are one of its people."""
    port = free_port()
    people = [word for person in PEOPLE for word in ("--user-claims", json.dumps(person))]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "-p", str(port)]
    running = subprocess.Popen(
        [*command, "--require-nonce", "true", *people],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    deadline_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline_s:
        try:
            urllib.request.urlopen(f"{url}/.well-known/openid-configuration", timeout=5).close()
        except urllib.error.URLError:
            assert running.poll() is None
            time.sleep(0.05)
        else:
            break
    yield url
    running.terminate()
    running.wait(30)


@pytest.fixture
def site_with_provider(tmp_path: Path, issuer: str) -> Iterator[Site]:
    """A live system that lets an identity provider say who is who."""
    (tmp_path / "client.secret").write_text("a secret between the two programs\n")
    one = Site(tmp_path, OIDC.format(issuer=issuer))
    yield one
    one.running.stop()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Page]:
    """A page that may go to the provider's, which wants a style sheet from outside in vain."""
    context = browser.new_context(viewport=SIZE, locale="en-GB")
    context.set_default_timeout(PATIENCE_S * 1000)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    yield context.new_page()
    context.close()
    outside = [url for url in asked if LOOPBACK.match(url) is None]
    assert [url for url in outside if not url.startswith(OF_THE_PROVIDER)] == []


def test_the_organisations_own_way_comes_back_signed_in_with_the_groups_role(
    visit: Page, site_with_provider: Site
) -> None:
    visit.goto(f"{site_with_provider.url}/#lang=en")
    visit.get_by_role("link", name="Sign in with your organisation").click()
    visit.locator("input[name=sub]").fill("1001")
    visit.get_by_role("button", name="Authorize", exact=True).click()
    is_live(visit)
    expect(account_of(visit).get_by_text("ona@oidc")).to_be_visible()
    assert exported(visit) == 200
