"""Sensors' tokens: each speaks for its own source, and reads nothing."""

import pytest

from skypicket.store.access import AccessStore, digest_of
from skypicket.testing import ManualClock
from skypicket.testing.access import session_of
from skypicket.testing.visitor import Visitor
from skypicket.web.access.desk import AccessDesk

REPORT = {"lat_deg": 54.9, "lon_deg": 24.9, "first_hand": True, "text": "like a moped"}
LINE = b'{"now": 1753664400.0, "aircraft": []}'


def test_a_token_speaks_for_its_own_source(desk: AccessDesk, visitor: Visitor) -> None:
    sensor = visitor.with_token(desk.new_token("receiver", "test"))
    assert sensor.post("/api/v1/sources/receiver", LINE).status == 201
    assert sensor.post("/api/v1/sources/reports", REPORT).status == 403
    assert sensor.post("/api/v1/reports", REPORT).status == 403


def test_the_token_of_the_reports_reports(desk: AccessDesk, visitor: Visitor) -> None:
    partner_desk = visitor.with_token(desk.new_token("reports", "test"))
    assert partner_desk.post("/api/v1/reports", REPORT).status == 201
    assert partner_desk.post("/api/v1/sources/receiver", LINE).status == 403


def test_a_token_does_not_learn_which_sources_there_are(desk: AccessDesk, visitor: Visitor) -> None:
    sensor = visitor.with_token(desk.new_token("receiver", "test"))
    known = sensor.post("/api/v1/sources/reports", b"")
    unknown = sensor.post("/api/v1/sources/never", b"")
    assert (known.status, known.body) == (unknown.status, unknown.body)


def test_a_token_reads_nothing(desk: AccessDesk, visitor: Visitor) -> None:
    sensor = visitor.with_token(desk.new_token("receiver", "test"))
    assert sensor.get("/api/v1/session").status == 403
    assert sensor.get("/api/v1/accounts").status == 403


def test_a_session_with_the_right_may_speak_for_any_source(
    desk: AccessDesk, visitor: Visitor
) -> None:
    admin = visitor.with_session(session_of(desk, "admin"))
    assert admin.post("/api/v1/sources/receiver", LINE).status == 201
    assert admin.post("/api/v1/sources/never", LINE).status == 404
    operator = visitor.with_session(session_of(desk, "operator"))
    assert operator.post("/api/v1/sources/receiver", LINE).status == 403


def test_a_revoked_token_is_refused_at_once(desk: AccessDesk, visitor: Visitor) -> None:
    sensor = visitor.with_token(desk.new_token("receiver", "test"))
    assert sensor.post("/api/v1/sources/receiver", LINE).status == 201
    assert desk.store.tokens.revoke(desk.store.tokens.all()[0].token_id) is not None
    assert sensor.post("/api/v1/sources/receiver", LINE).status == 401


def test_an_administrator_makes_and_revokes_tokens(desk: AccessDesk, visitor: Visitor) -> None:
    admin = visitor.with_session(session_of(desk, "admin"))
    made = admin.post("/api/v1/tokens", {"source": "receiver"})
    assert made.status == 201
    sensor = visitor.with_token(made.json()["secret"])
    assert sensor.post("/api/v1/sources/receiver", LINE).status == 201
    listed = admin.get("/api/v1/tokens").json()
    assert [token["token_id"] for token in listed["items"]] == [made.json()["token_id"]]
    assert listed["sources"] == ["receiver", "reports"]
    assert made.json()["secret"] not in str(listed)
    assert admin.ask("DELETE", f"/api/v1/tokens/{made.json()['token_id']}").status == 200
    assert sensor.post("/api/v1/sources/receiver", LINE).status == 401
    assert admin.ask("DELETE", "/api/v1/tokens/12345678").status == 404


@pytest.mark.parametrize("source", ["radar", "", "x" * 65])
def test_no_token_is_made_for_a_source_that_takes_none(
    desk: AccessDesk, visitor: Visitor, source: str
) -> None:
    admin = visitor.with_session(session_of(desk, "admin"))
    assert admin.post("/api/v1/tokens", {"source": source}).status == 400


def test_two_tokens_of_one_source_are_good_at_once() -> None:
    desk = AccessDesk(AccessStore())
    first, second = desk.new_token("radar", "test"), desk.new_token("radar", "test")
    assert first != second
    assert len({token.token_id for token in desk.store.tokens.all()}) == 2


def test_the_list_says_when_a_token_was_last_used(
    desk: AccessDesk, visitor: Visitor, clock: ManualClock
) -> None:
    admin = visitor.with_session(session_of(desk, "admin"))
    sensor = visitor.with_token(desk.new_token("receiver", "test"))

    def used_ns() -> int:
        (item,) = admin.get("/api/v1/tokens").json()["items"]
        return int(item["used_ns"])

    assert used_ns() == 0
    clock.advance_s(30)
    sensor.post("/api/v1/sources/receiver", LINE)
    first_ns = clock()
    assert used_ns() == first_ns
    clock.advance_s(20)
    sensor.post("/api/v1/sources/receiver", LINE)
    assert used_ns() == first_ns, "once a minute is often enough"
    clock.advance_s(60)
    sensor.post("/api/v1/sources/receiver", LINE)
    assert used_ns() == clock()


def test_a_revoked_token_leaves_no_trace_of_its_use(desk: AccessDesk, clock: ManualClock) -> None:
    tokens = desk.store.tokens
    secret = desk.new_token("receiver", "test")
    token = tokens.get(digest_of(secret))
    assert token is not None
    tokens.touch(token.digest, clock())
    tokens.revoke(token.token_id)
    tokens.touch(token.digest, clock())  # a request that was on its way
    tokens.add(token)
    assert [(one.token_id, one.used_ns) for one in tokens.all()] == [(token.token_id, 0)]
