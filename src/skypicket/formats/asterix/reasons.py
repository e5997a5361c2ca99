"""Why a data block is not read: the stable word, and a sentence with the values."""

from skypicket.domain.noun import IntColumn
from skypicket.formats.asterix import _kernels as kernels
from skypicket.formats.asterix.tables import Table, editions
from skypicket.formats.origin import Refusal

WORDS = {
    kernels.SHORT_HEADER: "truncated",
    kernels.BAD_LENGTH: "bad_length",
    kernels.SHORT_BLOCK: "truncated",
    kernels.UNSUPPORTED_CATEGORY: "unsupported_category",
    kernels.RECORD_OVERRUN: "record_overrun",
    kernels.UNDEFINED_ITEM: "undefined_item",
    kernels.FSPEC_OVERRUN: "fspec_overrun",
    kernels.EMPTY_RECORD: "empty_record",
    kernels.UNKNOWN_EXTENSION: "unknown_extension",
    kernels.BAD_ITEM_LENGTH: "bad_item_length",
    kernels.SPARE_BITS: "spare_bits_set",
    kernels.BAD_VALUE: "bad_value",
    kernels.MISSING_ITEM: "missing_item",
}
# Faults that another edition of the category may explain.
EDITION_DOUBTS = frozenset(
    {
        kernels.RECORD_OVERRUN,
        kernels.UNDEFINED_ITEM,
        kernels.FSPEC_OVERRUN,
        kernels.UNKNOWN_EXTENSION,
        kernels.SPARE_BITS,
    }
)
_SAYS = {
    kernels.SHORT_HEADER: "a block header needs 3 octets, {missing} more than are there",
    kernels.BAD_LENGTH: "the block's length is below 4 octets",
    kernels.SHORT_BLOCK: "the block needs {missing} octets more than are there",
    kernels.UNSUPPORTED_CATEGORY: "this category is not read here; stop sending it, or leave it be",
    kernels.RECORD_OVERRUN: "record {number} needs {missing} octets beyond its block{at}",
    kernels.UNDEFINED_ITEM: "the FSPEC of record {number} names a place that is not defined{at}",
    kernels.FSPEC_OVERRUN: "the FSPEC of record {number} goes on after its last octet{at}",
    kernels.EMPTY_RECORD: "record {number} holds no item",
    kernels.UNKNOWN_EXTENSION: "record {number} extends{at} further than is defined",
    kernels.BAD_ITEM_LENGTH: "record {number} gives a field of length 0{at}",
    kernels.SPARE_BITS: "record {number} sets spare bits{at}",
    kernels.BAD_VALUE: "record {number} has a value out of range{at}",
    kernels.MISSING_ITEM: "record {number} lacks the item{at} that every record must have",
}


def refusal(fault: IntColumn, table: Table | None, needed: tuple[str, ...]) -> Refusal:
    """One row of the kernel's `faults` in words.

    `table` is that of the fault's category, None if it is not read; `needed` are the paths of
    the columns of its program.
    """
    why, place, block, category, number, item, missing = (int(value) for value in fault)
    name = ""
    if item <= -2:
        name = needed[-2 - item].split("/")[0]
    elif item >= 0 and table is not None:
        order = next(iter(table.uaps.values()))
        name = (order[item] or "") if item < len(order) else ""
    at = f" in I{category:03d}/{name}" if name else ""
    if why == kernels.MISSING_ITEM:
        at = f" I{category:03d}/{name}"
    says = _SAYS[why].format(number=number + 1, missing=missing, at=at)
    edition = "" if table is None else f" edition {table.edition}"
    return Refusal(
        reason=WORDS[why],
        offset=place,
        detail=f"ASTERIX {category:03d}{edition}, block at {block}: {says} (offset {place}).",
    )


def other_editions(table: Table) -> tuple[str, ...]:
    """The editions of the same category that a source might really be sending."""
    return tuple(edition for edition in editions(table.category) if edition != table.edition)
