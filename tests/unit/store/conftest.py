"""Fixtures of the store: messages, and a disk whose power can be cut."""

import random
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import apsw
import pytest

from skypicket.store.chain import Personal, Unwritten
from skypicket.testing.builders import NIGHT_NS

SECTOR_BYTES = 512


class Write(NamedTuple):
    """A write that the disk may still lose."""

    offset: int
    content: bytes


class Truncate(NamedTuple):
    """A truncation that the disk may still lose."""

    length: int


Step = Write | Truncate


class Disk:
    """All that SQLite did to its files, in order, so that the power can be cut at any moment."""

    def __init__(self) -> None:
        self.log: list[tuple[str, str, Any]] = []  # what, file name, Step or acknowledged sequence

    def acknowledge(self, sequence: int) -> None:
        """Note that an entry was said to be safe."""
        self.log.append(("ack", "", sequence))

    def acknowledged(self, moment: int) -> set[int]:
        """The entries that were said to be safe before a moment."""
        return {value for what, _, value in self.log[:moment] if what == "ack"}

    def cut(self, moment: int, folder: Path, rng: random.Random | None = None) -> None:
        """Leave in `folder` what a power cut after `moment` steps leaves.

        What was not synced is lost; with `rng` each sector of it survives by chance.
        """
        synced: dict[str, bytearray] = {}
        unsynced: dict[str, list[Step]] = {}
        for what, name, value in self.log[:moment]:
            if what == "do":
                unsynced.setdefault(name, []).append(value)
            elif what == "sync":
                content = synced.setdefault(name, bytearray())
                for step in unsynced.pop(name, []):
                    _apply(content, step)
            elif what == "delete":
                synced.pop(name, None)
                unsynced.pop(name, None)
        if rng is not None:
            for name, steps in unsynced.items():
                _survive(synced.setdefault(name, bytearray()), steps, rng)
        folder.mkdir(parents=True)
        for name, content in synced.items():
            (folder / name).write_bytes(content)


def _apply(content: bytearray, step: Step) -> None:
    if isinstance(step, Truncate):
        del content[step.length :]
        return
    if len(content) < step.offset:
        content.extend(bytes(step.offset - len(content)))
    content[step.offset : step.offset + len(step.content)] = step.content


def _survive(content: bytearray, steps: list[Step], rng: random.Random) -> None:
    for step in steps:
        if isinstance(step, Truncate):
            if rng.random() < 0.5:
                _apply(content, step)
            continue
        for begin in range(0, len(step.content), SECTOR_BYTES):
            if rng.random() < 0.5:
                sector = step.content[begin : begin + SECTOR_BYTES]
                _apply(content, Write(step.offset + begin, sector))


class _File(apsw.VFSFile):
    """A file that writes down what is done to it before it does it."""

    def __init__(self, disk: Disk, filename: Any, flags: list[int]) -> None:
        self._disk = disk
        path = filename.filename() if isinstance(filename, apsw.URIFilename) else filename
        self._name = Path(path or "temporary").name
        super().__init__("unix", filename, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 - SQLite's name
        self._disk.log.append(("do", self._name, Write(offset, bytes(data))))
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:  # noqa: N802 - SQLite's name
        self._disk.log.append(("do", self._name, Truncate(newsize)))
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:  # noqa: N802 - SQLite's name
        self._disk.log.append(("sync", self._name, None))
        super().xSync(flags)


class _Vfs(apsw.VFS):
    """The default file system of SQLite while a test cuts the power."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        super().__init__("power-cut", "unix", makedefault=True)

    def xOpen(self, name: Any, flags: list[int]) -> apsw.VFSFile:  # noqa: N802 - SQLite's name
        return _File(self._disk, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802 - SQLite's
        self._disk.log.append(("delete", Path(filename).name, None))
        super().xDelete(filename, syncdir)


@pytest.fixture
def disk() -> Iterator[Disk]:
    """A disk that writes down what SQLite does until the test ends."""
    disk = Disk()
    vfs = _Vfs(disk)
    yield disk
    vfs.unregister()


@pytest.fixture
def quick_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: for tests that write thousands of small files."""
    memory = Path("/dev/shm")
    if not memory.is_dir():
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=memory) as name:
        yield Path(name)


MakeMessage = Callable[..., Unwritten]


@pytest.fixture
def message() -> MakeMessage:
    """Makes a message to be captured: number, source, day offset, personal."""

    def make(
        number: int = 1,
        source: str = "radar-1",
        *,
        received_ns: int | None = None,
        payload: bytes | None = None,
        personal: Personal = "no",
    ) -> Unwritten:
        return Unwritten(
            kind="message",
            source=source,
            received_ns=NIGHT_NS + number if received_ns is None else received_ns,
            payload=b"plot %d" % number if payload is None else payload,
            topic="north",
            personal=personal,
        )

    return make
