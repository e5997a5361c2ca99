"""The order of a start: what is captured waits for the kernels, and the kernels for the server."""

import threading
from pathlib import Path

from skypicket.domain.contracts import Message
from skypicket.engine.clock import SystemClock
from skypicket.engine.runtime import Runtime
from skypicket.engine.settings import Settings

WAIT_S = 30


def test_no_stage_runs_before_the_server_answers_and_a_stop_works_through_what_waited(
    tmp_path: Path,
) -> None:
    answers = threading.Event()
    runtime = Runtime(Settings(), tmp_path, SystemClock())
    runtime.start(answers)
    tick = runtime.writer.submit("tick", Message(source="engine", payload=b""))
    assert tick.result(WAIT_S) == 2
    assert (runtime.behind, runtime.picture.sequence) == (2, 0)
    runtime.stop()
    assert answers.is_set()
    assert (runtime.behind, runtime.picture.sequence) == (0, 2)
