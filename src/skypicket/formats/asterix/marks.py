"""Rows of category 034 into sensor statuses."""

import numpy as np

from skypicket.domain.contracts import Entry
from skypicket.domain.noun import FloatColumn
from skypicket.domain.sensors import SensorStatus
from skypicket.formats.asterix.columns import MARK
from skypicket.formats.asterix.identity import Station

NORTH, SECTOR, FILTER = 1, 2, 3
# Messages that say something is wrong by themselves.
_MESSAGES = {
    4: "jamming strobe",
    5: "solar storm",
    6: "SSR jamming strobe",
    7: "Mode S jamming strobe",
}
# Bits that mean a degraded radar where they are set.
_FAULTS = {
    "nogo": "not released for operational use",
    "overload_processor": "plot processor overloaded",
    "overload_transmission": "transmission overloaded",
    "time_invalid": "time source invalid",
    "overload_psr": "PSR overloaded",
    "overload_ssr": "SSR overloaded",
    "overload_mode_s": "Mode S overloaded",
    "overload_coordination": "surveillance coordination overloaded",
    "overload_data_link": "data link overloaded",
    "reduction_processor": "plot processor reduces its load",
    "reduction_transmission": "transmission reduces its load",
    "reduction_psr": "PSR reduces its load",
    "reduction_ssr": "SSR reduces its load",
    "reduction_mode_s": "Mode S reduces its load",
}
_CHANNELS = {"channels_psr": "PSR", "channels_ssr": "SSR", "channels_mode_s": "Mode S"}


def status_of(row: FloatColumn, time_ns: int, station: Station, entry: Entry) -> SensorStatus:
    """What one service message says of the radar: alive, or degraded and why.

    row: float64, one record in the order of `SERVICE_COLUMNS`.
    """
    message = int(row[MARK["message"]])
    wrong = [text for name, text in _FAULTS.items() if row[MARK[name]] > 0]
    wrong += [f"no {text} channel" for name, text in _CHANNELS.items() if row[MARK[name]] == 0]
    if message in _MESSAGES:
        wrong.append(_MESSAGES[message])
    notes = list(wrong)
    if row[MARK["monitor_off"]] == 1:
        notes.append("monitoring system disconnected")
    if message == FILTER:
        notes.append("an area is filtered out")
    period_s = row[MARK["period_s"]]
    if not np.isnan(period_s):
        notes.append(f"turns in {period_s:.2f} s")
    return SensorStatus(
        sensor_id=station.sensor_id,
        time_ns=time_ns,
        state="degraded" if wrong else "alive",
        received_ns=entry.received_ns,
        restarted=bool(row[MARK["restart"]] == 1),
        text=", ".join(notes),
        releasability=station.releasability,
    )


# Bits of I034/050 COM for the faults that it can name.
_COMMON_BITS = {
    "nogo": 0x80,
    "overload_processor": 0x10,
    "overload_transmission": 0x08,
    "time_invalid": 0x02,
}


def faults_in(text: str) -> int:
    """The octet I034/050 COM for what a status says; "not released" where it names nothing."""
    bits = 0
    for name, bit in _COMMON_BITS.items():
        if _FAULTS[name] in text:
            bits |= bit
    return bits or _COMMON_BITS["nogo"]
