"""Accounts over HTTP, and the server that they sign in to."""

import pytest

from skypicket.domain.errors import UnavailableError, UsageError
from skypicket.engine.runtime import Runtime
from skypicket.engine.web_settings import WebSettings
from skypicket.store.access import Account
from skypicket.testing import ManualClock
from skypicket.testing.access import session_of
from skypicket.testing.visitor import Visitor, visiting
from skypicket.web.access import account_acts
from skypicket.web.access.desk import AccessDesk
from skypicket.web.app import build_app
from skypicket.web.parts import WebParts
from skypicket.web.server import bind, url_of

PLACE = "/api/v1/accounts"


@pytest.fixture
def admin(desk: AccessDesk, visitor: Visitor) -> Visitor:
    return visitor.with_session(session_of(desk, "admin", name="ann"))


def test_an_administrator_lets_somebody_in(desk: AccessDesk, admin: Visitor) -> None:
    made = admin.post(PLACE, {"name": "j.kazlauskas", "roles": ["operator", "planner"]})
    assert made.status == 201
    assert desk.store.accounts.named("j.kazlauskas") is None, "not before the link is used"
    newcomer = admin.another()
    assert newcomer.get(made.json()["path"]).status == 303
    assert newcomer.get("/api/v1/session").json()["roles"] == ["operator", "planner"]
    listed = {account["name"]: account for account in admin.get(PLACE).json()["items"]}
    assert listed["j.kazlauskas"]["password"] is False
    assert "argon2" not in str(listed)


def test_the_audit_says_who_did_what_to_whom(admin: Visitor) -> None:
    path = admin.post(PLACE, {"name": "bob", "roles": ["viewer"]}).json()["path"]
    admin.another().get(path)
    admin.post(f"{PLACE}/bob/disable")
    lines = [(line["who"], line["what"], line["whom"]) for line in admin.get(PLACE).json()["audit"]]
    assert lines[-4:] == [
        ("ann", "one-time link made", "bob"),
        ("bob", "account made: viewer", "bob"),
        ("bob", "session opened by link", "bob"),
        ("ann", "account disabled", "bob"),
    ]
    assert path.rpartition("/")[2] not in str(lines)


@pytest.mark.parametrize(
    "form",
    [
        {"name": "bob", "roles": []},
        {"name": "bob", "roles": ["king"]},
        {"name": "bob", "roles": ["partner"]},
        {"name": "bob", "roles": ["viewer"], "clearance": "POL"},
        {"name": "bob", "roles": ["partner", "viewer"], "clearance": "POL"},
        {"name": "demo", "roles": ["viewer"]},
        {"name": "bob@oidc", "roles": ["viewer"]},
        {"name": "", "roles": ["viewer"]},
        {"name": "b" * 41, "roles": ["viewer"]},
        {"name": "bob", "roles": ["viewer"], "password": "given by somebody else"},
        {},
    ],
)
def test_an_account_that_makes_no_sense_is_refused_in_words(
    admin: Visitor, form: dict[str, object]
) -> None:
    answer = admin.post(PLACE, form)
    assert answer.status == 400
    assert len(answer.json()["detail"]) > 10


def test_a_name_is_given_once(admin: Visitor, desk: AccessDesk) -> None:
    session_of(desk, "viewer", name="bob")
    assert admin.post(PLACE, {"name": "bob", "roles": ["admin"]}).status == 409
    assert admin.post(f"{PLACE}/bob/link").status == 201
    assert admin.post(f"{PLACE}/carl/link").status == 404
    assert admin.post(f"{PLACE}/carl/disable").status == 404


def test_nobody_disables_the_account_in_use(admin: Visitor) -> None:
    assert admin.post(f"{PLACE}/ann/disable").status == 409
    assert admin.get(PLACE).status == 200


def test_an_administrator_proves_afresh_who_it_is_before_a_change(
    admin: Visitor, clock: ManualClock
) -> None:
    clock.advance_s(301)
    refused = admin.post(PLACE, {"name": "bob", "roles": ["viewer"]})
    assert (refused.status, refused.json()["reason"]) == (403, "step_up")
    assert admin.get(PLACE).status == 200


def test_where_others_can_reach_it_health_does_not_say_what_is_silent(runtime: Runtime) -> None:
    network = WebSettings(
        host="0.0.0.0", host_names=("picket.example",), tls_certificate="c", tls_key="k"
    )
    desk = AccessDesk(web=network)
    with visiting(build_app(WebParts(runtime=runtime, access=desk))) as anybody:
        told = anybody.get("/healthz").json()
        assert (told["ok"], told["links"], told["lost_messages"]) == (True, [], {})
        assert anybody.get("/metrics").status == 401
        assert anybody.get("/schema").status == 401
        viewer = anybody.with_session(session_of(desk, "viewer"))
        assert viewer.get("/metrics").status == 200
        partner = anybody.with_session(session_of(desk, "partner", clearance="POL"))
        assert partner.get("/healthz").json()["links"] == []
        assert partner.get("/metrics").status == 403


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "::"])
def test_no_socket_listens_to_a_network_in_the_clear(host: str) -> None:
    with pytest.raises(UnavailableError, match="which others can reach"):
        bind(WebSettings(host=host, port=0))


def test_the_address_to_open_is_the_servers_own_name() -> None:
    network = WebSettings(
        host="0.0.0.0", host_names=("picket.example",), tls_certificate="c", tls_key="k"
    )
    assert url_of(network, 443) == "https://picket.example:443"
    assert url_of(WebSettings(host="::1"), 8480) == "http://[::1]:8480"


def test_the_list_says_when_each_last_signed_in_and_how_many_sessions_end_with_it(
    desk: AccessDesk, admin: Visitor, clock: ManualClock
) -> None:
    path = admin.post(PLACE, {"name": "bob", "roles": ["viewer"]}).json()["path"]
    clock.advance_s(30)
    admin.another().get(path)
    session_of(desk, "viewer", name="bob")
    bob = listed(admin, "bob")
    assert (bob["last_sign_in_ns"], bob["sessions"]) == (clock(), 2)
    clock.advance_s(60)
    admin.post(f"{PLACE}/bob/disable")
    after = listed(admin, "bob")
    assert (after["disabled"], after["sessions"]) == (True, 0)
    assert after["last_sign_in_ns"] == bob["last_sign_in_ns"]


def listed(admin: Visitor, name: str) -> dict[str, object]:
    items: list[dict[str, object]] = admin.get(PLACE).json()["items"]
    return next(item for item in items if item["name"] == name)


def test_a_link_is_listed_without_its_secret_until_it_is_used_or_over(
    admin: Visitor, clock: ManualClock
) -> None:
    made = admin.post(PLACE, {"name": "bob", "roles": ["partner"], "clearance": "POL"}).json()
    assert admin.get(PLACE).json()["links"] == [
        {"name": "bob", "roles": ["partner"], "clearance": "POL", "ends_ns": made["ends_ns"]}
    ]
    assert made["path"].rpartition("/")[2] not in admin.get(PLACE).body.decode()
    admin.another().get(made["path"])
    assert admin.get(PLACE).json()["links"] == []
    admin.post(PLACE, {"name": "carl", "roles": ["viewer"]})
    clock.advance_s(901)
    assert admin.get(PLACE).json()["links"] == []


def test_the_last_administrator_who_can_sign_in_is_not_disabled(
    desk: AccessDesk, admin: Visitor
) -> None:
    other = admin.with_session(session_of(desk, "admin", name="bea"))
    assert other.post(f"{PLACE}/ann/disable").status == 200
    with pytest.raises(UsageError, match="last administrator"):  # it was on its way already
        account_acts.disable(desk, "bea", "ann")
    assert other.get(PLACE).status == 200


def test_an_administrator_who_never_set_a_password_is_nobody_to_rely_on(
    desk: AccessDesk, admin: Visitor
) -> None:
    desk.store.accounts.add(Account(name="new", roles=("admin",)))
    with pytest.raises(UsageError, match="last administrator"):
        account_acts.disable(desk, "ann", "new")
    desk.store.accounts.set_password("new", "a hash")
    account_acts.disable(desk, "ann", "new")
    assert admin.get(PLACE).status == 401


def test_the_audit_comes_in_pages_the_newest_first(admin: Visitor) -> None:
    for name in ("bob", "carl", "dora"):
        admin.post(PLACE, {"name": name, "roles": ["viewer"]})
    first = admin.get("/api/v1/audit?limit=2").json()
    assert [line["whom"] for line in first["items"]] == ["dora", "carl"]
    assert first["total"] == 4, "three links, and the session of whoever made them"
    second = admin.get(first["next"]).json()
    assert [line["whom"] for line in second["items"]] == ["bob", "ann"]
    assert second["next"] is None


def test_nobody_but_an_administrator_reads_the_audit(desk: AccessDesk, visitor: Visitor) -> None:
    assert visitor.get("/api/v1/audit").status == 401
    supervisor = visitor.with_session(session_of(desk, "supervisor"))
    assert supervisor.get("/api/v1/audit").status == 403


def test_a_link_to_somebody_who_forgot_the_password_says_until_when_it_replaces_it(
    desk: AccessDesk, admin: Visitor, clock: ManualClock
) -> None:
    desk.store.accounts.add(Account(name="bob", roles=("viewer",), password="a hash"))
    bob = admin.another()
    bob.get(admin.post(f"{PLACE}/bob/link").json()["path"])
    until_ns = bob.get("/api/v1/session").json()["link_until_ns"]
    assert until_ns == clock() + 900_000_000_000
    set_now = bob.post("/api/v1/session/password", {"new": "a heron stands in the reeds"})
    assert set_now.status == 200
    assert set_now.json()["link_until_ns"] == 0
    assert admin.get("/api/v1/session").json()["link_until_ns"] == 0
