"""The words of the plain page in the languages that it speaks, and which one a browser asks for."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

LANGUAGES = ("en", "lt")

Words = Mapping[str, str]


@cache
def words_of(language: str) -> Words:
    """The words of a language, by key; those of English for a language that is not there."""
    file = resources.files("skypicket.web.page") / "plain_words.toml"
    catalogue = tomllib.loads(file.read_text(encoding="utf-8"))
    words: Words = catalogue.get(language, catalogue["en"])
    return words


def language_of(wanted: str | None, accepted: str) -> str:
    """The language that was chosen, otherwise the first of `Accept-Language` that is spoken here.

    >>> language_of(None, "lv, lt;q=0.8, en;q=0.5"), language_of("en", "lt"), language_of(None, "")
    ('lt', 'en', 'en')
    """
    if wanted in LANGUAGES:
        return wanted
    for part in accepted.split(","):
        language = part.partition(";")[0].strip().lower().partition("-")[0]
        if language in LANGUAGES:
            return language
    return "en"
