from pathlib import Path

from skypicket.store.snapshots import Snapshots


def test_the_newest_snapshot_is_given_back(tmp_path: Path) -> None:
    snapshots = Snapshots(tmp_path, "1.0")
    assert snapshots.newest() is None
    snapshots.write(5, b"five")
    snapshots.write(12, b"twelve")
    assert snapshots.newest() == (12, b"twelve")


def test_two_are_kept(tmp_path: Path) -> None:
    snapshots = Snapshots(tmp_path, "1.0")
    for sequence in (5, 12, 100, 101):
        snapshots.write(sequence, b"state")
    assert [int(path.stem) for path in sorted(tmp_path.iterdir())] == [100, 101]


def test_a_snapshot_beyond_the_capture_is_not_taken(tmp_path: Path) -> None:
    snapshots = Snapshots(tmp_path, "1.0")
    snapshots.write(5, b"five")
    snapshots.write(12, b"twelve")
    assert snapshots.newest(up_to=11) == (5, b"five")


def test_a_damaged_snapshot_is_passed_over(tmp_path: Path) -> None:
    snapshots = Snapshots(tmp_path, "1.0")
    snapshots.write(5, b"five")
    snapshots.write(12, b"twelve")
    newest = max(tmp_path.iterdir())
    sound = newest.read_bytes()
    for place in range(len(sound)):
        altered = bytearray(sound)
        altered[place] ^= 1
        newest.write_bytes(altered)
        assert snapshots.newest() == (5, b"five")
    newest.write_bytes(sound[:10])
    assert snapshots.newest() == (5, b"five")


def test_a_snapshot_of_another_version_is_passed_over(tmp_path: Path) -> None:
    Snapshots(tmp_path, "1.0").write(5, b"five")
    assert Snapshots(tmp_path, "1.1").newest() is None


def test_half_a_snapshot_is_never_seen(tmp_path: Path) -> None:
    snapshots = Snapshots(tmp_path, "1.0")
    snapshots.write(5, b"five")
    (tmp_path / "00000000000000000009.part").write_bytes(b"half")
    assert snapshots.newest() == (5, b"five")
