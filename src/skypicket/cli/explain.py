"""`skypicket explain`: why an alarm was raised."""

from pathlib import Path

from skypicket.cli.console import say, stdout_json
from skypicket.domain.codec import to_json
from skypicket.domain.errors import UsageError
from skypicket.domain.incidents import Alarm
from skypicket.engine.recorded import read_record
from skypicket.incidents.explain import explain as lines_of


def explain(alarm: str, *, state: Path = Path("state"), json: bool = False) -> int:
    """Say why an alarm was raised: rule, assessment, observations, down to the captured bytes.

    Each observation is named by source, capture sequence and byte offset;
    `skypicket export --raw` prints that entry.

    Args:
        alarm: the alarm's id, or its beginning; `skypicket incidents list` shows them.
        state: a record file, or a state or night folder.
        json: print the alarm with its evidence as one JSON object.

    Example:
        skypicket explain 3f9a --state night
    """
    found = [
        said.noun
        for said in read_record(state)
        if isinstance(said.noun, Alarm) and said.noun.alarm_id.startswith(alarm)
    ]
    if not found:
        raise UsageError(
            f"{state} holds no alarm {alarm!r}. `skypicket incidents list` shows them."
        )
    if len({one.alarm_id for one in found}) > 1:
        raise UsageError(f"{alarm!r} begins the id of several alarms. Give more of it.")
    if json:
        for one in found:
            stdout_json(to_json(one))
        return 0
    for line in lines_of(found):
        say(line)
    return 0
