import tempfile
from pathlib import Path
from typing import Any

import apsw
from hypothesis import given, settings
from hypothesis import strategies as st

from skypicket.store.capture import Capture
from skypicket.store.chain import GENESIS, RawEntry, Unwritten, chain_hash
from skypicket.store.reader import CaptureReader

text = st.text(max_size=12)
entries = st.builds(
    RawEntry,
    sequence=st.integers(1, 2**62),
    kind=st.sampled_from(["message", "tick", "operator", "configuration", "job"]),
    source=text,
    received_ns=st.integers(-(2**62), 2**62),
    topic=text,
    key_id=st.text("0123456789abcdef", max_size=16),
    payload=st.binary(max_size=64),
    hash=st.just(b""),
)


@given(entries, entries)
def test_two_entries_have_one_hash_only_if_they_are_the_same(a: RawEntry, b: RawEntry) -> None:
    assert (chain_hash(GENESIS, a) == chain_hash(GENESIS, b)) == (a == b)


@given(entries, st.binary(min_size=32, max_size=32))
def test_the_hash_before_matters(entry: RawEntry, previous: bytes) -> None:
    assert (chain_hash(previous, entry) == chain_hash(GENESIS, entry)) == (previous == GENESIS)


said = st.builds(
    Unwritten,
    kind=st.sampled_from(["message", "tick"]),
    source=st.text(min_size=1, max_size=5),
    received_ns=st.integers(0, 10**18),
    payload=st.binary(max_size=40),
    topic=text,
    personal=st.sampled_from(["no", "report", "daily"]),
)
edits = st.sampled_from(
    [
        ("kind", st.just("operator")),
        ("source", st.text(max_size=5)),
        ("received_ns", st.integers(0, 10**18)),
        ("topic", text),
        ("key_id", st.text("0123456789abcdef", min_size=16, max_size=16)),
        ("payload", st.binary(max_size=40)),
        ("hash", st.binary(min_size=32, max_size=32)),
        ("sequence", st.integers(100, 200)),
    ]
).flatmap(lambda edit: st.tuples(st.just(edit[0]), edit[1]))


@settings(max_examples=60, deadline=None)
@given(st.lists(said, min_size=1, max_size=6), st.integers(0, 5), edits)
def test_every_edit_of_a_stored_entry_is_found(
    items: list[Unwritten], place: int, edit: tuple[str, Any]
) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "night.capture"
        capture = Capture.open(path, single=True)
        capture.append(items)
        before = list(capture.raw_entries())
        capture.close()
        sequence = place % len(items) + 1
        connection = apsw.Connection(str(path))
        column, value = edit
        connection.execute(f"UPDATE entry SET {column} = ? WHERE sequence = ?", (value, sequence))
        connection.close()
        reader = CaptureReader(path)
        changed = list(reader.raw_entries()) != before
        assert bool(reader.verify()) == changed
        reader.close()


@settings(max_examples=30, deadline=None)
@given(st.lists(said, min_size=1, max_size=12), st.data())
def test_any_grouping_into_commits_gives_the_same_entries(
    items: list[Unwritten], data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as name:
        capture = Capture.open(Path(name) / "night.capture", single=True)
        rest = items
        while rest:
            count = data.draw(st.integers(1, len(rest)))
            capture.append(rest[:count])
            rest = rest[count:]
        read = [(e.kind, e.source, e.received_ns, e.topic, e.payload) for e in capture.entries()]
        assert read == [(i.kind, i.source, i.received_ns, i.topic, i.payload) for i in items]
        assert capture.verify() == []
        capture.close()
