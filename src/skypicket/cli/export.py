"""`skypicket export`: what was captured, as lines."""

from base64 import b64encode
from pathlib import Path
from typing import Any

from skypicket.cli.console import stdout_json
from skypicket.domain.codec import to_json
from skypicket.domain.contracts import Entry
from skypicket.domain.errors import UsageError
from skypicket.domain.times import zulu
from skypicket.engine.captures import open_capture


def export(
    *, raw: bool = False, state: Path = Path("state"), after: int = 0, json: bool = True
) -> int:
    """Print every captured entry as a JSON line, oldest first.

    A payload that is UTF-8 stands in `text`, another in `base64`. Personal entries are readable
    while their key exists; afterwards `erased` is true.

    Args:
        raw: entries as they were captured (the only choice so far).
        state: the state folder of a system, or a capture file.
        after: begin after this sequence number.
        json: taken because every command takes it; what is printed is JSON lines anyway.

    Example:
        skypicket export --raw --state night/night.capture
    """
    del json
    if not raw:
        raise UsageError("Say what to export: --raw prints every captured entry.")
    with open_capture(state) as capture:
        for entry in capture.entries(after=after):
            stdout_json(to_json(line_of(entry)))
    return 0


def line_of(entry: Entry) -> dict[str, Any]:
    """One entry as it is printed."""
    line: dict[str, Any] = {
        "sequence": entry.sequence,
        "kind": entry.kind,
        "source": entry.source,
        "received_ns": entry.received_ns,
        "received": zulu(entry.received_ns, decimals=3),
        "topic": entry.topic,
        "personal": entry.personal,
        "erased": entry.erased,
    }
    try:
        line["text"] = entry.payload.decode("utf-8")
    except UnicodeDecodeError:
        line["base64"] = b64encode(entry.payload).decode("ascii")
    return line
