"""The options of an ASTERIX source, checked."""

from collections.abc import Mapping
from typing import NamedTuple

from skypicket.domain.contracts import SourceDescription
from skypicket.domain.errors import ConfigurationError
from skypicket.domain.times import NS_PER_S
from skypicket.formats.asterix.tables import DEFAULT_EDITIONS, editions
from skypicket.formats.origin import check_options, number_option

OPTIONS = (
    "editions",
    "identities",
    "rows",
    "sector_timeout_s",
    "sectors",
    "sensor",
    "spare_bits",
)


class Settings(NamedTuple):
    """How one source is read; the docs page lists each option."""

    editions: tuple[tuple[int, str], ...]
    sectors: bool
    every_record: bool
    spare_bits: str
    timeout_ns: int  # 0: twice the sensor's period


def settings_of(description: SourceDescription) -> Settings:
    """The options of the source.

    Raises:
        ConfigurationError: an option is unknown or has a wrong value.
    """
    check_options(description, "asterix", OPTIONS)
    every_record = _one_of(description, "rows", ("detections", "all")) == "all"
    sectors = description.options.get("sectors", not every_record)
    if not isinstance(sectors, bool) or (sectors and every_record):
        raise ConfigurationError(
            f"Source {description.source!r}: option sectors is {sectors!r}; it takes true or "
            'false, and only false together with rows = "all".'
        )
    return Settings(
        editions=_editions(description),
        sectors=sectors,
        every_record=every_record,
        spare_bits=_one_of(description, "spare_bits", ("reject", "ignore")),
        timeout_ns=int(number_option(description, "sector_timeout_s", 0.0) * NS_PER_S),
    )


def _one_of(description: SourceDescription, name: str, words: tuple[str, ...]) -> str:
    value = description.options.get(name, words[0])
    if value not in words:
        raise ConfigurationError(
            f"Source {description.source!r}: option {name} is {value!r}; it takes "
            f"{' or '.join(repr(word) for word in words)}."
        )
    return str(value)


def _editions(description: SourceDescription) -> tuple[tuple[int, str], ...]:
    given = description.options.get("editions", {})
    if not isinstance(given, Mapping):
        raise ConfigurationError(
            f"Source {description.source!r}: option editions is {given!r}; it takes a table like "
            '{ "048" = "1.32" }.'
        )
    chosen = dict(DEFAULT_EDITIONS)
    for text, edition in given.items():
        category = int(text) if str(text).isascii() and str(text).isdigit() else -1
        if category not in DEFAULT_EDITIONS or edition not in editions(category):
            known = ", ".join(f"{c:03d}: {'/'.join(editions(c))}" for c in DEFAULT_EDITIONS)
            raise ConfigurationError(
                f"Source {description.source!r}: option editions has {text!r} = {edition!r}. "
                f"Known editions: {known}."
            )
        chosen[category] = edition
    return tuple(sorted(chosen.items()))
