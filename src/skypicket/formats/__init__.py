"""Bytes ⇄ nouns: one module per format, found by name, imported when first asked for."""

from importlib import import_module
from importlib.metadata import EntryPoint, entry_points

from skypicket.domain.contracts import Format
from skypicket.domain.errors import ConfigurationError

GROUP = "skypicket.formats"

BUILT_IN = {
    "acoustic": "skypicket.formats.acoustic:FORMAT",
    "asterix": "skypicket.formats.asterix:FORMAT",
    "observations": "skypicket.formats.observations:FORMAT",
    "readsb-json": "skypicket.formats.readsb:FORMAT",
    "report": "skypicket.formats.report:FORMAT",
}


def names() -> tuple[str, ...]:
    """The names of all formats, sorted: those built in and those of installed packages.

    >>> "readsb-json" in names()
    True
    """
    return tuple(sorted(BUILT_IN.keys() | {entry.name for entry in entry_points(group=GROUP)}))


def load(name: str) -> Format:
    """The format `name`; a built-in name wins over an installed package that uses it too.

    Raises:
        ConfigurationError: no format has that name (the known ones are listed), or the package
            that offers it is broken.

    >>> load("report").name
    'report'
    """
    if name in BUILT_IN:
        return _checked(name, EntryPoint(name, BUILT_IN[name], GROUP))
    for entry in entry_points(group=GROUP, name=name):
        return _checked(name, entry)
    raise ConfigurationError(
        f"There is no format {name!r}. The known ones are {', '.join(names())}."
    )


def _checked(name: str, entry: EntryPoint) -> Format:
    module, _, attribute = entry.value.partition(":")
    try:
        found: Format = getattr(import_module(module), attribute)
    except (ImportError, AttributeError) as error:
        raise ConfigurationError(
            f"The format {name!r} at {entry.value!r} cannot be loaded: {error}. "
            "Install its package again, or remove it."
        ) from error
    for needed in ("name", "decoder", "encode"):
        if not hasattr(found, needed):
            raise ConfigurationError(
                f"{entry.value!r} is no format: it has no {needed!r} (see docs/add-a-format.md)."
            )
    return found
