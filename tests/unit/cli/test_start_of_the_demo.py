"""What the demo imports before its server answers: a person waits for each module of it."""

import subprocess
import sys

# Each is imported where it is first needed: by the first passkey, provider, coverage or scan.
LATE = (
    "httpx",
    "joserfc",
    "llvmlite",
    "numba",
    "OpenSSL",
    "paho",
    "pyarrow",
    "pyproj",
    "skypicket.tracking.tracker",
    "webauthn",
)
MOST_MODULES = 1_250


def loaded_modules() -> set[str]:
    """The modules of a process that has read the demo's night and could serve it now."""
    code = (
        "import sys, skypicket.cli.demo as demo; "
        "demo.settings_of(demo.read_night(demo.DEFAULT_NIGHT)); print(*sys.modules, sep='\\n')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True
    )
    return set(done.stdout.split())


def test_the_demo_starts_without_what_only_later_requests_and_scans_need() -> None:
    loaded = loaded_modules()
    assert "skypicket.web.app" in loaded
    assert sorted(loaded.intersection(LATE)) == []
    assert len(loaded) < MOST_MODULES
