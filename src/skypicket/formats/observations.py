"""Observation lines: one JSON object per row, the public file format of observations; and Parquet.

Keys are `kind`, `sensor_id`, `time_ns`, the columns of that kind, `text` (of a sighting), `claims`,
`received_ns`, `simulated`. Rows that share sensor, time and kind are one scan, so one batch, in
the order of their first rows. What a batch swept is not said.
"""

from collections.abc import Sequence

from skypicket.domain.contracts import Decoding, Entry, Message, SourceDescription
from skypicket.domain.errors import FormatError
from skypicket.domain.observations import ObservationBatch
from skypicket.domain.sensors import Sensor, SensorStatus
from skypicket.formats.observation_lines import observation_lines, read_lines
from skypicket.formats.observation_table import RowRefusal, Table, batches_of, check
from skypicket.formats.origin import Refusal, check_options, rejected

NAME = "observations"
PARQUET_MAGIC = b"PAR1"


class ObservationsDecoder:
    """Lines of any sensors of one source.

    With the option `parquet` a payload may be a whole Parquet file; live links do without, because
    a small one may unpack to a very large one.
    """

    def __init__(self, source: SourceDescription) -> None:
        check_options(source, NAME, {"parquet"})
        self._sensors = source.sensors
        self._reads_parquet = source.options.get("parquet") is True

    def decode(self, entry: Entry) -> Decoding:
        """One batch per scan; a bad row rejects only itself.

        The offset of a row is the byte where its line starts; in Parquet, the row's number.
        """
        read = self._read(entry.payload)
        if isinstance(read, Refusal):
            return Decoding(rejects=(rejected(entry, NAME, read),))
        table, refused = read
        table, refused_rows = check(table, self._sensors)
        return Decoding(
            batches=tuple(batches_of(table, self._sensors, entry)),
            rejects=tuple(
                rejected(entry, NAME, row.refusal, row.offset)
                for row in sorted(refused + refused_rows)
            ),
        )

    def _read(self, payload: bytes) -> tuple[Table, list[RowRefusal]] | Refusal:
        if not self._reads_parquet or not payload.startswith(PARQUET_MAGIC):
            return read_lines(payload)
        # pyarrow is slow to import, and lines need none of it
        from skypicket.formats.observation_parquet import read_table  # noqa: PLC0415

        return read_table(payload)

    def snapshot(self) -> bytes:
        """Nothing: each message stands alone."""
        return b""

    def restore(self, state: bytes) -> None:
        """Nothing to take up."""


class ObservationsFormat:
    """The format `observations`."""

    name = NAME

    def decoder(self, source: SourceDescription) -> ObservationsDecoder:
        """A decoder for one source.

        Raises:
            ConfigurationError: an option is unknown.
        """
        return ObservationsDecoder(source)

    def encode(self, noun: ObservationBatch | SensorStatus, sensor: Sensor) -> Sequence[Message]:
        """All rows of a batch as one message of lines.

        Raises:
            FormatError: the noun is a status, or a batch without rows.
        """
        if not isinstance(noun, ObservationBatch) or not len(noun):
            raise FormatError(f"The format {NAME} says rows of {sensor.id!r}, and here are none.")
        return [Message(source="", payload=observation_lines(noun))]


FORMAT = ObservationsFormat()
