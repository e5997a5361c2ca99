from pathlib import Path

import pytest

from skypicket.store.capture import Capture
from skypicket.store.chain import Unwritten
from skypicket.store.moments import sequence_at

DAY_NS = 86_400_000_000_000
TIMES_NS = [10, 20, 20, 30, DAY_NS + 5, DAY_NS + 9, 3 * DAY_NS]


@pytest.fixture
def capture(tmp_path: Path) -> Path:
    path = tmp_path / "capture"
    opened = Capture.open(path)
    for time_ns in TIMES_NS:
        opened.append([Unwritten(kind="tick", source="engine", received_ns=time_ns, payload=b"")])
    opened.close()
    return path


@pytest.mark.parametrize(
    "time_ns",
    [0, 10, 15, 20, 29, 30, DAY_NS, DAY_NS + 5, DAY_NS + 8, 2 * DAY_NS, 3 * DAY_NS, 9 * DAY_NS],
)
def test_the_last_entry_by_a_time_is_found_as_by_counting(capture: Path, time_ns: int) -> None:
    assert sequence_at(capture, time_ns) == sum(one <= time_ns for one in TIMES_NS)


def test_a_single_file_is_looked_through_as_well(tmp_path: Path) -> None:
    path = tmp_path / "night.capture"
    opened = Capture.open(path, single=True)
    opened.append([Unwritten(kind="tick", source="e", received_ns=t, payload=b"") for t in (5, 7)])
    opened.close()
    assert [sequence_at(path, time_ns) for time_ns in (4, 6, 8)] == [0, 1, 2]
