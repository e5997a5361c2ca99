"""Compiles the kernels into numba's cache, by running the examples of every docstring once.

The examples call the wrappers, and the wrappers the kernels with the types that count. What no
example reaches is compiled at its first use instead. The tracker knows its own kernels best.
"""

import doctest
import importlib
import io
import sys
from contextlib import redirect_stdout
from pkgutil import walk_packages

import skypicket

_WITH_KERNELS = ("geo", "physics", "formats", "tracking", "assessment")


def main() -> int:
    with redirect_stdout(io.StringIO()):
        for found in walk_packages(skypicket.__path__, "skypicket."):
            if found.name.split(".")[1] in _WITH_KERNELS and "_kernels" not in found.name:
                doctest.testmod(importlib.import_module(found.name))
    importlib.import_module("skypicket.tracking").warm_up()
    return 0


if __name__ == "__main__":
    sys.exit(main())
