"""How often somebody may ask, and how many may sign in at once."""

import threading
import time

import pytest
from argon2 import PasswordHasher
from litestar.exceptions import TooManyRequestsException

from skypicket.domain.errors import OverloadError
from skypicket.store.access import Account
from skypicket.testing import ManualClock
from skypicket.testing.access import session_of
from skypicket.testing.visitor import Visitor
from skypicket.web.access.desk import AccessDesk
from skypicket.web.access.limits import (
    ANONYMOUS,
    LOGIN_BY_ADDRESS,
    LOGIN_BY_NAME,
    MOST_KEYS,
    SIGNED_IN,
    Buckets,
    Limits,
    Rate,
    neighbourhood,
)
from skypicket.web.access.passwords import AT_ONCE, MOST_WAITING, Passwords

WRONG = {"name": "ann", "password": "wrong"}


class SlowHasher(PasswordHasher):
    """Counts who is at it, and goes on when it is told to."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.go_on = threading.Event()
        self.lock = threading.Lock()
        self.now = 0
        self.most = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override] # noqa: A002 -- its name there
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
        self.go_on.wait(30)
        with self.lock:
            self.now -= 1
        return super().verify(hash, password)


def test_guessing_passwords_from_one_address_is_slowed(
    visitor: Visitor, clock: ManualClock
) -> None:
    for _ in range(LOGIN_BY_ADDRESS.burst):
        assert visitor.post("/api/v1/session/login", WRONG).status == 401
    refused = visitor.post("/api/v1/session/login", WRONG)
    assert (refused.status, refused.headers["retry-after"]) == (429, "6")
    clock.advance_s(6)
    assert visitor.post("/api/v1/session/login", WRONG).status == 401
    assert visitor.post("/api/v1/session/login", WRONG).status == 429


def test_guessing_one_accounts_password_from_many_addresses_is_slowed(visitor: Visitor) -> None:
    statuses = []
    for number in range(LOGIN_BY_NAME.burst + 1):
        visitor.address = f"10.0.0.{number}"
        statuses.append(visitor.post("/api/v1/session/login", WRONG).status)
    assert statuses == [401] * LOGIN_BY_NAME.burst + [429]
    other = {"name": "bob", "password": "wrong"}
    assert visitor.post("/api/v1/session/login", other).status == 401


def test_links_cannot_be_tried_one_after_the_other(visitor: Visitor) -> None:
    statuses = [visitor.get(f"/login/{number}").status for number in range(12)]
    assert statuses == [403] * 10 + [429] * 2


def test_no_header_makes_an_address_another(visitor: Visitor) -> None:
    statuses = [
        visitor.post("/api/v1/session/login", WRONG, x_forwarded_for=f"10.0.0.{number}").status
        for number in range(11)
    ]
    assert statuses[-1] == 429


def test_a_session_that_asks_without_end_is_slowed_and_others_are_not(
    desk: AccessDesk, visitor: Visitor
) -> None:
    ann = visitor.with_session(session_of(desk, "viewer", name="ann"))
    bob = visitor.with_session(session_of(desk, "viewer", name="bob"))
    limits = desk.limits
    principal = desk.principal_of_secret(ann.cookies["skypicket_session"])
    for _ in range(SIGNED_IN.burst):
        limits.count(principal, "127.0.0.1", "tracks.read")
    refused = ann.get("/api/v1/session")
    assert refused.status == 429
    assert "try again in 1 s" in refused.json()["detail"]
    assert bob.get("/api/v1/session").status == 200


def test_whoever_has_not_signed_in_is_slowed_but_still_sees_health_and_page(
    visitor: Visitor,
) -> None:
    statuses = {visitor.get("/metrics").status for _ in range(ANONYMOUS.burst)}
    assert statuses == {200}
    assert visitor.get("/metrics").status == 429
    assert visitor.get("/healthz").status == 200
    assert visitor.get("/").status == 200


def test_a_bucket_fills_steadily_and_never_above_its_size(clock: ManualClock) -> None:
    buckets = Buckets(Rate(burst=2, per_s=0.5), clock)
    assert [buckets.wait_s("a"), buckets.wait_s("a")] == [0.0, 0.0]
    assert buckets.wait_s("a") == pytest.approx(2.0)
    clock.advance_s(1)
    assert buckets.wait_s("a") == pytest.approx(1.0)
    clock.advance_s(1_000)
    assert [buckets.wait_s("a"), buckets.wait_s("a")] == [0.0, 0.0]
    assert buckets.wait_s("a") > 0
    clock.advance_s(-100)
    assert buckets.wait_s("a") > 0, "a clock that steps back fills nothing"


def test_buckets_do_not_grow_without_end(clock: ManualClock) -> None:
    buckets = Buckets(Rate(burst=1, per_s=1), clock)
    for number in range(MOST_KEYS + 50):
        buckets.wait_s(str(number))
    assert len(buckets._levels) == MOST_KEYS


def test_an_ipv6_host_cannot_choose_another_bucket() -> None:
    assert neighbourhood("2001:db8::1") == neighbourhood("2001:db8::ffff:1")
    assert neighbourhood("2001:db8::1") != neighbourhood("2001:db8:0:1::1")
    assert neighbourhood("10.0.0.1") != neighbourhood("10.0.0.2")
    assert neighbourhood("testclient") == "testclient"


def test_limits_say_when_to_come_back(clock: ManualClock) -> None:
    limits = Limits(clock)
    for _ in range(LOGIN_BY_ADDRESS.burst):
        limits.count_login("10.0.0.1", "")
    with pytest.raises(TooManyRequestsException) as refused:
        limits.count_login("10.0.0.1", "")
    assert refused.value.headers == {"Retry-After": "6"}


def test_at_most_two_passwords_are_checked_at_once() -> None:
    hasher = SlowHasher()
    passwords = Passwords(hasher)
    right: list[bool] = []
    comers = [
        threading.Thread(target=lambda: right.append(passwords.check("", "wrong")))
        for _ in range(8)
    ]
    for comer in comers:
        comer.start()
    deadline_s = time.monotonic() + 20
    while hasher.now < AT_ONCE and time.monotonic() < deadline_s:
        time.sleep(0.005)
    assert hasher.now == AT_ONCE
    hasher.go_on.set()
    for comer in comers:
        comer.join(30)
    assert right == [False] * 8
    assert hasher.most == AT_ONCE


def test_who_would_wait_behind_too_many_is_told_to_come_back() -> None:
    hasher = SlowHasher()
    passwords = Passwords(hasher)
    refused: list[OverloadError] = []

    def come() -> None:
        try:
            passwords.check("", "wrong")
        except OverloadError as error:
            refused.append(error)

    comers = [threading.Thread(target=come) for _ in range(AT_ONCE + MOST_WAITING)]
    for comer in comers:
        comer.start()
    deadline_s = time.monotonic() + 20
    while passwords._places._value > 0 and time.monotonic() < deadline_s:
        time.sleep(0.005)
    with pytest.raises(OverloadError, match="Too many people"):
        passwords.check("", "wrong")
    hasher.go_on.set()
    for comer in comers:
        comer.join(30)
    assert len(refused) == 0


def test_too_many_logins_are_503_with_a_time_to_come_back(
    desk: AccessDesk, visitor: Visitor
) -> None:
    for _ in range(AT_ONCE + MOST_WAITING):
        desk.passwords._places.acquire()
    answer = visitor.post("/api/v1/session/login", WRONG)
    assert (answer.status, answer.json()["reason"]) == (503, "overload")
    assert int(answer.headers["retry-after"]) > 0


def test_an_unknown_name_costs_the_same_hashing_as_a_known_one(
    desk: AccessDesk, visitor: Visitor
) -> None:
    hasher = SlowHasher()
    hasher.go_on.set()
    desk.passwords = Passwords(hasher)
    desk.store.accounts.add(
        Account(name="ann", roles=("viewer",), password=desk.passwords.hash("x" * 12))
    )
    counts = []
    for name in ("ann", "nobody"):
        before = hasher.most
        hasher.most = 0
        visitor.post("/api/v1/session/login", {"name": name, "password": "wrong"})
        counts.append(hasher.most)
        assert before >= 0
    assert counts == [1, 1]
    account = desk.store.accounts.named("ann")
    assert account is not None
    parameters = account.password.rsplit("$", 2)[0]
    assert passwords_parameters(desk) == parameters


def passwords_parameters(desk: AccessDesk) -> str:
    """The argon2 parameters of the hash that unknown names are checked against."""
    return desk.passwords._nobodys.rsplit("$", 2)[0]
