"""The keys of what is personal: erasing an entry is destroying its key."""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterable
from pathlib import Path

import apsw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from skypicket.domain.contracts import Entry
from skypicket.domain.errors import InputError
from skypicket.store._sqlite import (
    close_to_one_file,
    open_for_reading,
    open_for_writing,
    storage_error,
    transaction,
)
from skypicket.store.chain import RawEntry, Unwritten

KEY_BYTES = 32  # AES-256
NONCE_BYTES = 12

# Rows are only ever appended, and a key is overwritten where it lies: SQLite then never moves a
# key to another page, so that no copy of it can stay behind.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS key (
    number INTEGER PRIMARY KEY,
    key_id TEXT NOT NULL,
    source TEXT NOT NULL,
    day TEXT NOT NULL,
    destroyed INTEGER NOT NULL,
    secret BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS key_by_id ON key (key_id);
CREATE INDEX IF NOT EXISTS key_by_day ON key (source, day) WHERE day <> '';
"""
_DESTROY = """
UPDATE key SET destroyed = 1, secret = zeroblob(32) WHERE key_id = ? AND NOT destroyed
"""


def random_key() -> bytes:
    """A fresh key from the operating system, for live use."""
    return secrets.token_bytes(KEY_BYTES)


def _metadata(kind: str, source: str, received_ns: int, topic: str) -> bytes:
    parts = (kind.encode(), source.encode(), str(received_ns).encode(), topic.encode())
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def _seal(secret: bytes, text: bytes, metadata: bytes) -> bytes:
    # The nonce is made from key, text and metadata: it repeats only where all three are the same,
    # also when a transaction is rolled back and its sequence numbers are used again.
    nonce_key = hmac.digest(secret, b"skypicket nonce", "sha256")
    nonce = hmac.digest(nonce_key, metadata + text, "sha256")[:NONCE_BYTES]
    return nonce + AESGCM(secret).encrypt(nonce, text, metadata)


class Vault:
    """Keys in an SQLite file of their own, or inside the one file of a simulated night.

    One key per report, or one per source and day. AES-256-GCM; kind, source, receive time and
    topic are authenticated with the text. Stored is nonce (12 bytes), ciphertext, tag (16). A
    key's name is the start of its hash, so that a key of another vault is never taken for it.

    The capture calls it under its own lock, and forgets cached keys when its transaction fails.
    `new_key` gives 32 bytes: from the operating system in live use, seeded in scenarios.
    """

    def __init__(self, new_key: Callable[[], bytes] = random_key, path: Path | None = None) -> None:
        self.path = path
        self._new_key = new_key
        self._connection: apsw.Connection | None = None
        self._daily: dict[tuple[str, str], tuple[str, bytes]] = {}
        self._own_file = False

    def open_beside(self, folder: Path) -> None:
        """Use a file of its own: `path` if given, else `vault.sqlite` in the folder."""
        self.path = self.path or folder / "vault.sqlite"
        self._own_file = True
        self._attach(open_for_writing(self.path))

    def open_inside(self, connection: apsw.Connection) -> None:
        """Keep the keys in the capture's own file, so that the one file can be replayed."""
        self._attach(connection)

    def _attach(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._run("")

    def _run(self, sql: str, values: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
        assert self._connection is not None, "the capture opens its vault first"
        try:
            return list(self._connection.execute(sql or _SCHEMA, values or None))
        except apsw.Error as error:
            raise storage_error(Path(self._connection.filename), error) from error

    def seal(self, items: Iterable[Unwritten], day: str) -> list[tuple[str, bytes]]:
        """(key id, stored payload) of each item; new keys are on disk when this returns.

        Inside a transaction of the same file they are on disk with that transaction.

        Raises:
            StorageFullError: the keys cannot be written.
        """
        connection = self._connection
        assert connection is not None, "the capture opens its vault first"
        try:
            with transaction(connection):
                return [self._seal_one(item, day) for item in items]
        except apsw.Error as error:
            raise storage_error(Path(connection.filename), error) from error

    def rolled_back(self) -> None:
        """Forget what is not on disk, after the capture's transaction failed."""
        self._daily.clear()

    def _seal_one(self, item: Unwritten, day: str) -> tuple[str, bytes]:
        if item.personal == "no":
            return "", item.payload
        if item.personal == "daily":
            key_id, secret = self._daily_key(item.source, day)
        else:
            key_id, secret = self._add_key(item.source, "")
        metadata = _metadata(item.kind, item.source, item.received_ns, item.topic)
        return key_id, _seal(secret, item.payload, metadata)

    def _daily_key(self, source: str, day: str) -> tuple[str, bytes]:
        found = self._daily.get((source, day))
        if found is None:
            rows = self._run(
                "SELECT key_id, secret FROM key WHERE source = ? AND day = ? AND destroyed = 0 "
                "AND day <> '' ORDER BY number DESC LIMIT 1",
                (source, day),
            )
            found = (str(rows[0][0]), bytes(rows[0][1])) if rows else self._add_key(source, day)  # type: ignore[call-overload]
            self._daily[source, day] = found
        return found

    def _add_key(self, source: str, day: str) -> tuple[str, bytes]:
        secret = self._new_key()
        assert len(secret) == KEY_BYTES, "new_key gives 32 bytes"
        key_id = hashlib.sha256(b"skypicket key" + secret).hexdigest()[:16]
        self._run(
            "INSERT INTO key (key_id, source, day, destroyed, secret) VALUES (?, ?, ?, 0, ?)",
            (key_id, source, day, secret),
        )
        return key_id, secret

    def destroy(self, key_ids: Iterable[str]) -> int:
        """Overwrite keys, also in the write-ahead log; says how many there were to destroy.

        Raises:
            StorageFullError: the overwriting is not on disk; erase again.
        """
        connection = self._connection
        assert connection is not None, "the capture opens its vault first"
        self._daily.clear()
        try:
            before = connection.total_changes()
            with transaction(connection):
                connection.executemany(_DESTROY, [(key_id,) for key_id in key_ids])
            count = connection.total_changes() - before
            connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
        except apsw.Error as error:
            raise storage_error(Path(connection.filename), error) from error
        return count

    def close(self) -> None:
        """Close the file, if it is one of its own."""
        if self._own_file and self._connection is not None:
            close_to_one_file(self._connection)
        self._connection = None
        self._daily.clear()


class KeyReader:
    """Reads keys for one reader of the capture; keeps none, so that what is erased is gone."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection

    @classmethod
    def of_file(cls, path: Path) -> "KeyReader | None":
        """Keys of a vault in a file of its own; None while that is still blank."""
        connection = open_for_reading(path)
        if connection.table_exists("main", "key"):
            return cls(connection)
        connection.close()
        return None

    def _secret(self, key_id: str) -> bytes | None:
        sql = "SELECT secret FROM key WHERE key_id = ? AND NOT destroyed"
        try:
            found = self._connection.execute(sql, (key_id,)).get
        except apsw.Error as error:
            path = self._connection.filename
            raise InputError(f"The keys in {path} cannot be read: {error}.") from error
        return None if found is None else bytes(found)

    def clear(self, raw: RawEntry, where: Path) -> Entry:
        """The entry in the clear; without its key it is erased, and says so.

        Raises:
            InputError: the ciphertext or what belongs to it was altered.
        """
        payload, erased = raw.payload, False
        if raw.key_id:
            secret = self._secret(raw.key_id)
            erased = secret is None
            payload = b"" if secret is None else _open(secret, raw, where)
        return Entry(
            sequence=raw.sequence,
            kind=raw.kind,
            source=raw.source,
            received_ns=raw.received_ns,
            payload=payload,
            topic=raw.topic,
            personal=bool(raw.key_id),
            erased=erased,
        )

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def _open(secret: bytes, raw: RawEntry, where: Path) -> bytes:
    metadata = _metadata(raw.kind, raw.source, raw.received_ns, raw.topic)
    nonce, sealed = raw.payload[:NONCE_BYTES], raw.payload[NONCE_BYTES:]
    try:
        return AESGCM(secret).decrypt(nonce, sealed, metadata)
    except (InvalidTag, ValueError) as error:
        raise InputError(
            f"Entry {raw.sequence} of {where} was altered: it does not open with its key. "
            f"Run `skypicket verify {where}`."
        ) from error
