"""Passkeys from end to end, with an authenticator in software."""

import pytest

from skypicket.store.access import Account
from skypicket.testing import ManualClock
from skypicket.testing.authenticator import Authenticator
from skypicket.testing.visitor import Answer, Visitor
from skypicket.web.access.challenges import Challenges
from skypicket.web.access.desk import AccessDesk

PLACE = "/api/v1/session/passkey"
ORIGIN = "http://localhost:8480"


@pytest.fixture
def newcomer(desk: AccessDesk, visitor: Visitor) -> Visitor:
    """Somebody who came by a link, and has no credential yet."""
    secret = desk.new_link(Account(name="ann", roles=("operator",)), "test")
    visitor.host = "localhost:8480"
    visitor.get(f"/login/{secret}")
    return visitor


@pytest.fixture
def key(newcomer: Visitor) -> Authenticator:
    """The passkey that the newcomer registered."""
    authenticator = Authenticator(ORIGIN)
    assert register(newcomer, authenticator).status == 200
    return authenticator


def register(visitor: Visitor, authenticator: Authenticator) -> Answer:
    options = visitor.post(f"{PLACE}/register/options").json()
    return visitor.post(f"{PLACE}/register/verify", authenticator.make(options))


def at_home(visitor: Visitor) -> Visitor:
    other = visitor.another()
    other.host = "localhost:8480"
    return other


def sign_in(visitor: Visitor, authenticator: Authenticator) -> Answer:
    options = visitor.post(f"{PLACE}/login/options").json()
    return visitor.post(f"{PLACE}/login/verify", authenticator.sign(options))


def test_a_passkey_is_made_and_signs_in_without_a_name(
    newcomer: Visitor, key: Authenticator
) -> None:
    assert newcomer.get("/api/v1/session").json()["has_credential"] is True
    assert "tracks.read" in newcomer.get("/api/v1/session").json()["permissions"]
    browser = at_home(newcomer)
    answer = sign_in(browser, key)
    assert (answer.status, answer.json()["name"]) == (200, "ann")
    assert browser.get("/api/v1/session").status == 200


def test_an_answer_is_good_once(newcomer: Visitor, key: Authenticator) -> None:
    browser = at_home(newcomer)
    signed = key.sign(browser.post(f"{PLACE}/login/options").json())
    assert browser.post(f"{PLACE}/login/verify", signed).status == 200
    assert at_home(newcomer).post(f"{PLACE}/login/verify", signed).status == 403


def test_an_answer_that_comes_late_is_refused(
    newcomer: Visitor, key: Authenticator, clock: ManualClock
) -> None:
    browser = at_home(newcomer)
    options = browser.post(f"{PLACE}/login/options").json()
    clock.advance_s(181)
    assert browser.post(f"{PLACE}/login/verify", key.sign(options)).status == 403


@pytest.mark.parametrize(
    "origin", ["http://localhost:9999", "https://localhost:8480", "http://evil.example"]
)
def test_a_page_of_another_origin_cannot_pass_an_answer_on(
    newcomer: Visitor, key: Authenticator, origin: str
) -> None:
    key.origin = origin
    assert sign_in(at_home(newcomer), key).status == 403


def test_a_passkey_without_a_verified_person_is_not_enough(
    newcomer: Visitor, key: Authenticator
) -> None:
    key.verified = False
    assert sign_in(at_home(newcomer), key).status == 403


def test_a_copy_that_has_signed_less_often_is_noticed(
    newcomer: Visitor, key: Authenticator
) -> None:
    assert sign_in(at_home(newcomer), key).status == 200
    key.sign_count = 0
    assert sign_in(at_home(newcomer), key).status == 403


def test_somebody_elses_signature_is_refused(newcomer: Visitor, key: Authenticator) -> None:
    thief = Authenticator(ORIGIN)
    thief.credential_id = key.credential_id
    thief.sign_count = 10
    assert sign_in(at_home(newcomer), thief).status == 403


def test_the_passkey_of_a_disabled_account_opens_nothing(
    desk: AccessDesk, newcomer: Visitor, key: Authenticator
) -> None:
    desk.store.accounts.disable("ann")
    assert sign_in(at_home(newcomer), key).status == 403


def test_registration_options_of_one_session_are_none_of_another(
    desk: AccessDesk, newcomer: Visitor
) -> None:
    options = newcomer.post(f"{PLACE}/register/options").json()
    eve = at_home(newcomer)
    eve.get(f"/login/{desk.new_link(Account(name='eve', roles=('viewer',)), 'test')}")
    made = Authenticator(ORIGIN).make(options)
    assert eve.post(f"{PLACE}/register/verify", made).status == 400


def test_a_sign_in_answer_registers_nothing_and_the_other_way_round(
    newcomer: Visitor, key: Authenticator
) -> None:
    options = newcomer.post(f"{PLACE}/login/options").json()
    assert newcomer.post(f"{PLACE}/register/verify", key.sign(options)).status == 400
    register_options = newcomer.post(f"{PLACE}/register/options").json()
    made = Authenticator(ORIGIN).make(register_options)
    assert at_home(newcomer).post(f"{PLACE}/login/verify", made).status == 403


def test_a_passkey_proves_afresh_who_it_is(
    desk: AccessDesk, newcomer: Visitor, key: Authenticator, clock: ManualClock
) -> None:
    clock.advance_s(301)
    assert newcomer.get("/api/v1/session").json()["step_up_until_ns"] < clock()
    options = newcomer.post(f"{PLACE}/login/options").json()
    proven = newcomer.post("/api/v1/session/step-up", {"credential": key.sign(options)})
    assert (proven.status, proven.json()["step_up_until_ns"]) == (200, clock() + 300 * 10**9)


def test_the_passkey_of_another_account_proves_nothing(
    desk: AccessDesk, newcomer: Visitor, key: Authenticator, clock: ManualClock
) -> None:
    eve, own = at_home(newcomer), Authenticator(ORIGIN)
    eve.get(f"/login/{desk.new_link(Account(name='eve', roles=('viewer',)), 'test')}")
    assert register(eve, own).status == 200
    clock.advance_s(301)
    options = eve.post(f"{PLACE}/login/options").json()
    refused = eve.post("/api/v1/session/step-up", {"credential": key.sign(options)})
    assert (refused.status, refused.json()["reason"]) == (403, "proof")


def test_a_second_passkey_needs_a_fresh_proof(
    newcomer: Visitor, key: Authenticator, clock: ManualClock
) -> None:
    clock.advance_s(16 * 60)
    refused = newcomer.post(f"{PLACE}/register/options")
    assert (refused.status, refused.json()["reason"]) == (403, "step_up")


def test_a_page_opened_by_a_number_is_told_to_use_a_name(visitor: Visitor) -> None:
    for host in ("127.0.0.1:8480", "[::1]:8480"):
        visitor.host = host
        answer = visitor.post(f"{PLACE}/login/options")
        assert answer.status == 400
        assert "localhost" in answer.json()["detail"]


@pytest.mark.parametrize(
    "body", [{}, {"rawId": 1}, {"response": {}}, {"response": {"clientDataJSON": "e30"}}, []]
)
def test_what_is_no_credential_is_refused_in_words(visitor: Visitor, body: object) -> None:
    visitor.host = "localhost:8480"
    answer = visitor.post(f"{PLACE}/login/verify", body)
    assert answer.status in {400, 403}
    assert answer.json()["detail"]


def test_challenges_are_of_one_purpose_one_server_and_one_moment(clock: ManualClock) -> None:
    ours, others = Challenges(clock), Challenges(clock)
    challenge = ours.new("login")
    assert not others.take("login", challenge)
    assert not ours.take("register 1", challenge)
    assert not ours.take("login", challenge[:-1] + bytes([challenge[-1] ^ 1]))
    assert not ours.take("login", b"")
    assert ours.take("login", challenge)
    assert not ours.take("login", challenge)
    later = ours.new("login")
    clock.advance_s(-1)
    assert not ours.take("login", later), "a challenge of the future is none of ours"
