"""Numbers into text columns, without a Python object per row."""

import numpy as np

from skypicket.domain.noun import Column, FloatColumn
from skypicket.formats.asterix._kernels import spell

# ICAO 6-bit letters: A-Z, space, 0-9; what is not defined is shown as a space.
ALPHABET = " ABCDEFGHIJKLMNOPQRSTUVWXYZ                     0123456789      "
_LETTERS = np.array([ord(letter) for letter in ALPHABET], dtype=np.uint32)
_DIGITS = np.array([ord(letter) for letter in "0123456789abcdef"], dtype=np.uint32)


def _text(values: FloatColumn, bits: int, alphabet: Column, width: int) -> Column:
    out = np.zeros((len(values), width), dtype=np.uint32)
    spell(np.ascontiguousarray(values), bits, alphabet, out)
    text: Column = out.view(f"<U{width}").reshape(len(values))
    return text


def hexadecimal(values: FloatColumn, width: int) -> Column:
    """Lower-case hexadecimal of `width` digits, "" for NaN.

    >>> hexadecimal(np.array([0x3C660C, np.nan]), 6).tolist()
    ['3c660c', '']
    """
    return _text(values, 4, _DIGITS, width)


def octal(values: FloatColumn, width: int) -> Column:
    """Octal of `width` digits, "" for NaN.

    >>> octal(np.array([0o7000, 1.0]), 4).tolist()
    ['7000', '0001']
    """
    return _text(values, 3, _DIGITS, width)


def letters(values: FloatColumn) -> Column:
    """Eight ICAO 6-bit letters without the spaces at the end, "" for NaN."""
    return _text(values, 6, _LETTERS, 8)


def decimal(values: FloatColumn) -> Column:
    """Whole numbers below 100,000, "" for NaN."""
    known = ~np.isnan(values)
    text = np.zeros(len(values), dtype="<U5")
    text[known] = values[known].astype(np.int64).astype("<U5")
    return text


def letters_to_number(text: str) -> int:
    """The 48 bits of up to eight ICAO letters; others become spaces.

    >>> letters(np.array([float(letters_to_number("LYX21"))])).tolist()
    ['LYX21']
    """
    number = 0
    for letter in text.upper().ljust(8)[:8]:
        code = 32 if letter == " " else max(ALPHABET.find(letter), 0) or 32
        number = number << 6 | code
    return number
