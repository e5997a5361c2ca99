"""`skypicket verify`: has anything been changed?"""

from pathlib import Path

from skypicket.cli.console import say, stdout_json
from skypicket.domain.codec import to_json
from skypicket.store.verify import checkpoint_of
from skypicket.store.verify import verify as faults_in


def verify(
    path: Path,
    *,
    checkpoint: Path | None = None,
    write_checkpoint: Path | None = None,
    json: bool = False,
) -> int:
    """Find any change in a record or capture file, or in a folder of them.

    Exit code 0 means sound, 1 altered, 3 that it cannot be opened. That something was cut off, or
    chained anew, shows only against a checkpoint that was kept elsewhere.

    Args:
        path: a record, a capture, or a folder.
        checkpoint: a checkpoint file that was kept outside.
        write_checkpoint: write the end of a sound log there, to be kept on another machine.
        json: print one JSON object instead of text.

    Example:
        skypicket verify night/night.record
    """
    faults = faults_in(path, checkpoint)
    if json:
        stdout_json(to_json({"path": str(path), "sound": not faults, "faults": faults}))
    else:
        for fault in faults:
            say(f"{fault.file}: {fault.place}: {fault.what}")
        say(f"{path}: " + ("altered." if faults else "sound."))
    if write_checkpoint is not None and not faults:
        write_checkpoint.write_bytes(checkpoint_of(path))
    return 1 if faults else 0
