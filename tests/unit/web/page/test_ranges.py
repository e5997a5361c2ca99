import pytest

from skypicket.web.page.ranges import Span, Unsatisfiable, span_of

LENGTH = 1_000


@pytest.mark.parametrize(
    ("header", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-16383", 0, LENGTH),
        ("bytes=127-", 127, LENGTH),
        ("bytes=-1", LENGTH - 1, LENGTH),
        ("bytes=-5000", 0, LENGTH),
        ("bytes= 5-9 ", 5, 10),
        ("BYTES=5-9", 5, 10),
    ],
)
def test_one_range_is_cut_to_the_file(header: str, start: int, stop: int) -> None:
    assert span_of(header, LENGTH) == Span(start, stop)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "bytes=",
        "bytes=-",
        "bytes=9-5",
        "bytes=0-1,5-6",
        "items=0-5",
        "bytes=a-b",
        "bytes=--5",
        "bytes=1-2-3",
        "bytes=٣-٤",
        f"bytes={'9' * 30}-",
    ],
)
def test_what_is_no_single_range_of_bytes_means_the_whole_file(header: str | None) -> None:
    assert span_of(header, LENGTH) is None


@pytest.mark.parametrize("header", ["bytes=1000-", "bytes=5000-6000", "bytes=-0"])
def test_a_range_without_a_byte_cannot_be_had(header: str) -> None:
    assert span_of(header, LENGTH) == Unsatisfiable()


def test_a_range_says_where_it_lies() -> None:
    assert Span(0, 500).content_range(LENGTH) == "bytes 0-499/1000"


def test_an_empty_file_has_no_range() -> None:
    assert span_of("bytes=0-", 0) == Unsatisfiable()
    assert span_of(None, 0) is None
