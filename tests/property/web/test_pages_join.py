"""Pages laid end to end are the list, whatever their size."""

from urllib.parse import parse_qsl, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from skypicket.web.api.paging import Part, next_address

NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)


@given(total=st.integers(0, 500), limit=st.integers(1, 60))
def test_following_the_addresses_gives_every_row_once(total: int, limit: int) -> None:
    rows: list[int] = []
    part = Part(limit, 0)
    for _ in range(total + 1):
        rows += part.of(total)
        address = next_address("/api/v1/tracks", [], part, total)
        if address is None:
            break
        asked = dict(parse_qsl(urlsplit(address).query))
        part = Part(int(asked["limit"]), int(asked["offset"]))
    assert rows == list(range(total))


@given(limit=st.integers(1, 10_000), offset=st.integers(0, 2**31 - 1), total=st.integers(0, 10**6))
def test_a_part_never_has_more_than_its_limit_nor_rows_that_are_not_there(
    limit: int, offset: int, total: int
) -> None:
    rows = Part(limit, offset).of(total)
    assert len(rows) <= limit
    assert not rows or 0 <= rows[0] <= rows[-1] < total


@given(asked=st.lists(st.tuples(NAMES, NAMES), max_size=4))
def test_all_else_that_was_asked_stands_in_the_next_address(asked: list[tuple[str, str]]) -> None:
    kept = [(name, value) for name, value in asked if name not in {"limit", "offset"}]
    address = next_address("/api/v1/x", [*asked, ("limit", "1")], Part(1, 0), 2)
    assert address is not None
    assert parse_qsl(urlsplit(address).query) == [*kept, ("limit", "1"), ("offset", "1")]
