import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from skypicket.domain.errors import InputError, StorageFullError, UnavailableError
from skypicket.links import FileLink, FileSettings, by_lines
from skypicket.links.file import Line


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "night.jsonl"
    path.write_bytes(b"".join(b'{"n":%d}\n' % number for number in range(1_000)))
    return path


def test_every_line_is_brought_in_order(path: Path, clock: Any, listed: Any) -> None:
    async def bring() -> Any:
        link, intake = FileLink(FileSettings(path=str(path)), "recorded", clock), listed()
        await link.run(intake)
        return intake, link.health()

    intake, health = asyncio.run(bring())
    assert [m.payload for m in intake.messages] == [b'{"n":%d}' % n for n in range(1_000)]
    assert (health.state, health.messages) == ("down", 1_000)
    assert health.text == "night.jsonl was read to its end"


def test_the_last_message_is_waited_for_until_it_is_on_disk(
    path: Path, clock: Any, listed: Any
) -> None:
    async def bring() -> int:
        intake = listed()
        await FileLink(FileSettings(path=str(path)), "recorded", clock).run(intake)
        delivered: int = intake.delivered
        return delivered

    assert asyncio.run(bring()) == 1


@pytest.mark.parametrize("error", [None, StorageFullError("the disk is full")])
def test_what_is_refused_is_offered_again(
    path: Path, clock: Any, listed: Any, error: StorageFullError | None
) -> None:
    async def bring() -> Any:
        link, intake = FileLink(FileSettings(path=str(path)), "recorded", clock), listed(refusals=3)
        intake.error = error or intake.error
        await link.run(intake)
        return intake.messages, link.health()

    messages, health = asyncio.run(bring())
    assert [m.payload for m in messages] == [b'{"n":%d}' % n for n in range(1_000)]
    assert health.refused == 0


def test_the_recorded_pace_is_kept_times_the_factor(
    path: Path, clock: Any, listed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    real_sleep = asyncio.sleep

    async def note(seconds: float) -> None:
        slept.append(seconds)
        await real_sleep(0)

    def one_a_second(content: bytes, suffix: str) -> Iterator[Line]:
        assert suffix == ".jsonl"
        for number, line in enumerate(content.splitlines()[:4]):
            yield Line(line, number * 10**9)

    monkeypatch.setattr("skypicket.links.file.asyncio.sleep", note)
    settings = FileSettings(path=str(path), speed_factor=10.0)
    asyncio.run(FileLink(settings, "recorded", clock, one_a_second).run(listed()))
    assert slept[0] <= 0.0
    assert [0.0 < seconds <= 0.1 * n for n, seconds in enumerate(slept[1:], 1)] == [True] * 3
    assert slept[3] > slept[1]


def test_a_missing_file_is_named(tmp_path: Path, clock: Any, listed: Any) -> None:
    link = FileLink(FileSettings(path=str(tmp_path / "nothing.pcap")), "recorded", clock)
    with pytest.raises(UnavailableError, match=r"nothing\.pcap of source 'recorded'.*No such file"):
        asyncio.run(link.run(listed()))
    assert link.health().state == "down"


def test_a_file_of_another_format_is_named(path: Path, clock: Any, listed: Any) -> None:
    def refuse(content: bytes, suffix: str) -> Iterator[Line]:
        raise InputError(f"{len(content)} bytes are no {suffix}")

    link = FileLink(FileSettings(path=str(path)), "recorded", clock, refuse)
    with pytest.raises(UnavailableError, match=r"cannot be brought in: \d+ bytes are no"):
        asyncio.run(link.run(listed()))


def test_an_empty_file_brings_nothing(tmp_path: Path, clock: Any, listed: Any) -> None:
    path = tmp_path / "empty.jsonl"
    path.write_bytes(b"\n\n")

    async def bring() -> int:
        intake = listed()
        await FileLink(FileSettings(path=str(path)), "recorded", clock).run(intake)
        return len(intake.messages)

    assert asyncio.run(bring()) == 0


def test_lines_may_end_as_windows_ends_them() -> None:
    assert [line.payload for line in by_lines(b"a\r\nb\n\n c", ".txt")] == [b"a", b"b", b" c"]
