"""Sessions, one-time links and sensors' tokens; of each secret only the SHA-256 is kept."""

from hashlib import sha256
from typing import Literal

import msgspec

from skypicket.store._access_file import AccessFile, Row

SessionKind = Literal["demo", "person"]
OpenedBy = Literal["link", "password", "passkey", "oidc"]
_SESSION = "digest, account, kind, opened_by, opened_ns, seen_ns, step_up_until_ns"


def digest_of(secret: str) -> str:
    """What is kept of a secret. It is random and long, so one round of SHA-256 is enough."""
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A signed-in browser.

    Attributes:
        digest: SHA-256 of its cookie's secret.
        account: the account's name; a demo session has none behind its name.
        kind: `demo` or `person`.
        opened_by: what opened it.
        opened_ns: when it was opened.
        seen_ns: when it was last used, give or take a minute.
        step_up_until_ns: until when the last proof of who is asking counts as fresh.
    """

    digest: str
    account: str
    kind: SessionKind
    opened_by: OpenedBy
    opened_ns: int
    seen_ns: int
    step_up_until_ns: int = 0


class Lifetimes(msgspec.Struct, frozen=True, kw_only=True):
    """How long a session lasts: unused, and at most."""

    idle_ns: int
    at_most_ns: int


class Sessions:
    """The sessions of an access file."""

    def __init__(self, file: AccessFile) -> None:
        self._file = file

    def add(self, session: Session) -> None:
        """Keep a session that was just opened."""
        self._file.write(
            f"INSERT INTO session ({_SESSION}) VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 -- names of ours
            *msgspec.structs.astuple(session),
        )

    def get(self, digest: str, now_ns: int, lifetimes: Lifetimes) -> Session | None:
        """The session of this digest, unless it is over."""
        rows = self._file.read(
            f"SELECT {_SESSION} FROM session "  # noqa: S608 -- names of ours
            "WHERE digest = ? AND seen_ns > ? AND opened_ns > ?",
            digest,
            now_ns - lifetimes.idle_ns,
            now_ns - lifetimes.at_most_ns,
        )
        return (
            msgspec.convert(dict(zip(_SESSION.split(", "), rows[0], strict=True)), Session)
            if (rows)
            else None
        )

    def counts(self, now_ns: int, lifetimes: Lifetimes) -> dict[str, int]:
        """How many sessions each account has open, by its name."""
        return dict(
            self._file.read(
                "SELECT account, count(*) FROM session "
                "WHERE kind = 'person' AND seen_ns > ? AND opened_ns > ? GROUP BY account",
                now_ns - lifetimes.idle_ns,
                now_ns - lifetimes.at_most_ns,
            )
        )

    def touch(self, digest: str, now_ns: int) -> None:
        """Say that a session was used."""
        self._file.write(
            "UPDATE session SET seen_ns = max(seen_ns, ?) WHERE digest = ?", now_ns, digest
        )

    def step_up(self, digest: str, until_ns: int) -> None:
        """Say that who is asking was proven just now."""
        self._file.write(
            "UPDATE session SET step_up_until_ns = ? WHERE digest = ?", until_ns, digest
        )

    def end(self, digest: str) -> None:
        """End one session."""
        self._file.write("DELETE FROM session WHERE digest = ?", digest)

    def end_others(self, account: str, but_digest: str) -> None:
        """End every other session of an account, for instance when its password has changed."""
        self._file.write(
            "DELETE FROM session WHERE account = ? AND kind = 'person' AND digest <> ?",
            account,
            but_digest,
        )

    def end_demo(self) -> None:
        """End all demo sessions: a live system has none."""
        self._file.write("DELETE FROM session WHERE kind = 'demo'")

    def drop_over(self, now_ns: int, lifetimes: Lifetimes) -> None:
        """Remove the sessions that are over."""
        self._file.write(
            "DELETE FROM session WHERE seen_ns <= ? OR opened_ns <= ?",
            now_ns - lifetimes.idle_ns,
            now_ns - lifetimes.at_most_ns,
        )


class OneTimeLink(msgspec.Struct, frozen=True, kw_only=True):
    """A link that opens one session.

    Attributes:
        digest: SHA-256 of its secret.
        account: the account that it opens; it is made with `roles` if there is none yet.
        kind: the kind of session.
        roles: the roles of the account, if it is made.
        clearance: the clearance of the account, if it is made.
        ends_ns: when it ends unused; 0 is never.
    """

    digest: str
    account: str
    kind: SessionKind = "person"
    roles: tuple[str, ...] = ()
    clearance: str = ""
    ends_ns: int = 0


class Links:
    """The one-time links of an access file."""

    def __init__(self, file: AccessFile) -> None:
        self._file = file

    def add(self, link: OneTimeLink) -> None:
        """Keep a link; an earlier one to the same account is gone."""
        with self._file.together():
            self._file.write("DELETE FROM link WHERE account = ?", link.account)
            self._insert(link)

    def add_another(self, link: OneTimeLink) -> None:
        """Keep a link beside others to the same account."""
        self._insert(link)

    def _insert(self, link: OneTimeLink) -> None:
        self._file.write(
            "INSERT INTO link (digest, account, kind, roles, clearance, ends_ns) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            link.digest,
            link.account,
            link.kind,
            " ".join(link.roles),
            link.clearance,
            link.ends_ns,
        )

    def use(self, digest: str, now_ns: int) -> OneTimeLink | None:
        """Take the link of this digest, so that nobody takes it again; None if it is not good."""
        rows = self._file.write(
            "DELETE FROM link WHERE digest = ? "
            "RETURNING digest, account, kind, roles, clearance, ends_ns",
            digest,
        )
        links = (_link(row) for row in rows)
        return next((link for link in links if link.ends_ns == 0 or now_ns < link.ends_ns), None)

    def open(self, now_ns: int) -> list[OneTimeLink]:
        """The links to accounts that nobody has used yet, by name; demo links left out."""
        rows = self._file.read(
            "SELECT digest, account, kind, roles, clearance, ends_ns FROM link "
            "WHERE kind = 'person' AND (ends_ns = 0 OR ends_ns > ?) ORDER BY account",
            now_ns,
        )
        return [_link(row) for row in rows]

    def drop_over(self, now_ns: int) -> None:
        """Remove the links that have ended."""
        self._file.write("DELETE FROM link WHERE ends_ns > 0 AND ends_ns <= ?", now_ns)

    def drop_demo(self) -> None:
        """Remove the demo links of earlier starts."""
        self._file.write("DELETE FROM link WHERE kind = 'demo'")


def _link(row: Row) -> OneTimeLink:
    digest, account, kind, roles, clearance, ends_ns = row
    return OneTimeLink(
        digest=digest,
        account=account,
        kind=kind,
        roles=tuple(roles.split()),
        clearance=clearance,
        ends_ns=ends_ns,
    )


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """A sensor's token.

    Attributes:
        digest: SHA-256 of its secret.
        source: the one source that it speaks for.
        created_ns: when it was made.
        used_ns: when it was last used, give or take a minute; 0 is never.
    """

    digest: str
    source: str
    created_ns: int = 0
    used_ns: int = 0

    @property
    def token_id(self) -> str:
        """The start of the digest, to name it by."""
        return self.digest[:8]


class Tokens:
    """The tokens of an access file."""

    def __init__(self, file: AccessFile) -> None:
        self._file = file

    def add(self, token: Token) -> None:
        """Keep a token; a source may have several, so that one can be replaced without a gap."""
        self._file.write(
            "INSERT INTO token (digest, source, created_ns) VALUES (?, ?, ?)",
            token.digest,
            token.source,
            token.created_ns,
        )

    def get(self, digest: str) -> Token | None:
        """The token of this digest."""
        return next((token for token in self._read("WHERE digest = ?", digest)), None)

    def all(self) -> list[Token]:
        """Every token, by source and age."""
        return self._read("ORDER BY source, created_ns, digest")

    def _read(self, rest: str, *values: object) -> list[Token]:
        rows = self._file.read(
            "SELECT digest, source, created_ns, coalesce(used_ns, 0) "  # noqa: S608 -- names of ours
            f"FROM token LEFT JOIN token_use USING (digest) {rest}",
            *values,
        )
        return [
            Token(digest=digest, source=source, created_ns=created_ns, used_ns=used_ns)
            for digest, source, created_ns, used_ns in rows
        ]

    def touch(self, digest: str, now_ns: int) -> None:
        """Say that a token was used, if it still stands."""
        self._file.write(
            "INSERT INTO token_use SELECT digest, ? FROM token WHERE digest = ? "
            "ON CONFLICT (digest) DO UPDATE SET used_ns = max(used_ns, excluded.used_ns)",
            now_ns,
            digest,
        )

    def revoke(self, token_id: str) -> Token | None:
        """Remove the token of this id; what it was, or None if there is none."""
        with self._file.together():
            rows = self._file.write(
                "DELETE FROM token WHERE substr(digest, 1, 8) = ? "
                "RETURNING digest, source, created_ns",
                token_id,
            )
            self._file.write("DELETE FROM token_use WHERE substr(digest, 1, 8) = ?", token_id)
        return next(
            (Token(digest=digest, source=source, created_ns=ns) for digest, source, ns in rows),
            None,
        )
