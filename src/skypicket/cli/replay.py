"""`skypicket replay`: a capture once more."""

from pathlib import Path

from skypicket.cli.console import note, progress, say, stdout_json
from skypicket.domain.codec import to_json
from skypicket.engine.replay import Replay


def replay(capture: Path, *, out: Path, json: bool = False) -> int:
    """Run a capture again: the same capture gives the same bytes.

    Writes `night.record` (what was said), `tracks.parquet` (each shown track at each tick) and
    `picture.geojson` (the last picture). If personal entries were erased, it says how many.

    Args:
        capture: a capture file, or a folder of day files.
        out: the folder to write to; made if missing.
        json: print the counts as one JSON object.

    Example:
        skypicket replay night/night.capture --out again
    """
    with Replay(capture, out) as run:
        for _ in progress(run.batches(), run.batch_count, "replaying"):
            pass
    outcome = run.outcome
    if json:
        stdout_json(to_json(outcome))
    else:
        counts = ", ".join(f"{count} {name}" for name, count in sorted(outcome.said.items()))
        say(f"{outcome.entries} entries; said: {counts or 'nothing'}. Written to {out}.")
    if outcome.erased:
        note(f"{outcome.erased} personal entries were erased; what followed from them is missing.")
    return 0
