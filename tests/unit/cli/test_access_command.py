"""`skypicket access` on accounts that are there: roles, disabling, enabling, beside a server."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from skypicket.cli import main
from skypicket.store.access import AccessStore, Account
from skypicket.testing.access import session_of
from skypicket.web.access.desk import AccessDesk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[AccessDesk]:
    """The desk of a server that has this state folder open."""
    store = AccessStore.of_state(tmp_path)
    store.accounts.add(Account(name="ann", roles=("admin",), password="a hash"))
    store.accounts.add(Account(name="bob", roles=("operator",), password="a hash"))
    yield AccessDesk(store)
    store.close()


@pytest.fixture
def access(desk: AccessDesk, tmp_path: Path) -> Callable[..., int]:
    """Run the command on that folder; its exit code."""

    def run(*words: str) -> int:
        with pytest.raises(SystemExit) as stop:
            main(["access", *words, "--state", str(tmp_path)])
        assert isinstance(stop.value.code, int)
        return stop.value.code

    return run


def audit(desk: AccessDesk) -> list[tuple[str, str, str]]:
    return [(line.who, line.what, line.whom) for line in desk.store.audit()]


def test_other_roles_hold_at_once_in_a_session_of_the_server(
    desk: AccessDesk, access: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    secret = session_of(desk, name="bob")
    assert access("roles", "bob", "--role", "planner", "--role", "viewer") == 0
    assert "bob is now planner viewer" in capsys.readouterr().out
    assert desk.principal_of_secret(secret).roles == ("viewer", "planner")
    assert audit(desk)[-1] == ("command line", "roles are now: viewer planner", "bob")


def test_an_account_that_was_disabled_is_enabled_and_its_old_session_stays_dead(
    desk: AccessDesk, access: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    secret = session_of(desk, name="bob")
    assert access("disable", "bob") == 0
    assert access("enable", "bob", "--json") == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == {"enabled": "bob"}
    assert desk.principal_of_secret(secret).kind == "anonymous"
    assert desk.principal_of_secret(session_of(desk, name="bob")).name == "bob"
    assert [line for line in audit(desk) if line[2] == "bob"][1:3] == [
        ("command line", "account disabled", "bob"),
        ("command line", "account enabled", "bob"),
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("enable", "bob"), "'bob' is not disabled"),
        (("enable", "eve"), "no account 'eve'"),
        (("roles", "eve", "--role", "viewer"), "no account 'eve'"),
        (("roles", "bob"), "--role"),
        (("roles", "bob", "--role", "king"), "king"),
        (("roles", "bob", "--role", "partner"), "A partner has that one role"),
        (("roles", "ann", "--role", "viewer"), "last administrator"),
        (("roles", "ona@oidc", "--role", "viewer"), "identity provider"),
    ],
)
def test_what_cannot_be_done_is_wrong_usage_and_changes_nothing(
    desk: AccessDesk,
    access: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    said: str,
) -> None:
    desk.store.accounts.add(Account(name="ona@oidc", roles=("operator",), subject="issuer 1"))
    before = desk.store.accounts.all()
    assert access(*words) == 2
    assert said in capsys.readouterr().err
    assert desk.store.accounts.all() == before
    assert audit(desk) == []


def test_the_command_may_disable_the_last_administrator_and_bring_it_back(
    desk: AccessDesk, access: Callable[..., int]
) -> None:
    assert access("disable", "ann") == 0
    assert access("enable", "ann") == 0
    assert [account.disabled for account in desk.store.accounts.all()] == [False, False]
