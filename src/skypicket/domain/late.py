"""Modules that are imported when something of them is first asked for."""

from importlib import import_module
from typing import Any


class Late:
    """Stands for a module until something of it is asked for, and imports it then.

    For what is slow to import and not needed to start: kernels first of all, whose compiler takes a
    third of the time until a server answers.

    >>> statistics = Late("statistics")
    >>> statistics.fmean([1, 2])
    1.5
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        """What the module has under that name; kept, so that it is asked once."""
        found = getattr(import_module(self._name), attribute)
        setattr(self, attribute, found)
        return found
