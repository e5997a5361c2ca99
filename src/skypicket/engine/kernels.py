"""Compiled kernels, ready before the first scan."""

import gc
from importlib import resources
from pathlib import Path

import structlog

from skypicket.tracking import warm_up

SELDOM = (50_000, 20, 50)
_log = structlog.get_logger("skypicket.kernels")


def make_ready() -> None:
    """Compile the kernels, or load them from numba's cache; a damaged cache is made anew.

    The first time on a machine this takes some tens of seconds. A program that was killed while
    it wrote the cache can leave a file that no later one could read.
    """
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
    with resources.as_file(resources.files("skypicket")) as folder:
        cached = [path.stat().st_mtime for path in Path(folder).rglob("*.nbi")]
        sources = [
            path.stat().st_mtime
            for path in Path(folder).rglob("*.py")
            if any(part.startswith("_kernels") for part in path.parts)
        ]
    return bool(cached) and max(sources) > min(cached)


def forget() -> int:
    """Remove the cached kernels beside our sources; how many files that were."""
    removed = 0
    with resources.as_file(resources.files("skypicket")) as folder:
        for path in [*Path(folder).rglob("*.nbi"), *Path(folder).rglob("*.nbc")]:
            path.unlink(missing_ok=True)
            removed += 1
    return removed
