from collections.abc import Iterable

import pytest

from skypicket.formats.acoustic_numbering import PATIENCE_NS, WINDOW, Numbering


def taken(numbers: Iterable[int], numbering: Numbering | None = None) -> tuple[list[int], int]:
    """Which of the numbers were news, and how many were told as lost."""
    numbering = numbering or Numbering()
    fresh, lost = [], 0
    for number in numbers:
        news = numbering.take("b", number, 0)
        lost += news.lost
        if not news.repeated:
            fresh.append(number)
    return fresh, lost


def test_an_unbroken_stream_loses_nothing() -> None:
    assert taken(range(5, 500)) == (list(range(5, 500)), 0)


def test_what_is_swapped_inside_the_window_is_news_and_not_lost() -> None:
    swapped = [0, 3, 2, 1, *range(4, 100)]
    assert taken(swapped) == (swapped, 0)


@pytest.mark.parametrize("gap", [1, WINDOW - 1, WINDOW, WINDOW + 1, 1000, 2**40])
def test_every_missing_number_is_lost_exactly_once(gap: int) -> None:
    after = range(gap + 1, gap + 2 + 2 * WINDOW)
    assert taken([0, *after])[1] == gap


def test_a_number_that_comes_after_it_was_given_up_is_ignored() -> None:
    numbering = Numbering()
    assert taken([0, *range(2, 80)], numbering)[1] == 1
    assert numbering.take("b", 1, 0) == (True, 0, False)


def test_a_quiet_stream_gives_up_when_patience_ends() -> None:
    numbering = Numbering()
    assert [numbering.take("b", n, 0).lost for n in (0, 2)] == [0, 0]
    assert numbering.take("b", 3, PATIENCE_NS - 1).lost == 0
    assert numbering.take("b", 4, PATIENCE_NS).lost == 1


def test_numbers_before_the_first_that_was_heard_are_not_lost() -> None:
    assert taken(range(10_000, 10_100))[1] == 0


def test_a_restart_counts_what_was_missing_before_and_after_it() -> None:
    numbering = Numbering()
    taken([0, 2], numbering)
    news = numbering.take("c", 2 + WINDOW, 0)
    assert (news.restarted, news.lost) == (True, 1 + 2)  # 1 of the old boot, 0 and 1 of the new
