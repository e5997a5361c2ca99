from pathlib import Path

import pytest

from skypicket.web.page.shelf import read_shelf


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    built = tmp_path / "built"
    (built / "assets").mkdir(parents=True)
    (built / "index.html").write_text("<!doctype html>")
    (built / "assets" / "main-abc.js").write_text("0;")
    (built / "assets" / "main-abc.js.gz").write_bytes(b"packed")
    (built / "assets" / "main-abc.js.map").write_text("{}")
    (built / ".hidden").write_text("x")
    (tmp_path / "secret.txt").write_text("secret")
    (built / "leads-out.txt").symlink_to(tmp_path / "secret.txt")
    return built


def test_a_shelf_has_the_files_below_the_folder_by_their_paths(folder: Path) -> None:
    assert set(read_shelf(folder)) == {"index.html", "assets/main-abc.js"}


def test_a_file_knows_its_type_and_its_packed_form(folder: Path) -> None:
    file = read_shelf(folder)["assets/main-abc.js"]
    assert file.media_type == "text/javascript"
    assert file.packed == b"packed"


def test_the_validators_of_the_two_forms_differ(folder: Path) -> None:
    file = read_shelf(folder)["assets/main-abc.js"]
    assert file.etag != file.packed_etag


def test_a_validator_changes_with_the_content(folder: Path) -> None:
    before = read_shelf(folder)["index.html"].etag
    (folder / "index.html").write_text("<!doctype html>other")
    assert read_shelf(folder)["index.html"].etag != before


def test_a_folder_that_is_not_there_is_an_empty_shelf(tmp_path: Path) -> None:
    assert read_shelf(tmp_path / "nothing") == {}
