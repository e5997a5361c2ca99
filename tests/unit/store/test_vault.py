import hashlib
from itertools import count
from pathlib import Path
from typing import Any

import apsw
import pytest

from skypicket.domain.errors import InputError
from skypicket.store.capture import Capture
from skypicket.store.reader import CaptureReader
from skypicket.store.vault import Vault
from skypicket.testing.builders import NIGHT_NS

DAY_NS = 86_400 * 10**9


class CountedKeys:
    """Keys that a test knows: the hashes of 1, 2, 3, and so on."""

    def __init__(self) -> None:
        self.given: list[bytes] = []
        self._numbers = count(1)

    def __call__(self) -> bytes:
        self.given.append(hashlib.sha256(b"%d" % next(self._numbers)).digest())
        return self.given[-1]


@pytest.fixture
def keys() -> CountedKeys:
    return CountedKeys()


@pytest.fixture(params=["folder", "single"])
def capture(request: Any, tmp_path: Path, keys: CountedKeys) -> Any:
    """A live capture in a folder, and one in a single file."""
    if request.param == "single":
        return Capture.open(tmp_path / "night.capture", Vault(keys), single=True)
    return Capture.open(tmp_path / "capture", Vault(keys))


def _all_bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_personal_text_is_nowhere_in_the_files(
    capture: Capture, tmp_path: Path, message: Any
) -> None:
    secret = b"my name is Vaiva and I heard it"
    capture.append([message(1), message(2, payload=secret, personal="report")])
    assert next(capture.entries(after=1)).payload == secret
    assert secret not in _all_bytes(tmp_path)
    capture.close()
    assert secret not in _all_bytes(tmp_path)
    assert b"plot 1" in _all_bytes(tmp_path)


def test_each_report_has_a_key_of_its_own(
    capture: Capture, keys: CountedKeys, message: Any
) -> None:
    capture.append([message(i, personal="report") for i in range(3)])
    assert len(keys.given) == 3
    capture.close()


def test_a_daily_key_serves_one_source_for_one_day(
    capture: Capture, keys: CountedKeys, message: Any
) -> None:
    for day in range(2):
        for source in ("rid-1", "rid-2"):
            for number in range(3):
                received_ns = NIGHT_NS + day * DAY_NS + number
                capture.append([message(1, source, received_ns=received_ns, personal="daily")])
    assert len(keys.given) == 4
    assert [entry.erased for entry in capture.entries()] == [False] * 12
    capture.close()


def test_a_daily_key_is_found_again_after_a_restart(tmp_path: Path, message: Any) -> None:
    keys = CountedKeys()
    for _ in range(3):
        capture = Capture.open(tmp_path, Vault(keys))
        capture.append([message(1, personal="daily")])
        capture.close()
    assert len(keys.given) == 1


def test_no_nonce_is_used_twice_under_a_key(capture: Capture, message: Any) -> None:
    capture.append([message(i, personal="daily") for i in range(200)])
    nonces = {raw.payload[:12] for raw in capture.raw_entries()}
    assert len(nonces) == 200
    capture.close()


def test_an_erased_key_is_gone_from_every_byte(
    capture: Capture, keys: CountedKeys, tmp_path: Path, message: Any
) -> None:
    for begin in range(0, 600, 50):
        capture.append([message(begin + i, personal="report") for i in range(50)])
    gone = set(range(1, 601, 3))
    assert keys.given[0] in _all_bytes(tmp_path)
    for sequence in gone:
        assert capture.erase(sequence) == 1
    content = _all_bytes(tmp_path)
    assert [s for s in gone if keys.given[s - 1] in content] == []
    capture.close()
    content = _all_bytes(tmp_path)
    assert [s for s in gone if keys.given[s - 1] in content] == []
    kept = [s for s in range(1, 601) if s not in gone]
    assert [s for s in kept if keys.given[s - 1] not in content] == []


def test_what_was_erased_says_so_and_the_chain_holds(capture: Capture, message: Any) -> None:
    capture.append([message(i, personal="report") for i in range(3)])
    capture.erase(2)
    assert [entry.erased for entry in capture.entries()] == [False, True, False]
    assert [entry.payload for entry in capture.entries()] == [b"plot 0", b"", b"plot 2"]
    assert capture.verify() == []
    assert capture.erase(2) == 0
    capture.close()


def test_erasing_under_a_daily_key_erases_that_day_and_source(
    capture: Capture, message: Any
) -> None:
    capture.append([message(1, "rid-1", personal="daily"), message(2, "rid-2", personal="daily")])
    capture.append([message(3, "rid-1", personal="daily")])
    capture.erase(3)
    capture.append([message(4, "rid-1", personal="daily")])
    assert [entry.erased for entry in capture.entries()] == [True, False, True, False]
    capture.close()


def test_what_is_not_personal_cannot_be_erased(capture: Capture, message: Any) -> None:
    capture.append([message(1)])
    with pytest.raises(InputError, match=r"Entry 1 .* is not personal"):
        capture.erase(1)
    with pytest.raises(InputError, match="There is no entry 2"):
        capture.erase(2)
    capture.close()


def test_without_its_vault_personal_is_erased_and_the_rest_is_there(
    tmp_path: Path, message: Any
) -> None:
    capture = Capture.open(tmp_path)
    capture.append([message(1), message(2, personal="report")])
    capture.close()
    (tmp_path / "vault.sqlite").unlink()
    reader = CaptureReader(tmp_path)
    assert [(e.payload, e.erased) for e in reader.entries()] == [(b"plot 1", False), (b"", True)]
    reader.close()


def test_a_new_vault_does_not_take_old_entries_for_its_own(tmp_path: Path, message: Any) -> None:
    capture = Capture.open(tmp_path)
    capture.append([message(1, personal="report")])
    capture.close()
    (tmp_path / "vault.sqlite").unlink()
    capture = Capture.open(tmp_path)
    capture.append([message(2, personal="report")])
    assert [entry.erased for entry in capture.entries()] == [True, False]
    capture.close()


def test_altered_metadata_does_not_open(tmp_path: Path, message: Any) -> None:
    path = tmp_path / "night.capture"
    capture = Capture.open(path, single=True)
    capture.append([message(1, personal="report")])
    capture.close()
    connection = apsw.Connection(str(path))
    connection.execute("UPDATE entry SET topic = 'south'")
    connection.close()
    reader = CaptureReader(path)
    with pytest.raises(InputError, match=r"Entry 1 of .* was altered"):
        list(reader.entries())
    reader.close()


def test_seeded_keys_give_the_same_stored_bytes(tmp_path: Path, message: Any) -> None:
    stored = []
    for name in ("a.capture", "b.capture"):
        capture = Capture.open(tmp_path / name, Vault(CountedKeys()), single=True)
        capture.append([message(1, personal="report"), message(2, personal="daily")])
        stored.append(list(capture.raw_entries()))
        capture.close()
    assert stored[0] == stored[1]
