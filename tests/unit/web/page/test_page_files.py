import gzip
from collections.abc import Iterator
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from skypicket.web.page.routes import basemap_files, page_files
from skypicket.web.page.shelf import PageFile

SCRIPT = b"console.log('a picture');" * 40
TILES = bytes(range(256)) * 8
HTML, JS = "text/html", "text/javascript"

BUILT = {
    "index.html": PageFile(name="index.html", media_type=HTML, body=b"<!doctype html>"),
    "icon.svg": PageFile(name="icon.svg", media_type="image/svg+xml", body=b"<svg/>"),
    "assets/main-abc.js": PageFile(
        name="assets/main-abc.js", media_type=JS, body=SCRIPT, packed=gzip.compress(SCRIPT)
    ),
}
BASEMAP = {
    "baltic.pmtiles": PageFile(
        name="baltic.pmtiles", media_type="application/vnd.pmtiles", body=TILES
    )
}


@pytest.fixture(scope="module")
def browser() -> Iterator[TestClient[Any]]:
    app = Litestar([*page_files(BUILT), *basemap_files(BASEMAP)], openapi_config=None)
    with TestClient(app) as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/first"])
def test_the_page_is_asked_for_again_each_time(browser: TestClient[Any], path: str) -> None:
    answer = browser.get(path)
    assert answer.content == BUILT["index.html"].body
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"


def test_a_file_whose_name_has_its_hash_is_kept_for_good(browser: TestClient[Any]) -> None:
    answer = browser.get("/assets/main-abc.js")
    assert answer.content == SCRIPT
    assert "immutable" in answer.headers["cache-control"]


def test_a_browser_that_takes_gzip_gets_what_was_packed(browser: TestClient[Any]) -> None:
    packed = browser.get("/assets/main-abc.js", headers={"Accept-Encoding": "gzip, br"})
    plain = browser.get("/assets/main-abc.js", headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    assert packed.headers["etag"] != plain.headers["etag"]
    assert packed.content == plain.content


def test_what_the_browser_has_is_not_sent_again(browser: TestClient[Any]) -> None:
    etag = browser.get("/").headers["etag"]
    answer = browser.get("/", headers={"If-None-Match": f'"other", W/{etag}'})
    assert answer.status_code == 304
    assert answer.content == b""


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../../shelf.py",
        "/assets/..%2f..%2fshelf.py",
        "/assets/%2e%2e/%2e%2e/shelf.py",
        "/assets//etc/passwd",
        "/assets/nothing.js",
        "/basemap/..%2froutes.py",
        "/basemap/other.pmtiles",
        "/index.html",
    ],
)
def test_no_name_leads_out_of_the_page(browser: TestClient[Any], path: str) -> None:
    assert browser.get(path).status_code == 404


def test_a_file_beside_the_page_is_served_too(browser: TestClient[Any]) -> None:
    assert browser.get("/icon.svg").headers["content-type"] == "image/svg+xml"


def test_a_range_of_the_basemap_is_a_part_of_it(browser: TestClient[Any]) -> None:
    answer = browser.get("/basemap/baltic.pmtiles", headers={"Range": "bytes=100-299"})
    assert answer.status_code == 206
    assert answer.content == TILES[100:300]
    assert answer.headers["content-range"] == f"bytes 100-299/{len(TILES)}"
    assert answer.headers["content-length"] == "200"
    assert answer.headers["content-type"] == "application/vnd.pmtiles"


def test_the_whole_basemap_says_that_it_takes_ranges(browser: TestClient[Any]) -> None:
    answer = browser.get("/basemap/baltic.pmtiles")
    assert answer.status_code == 200
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.content == TILES


def test_a_range_beyond_the_basemap_cannot_be_had(browser: TestClient[Any]) -> None:
    answer = browser.get("/basemap/baltic.pmtiles", headers={"Range": "bytes=99999-"})
    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{len(TILES)}"


def test_a_part_of_another_version_is_never_given(browser: TestClient[Any]) -> None:
    path, etag = "/basemap/baltic.pmtiles", BASEMAP["baltic.pmtiles"].etag
    same = browser.get(path, headers={"Range": "bytes=0-9", "If-Range": etag})
    other = browser.get(path, headers={"Range": "bytes=0-9", "If-Range": '"other"'})
    assert (same.status_code, other.status_code) == (206, 200)


def test_a_head_says_the_size_and_sends_nothing(browser: TestClient[Any]) -> None:
    answer = browser.head("/basemap/baltic.pmtiles")
    assert answer.headers["content-length"] == str(len(TILES))
