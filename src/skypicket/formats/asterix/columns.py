"""Data blocks into columns: which fields are taken out, and the readable call of the kernel."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from skypicket.domain.noun import Column as Array
from skypicket.domain.noun import FloatColumn, IntColumn
from skypicket.formats.asterix._kernels import read_blocks
from skypicket.formats.asterix.program import Column, Program, compile_program
from skypicket.formats.asterix.tables import DEFAULT_EDITIONS, load_table

PLOTS, SERVICE = 48, 34
PLOT_COLUMNS: Mapping[str, Column] = MappingProxyType(
    {
        "sac": Column("010/SAC", needed=True),
        "sic": Column("010/SIC"),
        "time_of_day_s": Column("140", needed=True),
        "type": Column("020/TYP"),
        "simulated": Column("020/SIM"),
        "field_monitor": Column("020/RAB"),
        "test": Column("020/TST"),
        "extended_range": Column("020/ERR"),
        "range_m": Column("040/RHO"),
        "azimuth_deg": Column("040/THETA"),
        "x_m": Column("042/X"),
        "y_m": Column("042/Y"),
        "mode_3a_invalid": Column("070/V"),
        "mode_3a_garbled": Column("070/G"),
        "mode_3a": Column("070/MODE3A"),
        "level_invalid": Column("090/V"),
        "level_garbled": Column("090/G"),
        "pressure_alt_m": Column("090/FL"),
        "amsl_m": Column("110/3DH"),
        "doppler_doubtful": Column("120/CAL/D"),
        "radial_mps": Column("120/CAL/CAL"),
        "track_number": Column("161/TRN"),
        "address": Column("220"),
        "callsign": Column("240"),
    }
)
SERVICE_COLUMNS: Mapping[str, Column] = MappingProxyType(
    {
        "sac": Column("010/SAC", needed=True),
        "sic": Column("010/SIC"),
        "message": Column("000", needed=True),
        "time_of_day_s": Column("030"),
        "sector_deg": Column("020"),
        "period_s": Column("041"),
        "nogo": Column("050/COM/NOGO"),
        "restart": Column("050/COM/RDPR"),
        "overload_processor": Column("050/COM/OVLRDP"),
        "overload_transmission": Column("050/COM/OVLXMT"),
        "monitor_off": Column("050/COM/MSC"),
        "time_invalid": Column("050/COM/TSV"),
        "overload_psr": Column("050/PSR/OVL"),
        "overload_ssr": Column("050/SSR/OVL"),
        "overload_mode_s": Column("050/MDS/OVLSUR"),
        "overload_coordination": Column("050/MDS/OVLSCF"),
        "overload_data_link": Column("050/MDS/OVLDLF"),
        "channels_psr": Column("050/PSR/CHAB"),
        "channels_ssr": Column("050/SSR/CHAB"),
        "channels_mode_s": Column("050/MDS/CHAB"),
        "reduction_processor": Column("060/COM/REDRDP"),
        "reduction_transmission": Column("060/COM/REDXMT"),
        "reduction_psr": Column("060/PSR/REDRAD"),
        "reduction_ssr": Column("060/SSR/REDRAD"),
        "reduction_mode_s": Column("060/MDS/REDRAD"),
    }
)
TAKEN: Mapping[int, Mapping[str, Column]] = MappingProxyType(
    {PLOTS: PLOT_COLUMNS, SERVICE: SERVICE_COLUMNS}
)
# Places of the columns in `Rows.values`, by name.
PLOT = {name: place for place, name in enumerate(PLOT_COLUMNS)}
MARK = {name: place for place, name in enumerate(SERVICE_COLUMNS)}
_WIDTH = max(len(PLOT_COLUMNS), len(SERVICE_COLUMNS))
_OCTETS_PER_ROW = 16  # a first guess; more rows than that make the arrays grow


class Rows(NamedTuple):
    """What the blocks of one payload hold.

    values: float64 (columns, n), in the order of the category's columns; SI, NaN if not said.
    offset, block, category: int64 (n,): where each record and its block start, and which it is.
    faults: int64 (m, 7): blocks that were not read, as the kernel describes them.
    """

    values: FloatColumn
    offset: IntColumn
    block: IntColumn
    category: IntColumn
    faults: IntColumn


@cache
def program_for(editions: tuple[tuple[int, str], ...], spare_bits: str = "reject") -> Program:
    """The compiled program for the editions, given as (category, edition) pairs.

    Raises:
        ConfigurationError: an edition is not shipped.
    """
    tables = [load_table(category, edition) for category, edition in editions]
    taken = {category: tuple(TAKEN[category].values()) for category, _ in editions}
    return compile_program(tables, taken, refuse_spare=spare_bits == "reject")


def read_rows(payload: bytes, program: Program) -> Rows:
    """All data blocks of a payload in columns; a block that cannot be read leaves only a fault."""
    buffer = np.frombuffer(payload, dtype=np.uint8)
    capacity = len(buffer) // _OCTETS_PER_ROW + 8
    start = 0
    pieces: list[tuple[FloatColumn, IntColumn, IntColumn]] = []
    while start < len(buffer) or not pieces:
        values = np.empty((capacity, _WIDTH))
        places = np.empty((capacity, 3), dtype=np.int64)
        faults = np.empty((32 + capacity // 8, 7), dtype=np.int64)
        count, fault_count, after = read_blocks(program, buffer, start, values, places, faults)
        if after == start and len(buffer):
            capacity *= 2  # one block holds more records than there was room for
            continue
        start = after
        pieces.append((values[:count], places[:count], faults[:fault_count]))
    values, places, faults = (
        piece[0] if len(piece) == 1 else np.concatenate(piece)
        for piece in zip(*pieces, strict=True)
    )
    offset, block, category = np.ascontiguousarray(places.T)
    return Rows(np.ascontiguousarray(values.T), offset, block, category, faults)


def columns(payload: bytes, category: int = PLOTS, edition: str | None = None) -> dict[str, Array]:
    """Every record of one category in a whole buffer of blocks, as columns in SI units.

    The names are those of `TAKEN[category]`, and `offset`. Blocks that cannot be read, and
    other categories, are left out; use a decoder to hear of them.

    Raises:
        ConfigurationError: the edition is not shipped.

    >>> block = bytes.fromhex("22000bf0190d02356dfa60")
    >>> columns(block, category=34)["sector_deg"]
    array([135.])
    """
    chosen = edition or DEFAULT_EDITIONS[category]
    rows = read_rows(payload, program_for(((category, chosen),)))
    table: dict[str, Array] = dict(zip(TAKEN[category], rows.values, strict=False))
    return table | {"offset": rows.offset}
