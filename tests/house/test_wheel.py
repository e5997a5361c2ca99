import http.cookiejar
import os
import re
import shutil
import subprocess
import time
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="module")
def uv(repository: Path) -> str:
    found = shutil.which("uv") or str(repository / ".tools/bin/uv")
    if not Path(found).is_file():
        pytest.skip("no uv on the PATH or in .tools: the wheel cannot be built")
    return found


def _run(command: list[str], folder: Path, **environment: str) -> str:
    done = subprocess.run(
        command,
        cwd=folder,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr[-3000:]}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(uv: str, repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    _run([uv, "build", "--wheel", "--quiet", "--out-dir", str(out)], repository)
    (found,) = out.glob("skypicket-*.whl")
    return found


@pytest.fixture(scope="module")
def installed(
    uv: str, wheel: Path, repository: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The folder of commands of an empty environment with the wheel and what it needs.

    What it needs comes from uv's cache, which `uv sync` filled: nothing is fetched.
    """
    folder = tmp_path_factory.mktemp("environment") / "venv"
    bare = ["--no-default-groups", "--no-install-project", "--locked", "--offline", "--quiet"]
    python = str(folder / "bin" / "python")
    install = [uv, "pip", "install", "--offline", "--no-deps", "--quiet", "--python", python]
    _run([uv, "sync", *bare], repository, UV_PROJECT_ENVIRONMENT=str(folder))
    _run([*install, str(wheel)], repository)
    return folder / "bin"


def test_the_wheel_carries_its_licences_and_no_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert any(name.endswith("licenses/NOTICE") for name in names)
    assert not [name for name in names if name.startswith(("tests/", "bench/", "docs/"))]
    assert "skypicket/py.typed" in names


def test_the_wheel_carries_all_that_the_packages_read(
    wheel: Path, files: tuple[str, ...], none_found: Any
) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = [f.removeprefix("src/") for f in files if f.startswith("src/")]
    none_found("Not in the wheel:", [name for name in wanted if name not in names])


def test_an_installed_wheel_says_its_version(installed: Path, tmp_path: Path) -> None:
    said = _run([str(installed / "skypicket"), "--version"], tmp_path)
    assert said.startswith("skypicket 0.")


def test_an_installed_wheel_decodes_a_file(installed: Path, tmp_path: Path) -> None:
    line = '{"lat_deg":54.7,"lon_deg":25.3,"time":"2025-07-28T04:56:00+03:00","first_hand":true}\n'
    (tmp_path / "calls.jsonl").write_text(line)
    command = [str(installed / "skypicket"), "decode", "--format", "report", "calls.jsonl"]
    said = _run(command, tmp_path)
    assert '"kind":"sighting"' in said
    assert "1753667760000000000" in said


@pytest.fixture
def page_link(installed: Path, repository: Path, tmp_path: Path) -> Iterator[str]:
    """The link of a demo that runs from the wheel, with nothing but the wheel on the path."""
    if not (repository / "src/skypicket/web/page/built/index.html").is_file():
        pytest.skip("the page is not built, for want of npm: `make demo` says why")
    said = tmp_path / "said.txt"
    # Kernels that are not compiled do for a minute of the night, and start at once.
    alone = {"PATH": str(installed), "HOME": str(tmp_path), "NUMBA_DISABLE_JIT": "1"}
    command = [str(installed / "skypicket"), "demo", "--no-browser", "--speed", "1"]
    with said.open("wb") as out:
        running = subprocess.Popen(command, cwd=tmp_path, env=alone, stdout=out, stderr=out)
    try:
        yield _link(said, running)
    finally:
        running.kill()
        running.wait(30)


def _link(said: Path, running: "subprocess.Popen[bytes]") -> str:
    deadline_s = time.monotonic() + 90
    while time.monotonic() < deadline_s and running.poll() is None:
        match = re.search(r"http://127\.0\.0\.1:\d+/\S+", said.read_text(errors="replace"))
        if match:
            return match[0]
        time.sleep(0.1)
    raise AssertionError(f"no link:\n{said.read_text(errors='replace')}")


@pytest.mark.timeout(180)
def test_an_installed_wheel_serves_page_and_basemap_without_node(page_link: str) -> None:
    jar = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    server = page_link.partition("/login")[0]
    with browser.open(page_link, timeout=60) as answer:
        page = answer.read().decode()
    scripts = re.findall(r'src="(/assets/[^"]+\.js)"', page)
    assert scripts
    with browser.open(server + scripts[0], timeout=60) as answer:
        assert "javascript" in answer.headers["Content-Type"]
        assert answer.read()
    part = urllib.request.Request(
        f"{server}/basemap/baltic.pmtiles", headers={"Range": "bytes=0-6"}
    )
    with browser.open(part, timeout=60) as answer:
        assert (answer.status, answer.read()) == (206, b"PMTiles")
