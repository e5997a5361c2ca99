"""Compiled kernels, ready before the first scan."""

import gc
import threading
from importlib import resources
from pathlib import Path

import structlog

SELDOM = (50_000, 20, 50)
_making = threading.Lock()
_made = threading.Event()
_log = structlog.get_logger("skypicket.kernels")


def make_ready() -> None:
    """Compile the kernels, or load them from numba's cache; a damaged cache is made anew.

    The first time on a machine this takes some tens of seconds, afterwards about one; a second
    call waits for the first, and does nothing. A program that was killed while it wrote the cache
    can leave a file that no later one could read.
    """
    with _making:
        if not _made.is_set():
            _make()
            _made.set()


def cached() -> bool:
    """Whether all kernels that the cache holds are of this code, and it holds some."""
    kept, newest_s = _times_s()
    return bool(kept) and newest_s <= min(kept)


def _make() -> None:
    from skypicket.tracking import warm_up  # noqa: PLC0415 -- brings the compiler, slow to import

    if stale():
        forget()
    try:
        warm_up()
    except Exception as error:  # noqa: BLE001 -- whatever a damaged cache raises: build it anew
        _log.warning("kernel_cache_damaged", error=type(error).__name__)
        forget()
        warm_up()
    # A full collection of what the compiler leaves behind would hold up a scan for 70 ms, and
    # nouns are freed by counting references: cycles are rare enough to be looked for seldom.
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SELDOM)


def stale() -> bool:
    """Whether a kernel's source is newer than the oldest cached kernel.

    numba looks only at the file of the kernel itself, not at those of the kernels that it calls.
    """
    kept, newest_s = _times_s()
    return bool(kept) and newest_s > min(kept)


def _times_s() -> tuple[list[float], float]:
    """When each cached kernel was written, and when a kernel's source last was."""
    kept, newest_s = [], 0.0
    with resources.as_file(resources.files("skypicket")) as folder:
        for path in Path(folder).rglob("*"):
            if path.suffix == ".nbi":
                kept.append(path.stat().st_mtime)
            elif path.suffix == ".py" and any(part.startswith("_kernels") for part in path.parts):
                newest_s = max(newest_s, path.stat().st_mtime)
    return kept, newest_s


def forget() -> int:
    """Remove the cached kernels beside our sources; how many files that were."""
    removed = 0
    with resources.as_file(resources.files("skypicket")) as folder:
        for path in [*Path(folder).rglob("*.nbi"), *Path(folder).rglob("*.nbc")]:
            path.unlink(missing_ok=True)
            removed += 1
    return removed
