"""Accounts and what proves them: a password's argon2 hash, passkeys, an identity elsewhere."""

import msgspec

from skypicket.domain.errors import UsageError
from skypicket.store._access_file import AccessFile, Row

_COLUMNS = "name, roles, clearance, created_ns, disabled, password, subject"


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """A person or a partner that may sign in.

    Attributes:
        name: as it stands beside what the account does.
        roles: the roles it has.
        clearance: "" for the own side, else the partner's code.
        created_ns: when it was made.
        disabled: whether it may no longer sign in.
        password: the argon2id hash, or "".
        subject: issuer and subject of an identity provider, or "".
    """

    name: str
    roles: tuple[str, ...]
    clearance: str = ""
    created_ns: int = 0
    disabled: bool = False
    password: str = ""
    subject: str = ""


class Passkey(msgspec.Struct, frozen=True, kw_only=True):
    """A passkey of an account: its public half, and how often it has signed."""

    credential_id: bytes
    account: str
    public_key: bytes
    sign_count: int
    created_ns: int = 0


class Accounts:
    """The accounts of an access file."""

    def __init__(self, file: AccessFile) -> None:
        self._file = file

    def add(self, account: Account) -> None:
        """Add an account.

        Raises:
            UsageError: the name is taken.
        """
        with self._file.together():
            if self._rows("name = ?", account.name):
                raise UsageError(f"There is an account {account.name!r} already.")
            self._file.write(
                f"INSERT INTO account ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 -- names of ours
                account.name,
                " ".join(account.roles),
                account.clearance,
                account.created_ns,
                int(account.disabled),
                account.password,
                account.subject,
            )

    def _rows(self, where: str, *values: object) -> list[Row]:
        # Asked of the writer, so that it is true inside the transaction that acts on it.
        return self._file.write(f"SELECT 1 FROM account WHERE {where}", *values)  # noqa: S608 -- ours

    def named(self, name: str) -> Account | None:
        """The account of this name."""
        return next(iter(self._read("WHERE name = ?", name)), None)

    def of_subject(self, subject: str) -> Account | None:
        """The account of an identity elsewhere."""
        return next(iter(self._read("WHERE subject = ? AND subject <> ''", subject)), None)

    def all(self) -> list[Account]:
        """Every account, by name."""
        return self._read("ORDER BY name")

    def _read(self, rest: str, *values: object) -> list[Account]:
        rows = self._file.read(f"SELECT {_COLUMNS} FROM account {rest}", *values)  # noqa: S608 -- ours
        return [
            Account(
                name=name,
                roles=tuple(roles.split()),
                clearance=clearance,
                created_ns=created_ns,
                disabled=bool(disabled),
                password=password,
                subject=subject,
            )
            for name, roles, clearance, created_ns, disabled, password, subject in rows
        ]

    def set_password(self, name: str, password: str) -> None:
        """Keep the argon2id hash of a new password."""
        self._file.write("UPDATE account SET password = ? WHERE name = ?", password, name)

    def set_roles(self, name: str, roles: tuple[str, ...]) -> None:
        """Give an account other roles; its open sessions have them at once."""
        self._file.write("UPDATE account SET roles = ? WHERE name = ?", " ".join(roles), name)

    def disable(self, name: str) -> None:
        """Let an account sign in no longer; its sessions and links end.

        Raises:
            UsageError: there is no such account.
        """
        with self._file.together():
            self._check_there(name)
            self._set_disabled(name, 1)

    def enable(self, name: str) -> None:
        """Let a disabled account sign in again; no session and no link of before opens.

        Raises:
            UsageError: there is no such account, or it is not disabled.
        """
        with self._file.together():
            self._check_there(name)
            if not self._rows("name = ? AND disabled = 1", name):
                raise UsageError(f"The account {name!r} is not disabled.")
            self._set_disabled(name, 0)

    def _check_there(self, name: str) -> None:
        if not self._rows("name = ?", name):
            raise UsageError(f"There is no account {name!r}. `skypicket access list` shows all.")

    def _set_disabled(self, name: str, disabled: int) -> None:
        # Both ways sessions and links go: a sign-in may have been on its way when it was disabled.
        self._file.write("UPDATE account SET disabled = ? WHERE name = ?", disabled, name)
        self._file.write("DELETE FROM session WHERE account = ?", name)
        self._file.write("DELETE FROM link WHERE account = ?", name)

    def anybody_else(self, role: str, but: str) -> bool:
        """Whether another account than this one has a role and can sign in by itself."""
        return bool(
            self._rows(
                "name <> ? AND disabled = 0 AND ' ' || roles || ' ' LIKE ? "
                "AND (password <> '' OR subject <> '' "
                "OR EXISTS (SELECT 1 FROM passkey WHERE passkey.account = account.name))",
                but,
                f"% {role} %",
            )
        )

    def add_passkey(self, passkey: Passkey) -> None:
        """Keep the public half of a passkey.

        Raises:
            UsageError: it is known already.
        """
        with self._file.together():
            if self.passkey(passkey.credential_id) is not None:
                raise UsageError("This passkey is known already.")
            self._file.write(
                "INSERT INTO passkey VALUES (?, ?, ?, ?, ?)",
                passkey.credential_id,
                passkey.account,
                passkey.public_key,
                passkey.sign_count,
                passkey.created_ns,
            )

    def passkey(self, credential_id: bytes) -> Passkey | None:
        """The passkey of this id."""
        return next(iter(self._passkeys("credential_id = ?", credential_id)), None)

    def passkeys(self, name: str) -> list[Passkey]:
        """The passkeys of an account."""
        return self._passkeys("account = ?", name)

    def _passkeys(self, where: str, *values: object) -> list[Passkey]:
        rows = self._file.read(
            "SELECT credential_id, account, public_key, sign_count, created_ns "  # noqa: S608 -- ours
            f"FROM passkey WHERE {where} ORDER BY created_ns, credential_id",
            *values,
        )
        return [
            Passkey(
                credential_id=credential_id,
                account=account,
                public_key=public_key,
                sign_count=sign_count,
                created_ns=created_ns,
            )
            for credential_id, account, public_key, sign_count, created_ns in rows
        ]

    def set_sign_count(self, credential_id: bytes, sign_count: int) -> None:
        """Keep how often a passkey has signed; a copy of it would fall behind."""
        self._file.write(
            "UPDATE passkey SET sign_count = ? WHERE credential_id = ?", sign_count, credential_id
        )

    def has_credential(self, account: Account) -> bool:
        """Whether the account can sign in by itself, without a link."""
        return bool(account.password or account.subject or self.passkeys(account.name))
