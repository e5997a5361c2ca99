"""Batches and statuses into the data blocks that a real radar would send for them."""

from collections.abc import Iterator, Sequence
from functools import cache
from struct import pack

import numpy as np

from skypicket.domain.contracts import Message
from skypicket.domain.errors import FormatError
from skypicket.domain.noun import FloatColumn
from skypicket.domain.observations import ObservationBatch, SweptInterval, SweptSector
from skypicket.domain.sensors import Sensor, SensorStatus
from skypicket.domain.times import NS_PER_DAY, NS_PER_S
from skypicket.formats.asterix.columns import PLOTS, SERVICE
from skypicket.formats.asterix.identity import address_of
from skypicket.formats.asterix.marks import NORTH, SECTOR, faults_in
from skypicket.formats.asterix.tables import DEFAULT_EDITIONS, load_table
from skypicket.formats.asterix.text import letters_to_number

DATAGRAM_OCTETS = 1400
TIME_STEP_NS = NS_PER_S // 128
RANGE_STEP_M = 1852.0 / 256
AZIMUTH_STEP_DEG = 360.0 / 65536
LEVEL_STEP_M = 0.25 * 30.48
HEIGHT_STEP_M = 25 * 0.3048
SECTOR_STEP_DEG = 360.0 / 256
_TYPES = {"none": 0, "psr": 1, "ssr": 2, "ssr+psr": 3, "mode_s": 5, "mode_s+psr": 7}
_SIMULATED = 0x10
_STEP_OF = {  # column: item, step, lowest and highest raw value
    "range_m": (RANGE_STEP_M, 0, 65535),
    "azimuth_deg": (AZIMUTH_STEP_DEG, -65536, 131072),
    "pressure_alt_m": (LEVEL_STEP_M, -8192, 8191),
    "amsl_m": (HEIGHT_STEP_M, -8192, 8191),
    "radial_mps": (1.0, -512, 511),
}


def encode_batch(batch: ObservationBatch, sensor: Sensor) -> Sequence[Message]:
    """The datagrams of a `range_azimuth` batch: crossing, target reports, crossing.

    Values are rounded to the steps of the items. Without `swept` there are no crossings.

    Raises:
        FormatError: another kind, or a value that its item cannot hold.
    """
    if batch.kind != "range_azimuth":
        raise FormatError(
            f"ASTERIX 048 says range_azimuth, not {batch.kind}: the batch of {sensor.id!r} needs "
            "another format."
        )
    address = address_of(sensor.id)
    reports = list(_reports(batch, address))
    before, after = _crossings(batch, address)
    return [Message(source="", payload=p) for p in _datagrams(before, reports, after)]


def encode_status(status: SensorStatus, sensor: Sensor) -> Sequence[Message]:
    """A north marker with I034/050 that says how the radar is.

    Raises:
        FormatError: the state is `gone`; a radar that is gone says nothing.
    """
    if status.state == "gone":
        raise FormatError(f"ASTERIX 034 cannot say that {sensor.id!r} is gone: send nothing.")
    common = faults_in(status.text) if status.state == "degraded" else 0
    items = {
        "010": pack(">H", address_of(sensor.id)),
        "000": bytes([NORTH]),
        "030": _time(status.time_ns),
        "050": bytes([0x80, common | (0x20 if status.restarted else 0)]),
    }
    return [Message(source="", payload=_block(SERVICE, [_record(SERVICE, items)]))]


def _crossings(batch: ObservationBatch, address: int) -> tuple[list[bytes], list[bytes]]:
    """The crossings that begin and end the swept sector, as blocks."""
    swept = batch.swept
    if swept is None:
        return [], []
    match swept:
        case SweptSector():
            start_deg, extent_deg = swept.start_azimuth_deg, swept.extent_deg
        case SweptInterval():
            start_deg, extent_deg = 0.0, 360.0
    marks = ((start_deg, swept.from_ns), (start_deg + extent_deg, swept.to_ns))
    before, after = (
        _block(
            SERVICE,
            [
                _record(
                    SERVICE,
                    {
                        "010": pack(">H", address),
                        "000": bytes([SECTOR]),
                        "030": _time(time_ns),
                        "020": bytes([round(azimuth_deg / SECTOR_STEP_DEG) % 256]),
                    },
                )
            ],
        )
        for azimuth_deg, time_ns in marks
    )
    return [before], [after]


def _reports(batch: ObservationBatch, address: int) -> Iterator[bytes]:
    """One record of category 048 per row; for an empty simulated batch one without a position."""
    station = pack(">H", address)
    simulated = _SIMULATED if batch.simulated else 0
    if not len(batch) and batch.simulated and batch.swept is not None:
        items = {"010": station, "140": _time(batch.swept.to_ns), "020": bytes([simulated])}
        yield _record(PLOTS, items)
    raw = {name: _raw(batch, name) for name in _STEP_OF}
    claims = {name: values.tolist() for name, values in batch.claims.items()}
    for row, time_ns in enumerate(batch.time_ns.tolist()):
        said = {name: values[row] for name, values in claims.items() if values[row]}
        kind = _TYPES.get(said.get("detection", "psr"), 1)
        items = {
            "010": station,
            "140": _time(time_ns),
            "020": bytes([kind << 5 | simulated]),
            "040": pack(">HH", raw["range_m"][row], (raw["azimuth_deg"][row] or 0) & 0xFFFF),
        }
        yield _record(PLOTS, items | _heights(raw, row) | _identity(said))


def _heights(raw: dict[str, list[int | None]], row: int) -> dict[str, bytes]:
    items: dict[str, bytes] = {}
    if (level := raw["pressure_alt_m"][row]) is not None:
        items["090"] = pack(">H", level & 0x3FFF)
    if (height := raw["amsl_m"][row]) is not None:
        items["110"] = pack(">H", height & 0x3FFF)
    if (radial := raw["radial_mps"][row]) is not None:
        items["120"] = b"\x80" + pack(">H", radial & 0x3FF)
    return items


def _identity(said: dict[str, str]) -> dict[str, bytes]:
    """The items of the claims that category 048 has; a malformed claim is left out."""
    items: dict[str, bytes] = {}
    if (address := _number(said.get("icao24", ""), 16, 0xFFFFFF)) is not None:
        items["220"] = address.to_bytes(3, "big")
    if "callsign" in said:
        items["240"] = letters_to_number(said["callsign"]).to_bytes(6, "big")
    if (code := _number(said.get("mode_3a", ""), 8, 0o7777)) is not None:
        items["070"] = pack(">H", code)
    if (track := _number(said.get("track_number", ""), 10, 4095)) is not None:
        items["161"] = pack(">H", track)
    return items


def _number(text: str, base: int, highest: int) -> int | None:
    digits = "0123456789abcdef"[:base]
    if not text or any(letter not in digits for letter in text.lower()):
        return None
    number = int(text, base)
    return number if number <= highest else None


def _raw(batch: ObservationBatch, name: str) -> list[int | None]:
    """A column in steps of its item, None where it is NaN."""
    step, lowest, highest = _STEP_OF[name]
    values: FloatColumn = batch.column(name)
    absent = np.isnan(values)
    steps = np.rint(np.where(absent, 0.0, values) / step)
    bad = (steps < lowest) | (steps > highest)
    if name in {"range_m", "azimuth_deg"}:
        bad |= absent
    if bad.any():
        raise FormatError(
            f"ASTERIX 048 cannot say {name} {values[bad][0]} of {batch.sensor_id!r}: it takes "
            f"{lowest * step:g} to {highest * step:g}."
        )
    whole: list[int | None] = steps.astype(np.int64).tolist()
    for row in np.flatnonzero(absent).tolist():
        whole[row] = None
    return whole


def _time(time_ns: int) -> bytes:
    steps = (time_ns % NS_PER_DAY + TIME_STEP_NS // 2) // TIME_STEP_NS
    return (steps % (86_400 * 128)).to_bytes(3, "big")


@cache
def _fspec(category: int, present: frozenset[str]) -> tuple[bytes, tuple[str, ...]]:
    """The FSPEC that announces the items, and the order in which they follow."""
    order = next(iter(load_table(category, DEFAULT_EDITIONS[category]).uaps.values()))
    places = [place for place, name in enumerate(order) if name in present]
    octets = bytearray(places[-1] // 7 + 1)
    for place in places:
        octets[place // 7] |= 0x80 >> place % 7
    for octet in range(len(octets) - 1):
        octets[octet] |= 1
    return bytes(octets), tuple(name for name in order if name is not None and name in present)


def _record(category: int, items: dict[str, bytes]) -> bytes:
    fspec, order = _fspec(category, frozenset(items))
    return fspec + b"".join([items[name] for name in order])


def _block(category: int, records: Sequence[bytes]) -> bytes:
    content = b"".join(records)
    return pack(">BH", category, len(content) + 3) + content


def _datagrams(before: list[bytes], reports: list[bytes], after: list[bytes]) -> Iterator[bytes]:
    """Blocks packed in order into datagrams of at most `DATAGRAM_OCTETS`."""
    datagram, waiting, size = b"".join(before), list[bytes](), 0
    for report in reports:
        if len(datagram) + 3 + size + len(report) > DATAGRAM_OCTETS:
            yield datagram + _block(PLOTS, waiting)
            datagram, waiting, size = b"", [], 0
        waiting.append(report)
        size += len(report)
    if waiting:
        datagram += _block(PLOTS, waiting)
    for block in after:
        if len(datagram) + len(block) > DATAGRAM_OCTETS:
            yield datagram
            datagram = b""
        datagram += block
    if datagram:
        yield datagram
