"""Compiles the kernels into numba's cache: those that a night calls, and those of the examples.

The examples of the docstrings call the wrappers, and the wrappers the kernels with the types that
count. What neither reaches is compiled at its first use instead.
"""

import doctest
import importlib
import io
import sys
from contextlib import redirect_stdout
from pkgutil import walk_packages

import skypicket
from skypicket.engine.kernels import make_ready

_WITH_KERNELS = ("geo", "physics", "formats", "tracking", "assessment")


def main() -> int:
    make_ready()
    with redirect_stdout(io.StringIO()):
        for found in walk_packages(skypicket.__path__, "skypicket."):
            if found.name.split(".")[1] in _WITH_KERNELS and "_kernels" not in found.name:
                doctest.testmod(importlib.import_module(found.name))
    return 0


if __name__ == "__main__":
    sys.exit(main())
