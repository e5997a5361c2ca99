"""`skypicket demo` as a person starts it: one process, a real server, real files."""

import http.client
import json
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start() -> Iterator[Start]:
    running: list[subprocess.Popen[str]] = []

    def run(*words: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "skypicket.cli", "demo", "--no-browser", *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        return process

    yield run
    for process in running:
        if process.poll() is None:
            process.kill()
            process.wait(30)
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        process.stderr.close()


def link_of(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Port and path of the first address that the demo prints, once its server answers."""
    assert process.stdout is not None
    for line in process.stdout:
        match = re.search(r"https?://(\S+?):(\d+)(/\S*)", line)
        if match:
            assert match[1] == "127.0.0.1"
            return int(match[2]), match[3]
    raise AssertionError("the demo ended without a link")


def port_of(process: subprocess.Popen[str]) -> int:
    return link_of(process)[0]


def open_link(port: int, path: str) -> http.client.HTTPResponse:
    """A GET on a path, nothing else; redirects are not followed."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
    finally:
        connection.close()
    return answer


def sign_in(process: subprocess.Popen[str]) -> tuple[int, str]:
    """The port, and the cookie that the link gives."""
    port, path = link_of(process)
    answer = open_link(port, path)
    assert answer.status == 303
    return port, str(answer.headers["Set-Cookie"]).partition(";")[0]


def post(port: int, body: Any, cookie: str = "", **headers: str) -> tuple[int, Any]:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/reports",
        json.dumps(body).encode() if not isinstance(body, bytes) else body,
        {"Content-Type": "application/json", "Cookie": cookie, **headers},
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def get(port: int, path: str) -> str:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
            return str(answer.read().decode())
    except urllib.error.HTTPError as error:
        with error:
            raise AssertionError(f"{path}: {error.code}: {error.read().decode()}") from error


REPORT = {"lat_deg": 54.9, "lon_deg": 24.9, "first_hand": True, "text": "like a moped"}


@pytest.mark.timeout(280)
def test_the_night_raises_the_alarm_and_says_the_loss(start: Start) -> None:
    process = start("--speed", "200", "--until-end")
    shown, _ = process.communicate(timeout=250)
    assert process.returncode == 0
    assert "RECONSTRUCTION" in shown.splitlines()[0]
    assert re.search(r"^\S+ WARNING .*", shown, re.MULTILINE)
    assert "lost" in shown


@pytest.mark.timeout(120)
def test_a_report_is_acknowledged_after_it_is_on_disk(start: Start, tmp_path: Path) -> None:
    process = start("--speed", "1", "--state", str(tmp_path / "state"))
    port, cookie = sign_in(process)
    status, answer = post(port, REPORT, cookie)
    assert status == 201
    process.kill()
    process.wait(30)
    done = subprocess.run(
        [sys.executable, "-m", "skypicket.cli", "export", "--raw", "--state", tmp_path / "state"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    kept = next(line for line in lines if line["sequence"] == answer["sequence"])
    assert json.loads(kept["text"]) == REPORT
    assert kept["personal"] is True


@pytest.mark.timeout(120)
def test_the_server_says_how_it_is_and_refuses_what_is_wrong(start: Start) -> None:
    process = start("--speed", "1")
    port, cookie = sign_in(process)
    assert json.loads(get(port, "/healthz"))["ok"] is True
    assert "skypicket_capture_sequence" in get(port, "/metrics")
    assert "/api/v1/reports" in get(port, "/schema/openapi.json")
    assert post(port, REPORT)[0] == 401
    assert post(port, {**REPORT, "lat_deg": 154.9}, cookie)[0] == 400
    assert post(port, {**REPORT, "colour": "red"}, cookie)[0] == 400
    assert post(port, b"\xff\xfe", cookie)[0] == 400
    assert post(port, REPORT, cookie, Origin="http://example.org")[0] == 403
    assert post(port, REPORT, cookie, Origin="http://[")[0] == 403
    rebound = {"Host": "example.org:80", "Origin": "http://example.org:80"}
    assert post(port, REPORT, cookie, **rebound)[0] == 403
    assert post(port, REPORT, cookie, Origin=f"http://127.0.0.1:{port}")[0] == 201
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0


@pytest.mark.timeout(120)
def test_the_link_opens_once_and_everything(start: Start) -> None:
    process = start("--speed", "1")
    port, path = link_of(process)
    answer = open_link(port, path)
    cookie = str(answer.headers["Set-Cookie"])
    assert (answer.status, answer.headers["Location"]) == (303, "/")
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    assert "Secure" not in cookie
    assert open_link(port, path).status == 403
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/session", headers={"Cookie": cookie.partition(";")[0]}
    )
    with urllib.request.urlopen(request, timeout=30) as told:
        session = json.load(told)
    assert session["kind"] == "demo"
    assert {"export.read", "accounts.write", "actions.declare"} <= set(session["permissions"])
    process.send_signal(signal.SIGTERM)
    rest, logged = process.communicate(timeout=60)
    assert path not in rest + logged
    assert cookie.partition(";")[0].partition("=")[2] not in rest + logged


@pytest.mark.timeout(180)
def test_a_later_start_carries_on_after_a_kill(start: Start, tmp_path: Path) -> None:
    first = start("--speed", "120", "--state", str(tmp_path / "state"))
    port = port_of(first)
    deadline_s = time.monotonic() + 60
    while json.loads(get(port, "/healthz"))["captured"] < 2000 and time.monotonic() < deadline_s:
        time.sleep(0.1)
    first.kill()
    first.wait(30)
    second = start("--speed", "120", "--state", str(tmp_path / "state"))
    health = json.loads(get(port_of(second), "/healthz"))
    assert health["captured"] >= 2000
    second.send_signal(signal.SIGINT)
    assert second.wait(60) == 0
    assert second.stderr is not None
    assert "Carrying on" in second.stderr.read()


@pytest.mark.timeout(60)
def test_a_port_in_use_is_one_clear_line(start: Start) -> None:
    port = port_of(start("--speed", "1"))
    second = start("--port", str(port))
    _, said = second.communicate(timeout=60)
    assert second.returncode == 4
    assert said.count("\n") == 1
    assert f"Port {port}" in said
