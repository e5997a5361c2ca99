"""`skypicket demo` in a process of its own, and how a browser is started to look at it."""

import contextlib
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

PATIENCE_S = 60.0
START_PATIENCE_S = 150.0
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--mute-audio",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
"""Chromium without a screen, with WebGL2 by SwiftShader, that knows no host but loopback."""

_LINK = re.compile(r"http://127\.0\.0\.1:\d+/\S*")


class _NoRedirect(urllib.request.HTTPErrorProcessor):
    """Takes a redirect as the answer that it is."""

    def http_response(self, request: urllib.request.Request, response: Any) -> Any:
        del request
        return response


class Demo:
    """A demo that runs; `link` opens a session, `url` is the server without a path.

    Args:
        folder: where what it says is kept.
        words: further words of the command line.
        command: what is started in place of `skypicket demo --no-browser`.

    Raises:
        RuntimeError: it ended, or gave no link in time.
    """

    def __init__(self, folder: Path, *words: str, command: Sequence[str] = ()) -> None:
        usual = (sys.executable, "-m", "skypicket.cli", "demo", "--no-browser")
        self._said = folder / f"demo-{time.monotonic_ns()}.txt"
        with self._said.open("wb") as out:
            self._running = subprocess.Popen(
                [*(command or usual), *words],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        self.link = self._wait_for_link()
        self.url = re.sub(r"(:\d+)/.*", r"\1", self.link)

    def _wait_for_link(self) -> str:
        deadline_s = time.monotonic() + START_PATIENCE_S
        while time.monotonic() < deadline_s:
            match = _LINK.search(self.said())
            if match:
                return match[0]
            if self._running.poll() is not None:
                raise RuntimeError(f"The demo ended:\n{self.said()}")
            time.sleep(0.02)
        self.stop()
        raise RuntimeError(f"The demo gave no link:\n{self.said()}")

    def open_session(self) -> dict[str, str]:
        """Use the link up; the cookies of the session that it opened, by name."""
        opener = urllib.request.build_opener(_NoRedirect())
        with opener.open(self.link, timeout=PATIENCE_S) as answer:
            said = SimpleCookie(answer.headers.get("Set-Cookie", ""))
        return {name: morsel.value for name, morsel in said.items()}

    def said(self) -> str:
        """What it wrote so far."""
        return self._said.read_text(encoding="utf-8", errors="replace")

    def freeze(self) -> None:
        """Stop it where it stands: its sockets stay open, and nothing more comes."""
        self._running.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self._running.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        """End it, also when it was frozen."""
        if self._running.poll() is None:
            self.thaw()
            self._running.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._running.wait(20)
                return
            self._running.kill()
            self._running.wait(20)
