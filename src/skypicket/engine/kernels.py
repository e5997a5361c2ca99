"""Compiled kernels, ready before the first scan."""

import contextlib
import gc
import hashlib
import sys
import threading
from contextlib import AbstractContextManager
from importlib import resources
from importlib.metadata import version
from itertools import islice
from pathlib import Path

import structlog

SELDOM = (50_000, 20, 50)
WHOLE = "tracking/_kernels/__pycache__/whole"
REHEARSED_NIGHT = "vilnius-2025-07-28"  # clutter, noise, calls and aircraft from its first minutes
REHEARSED = 2_000  # entries of a night, after which all has been called that a night calls
_making = threading.Lock()
_made = threading.Event()
_log = structlog.get_logger("skypicket.kernels")


def make_ready() -> None:
    """Compile the kernels, or load them from numba's cache; a damaged cache is made anew.

    The first time on a machine, or after an update, this takes about a minute, afterwards about a
    second; a second call waits for the first, and does nothing. A program that was killed while it
    wrote the cache can leave a file that no later one could read.
    """
    with _making:
        if not _made.is_set():
            _make()
            _made.set()


def cached() -> bool:
    """Whether the cache was once made whole, and that from the kernels as they are now."""
    with _package() as folder:
        try:
            return (folder / WHOLE).read_text() == _stamp(folder) and any(folder.rglob("*.nbi"))
        except OSError:
            return False


def forget() -> int:
    """Remove the cached kernels beside our sources; how many files that were.

    Those of an installation that may not be written stay: numba keeps none there.
    """
    removed = 0
    with _package() as folder, contextlib.suppress(PermissionError):
        (folder / WHOLE).unlink(missing_ok=True)
        for path in [*folder.rglob("*.nbi"), *folder.rglob("*.nbc")]:
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def _make() -> None:
    import numba  # noqa: PLC0415 -- brings the compiler, slow to import

    from skypicket.tracking import warm_up  # noqa: PLC0415 -- as above

    if getattr(numba.config, "DISABLE_JIT", 0):  # what is not compiled needs no making
        return
    whole = cached()
    if not whole:
        _log.info("kernels_compiled_once", takes="about a minute")
        forget()
    try:
        warm_up()
    except Exception as error:  # noqa: BLE001 -- whatever a damaged cache raises: build it anew
        _log.warning("kernel_cache_damaged", error=type(error).__name__)
        whole = False
        forget()
        warm_up()
    if not whole:
        rehearse()
        with _package() as folder, contextlib.suppress(OSError):
            (folder / WHOLE).write_text(_stamp(folder))
    # A full collection of what the compiler leaves behind would hold up a scan for 70 ms, and
    # nouns are freed by counting references: cycles are rare enough to be looked for seldom.
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SELDOM)


def rehearse() -> None:
    """Let the stages work on the first minutes of a built-in night, and keep nothing of it.

    The tracker's own warm-up reaches neither decoders nor borders nor the assessment; compiled when
    a first scan calls them, they would hold it up for seconds.
    """
    from skypicket.domain.contracts import Entry  # noqa: PLC0415 -- and no ring of imports
    from skypicket.engine.offline import night_entries, settings_of  # noqa: PLC0415
    from skypicket.engine.pipeline import Pipeline  # noqa: PLC0415
    from skypicket.scenario import load_night  # noqa: PLC0415

    night, pipeline = load_night(REHEARSED_NIGHT), Pipeline()
    entries = night_entries(night, settings_of(night), seed=0)
    for sequence, told in enumerate(islice(entries, REHEARSED), start=1):
        pipeline.step(
            Entry(
                sequence=sequence,
                kind=told.kind,
                source=told.source,
                received_ns=told.received_ns,
                payload=told.payload,
                topic=told.topic,
            )
        )


def _package() -> AbstractContextManager[Path]:
    return resources.as_file(resources.files("skypicket"))


def _stamp(folder: Path) -> str:
    """A fingerprint of all kernels' sources and of what compiles them.

    numba looks only at the file of the kernel itself, not at those of the kernels that it calls.
    """
    told = hashlib.sha256(f"{sys.version} {version('numba')}".encode())
    for path in sorted(folder.rglob("*.py")):
        if any(part.startswith("_kernels") for part in path.relative_to(folder).parts):
            told.update(path.read_bytes())
    return told.hexdigest()
