"""Signing in through an identity provider: a real one, a program of its own on loopback."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import msgspec
import pytest

from skypicket.domain.errors import InputError
from skypicket.engine.runtime import Runtime
from skypicket.engine.web_settings import OidcSettings, WebSettings
from skypicket.testing.system import free_port
from skypicket.testing.visitor import Answer, Visitor, visiting
from skypicket.web.access.desk import AccessDesk
from skypicket.web.app import build_app
from skypicket.web.parts import WebParts

PEOPLE = (
    {"sub": "1001", "preferred_username": "ona", "groups": ["duty", "choir"]},
    {"sub": "1002", "preferred_username": "jonas", "groups": ["choir"]},
    {"sub": "1003", "preferred_username": "ona", "groups": "search"},
    {"sub": "1004", "preferred_username": "admin", "groups": ["duty"]},
)
ROLES = {"duty": "operator", "search": "search_leader"}
START, CALLBACK = "/api/v1/session/oidc/start", "/api/v1/session/oidc/callback"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """An identity provider that runs; it lets in whoever names one of its people."""
    port = free_port()
    people = [word for person in PEOPLE for word in ("--user-claims", json.dumps(person))]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "-p", str(port)]
    running = subprocess.Popen(
        [*command, "--require-nonce", "true", *people],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    deadline_s = time.monotonic() + 60
    while time.monotonic() < deadline_s:
        try:
            httpx.get(f"{url}/.well-known/openid-configuration", timeout=5, trust_env=False)
            break
        except httpx.HTTPError:
            assert running.poll() is None
            time.sleep(0.05)
    yield url
    running.terminate()
    running.wait(30)


@pytest.fixture
def oidc_desk(issuer: str) -> AccessDesk:
    oidc = OidcSettings(
        issuer=issuer,
        client_id="skypicket",
        client_secret_file="client.secret",
        roles=ROLES,  # type: ignore[arg-type] # literals
    )
    return AccessDesk(web=WebSettings(oidc=oidc))


@pytest.fixture
def guest(runtime: Runtime, oidc_desk: AccessDesk, tmp_path: Path) -> Iterator[Visitor]:
    (tmp_path / "client.secret").write_text("a secret & its signs: %/+\n")
    parts = WebParts(runtime=runtime, access=oidc_desk, folder=tmp_path)
    with visiting(build_app(parts)) as somebody:
        yield somebody


def at_the_provider(url: str, subject: str, **changed: str) -> str:
    """What the person does there; the path and query that the browser comes back with."""
    parts = urlsplit(url)
    asked = {key: values[0] for key, values in parse_qs(parts.query).items()} | changed
    answer = httpx.post(
        f"{parts.scheme}://{parts.netloc}{parts.path}?{urlencode(asked)}",
        data={"sub": subject},
        timeout=30,
        trust_env=False,
    )
    back = urlsplit(answer.headers["location"])
    assert f"{back.scheme}://{back.netloc}" == "http://127.0.0.1:8480"
    return f"{back.path}?{back.query}"


def sign_in(visitor: Visitor, subject: str, **changed: str) -> Answer:
    url = visitor.get(START).headers["location"]
    return visitor.get(at_the_provider(url, subject, **changed))


def test_a_person_signs_in_and_has_the_role_of_the_group(guest: Visitor) -> None:
    answer = sign_in(guest, "1001")
    assert (answer.status, answer.headers["location"]) == (303, "/")
    assert "samesite=strict" in answer.cookies["skypicket_session"].lower()
    told = guest.get("/api/v1/session").json()
    assert (told["name"], told["roles"], told["clearance"]) == ("ona@oidc", ["operator"], "")
    assert told["has_credential"] is True
    assert "skypicket_oidc" not in guest.cookies


def test_a_group_that_is_not_listed_gives_nothing(guest: Visitor) -> None:
    answer = sign_in(guest, "1002")
    assert answer.status == 403
    assert "none of your groups" in answer.json()["detail"]
    assert guest.get("/api/v1/session").status == 401


def test_a_name_that_is_claimed_twice_is_not_the_same_account(
    guest: Visitor, oidc_desk: AccessDesk
) -> None:
    sign_in(guest, "1001")
    other = guest.another()
    sign_in(other, "1003")
    assert other.get("/api/v1/session").json()["roles"] == ["search_leader"]
    names = [account.name for account in oidc_desk.store.accounts.all()]
    assert len(set(names)) == 2
    assert all(name.startswith("ona") and name.endswith("@oidc") for name in names)


def test_the_name_of_an_account_of_ours_cannot_be_claimed(
    guest: Visitor, oidc_desk: AccessDesk
) -> None:
    secret = oidc_desk.first_link()
    guest.another().get(f"/login/{secret}")
    sign_in(guest, "1004")
    told = guest.get("/api/v1/session").json()
    assert (told["name"], told["roles"]) == ("admin@oidc", ["operator"])


def test_the_way_there_says_what_it_must(guest: Visitor, issuer: str) -> None:
    answer = guest.get(START)
    asked = parse_qs(urlsplit(answer.headers["location"]).query)
    assert answer.headers["location"].startswith(f"{issuer}/")
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == [f"http://127.0.0.1:8480{CALLBACK}"]
    assert len(asked["nonce"][0]) >= 43
    assert len(asked["code_challenge"][0]) == 43
    said = answer.cookies["skypicket_oidc"].lower()
    assert "httponly" in said
    assert "samesite=lax" in said
    assert f"path={START.rpartition('/')[0]}" in said


def test_an_answer_with_another_nonce_is_refused(guest: Visitor) -> None:
    answer = sign_in(guest, "1001", nonce="of-another-browser")
    assert answer.status == 403
    assert guest.get("/api/v1/session").status == 401


def test_an_answer_for_another_program_is_refused(guest: Visitor) -> None:
    assert sign_in(guest, "1001", client_id="another-program").status == 403


@pytest.mark.parametrize("state", ["", "guessed", "AAAA"])
def test_an_answer_with_another_state_is_refused(guest: Visitor, state: str) -> None:
    back = at_the_provider(guest.get(START).headers["location"], "1001")
    place, _, query = back.partition("?")
    code = parse_qs(query)["code"][0]
    assert guest.get(f"{place}?{urlencode({'code': code, 'state': state})}").status == 403


def test_an_answer_in_another_browser_is_refused(guest: Visitor) -> None:
    back = at_the_provider(guest.get(START).headers["location"], "1001")
    victim = guest.another()
    assert victim.get(back).status == 403
    victim.get(START)
    assert victim.get(back).status == 403
    assert guest.get(back).status == 303


def test_an_answer_is_taken_once(guest: Visitor) -> None:
    start = guest.get(START)
    kept = dict(guest.cookies)
    back = at_the_provider(start.headers["location"], "1001")
    assert guest.get(back).status == 303
    again = guest.another()
    again.cookies.update(kept)
    assert again.get(back).status == 403


def test_what_the_person_refuses_there_is_refused_here(guest: Visitor) -> None:
    guest.get(START)
    state = guest.cookies["skypicket_oidc"].partition(".")[0]
    answer = guest.get(f"{CALLBACK}?error=access_denied&state={state}")
    assert answer.status == 403
    assert "gave no code" in answer.json()["detail"]


def test_a_disabled_account_stays_out(guest: Visitor, oidc_desk: AccessDesk) -> None:
    sign_in(guest, "1001")
    oidc_desk.store.accounts.disable("ona@oidc")
    assert guest.get("/api/v1/session").status == 401
    assert sign_in(guest.another(), "1001").status == 403


def test_its_account_sets_no_password_here(guest: Visitor) -> None:
    sign_in(guest, "1001")
    answer = guest.post("/api/v1/session/password", {"new": "a heron stands in the reeds"})
    assert answer.status == 403
    assert "identity provider" in answer.json()["detail"]


def test_a_fresh_proof_is_of_the_same_person(guest: Visitor, oidc_desk: AccessDesk) -> None:
    sign_in(guest, "1001")
    principal = oidc_desk.principal_of_secret(guest.cookies["skypicket_session"])
    oidc_desk.store.sessions.step_up(principal.session, 1)
    url = guest.get(START).headers["location"]
    asked = parse_qs(urlsplit(url).query)
    assert (asked["prompt"], asked["max_age"]) == (["login"], ["0"])
    assert guest.get(at_the_provider(url, "1003")).status == 403
    assert guest.get("/api/v1/session").json()["step_up_until_ns"] == 1


def test_a_provider_that_is_away_is_said_in_words(runtime: Runtime) -> None:
    oidc = OidcSettings(issuer=f"http://127.0.0.1:{free_port()}", client_id="skypicket")
    desk = AccessDesk(web=WebSettings(oidc=oidc))
    with visiting(build_app(WebParts(runtime=runtime, access=desk))) as somebody:
        answer = somebody.get(START)
    assert answer.status == 503
    assert "does not answer" in answer.json()["detail"]


def test_a_provider_that_calls_itself_otherwise_is_not_used(
    runtime: Runtime, oidc_desk: AccessDesk, issuer: str
) -> None:
    assert oidc_desk.web.oidc is not None
    oidc = msgspec.structs.replace(oidc_desk.web.oidc, issuer=f"{issuer}/", client_secret_file="")
    desk = AccessDesk(web=WebSettings(oidc=oidc))
    with visiting(build_app(WebParts(runtime=runtime, access=desk))) as somebody:
        assert somebody.get(START).status == 503


def test_a_secret_that_cannot_be_read_keeps_the_server_from_starting(
    runtime: Runtime, oidc_desk: AccessDesk, tmp_path: Path
) -> None:
    parts = WebParts(runtime=runtime, access=oidc_desk, folder=tmp_path)
    with pytest.raises(InputError, match="client_secret_file"):
        build_app(parts)


def test_without_a_provider_there_is_none(visitor: Visitor) -> None:
    assert visitor.get(START).status == 404
    assert visitor.get(f"{CALLBACK}?code=1&state=2").status == 404


@pytest.mark.parametrize(("asked", "said"), [("en", "does not let you in"), ("lt", "neįleidžia")])
def test_a_person_whom_the_provider_does_not_let_in_reads_why_on_a_page(
    guest: Visitor, asked: str, said: str
) -> None:
    guest.get(START)
    state = guest.cookies["skypicket_oidc"].partition(".")[0]
    page = guest.get(
        f"{CALLBACK}?error=access_denied&state={state}", accept="text/html", accept_language=asked
    )
    assert page.status == 403
    assert page.headers["content-type"].startswith("text/html")
    body = page.body.decode()
    assert said in body
    assert "gave no code" in body
    assert 'href="/"' in body
    assert "script" not in body
