"""Faults in a configuration name their line."""

from skypicket.engine.toml_places import line_of, places

TEXT = """
[system]
mode = "live"

[[sources]]
id = "a"
link = { type = "udp", port = 1 }

[[sources]]
id = "b"
[sources.options]
sectors = false
"""


def test_a_key_of_a_table_has_its_line() -> None:
    assert line_of(TEXT, "system.mode") == 3


def test_repeated_tables_are_counted() -> None:
    assert (line_of(TEXT, "sources[0].id"), line_of(TEXT, "sources[1].id")) == (6, 10)


def test_a_value_inside_an_inline_table_has_the_line_of_its_key() -> None:
    assert line_of(TEXT, "sources[0].link.port") == 7


def test_a_table_below_a_repeated_table_belongs_to_the_last_one() -> None:
    assert places(TEXT)["sources[1].options.sectors"] == 12


def test_what_stands_nowhere_has_no_line() -> None:
    assert line_of(TEXT, "web.port") is None
