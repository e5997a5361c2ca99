"""`skypicket run` in a process of its own, to be loaded, killed and started again."""

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from skypicket.store.access import AccessStore
from skypicket.testing.load import ADSB, DESK, RADARS
from skypicket.web.access.desk import AccessDesk


def free_ports(count: int, kind: int) -> list[int]:
    """Ports that nothing uses just now."""
    opened = [socket.socket(socket.AF_INET, kind) for _ in range(count)]
    for one in opened:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in opened]
    for one in opened:
        one.close()
    return ports


def free_port() -> int:
    """A TCP port that nothing uses just now."""
    return free_ports(1, socket.SOCK_STREAM)[0]


def configuration(web_port: int, ports: dict[str, int]) -> str:
    """A CONFIG.toml of a live system with two radars, ADS-B and a desk for reports."""
    lines = [
        '[system]\nname = "bench"\nmode = "live"\nsnapshot_s = 30',
        f"[web]\nport = {web_port}",
    ]
    lines.extend(
        f'[[sensors]]\nid = "{sensor.id}"\nkind = "{sensor.kind}"\n'
        f"lat_deg = {sensor.lat_deg}\nlon_deg = {sensor.lon_deg}\n"
        f"max_range_m = {sensor.max_range_m}"
        for sensor in (*RADARS, ADSB, DESK)
    )
    for source, port in ports.items():
        name = "asterix" if source.startswith("r") else "readsb-json"
        shed = "never" if source.startswith("r") else "first"
        sensor = {"r1": "25/1", "r2": "25/2"}.get(source, "adsb")
        lines.append(
            f'[[sources]]\nid = "{source}"\nformat = "{name}"\nsensors = ["{sensor}"]\n'
            f'shed = "{shed}"\nlink = {{ type = "udp", port = {port} }}'
        )
    lines.append(
        '[[sources]]\nid = "reports"\nformat = "report"\nsensors = ["desk"]\n'
        'personal = "report"\nlink = { type = "http" }'
    )
    return "\n".join(lines) + "\n"


def token_of(state: Path, source: str) -> str:
    """A fresh token for one source, made as `skypicket access token` makes it."""
    store = AccessStore.of_state(state)
    try:
        return AccessDesk(store).new_token(source, "testing")
    finally:
        store.close()


class System:
    """`skypicket run` in a process of its own."""

    def __init__(self, folder: Path, *options: str) -> None:
        (web_port,) = free_ports(1, socket.SOCK_STREAM)
        self.ports = dict(zip(("r1", "r2", "adsb"), free_ports(3, socket.SOCK_DGRAM), strict=True))
        self.url = f"http://127.0.0.1:{web_port}"
        self.folder = folder
        self.config = folder / "site.toml"
        self.config.write_text(configuration(web_port, self.ports))
        self.options = options
        self.token = token_of(folder / "state", "reports")
        self.running: subprocess.Popen[bytes] | None = None

    def start(self, timeout_s: float = 90) -> None:
        """Start it, and return once it answers."""
        command = [sys.executable, "-m", "skypicket.cli", "run", str(self.config)]
        self.running = subprocess.Popen(
            [*command, "--log", "error", *self.options], stdout=subprocess.DEVNULL
        )
        deadline_s = time.monotonic() + timeout_s
        while time.monotonic() < deadline_s:
            if self.running.poll() is not None:
                raise RuntimeError(f"skypicket run ended with {self.running.returncode}")
            try:
                self.health()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise RuntimeError("skypicket run did not answer in time")

    def health(self) -> dict[str, Any]:
        """What /healthz says."""
        with urllib.request.urlopen(f"{self.url}/healthz", timeout=10) as answer:
            told: dict[str, Any] = json.load(answer)
        return told

    def metrics(self) -> dict[str, float]:
        """What /metrics says, by name with labels."""
        with urllib.request.urlopen(f"{self.url}/metrics", timeout=10) as answer:
            lines = answer.read().decode().splitlines()
        pairs = (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
        return {name: float(value) for name, value in pairs}

    def report(self, text: str) -> int | None:
        """Post a report; its capture sequence once acknowledged, None if it was not."""
        body = json.dumps(
            {"lat_deg": 54.9, "lon_deg": 24.9, "first_hand": True, "text": text}
        ).encode()
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"}
        request = urllib.request.Request(f"{self.url}/api/v1/reports", body, headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return int(json.load(answer)["sequence"])
        except (urllib.error.URLError, OSError, ValueError):
            return None

    def rss_mb(self) -> float:
        """Resident memory of the process, MB."""
        assert self.running is not None
        status = Path(f"/proc/{self.running.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024

    def kill(self) -> None:
        """Kill -9."""
        assert self.running is not None
        self.running.kill()
        self.running.wait(timeout=30)

    def stop(self) -> int:
        """SIGTERM, and wait; the exit code."""
        assert self.running is not None
        self.running.terminate()
        return self.running.wait(timeout=120)
