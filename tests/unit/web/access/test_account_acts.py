"""Accounts that are there get other roles, and disabled ones come back."""

import asyncio

import pytest

from skypicket.domain.errors import UsageError
from skypicket.store.access import Account
from skypicket.testing import ManualClock
from skypicket.testing.access import demo_session, session_of
from skypicket.testing.visitor import Answer, Visitor
from skypicket.web.access import account_acts
from skypicket.web.access.desk import AccessDesk

PLACE = "/api/v1/accounts"
PASSWORD = "a heron stands in the reeds"


@pytest.fixture
def admin(desk: AccessDesk, visitor: Visitor) -> Visitor:
    return visitor.with_session(with_password(desk, "ann", "admin"))


def with_password(desk: AccessDesk, name: str, *roles: str) -> str:
    """The secret of a session of an account that signed in by password."""
    account = Account(name=name, roles=roles, password=desk.passwords.hash(PASSWORD))
    desk.store.accounts.add(account)
    return desk.open(account, "password")


def give(visitor: Visitor, name: str, *roles: str) -> Answer:
    return visitor.post(f"{PLACE}/{name}/roles", {"roles": roles})


def audit(desk: AccessDesk) -> list[tuple[str, str, str]]:
    return [(line.who, line.what, line.whom) for line in desk.store.audit()]


def test_other_roles_hold_at_once_in_the_session_that_is_open(
    desk: AccessDesk, admin: Visitor
) -> None:
    bob = admin.with_session(with_password(desk, "bob", "operator"))
    assert bob.get("/api/v1/coverage").status == 200
    answer = give(admin, "bob", "viewer", "search_leader")
    assert (answer.status, answer.json()["roles"]) == (200, ["viewer", "search_leader"])
    told = bob.get("/api/v1/session").json()
    assert told["roles"] == ["viewer", "search_leader"], "nothing ended"
    assert "actions.declare" in told["permissions"]
    assert "actions.shelve" not in told["permissions"]
    assert bob.get("/api/v1/coverage").status == 403


def test_a_stream_that_was_opened_with_the_roles_of_before_does_not_stand(
    desk: AccessDesk, admin: Visitor
) -> None:
    secret = with_password(desk, "bob", "operator")
    watching = desk.principal_of_secret(secret)
    assert asyncio.run(desk.stands(watching))
    give(admin, "bob", "viewer")
    assert not asyncio.run(desk.stands(watching))
    assert asyncio.run(desk.stands(desk.principal_of_secret(secret)))


def test_a_change_of_roles_is_one_line_of_the_audit_and_no_change_is_none(
    desk: AccessDesk, admin: Visitor
) -> None:
    with_password(desk, "bob", "operator")
    give(admin, "bob", "planner", "operator", "planner")
    assert audit(desk)[-1] == ("ann", "roles are now: operator planner", "bob")
    before = len(audit(desk))
    assert give(admin, "bob", "planner", "operator").status == 200
    assert len(audit(desk)) == before


@pytest.mark.parametrize("roles", [[], ["king"], "viewer", None])
def test_roles_that_make_no_sense_are_refused_in_words(
    desk: AccessDesk, admin: Visitor, roles: object
) -> None:
    with_password(desk, "bob", "operator")
    answer = admin.post(f"{PLACE}/bob/roles", {"roles": roles})
    assert answer.status == 400
    assert len(answer.json()["detail"]) > 10
    with pytest.raises(UsageError, match="needs a role"):
        account_acts.set_roles(desk, "bob", (), "test")


def test_the_roles_of_an_account_of_the_identity_provider_come_from_there(
    desk: AccessDesk, admin: Visitor
) -> None:
    theirs = Account(name="ona@oidc", roles=("viewer",), subject="https://id.example 1001")
    desk.store.accounts.add(theirs)
    answer = give(admin, "ona@oidc", "admin")
    assert answer.status == 409
    assert "from the identity provider at each sign-in" in answer.json()["detail"]
    assert desk.store.accounts.named("ona@oidc") == theirs


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("lva", ["viewer"]), ("lva", ["partner", "viewer"]), ("bob", ["partner"])],
)
def test_nobody_becomes_a_partner_and_no_partner_one_of_the_own_side(
    desk: AccessDesk, admin: Visitor, name: str, wanted: list[str]
) -> None:
    desk.store.accounts.add(Account(name="lva", roles=("partner",), clearance="LVA"))
    with_password(desk, "bob", "operator")
    before = desk.store.accounts.all()
    answer = give(admin, name, *wanted)
    assert (answer.status, answer.json()["detail"][:9]) == (409, "A partner")
    assert desk.store.accounts.all() == before


def test_the_last_administrator_who_can_sign_in_stays_one(desk: AccessDesk, admin: Visitor) -> None:
    desk.store.accounts.add(Account(name="new", roles=("admin",)))  # by a link only: not relied on
    refused = give(admin, "ann", "viewer")
    assert refused.status == 409
    assert "last administrator" in refused.json()["detail"]
    assert give(admin, "ann", "viewer", "admin").status == 200, "with the role others may come"
    desk.store.accounts.set_password("new", "a hash")
    assert give(admin, "ann", "viewer").status == 200
    assert admin.get(PLACE).status == 403, "at once"


def test_two_administrators_cannot_take_the_role_from_each_other(
    desk: AccessDesk, admin: Visitor
) -> None:
    bea = admin.with_session(with_password(desk, "bea", "admin"))
    assert give(bea, "ann", "viewer").status == 200
    with pytest.raises(UsageError, match="last administrator"):  # it was on its way already
        account_acts.set_roles(desk, "bea", ("viewer",), "ann")
    assert bea.get(PLACE).status == 200


def test_a_disabled_administrator_counts_for_nobody_and_may_lose_the_role(
    desk: AccessDesk, admin: Visitor
) -> None:
    with_password(desk, "bea", "admin")
    admin.post(f"{PLACE}/bea/disable")
    assert give(admin, "ann", "viewer").status == 409
    assert give(admin, "bea", "viewer").status == 200
    assert admin.post(f"{PLACE}/bea/enable").json()["roles"] == ["viewer"]


def test_an_enabled_account_signs_in_as_before_and_nothing_of_before_opens(
    desk: AccessDesk, admin: Visitor
) -> None:
    bob = admin.with_session(with_password(desk, "bob", "operator"))
    link = admin.post(f"{PLACE}/bob/link").json()["path"]
    admin.post(f"{PLACE}/bob/disable")
    login = {"name": "bob", "password": PASSWORD}
    assert admin.another().post("/api/v1/session/login", login).status == 401
    answer = admin.post(f"{PLACE}/bob/enable")
    assert answer.status == 200
    told = answer.json()
    assert (told["disabled"], told["sessions"], told["roles"]) == (False, 0, ["operator"])
    assert bob.get("/api/v1/session").status == 401
    assert admin.another().get(link).status == 403
    assert admin.another().post("/api/v1/session/login", login).status == 200
    assert ("ann", "account enabled", "bob") in audit(desk)


def test_what_cannot_be_done_is_told_and_leaves_no_line(desk: AccessDesk, admin: Visitor) -> None:
    with_password(desk, "bob", "operator")
    before = audit(desk)
    refused = admin.post(f"{PLACE}/bob/enable")
    assert (refused.status, refused.json()["detail"]) == (409, "The account 'bob' is not disabled.")
    assert admin.post(f"{PLACE}/eve/enable").status == 404
    assert give(admin, "eve", "viewer").status == 404
    for act in (account_acts.enable, account_acts.disable):
        with pytest.raises(UsageError, match="no account 'eve'"):
            act(desk, "eve", "test")
    with pytest.raises(UsageError, match="no account 'eve'"):
        account_acts.set_roles(desk, "eve", ("viewer",), "test")
    assert audit(desk) == before


@pytest.mark.parametrize(("act", "form"), [("enable", {}), ("roles", {"roles": ["viewer"]})])
def test_an_administrator_proves_afresh_who_it_is_before_either(
    desk: AccessDesk, admin: Visitor, clock: ManualClock, act: str, form: dict[str, object]
) -> None:
    desk.store.accounts.add(Account(name="bob", roles=("operator",), disabled=True))
    clock.advance_s(301)
    refused = admin.post(f"{PLACE}/bob/{act}", form)
    assert (refused.status, refused.json()["reason"]) == (403, "step_up")
    assert desk.store.accounts.named("bob") == Account(
        name="bob", roles=("operator",), disabled=True
    )
    admin.post("/api/v1/session/step-up", {"password": PASSWORD})
    assert admin.post(f"{PLACE}/bob/{act}", form).status == 200


def test_whoever_is_in_a_demo_may_do_both_but_not_leave_it_without_an_administrator(
    clock: ManualClock,
) -> None:
    desk = AccessDesk(clock=clock, demo=True)
    assert desk.principal_of_secret(demo_session(desk)).may("accounts.write")
    session_of(desk, "admin", name="ann")
    desk.store.accounts.add(Account(name="bea", roles=("admin",), password="a hash"))
    account_acts.disable(desk, "bea", "demo")
    account_acts.enable(desk, "bea", "demo")
    account_acts.disable(desk, "ann", "demo")
    with pytest.raises(UsageError, match="last administrator"):
        account_acts.set_roles(desk, "bea", ("viewer",), "demo")
