"""`skypicket incidents`: what happened, from the record."""

from pathlib import Path

from cyclopts import App

from skypicket.cli.console import say, stdout_json
from skypicket.domain.codec import to_json
from skypicket.domain.errors import UsageError
from skypicket.domain.incidents import Alarm, Incident, IncidentEntry
from skypicket.domain.times import zulu
from skypicket.engine.recorded import read_record

app = App(name="incidents", help="List incidents and alarms, and show an incident's entries.")


@app.command(name="list")
def list_incidents(*, state: Path = Path("state"), json: bool = False) -> int:
    """List the incidents and alarms of a record, the newest state of each.

    Args:
        state: a record file, or a state or night folder.
        json: print JSON lines.

    Example:
        skypicket incidents list --state night
    """
    newest: dict[str, Incident | Alarm] = {}
    for said in read_record(state):
        if isinstance(said.noun, Incident):
            newest[said.noun.incident_id] = said.noun
        elif isinstance(said.noun, Alarm):
            newest[said.noun.alarm_id] = said.noun
    for noun in newest.values():
        if json:
            stdout_json(to_json(noun))
        elif isinstance(noun, Incident):
            say(
                f"incident {noun.incident_id}  {zulu(noun.opened_ns)}  {noun.level:<8} "
                f"{noun.state:<6} {noun.entry_count} entries  {noun.title}"
            )
        else:
            say(
                f"alarm    {noun.alarm_id}  {zulu(noun.raised_ns)}  {noun.level:<8} "
                f"{noun.state:<6} {noun.cause}: {noun.text}"
            )
    if not newest and not json:
        say(f"{state}: no incident and no alarm is recorded.")
    return 0


@app.command
def show(incident: str, *, state: Path = Path("state"), json: bool = False) -> int:
    """Show the entries of one incident: when it happened, when it became known, what.

    Args:
        incident: the incident's id, or its beginning.
        state: a record file, or a state or night folder.
        json: print JSON lines.

    Example:
        skypicket incidents show 3f9a --state night
    """
    entries = [
        said.noun
        for said in read_record(state)
        if isinstance(said.noun, IncidentEntry) and said.noun.incident_id.startswith(incident)
    ]
    if not entries:
        raise UsageError(
            f"{state} holds no incident {incident!r}. `skypicket incidents list` shows them."
        )
    for entry in entries:
        if json:
            stdout_json(to_json(entry))
        else:
            late = entry.received_ns - entry.time_ns > 60_000_000_000
            known = f" (received {zulu(entry.received_ns)})" if late else ""
            say(f"{entry.number:>4}  {zulu(entry.time_ns)}{known}  {entry.what}: {entry.text}")
    return 0
