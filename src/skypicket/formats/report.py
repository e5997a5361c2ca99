"""Reports of people who saw or heard something: one JSON object → one `sighting`.

Keys: `lat_deg`, `lon_deg`; optional `sigma_m` (1000), `time` (ISO 8601 or nanoseconds; absent
means when it was received), `sigma_time_s` (120), `first_hand` (false), `course_deg` with
`sigma_course_deg` (45), `alt_m`, `sigma_alt_m`, `reliability`, `text`, `simulated`, `contact`.
`contact` never leaves the payload: no noun holds it.
"""

from collections.abc import Sequence
from typing import Annotated

import msgspec
import numpy as np
from msgspec import Meta

from skypicket.domain.contracts import Decoding, Entry, Message, SourceDescription
from skypicket.domain.errors import FormatError, InputError
from skypicket.domain.observations import ObservationBatch, batch_of, rows_of
from skypicket.domain.sensors import (
    Latitude,
    Longitude,
    Positive,
    Probability,
    Sensor,
    SensorStatus,
)
from skypicket.domain.times import NS_PER_S, parse_time
from skypicket.formats.json_text import plain_text, read_json
from skypicket.formats.origin import (
    Refusal,
    check_options,
    label_of,
    number_option,
    rejected,
    sensor_of,
)

NAME = "report"
MAX_BYTES = 16_384
TEXT_CHARACTERS = 280
SIGMA_M = 1_000.0  # a village, or "over the forest there"
SIGMA_TIME_S = 120.0
SIGMA_COURSE_DEG = 45.0  # "towards the north-west"
MAX_AHEAD_S = 60.0  # how far a report's time may lie after its receipt

Course = Annotated[float, Meta(ge=0, le=360)]
Height = Annotated[float, Meta(ge=-1_000, le=100_000)]
Private = Annotated[str, Meta(max_length=500)]
_TimeNs = Annotated[int, Meta(ge=0, le=2**63 - 1)]

_OPTIONAL = ("course_deg", "sigma_course_deg", "alt_m", "sigma_alt_m")


class Contact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How to reach the reporter; it is decoded to be checked, and goes no further."""

    name: Private = ""
    phone: Private = ""
    email: Private = ""
    address: Private = ""


class Report(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The JSON of one report; see the module for the defaults."""

    lat_deg: Latitude
    lon_deg: Longitude
    sigma_m: Positive = SIGMA_M
    time: str | _TimeNs | None = None
    sigma_time_s: Positive = SIGMA_TIME_S
    first_hand: bool = False
    course_deg: Course | None = None
    sigma_course_deg: Positive | None = None
    alt_m: Height | None = None
    sigma_alt_m: Positive | None = None
    reliability: Probability | None = None
    text: str = ""
    simulated: bool = False
    contact: Contact | None = None


_REPORT = msgspec.json.Decoder(Report)


class ReportDecoder:
    """Reports of one source. Options: `sensor` (whose sightings they are), `max_ahead_s`."""

    def __init__(self, source: SourceDescription) -> None:
        check_options(source, NAME, {"sensor", "max_ahead_s"})
        self._sensor_id = sensor_of(source, "person")
        self._label = label_of(source.sensors.get(self._sensor_id))
        self._max_ahead_s = number_option(source, "max_ahead_s", MAX_AHEAD_S)

    def decode(self, entry: Entry) -> Decoding:
        """The one sighting that the payload says, or the one reject."""
        found = self._sighting(entry)
        if isinstance(found, Refusal):
            return Decoding(rejects=(rejected(entry, NAME, found),))
        return Decoding(batches=(found,))

    def _sighting(self, entry: Entry) -> ObservationBatch | Refusal:
        if len(entry.payload) > MAX_BYTES:
            return Refusal("too_large", MAX_BYTES, f"A report has at most {MAX_BYTES} bytes.")
        report = read_json(entry.payload, _REPORT)
        if isinstance(report, Refusal):
            return report
        time_ns = self._time_ns(report, entry)
        if isinstance(time_ns, Refusal):
            return time_ns
        return batch_of(
            "sighting",
            self._sensor_id,
            np.array([time_ns]),
            {name: [value] for name, value in _columns(report).items()},
            claims={name: np.array([value]) for name, value in _claims(report).items()},
            received_ns=entry.received_ns,
            source=entry.source,
            sequence=entry.sequence,
            simulated=report.simulated,
            releasability=self._label,
        )

    def _time_ns(self, report: Report, entry: Entry) -> int | Refusal:
        where = max(entry.payload.find(b'"time"'), 0)
        if report.time is None:
            return entry.received_ns
        try:
            time_ns = parse_time(report.time) if isinstance(report.time, str) else report.time
        except InputError:
            sentence = "$.time is no ISO 8601 time with a zone, such as 2025-07-28T04:56:00+03:00."
            return Refusal("bad_time", where, sentence)
        if not 0 <= time_ns < 2**63:
            return Refusal("out_of_range", where, "$.time is not between 1970 and 2262.")
        if (time_ns - entry.received_ns) / NS_PER_S > self._max_ahead_s:
            sentence = f"$.time is more than {self._max_ahead_s:g} s after the report was received."
            return Refusal("future_time", where, sentence)
        return time_ns

    def snapshot(self) -> bytes:
        """Nothing: each report stands alone."""
        return b""

    def restore(self, state: bytes) -> None:
        """Nothing to take up."""


def _columns(report: Report) -> dict[str, float]:
    columns = {
        "lat_deg": report.lat_deg,
        "lon_deg": report.lon_deg,
        "sigma_m": report.sigma_m,
        "sigma_time_s": report.sigma_time_s,
        "first_hand": float(report.first_hand),
    }
    for name in _OPTIONAL:
        value = getattr(report, name)
        if value is not None:
            columns[name] = value
    if report.course_deg is not None:
        columns.setdefault("sigma_course_deg", SIGMA_COURSE_DEG)
    else:
        columns.pop("sigma_course_deg", None)
    return columns


def _claims(report: Report) -> dict[str, str]:
    claims = {}
    if text := plain_text(report.text, TEXT_CHARACTERS):
        claims["text"] = text
    if report.reliability is not None:
        claims["reliability"] = repr(report.reliability)
    return claims


class ReportFormat:
    """The format `report`."""

    name = NAME

    def decoder(self, source: SourceDescription) -> ReportDecoder:
        """A decoder for one source.

        Raises:
            ConfigurationError: an option is unknown or has a wrong value.
        """
        return ReportDecoder(source)

    def encode(self, noun: ObservationBatch | SensorStatus, sensor: Sensor) -> Sequence[Message]:
        """One message per row of a `sighting` batch, as the page would post it.

        Raises:
            FormatError: the noun is no sighting.
        """
        if not isinstance(noun, ObservationBatch) or noun.kind != "sighting":
            raise FormatError(f"The format {NAME} says sightings of {sensor.id!r} only.")
        return [Message(source="", payload=msgspec.json.encode(said)) for said in _reports_of(noun)]


def _reports_of(batch: ObservationBatch) -> list[dict[str, object]]:
    reports: list[dict[str, object]] = []
    for row in rows_of(batch):
        said: dict[str, object] = {**row.values, "time": row.time_ns}
        said["first_hand"] = row.values["first_hand"] >= 0.5
        for name in ("amsl_m", "sigma_amsl_m", "pressure_alt_m"):
            if name in said:
                raise FormatError(f"The format {NAME} cannot say {name}; give alt_m.")
        if "text" in row.claims:
            said["text"] = row.claims["text"]
        if "reliability" in row.claims:
            said["reliability"] = float(row.claims["reliability"])
        if batch.simulated:
            said["simulated"] = True
        reports.append(said)
    return reports


FORMAT = ReportFormat()
