"""Who has access: accounts, sessions, one-time links, tokens, and who changed what, in one file.

    state/access.sqlite ── accounts ── password hash, passkeys
                        ├─ sessions    SHA-256 of the cookie's secret
                        ├─ links       SHA-256; gone once used
                        ├─ tokens      SHA-256; each for one source
                        └─ audit       when, who, what, whom

Time and secrets come in from outside. The server and `skypicket access` may have it open at once.
"""

from contextlib import AbstractContextManager
from pathlib import Path

import msgspec

from skypicket.store._access_file import AccessFile
from skypicket.store._disk import private_folder
from skypicket.store.access_accounts import Account, Accounts, Passkey
from skypicket.store.access_sessions import (
    Lifetimes,
    Links,
    OneTimeLink,
    Session,
    Sessions,
    Token,
    Tokens,
    digest_of,
)

__all__ = [
    "AccessStore",
    "Account",
    "AuditLine",
    "Lifetimes",
    "OneTimeLink",
    "Passkey",
    "Session",
    "Token",
    "digest_of",
]

FILE_NAME = "access.sqlite"


class AuditLine(msgspec.Struct, frozen=True, kw_only=True):
    """One change of access: when, who did it, what, and whose access it was."""

    time_ns: int
    who: str
    what: str
    whom: str


class AccessStore:
    """All of an access file: `accounts`, `sessions`, `links`, `tokens`, and the audit."""

    def __init__(self, path: Path | None = None) -> None:
        self._file = AccessFile(path)
        self.accounts = Accounts(self._file)
        self.sessions = Sessions(self._file)
        self.links = Links(self._file)
        self.tokens = Tokens(self._file)

    @classmethod
    def of_state(cls, state: Path) -> "AccessStore":
        """The access file of a state folder; both are made if they are missing.

        Raises:
            InputError: the file is damaged, or none of ours.
            StorageFullError: it cannot be made.
        """
        private_folder(state)
        return cls(state / FILE_NAME)

    def together(self) -> AbstractContextManager[None]:
        """All that is written inside is one transaction."""
        return self._file.together()

    def say(self, line: AuditLine) -> None:
        """Add a line to the audit; lines are never changed."""
        self._file.write(
            "INSERT INTO audit (time_ns, who, what, whom) VALUES (?, ?, ?, ?)",
            *msgspec.structs.astuple(line),
        )

    def audit(self, limit: int = 1000) -> list[AuditLine]:
        """The newest lines of the audit, the newest last."""
        return self.audit_back(range(limit))[::-1]

    def audit_back(self, rows: range) -> list[AuditLine]:
        """These lines of the audit, counted back from the newest, the newest first."""
        found = self._file.read(
            "SELECT time_ns, who, what, whom FROM audit ORDER BY number DESC LIMIT ? OFFSET ?",
            len(rows),
            rows.start,
        )
        return [
            AuditLine(time_ns=time_ns, who=who, what=what, whom=whom)
            for time_ns, who, what, whom in found
        ]

    def audit_length(self) -> int:
        """How many lines the audit has."""
        return int(self._file.read("SELECT count(*) FROM audit")[0][0])

    def last_sign_ins(self) -> dict[str, int]:
        """When the newest session of each account was opened, by the account's name."""
        return dict(
            self._file.read(
                "SELECT whom, max(time_ns) FROM audit WHERE what GLOB 'session opened by *' "
                "GROUP BY whom"
            )
        )

    def note(self, name: str) -> str:
        """What was noted under a name, or ""."""
        rows = self._file.read("SELECT text FROM note WHERE name = ?", name)
        return str(rows[0][0]) if rows else ""

    def set_note(self, name: str, text: str) -> None:
        """Note something, for instance the address that the server answers at."""
        self._file.write("INSERT OR REPLACE INTO note (name, text) VALUES (?, ?)", name, text)

    def drop_over(self, now_ns: int, lifetimes: Lifetimes) -> None:
        """Remove the sessions and links that are over."""
        self.sessions.drop_over(now_ns, lifetimes)
        self.links.drop_over(now_ns)

    def close(self) -> None:
        """Close the file."""
        self._file.close()
