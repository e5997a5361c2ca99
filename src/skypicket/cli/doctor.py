"""`skypicket doctor`: is this machine fit?"""

import importlib.util
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import msgspec

from skypicket.cli.console import say, stdout_json
from skypicket.domain.codec import to_json
from skypicket.domain.errors import InputError

FREE_BYTES = 2_000_000_000
FSYNCS = 20
SLOW_FSYNC_S = 0.05
PEERS = {"mosquitto": "tests of MQTT", "tshark": "tests of ASTERIX against a third decoder"}


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was looked at; `cure` is empty when it is well."""

    what: str
    good: bool
    found: str
    cure: str = ""


def doctor(*, state: Path = Path(), json: bool = False) -> int:
    """Check this machine: Python, SQLite, borders, kernels, disk, clock.

    Compiles what is compiled at first use, so that the first scan is not late. Exit code 1 means
    that something must be cured, 3 that there is no folder `state`; what is optional is told, but
    is no fault.

    Args:
        state: the folder whose disk is looked at.
        json: print JSON lines.

    Example:
        skypicket doctor
    """
    check_folder(state)
    faulty = False
    for finding in _findings(state):
        faulty |= not finding.good
        if json:
            stdout_json(to_json(finding))
        else:
            mark = "ok  " if finding.good else "BAD "
            cure = f". {finding.cure}" if finding.cure else ""
            say(f"{mark} {finding.what}: {finding.found}{cure}")
    return 1 if faulty else 0


def check_folder(state: Path) -> None:
    """Refuse to look at another disk than the one that was meant.

    Raises:
        InputError: there is no such folder, or it cannot be written to.
    """
    if not state.exists():
        cure = "Make it, or name the folder that is to hold it."
        raise InputError(f"--state {state}: there is no such folder. {cure}")
    if not state.is_dir():
        raise InputError(f"--state {state}: this is a file. Name the folder that holds the state.")
    if not os.access(state, os.W_OK | os.X_OK):
        raise InputError(f"--state {state}: nothing can be written there. Correct its rights.")


def _findings(state: Path) -> Iterator[Finding]:
    yield Finding(
        what="Python",
        good=sys.version_info >= (3, 11),
        found=".".join(map(str, sys.version_info[:3])),
        cure="" if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed.",
    )
    yield _sqlite()
    yield _borders()
    yield _kernels()
    yield from _disk(state)
    for name, purpose in PEERS.items():
        path = shutil.which(name)
        yield Finding(what=f"{name} (only for {purpose})", good=True, found=path or "not installed")
    traffic = importlib.util.find_spec("traffic") is not None
    yield Finding(
        what="traffic (only for tests with real ADS-B)",
        good=True,
        found="installed" if traffic else "not installed",
    )


def _sqlite() -> Finding:
    import apsw  # noqa: PLC0415 -- each check imports what it looks at

    version = apsw.sqlite_lib_version()
    good = tuple(map(int, version.split("."))) >= (3, 51, 3)
    cure = "" if good else "SQLite 3.51.3 or newer is needed: `pip install -U apsw`."
    return Finding(what="SQLite in apsw", good=good, found=version, cure=cure)


def _borders() -> Finding:
    from skypicket.engine.configuration import borders_sha256  # noqa: PLC0415
    from skypicket.geo.borders import load_borders  # noqa: PLC0415
    from skypicket.geo.frame import TheatreFrame  # noqa: PLC0415

    started_s = perf_counter()
    borders = load_borders(TheatreFrame(55.0, 24.5), ("LTU", "BLR"))
    inside_m = float(borders.signed_distance_m("LTU", 0.0, 0.0))
    return Finding(
        what="borders",
        good=inside_m > 0,
        found=f"sha256 {borders_sha256()[:12]}, loaded in {perf_counter() - started_s:.1f} s",
    )


def _kernels() -> Finding:
    from skypicket.engine.kernels import make_ready  # noqa: PLC0415

    started_s = perf_counter()
    make_ready()
    return Finding(
        what="compiled kernels", good=True, found=f"ready after {perf_counter() - started_s:.1f} s"
    )


def _disk(state: Path) -> Iterator[Finding]:
    free = shutil.disk_usage(state).free
    enough = free >= FREE_BYTES
    yield Finding(
        what="free disk",
        good=enough,
        found=f"{free / 1e9:.1f} GB",
        cure="" if enough else f"Make room: at least {FREE_BYTES / 1e9:.0f} GB are wanted.",
    )
    with tempfile.TemporaryFile(dir=state) as file:
        started_s = perf_counter()
        for _ in range(FSYNCS):
            file.write(b"x" * 4096)
            file.flush()
            os.fsync(file.fileno())
        each_s = (perf_counter() - started_s) / FSYNCS
    slow = each_s > SLOW_FSYNC_S
    yield Finding(
        what="fsync",
        good=not slow,
        found=f"{each_s * 1000:.1f} ms",
        cure="The disk is slow to confirm; latency will suffer." if slow else "",
    )
