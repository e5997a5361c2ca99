"""Sessions as a browser has them: opened, used, over; and what nobody may do with one."""

import asyncio
from pathlib import Path

import pytest

from skypicket.store.access import AccessStore, Account, digest_of
from skypicket.testing import ManualClock
from skypicket.testing.access import demo_session, session_of
from skypicket.testing.visitor import Visitor
from skypicket.web.access.desk import COOKIE, AccessDesk
from skypicket.web.access.passwords import Passwords

HOUR_S = 3_600.0
PASSWORD = "a heron stands in the reeds"


def with_password(desk: AccessDesk, name: str = "ann") -> Account:
    account = Account(name=name, roles=("operator",), password=desk.passwords.hash(PASSWORD))
    desk.store.accounts.add(account)
    return account


def test_a_session_says_who_it_is_and_what_it_may_do(desk: AccessDesk, visitor: Visitor) -> None:
    ann = visitor.with_session(session_of(desk, "operator", name="ann"))
    told = ann.get("/api/v1/session").json()
    assert (told["name"], told["role"], told["kind"]) == ("ann", "operator", "person")
    assert "reports.write" in told["permissions"]
    assert "actions.declare" not in told["permissions"]
    assert (told["has_credential"], told["demo"], told["clearance"]) == (True, False, "")


def test_a_session_ends_when_it_is_not_used(
    desk: AccessDesk, visitor: Visitor, clock: ManualClock
) -> None:
    ann = visitor.with_session(session_of(desk, "viewer"))
    clock.advance_s(11.9 * HOUR_S)
    assert ann.get("/api/v1/session").status == 200
    clock.advance_s(11.9 * HOUR_S)
    assert ann.get("/api/v1/session").status == 200
    clock.advance_s(12.1 * HOUR_S)
    assert ann.get("/api/v1/session").status == 401


def test_a_session_ends_after_a_week_however_much_it_is_used(
    desk: AccessDesk, visitor: Visitor, clock: ManualClock
) -> None:
    ann = visitor.with_session(session_of(desk, "viewer"))
    for _ in range(16):
        assert ann.get("/api/v1/session").status == 200
        clock.advance_s(10 * HOUR_S)
    clock.advance_s(8 * HOUR_S)
    assert ann.get("/api/v1/session").status == 401


def test_only_the_hash_of_a_secret_is_in_the_file(state: Path, clock: ManualClock) -> None:
    desk = AccessDesk(AccessStore.of_state(state), clock=clock)
    secrets = [
        session_of(desk, "viewer"),
        desk.new_link(Account(name="bob", roles=("viewer",)), "test"),
        desk.new_token("reports", "test"),
    ]
    with_password(desk)
    desk.store.close()
    content = b"".join(path.read_bytes() for path in state.iterdir())
    for secret in secrets:
        assert secret.encode() not in content
        assert digest_of(secret).encode() in content
    assert PASSWORD.encode() not in content
    assert (state / "access.sqlite").stat().st_mode & 0o077 == 0


def test_signing_in_gives_a_cookie_that_no_script_and_no_other_site_gets(
    desk: AccessDesk, visitor: Visitor
) -> None:
    with_password(desk)
    answer = visitor.post("/api/v1/session/login", {"name": "ann", "password": PASSWORD})
    assert answer.status == 200
    said = answer.cookies[COOKIE].lower()
    for word in ("httponly", "samesite=strict", "path=/"):
        assert word in said
    assert "domain" not in said
    assert answer.headers["cache-control"] == "no-store"
    assert visitor.get("/api/v1/session").json()["name"] == "ann"


def test_signing_in_never_takes_the_session_that_was_brought(
    desk: AccessDesk, visitor: Visitor
) -> None:
    with_password(desk)
    visitor.cookies[COOKIE] = "chosen-by-somebody-else"
    visitor.post("/api/v1/session/login", {"name": "ann", "password": PASSWORD})
    first = visitor.cookies[COOKIE]
    assert first != "chosen-by-somebody-else"
    visitor.post("/api/v1/session/login", {"name": "ann", "password": PASSWORD})
    assert visitor.cookies[COOKIE] != first
    assert visitor.with_session(first).get("/api/v1/session").status == 401


def test_signing_out_ends_the_session_and_not_only_the_cookie(
    desk: AccessDesk, visitor: Visitor
) -> None:
    secret = session_of(desk, "viewer")
    ann = visitor.with_session(secret)
    assert ann.post("/api/v1/session/logout").status == 200
    assert COOKIE not in ann.cookies
    assert visitor.with_session(secret).get("/api/v1/session").status == 401


def test_a_disabled_account_is_out_at_once(desk: AccessDesk, visitor: Visitor) -> None:
    ann = visitor.with_session(session_of(desk, "viewer", name="ann"))
    assert ann.get("/api/v1/session").status == 200
    desk.store.accounts.disable("ann")
    assert ann.get("/api/v1/session").status == 401


@pytest.mark.parametrize("name", ["ann", "nobody", ""])
def test_a_wrong_name_and_a_wrong_password_are_told_alike(
    desk: AccessDesk, visitor: Visitor, name: str
) -> None:
    with_password(desk)
    answer = visitor.post("/api/v1/session/login", {"name": name, "password": "wrong"})
    assert answer.status == 401
    assert answer.json()["detail"] == "Name or password is wrong."


def test_the_right_password_of_a_disabled_account_is_told_like_a_wrong_one(
    desk: AccessDesk, visitor: Visitor
) -> None:
    with_password(desk)
    desk.store.accounts.disable("ann")
    answer = visitor.post("/api/v1/session/login", {"name": "ann", "password": PASSWORD})
    assert (answer.status, answer.json()["detail"]) == (401, "Name or password is wrong.")


def test_a_role_that_the_file_knows_and_the_program_does_not_gives_nothing(
    desk: AccessDesk, visitor: Visitor
) -> None:
    desk.store.accounts.add(Account(name="eve", roles=("root",), subject="x"))
    eve = visitor.with_session(desk.open(Account(name="eve", roles=()), "oidc"))
    assert eve.get("/api/v1/session").status == 403


@pytest.mark.parametrize(
    "account",
    [
        Account(name="eve", roles=("partner", "admin"), clearance="POL", subject="x"),
        Account(name="eve", roles=("partner",), subject="x"),
        Account(name="eve", roles=("admin",), clearance="POL", subject="x"),
    ],
)
def test_roles_and_clearance_that_do_not_go_together_never_open_the_own_picture(
    desk: AccessDesk, account: Account
) -> None:
    desk.store.accounts.add(account)
    principal = desk.principal_of_secret(desk.open(account, "oidc"))
    assert principal.clearance != ""
    assert "partner" not in account.roles or not principal.may("accounts.read")


def test_what_is_no_bearer_token_is_nobody_even_beside_a_good_cookie(
    desk: AccessDesk, visitor: Visitor
) -> None:
    ann = visitor.with_session(session_of(desk, "viewer"))
    for said in ("Bearer wrong", "Bearer", "Basic YTpi", ""):
        assert ann.get("/api/v1/session", authorization=said).status == 401


def test_a_session_is_no_bearer_token_and_a_token_is_no_session(
    desk: AccessDesk, visitor: Visitor
) -> None:
    session, token = session_of(desk, "admin"), desk.new_token("reports", "test")
    assert visitor.with_token(session).get("/api/v1/session").status == 401
    assert visitor.with_session(token).get("/api/v1/session").status == 401


def test_a_demo_session_is_nothing_to_a_live_system(desk: AccessDesk, visitor: Visitor) -> None:
    demo = AccessDesk(desk.store, clock=desk.clock, demo=True)
    secret = demo_session(demo)
    assert visitor.with_session(secret).get("/api/v1/session").status == 401
    desk.begin()
    assert demo.principal_of_secret(secret).kind == "anonymous"


def test_a_new_password_ends_the_other_sessions(desk: AccessDesk, visitor: Visitor) -> None:
    account = with_password(desk)
    other = visitor.with_session(desk.open(account, "password"))
    ann = visitor.with_session(desk.open(account, "password"))
    assert ann.post("/api/v1/session/password", {"new": PASSWORD + "!"}).status == 200
    assert other.get("/api/v1/session").status == 401
    assert ann.get("/api/v1/session").status == 200
    assert not desk.passwords.check(desk.store.accounts.all()[0].password, PASSWORD), (
        "the old password"
    )


def test_a_password_is_changed_only_by_whoever_proves_to_be_its_owner(
    desk: AccessDesk, visitor: Visitor, clock: ManualClock
) -> None:
    ann = visitor.with_session(desk.open(with_password(desk), "password"))
    clock.advance_s(301)
    refused = ann.post("/api/v1/session/password", {"new": PASSWORD + "!"})
    assert (refused.status, refused.json()["reason"]) == (403, "step_up")
    wrong = ann.post("/api/v1/session/step-up", {"password": "wrong"})
    assert (wrong.status, wrong.json()["reason"]) == (403, "proof")
    proven = ann.post("/api/v1/session/step-up", {"password": PASSWORD})
    assert proven.json()["step_up_until_ns"] == clock() + 300 * 10**9
    assert ann.post("/api/v1/session/password", {"new": PASSWORD + "!"}).status == 200


@pytest.mark.parametrize("length", [0, 11, 1025])
def test_a_password_that_is_too_short_or_too_long_is_refused(
    desk: AccessDesk, visitor: Visitor, length: int
) -> None:
    account = Account(name="ann", roles=("viewer",))
    desk.store.accounts.add(account)
    ann = visitor.with_session(desk.open(account, "link"))
    answer = ann.post("/api/v1/session/password", {"new": "x" * length})
    assert answer.status == 400
    assert "12 to 1024" in answer.json()["detail"]


def test_a_body_without_end_is_refused(visitor: Visitor) -> None:
    answer = visitor.post("/api/v1/session/login", b"[" * 70_000)
    assert answer.status == 413


def test_a_stream_stands_as_long_as_its_session(desk: AccessDesk, clock: ManualClock) -> None:
    secret = session_of(desk, "viewer", name="ann")
    principal = desk.principal_of_secret(secret)
    clock.advance_s(11 * HOUR_S)
    assert asyncio.run(desk.stands(principal))
    clock.advance_s(11 * HOUR_S)
    assert asyncio.run(desk.stands(principal)), "being watched counts as use"
    desk.store.accounts.set_roles("ann", ("partner",))
    assert not asyncio.run(desk.stands(principal)), "it has other rights now"
    desk.store.accounts.disable("ann")
    assert not asyncio.run(desk.stands(principal))


def test_old_sessions_do_not_pile_up(desk: AccessDesk, clock: ManualClock) -> None:
    account = with_password(desk)
    for _ in range(5):
        desk.open(account, "password")
        clock.advance_s(200 * HOUR_S)
    desk.begin()
    secret = desk.open(account, "password")
    assert desk.principal_of_secret(secret).name == "ann"
    assert len(desk.store.audit()) == 6


def test_passwords_are_argon2id() -> None:
    assert Passwords().hash(PASSWORD).startswith("$argon2id$")
