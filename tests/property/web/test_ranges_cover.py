from hypothesis import given
from hypothesis import strategies as st

from skypicket.web.page.ranges import Span, span_of

LENGTHS = st.integers(0, 10_000)


@given(header=st.text(max_size=40), length=LENGTHS)
def test_any_header_gives_a_range_inside_the_file_or_none(header: str, length: int) -> None:
    for asked in (header, f"bytes={header}"):
        span = span_of(asked, length)
        if isinstance(span, Span):
            assert 0 <= span.start < span.stop <= length


@given(length=st.integers(1, 5_000), chunk=st.integers(1, 700))
def test_ranges_one_after_the_other_give_the_whole_file(length: int, chunk: int) -> None:
    body = bytes(i % 251 for i in range(length))
    parts = []
    for start in range(0, length, chunk):
        span = span_of(f"bytes={start}-{start + chunk - 1}", length)
        assert isinstance(span, Span)
        parts.append(body[span.start : span.stop])
    assert b"".join(parts) == body
