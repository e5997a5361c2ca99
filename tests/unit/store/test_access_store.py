import sqlite3
from pathlib import Path

import pytest

from skypicket.domain.errors import InputError, UsageError
from skypicket.store.access import (
    AccessStore,
    Account,
    AuditLine,
    Lifetimes,
    OneTimeLink,
    Passkey,
    Session,
    Token,
    digest_of,
)

FOR_EVER = Lifetimes(idle_ns=2**60, at_most_ns=2**60)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state"


def session(name: str, secret: str, at_ns: int = 1) -> Session:
    return Session(
        digest=digest_of(secret),
        account=name,
        kind="person",
        opened_by="password",
        opened_ns=at_ns,
        seen_ns=at_ns,
    )


def test_what_was_kept_is_there_after_closing(folder: Path) -> None:
    store = AccessStore.of_state(folder)
    ann = Account(name="ann", roles=("viewer", "planner"), created_ns=7, password="hash")
    key = Passkey(credential_id=b"id", account="ann", public_key=b"key", sign_count=3)
    token = Token(digest=digest_of("t"), source="radar", created_ns=9)
    store.accounts.add(ann)
    store.accounts.add_passkey(key)
    store.sessions.add(session("ann", "s"))
    store.tokens.add(token)
    store.say(AuditLine(time_ns=1, who="a", what="b", whom="c"))
    store.set_note("url", "http://here")
    store.close()
    again = AccessStore.of_state(folder)
    assert again.accounts.all() == [ann]
    assert again.accounts.passkeys("ann") == [key]
    assert again.sessions.get(digest_of("s"), 2, FOR_EVER) == session("ann", "s")
    assert again.tokens.all() == [token]
    assert again.audit() == [AuditLine(time_ns=1, who="a", what="b", whom="c")]
    assert (again.note("url"), again.note("other")) == ("http://here", "")
    again.close()


def test_two_programs_have_it_open_at_once(folder: Path) -> None:
    server, command = AccessStore.of_state(folder), AccessStore.of_state(folder)
    command.accounts.add(Account(name="ann", roles=("viewer",)))
    assert server.accounts.named("ann") is not None
    server.sessions.add(session("ann", "s"))
    command.accounts.disable("ann")
    assert server.sessions.get(digest_of("s"), 2, FOR_EVER) is None
    command.close()
    assert server.accounts.all()[0].disabled
    server.close()


def test_an_enabled_account_is_as_it_was_and_nothing_of_before_opens() -> None:
    store = AccessStore()
    store.accounts.add(Account(name="ann", roles=("viewer",), password="hash"))
    key = Passkey(credential_id=b"id", account="ann", public_key=b"key", sign_count=3)
    store.accounts.add_passkey(key)
    store.accounts.disable("ann")
    store.sessions.add(session("ann", "s"))  # it was on its way when the account was disabled
    store.sessions.add(session("bob", "other"))
    store.links.add(OneTimeLink(digest=digest_of("l"), account="ann"))
    store.accounts.enable("ann")
    assert store.accounts.all() == [Account(name="ann", roles=("viewer",), password="hash")]
    assert store.accounts.passkeys("ann") == [key]
    assert store.sessions.get(digest_of("s"), 2, FOR_EVER) is None
    assert store.links.use(digest_of("l"), 2) is None
    assert store.sessions.get(digest_of("other"), 2, FOR_EVER) is not None


def test_only_a_disabled_account_is_enabled_and_no_session_ends_else() -> None:
    store = AccessStore()
    store.accounts.add(Account(name="ann", roles=("viewer",)))
    store.sessions.add(session("ann", "s"))
    with pytest.raises(UsageError, match="'ann' is not disabled"):
        store.accounts.enable("ann")
    with pytest.raises(UsageError, match="no account 'eve'"):
        store.accounts.enable("eve")
    assert store.sessions.get(digest_of("s"), 2, FOR_EVER) is not None


def test_what_fails_in_the_middle_leaves_nothing(folder: Path) -> None:
    store = AccessStore.of_state(folder)
    store.accounts.add(Account(name="ann", roles=("viewer",)))

    def make_both() -> None:
        with store.together():
            store.tokens.add(Token(digest="d", source="radar"))
            store.accounts.add(Account(name="ann", roles=("admin",)))

    with pytest.raises(UsageError, match="already"):
        make_both()
    assert store.tokens.all() == []
    assert store.accounts.all()[0].roles == ("viewer",)
    store.close()


def test_a_passkey_is_of_one_account(folder: Path) -> None:
    store = AccessStore.of_state(folder)
    key = Passkey(credential_id=b"id", account="ann", public_key=b"key", sign_count=0)
    store.accounts.add_passkey(key)
    with pytest.raises(UsageError, match="known already"):
        store.accounts.add_passkey(
            Passkey(credential_id=b"id", account="eve", public_key=b"other", sign_count=0)
        )
    assert store.accounts.passkeys("eve") == []
    store.close()


def test_a_link_is_taken_once_and_not_after_its_end() -> None:
    store = AccessStore()
    link = OneTimeLink(digest=digest_of("l"), account="ann", roles=("viewer",), ends_ns=100)
    store.links.add(link)
    assert store.links.use(digest_of("other"), 50) is None
    assert store.links.use(digest_of("l"), 50) == link
    assert store.links.use(digest_of("l"), 50) is None
    store.links.add(link)
    assert store.links.use(digest_of("l"), 100) is None
    assert store.links.use(digest_of("l"), 50) is None, "an end is an end"


def test_a_session_that_was_seen_later_is_not_seen_earlier_again() -> None:
    store = AccessStore()
    store.sessions.add(session("ann", "s", 10))
    store.sessions.touch(digest_of("s"), 50)
    store.sessions.touch(digest_of("s"), 20)
    kept = store.sessions.get(digest_of("s"), 60, FOR_EVER)
    assert kept is not None
    assert kept.seen_ns == 50


def test_a_database_of_another_program_is_left_alone(folder: Path) -> None:
    folder.mkdir()
    other = sqlite3.connect(folder / "access.sqlite")
    other.execute("CREATE TABLE mine (x)")
    other.close()
    with pytest.raises(InputError, match="none of Skypicket's"):
        AccessStore.of_state(folder)


def test_a_file_that_is_no_database_is_said_in_words(folder: Path) -> None:
    folder.mkdir()
    (folder / "access.sqlite").write_bytes(b"not a database, but long enough to look at" * 30)
    with pytest.raises(InputError, match=r"access\.sqlite"):
        AccessStore.of_state(folder)


def test_the_folder_and_the_file_are_their_owners_alone(folder: Path) -> None:
    AccessStore.of_state(folder).close()
    assert folder.stat().st_mode & 0o077 == 0
    assert (folder / "access.sqlite").stat().st_mode & 0o077 == 0
