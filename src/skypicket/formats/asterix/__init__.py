"""ASTERIX categories 034 (radar service messages) and 048 (radar target reports), both ways.

A data block is

    CAT (1 octet) | LEN (2 octets, header included) | record | record | …

and a record is an FSPEC (bit n says that item n follows, the lowest bit of each octet that
another octet of the FSPEC follows) and the items that it announces. The items and their order are
in `tables/`, by category and edition; adding a category is adding a table and the columns that
are wanted of it (`columns.py`).
"""

from collections.abc import Sequence

from skypicket.domain.contracts import Decoder, Message, SourceDescription
from skypicket.domain.observations import ObservationBatch
from skypicket.domain.sensors import Sensor, SensorStatus
from skypicket.formats.asterix.columns import columns
from skypicket.formats.asterix.decoder import NAME, AsterixDecoder
from skypicket.formats.asterix.encoder import encode_batch, encode_status
from skypicket.formats.asterix.records import records
from skypicket.formats.asterix.tables import DEFAULT_EDITIONS, editions

__all__ = ["DEFAULT_EDITIONS", "FORMAT", "columns", "editions", "records"]


class AsterixFormat:
    """The format `asterix`; its options stand in docs/formats/asterix.md."""

    name = NAME

    def decoder(self, source: SourceDescription) -> Decoder:
        """A decoder for one source.

        Raises:
            ConfigurationError: an option is unknown or has a wrong value.
        """
        return AsterixDecoder(source)

    def encode(self, noun: ObservationBatch | SensorStatus, sensor: Sensor) -> Sequence[Message]:
        """The datagrams that the radar would send, of at most 1,400 octets each.

        Raises:
            FormatError: the noun is neither a `range_azimuth` batch nor a status of a radar that
                is there, or holds a value that its item cannot say.
        """
        if isinstance(noun, ObservationBatch):
            return encode_batch(noun, sensor)
        return encode_status(noun, sensor)


FORMAT = AsterixFormat()
