"""One-time links: whom they let in, once, and for how long."""

import threading
from pathlib import Path

import pytest

from skypicket.domain.errors import UsageError
from skypicket.store.access import AccessStore, Account
from skypicket.testing import ManualClock
from skypicket.testing.visitor import Visitor
from skypicket.web.access.desk import COOKIE, AccessDesk

PASSWORD = "the moon over the railway bridge"


def path_of(secret: str | None) -> str:
    assert secret is not None
    return f"/login/{secret}"


def test_a_link_opens_one_session_and_goes_to_the_page(desk: AccessDesk, visitor: Visitor) -> None:
    path = path_of(desk.first_link())
    answer = visitor.get(path)
    assert (answer.status, answer.headers["location"]) == (303, "/")
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert visitor.get("/api/v1/session").json()["name"] == "admin"
    again = visitor.another().get(path)
    assert again.status == 403
    assert "has been used" in again.json()["detail"]
    assert again.cookies == {}


def test_no_account_exists_until_the_link_is_used(desk: AccessDesk, visitor: Visitor) -> None:
    secret = desk.first_link()
    assert desk.store.accounts.all() == []
    visitor.get(path_of(secret))
    assert [account.name for account in desk.store.accounts.all()] == ["admin"]
    assert desk.first_link() is None


def test_a_link_ends_after_fifteen_minutes(
    desk: AccessDesk, visitor: Visitor, clock: ManualClock
) -> None:
    path = path_of(desk.first_link())
    clock.advance_s(15 * 60)
    assert visitor.get(path).status == 403
    assert desk.store.accounts.all() == []


def test_a_new_first_link_takes_the_place_of_the_one_before(
    desk: AccessDesk, visitor: Visitor
) -> None:
    first, second = desk.first_link(), desk.first_link()
    assert visitor.get(path_of(first)).status == 403
    assert visitor.get(path_of(second)).status == 303


def test_a_demo_link_stays_good_until_it_is_used_and_ends_with_the_next_start(
    clock: ManualClock,
) -> None:
    desk = AccessDesk(clock=clock, demo=True)
    patient, left_over = desk.new_demo_link(), desk.new_demo_link()
    clock.advance_s(30 * 86_400)
    assert desk.enter(patient) is not None
    assert desk.enter(patient) is None
    desk.begin()
    assert desk.enter(left_over) is None


def test_a_demo_link_opens_nothing_on_a_live_system(desk: AccessDesk, visitor: Visitor) -> None:
    assert visitor.get(path_of(desk.new_demo_link())).status == 403


def test_only_one_of_many_who_come_at_once_gets_in(state: Path) -> None:
    desk = AccessDesk(AccessStore.of_state(state))
    secret = desk.new_link(Account(name="ann", roles=("viewer",)), "test")
    opened: list[str | None] = []
    comers = [threading.Thread(target=lambda: opened.append(desk.enter(secret))) for _ in range(12)]
    for comer in comers:
        comer.start()
    for comer in comers:
        comer.join(30)
    desk.store.close()
    assert len(opened) == 12
    assert sum(one is not None for one in opened) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"sec_purpose": "prefetch"},
        {"sec_purpose": "prefetch;prerender"},
        {"purpose": "prefetch"},
        {"x_moz": "prefetch"},
        {"sec_fetch_dest": "image"},
        {"sec_fetch_dest": "iframe"},
        {"sec_fetch_site": "cross-site", "sec_fetch_dest": "document"},
        {"sec_fetch_site": "same-site", "sec_fetch_dest": "document"},
    ],
)
def test_what_fetches_ahead_and_other_sites_pages_do_not_use_a_link_up(
    desk: AccessDesk, visitor: Visitor, headers: dict[str, str]
) -> None:
    path = path_of(desk.first_link())
    answer = visitor.get(path, **headers)
    assert (answer.status, answer.cookies) == (403, {})
    assert visitor.ask("HEAD", path).status == 405
    assert visitor.get(path, sec_fetch_site="none", sec_fetch_dest="document").status == 303


def test_who_comes_by_the_first_link_sets_a_credential_before_anything_else(
    desk: AccessDesk, visitor: Visitor
) -> None:
    visitor.get(path_of(desk.first_link()))
    told = visitor.get("/api/v1/session").json()
    assert told["has_credential"] is False
    assert "session.credential" in told["permissions"]
    assert "tracks.read" not in told["permissions"]
    assert visitor.get("/api/v1/accounts").status == 403
    secret = visitor.cookies[COOKIE]
    done = visitor.post("/api/v1/session/password", {"new": PASSWORD})
    assert (done.status, done.json()["has_credential"]) == (200, True)
    assert visitor.cookies[COOKIE] != secret, "a session that may more has another secret"
    assert visitor.get("/api/v1/accounts").status == 200
    login = {"name": "admin", "password": PASSWORD}
    assert visitor.another().post("/api/v1/session/login", login).status == 200


def test_a_link_replaces_a_forgotten_password_but_only_while_it_is_fresh(
    desk: AccessDesk, visitor: Visitor, clock: ManualClock
) -> None:
    desk.store.accounts.add(Account(name="ann", roles=("viewer",), password="forgotten"))
    visitor.get(path_of(desk.new_link(Account(name="ann", roles=()), "test")))
    assert visitor.get("/api/v1/session").json()["step_up_until_ns"] == 0
    clock.advance_s(15 * 60)
    assert visitor.post("/api/v1/session/password", {"new": PASSWORD}).status == 403
    visitor.get(path_of(desk.new_link(Account(name="ann", roles=()), "test")))
    assert visitor.post("/api/v1/session/password", {"new": PASSWORD}).status == 200


def test_a_link_takes_the_roles_of_its_account_in_any_order(desk: AccessDesk) -> None:
    desk.store.accounts.add(Account(name="ann", roles=("admin", "supervisor"), password="x"))
    assert desk.enter(desk.new_link(Account(name="ann", roles=("supervisor", "admin")), "test"))
    assert desk.store.accounts.all()[0].roles == ("admin", "supervisor")


def test_a_link_never_gives_an_account_other_roles(desk: AccessDesk) -> None:
    desk.store.accounts.add(Account(name="ann", roles=("viewer",), password="x"))
    with pytest.raises(UsageError, match="is there as viewer"):
        desk.new_link(Account(name="ann", roles=("admin",)), "test")


def test_a_disabled_account_has_no_links(desk: AccessDesk) -> None:
    desk.store.accounts.add(Account(name="ann", roles=("viewer",), password="x"))
    before = desk.new_link(Account(name="ann", roles=()), "test")
    desk.store.accounts.disable("ann")
    assert desk.enter(before) is None
    with pytest.raises(UsageError, match="is disabled"):
        desk.new_link(Account(name="ann", roles=()), "test")


@pytest.mark.parametrize(("asked", "said"), [("en", "does not let you in"), ("lt", "neįleidžia")])
def test_a_person_whose_link_is_used_up_reads_a_page_and_a_program_json(
    visitor: Visitor, asked: str, said: str
) -> None:
    page = visitor.get("/login/used", accept="text/html,*/*", accept_language=asked)
    assert page.status == 403
    assert page.headers["content-type"].startswith("text/html")
    assert said in page.body.decode()
    assert "script" not in page.body.decode()
    assert "has been used" in visitor.get("/login/used", accept="*/*").json()["detail"]
