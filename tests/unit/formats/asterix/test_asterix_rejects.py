from collections.abc import Callable
from random import Random
from typing import Any

import numpy as np
import pytest

from skypicket.domain.contracts import Decoding, Entry, Reject, SourceDescription
from skypicket.domain.errors import ConfigurationError, FormatError
from skypicket.formats.asterix import FORMAT, records
from skypicket.formats.asterix.compose import compose
from skypicket.formats.asterix.identity import MOST_STATIONS
from skypicket.formats.asterix.reasons import WORDS
from skypicket.formats.asterix.samples import random_block
from skypicket.testing.builders import NIGHT_NS, radar

Decode = Callable[..., list[Decoding]]
Plot = Callable[..., dict[str, Any]]


def rejects(decoding: Decoding) -> list[tuple[str, int]]:
    return [(reject.reason, reject.offset) for reject in decoding.rejects]


def only(decode: Decode, payload: bytes, **options: Any) -> Reject:
    (decoding,) = decode(payload, **options)
    assert not decoding.batches
    (reject,) = decoding.rejects
    return reject


def edited(block: bytes, place: int, octet: int) -> bytes:
    return block[:place] + bytes([octet]) + block[place + 1 :]


@pytest.mark.parametrize(
    ("payload", "reason", "offset"),
    [
        (b"", "truncated", 0),
        (b"\x30", "truncated", 0),
        (b"\x30\x00", "truncated", 0),
        (b"\x30\x00\x00", "bad_length", 0),
        (b"\x30\x00\x03", "bad_length", 0),
        (b"\x30\x00\x09\x80", "truncated", 0),
        (bytes(64), "bad_length", 0),
        (b"\xff" * 64, "truncated", 0),
        (bytes.fromhex("3e0004ff"), "unsupported_category", 0),
        (bytes.fromhex("30000400"), "empty_record", 4),
        (bytes.fromhex("300008ffffffff00"), "fspec_overrun", 6),
        (bytes.fromhex("30000480"), "record_overrun", 3),
        (bytes.fromhex("300006801903"), "missing_item", 3),
        (bytes.fromhex("220008f4190d02356dfa"[:16]), "record_overrun", 3),
    ],
)
def test_a_block_that_cannot_be_read_is_one_named_reject(
    decode: Decode, payload: bytes, reason: str, offset: int
) -> None:
    reject = only(decode, payload)
    assert (reject.reason, reject.offset) == (reason, offset)
    assert (reject.source, reject.sequence, reject.format) == ("rdr", 1, "asterix")
    assert reject.detail


def test_the_detail_says_what_was_needed(decode: Decode, plot: Plot) -> None:
    block = compose(48, [plot(), plot()])
    short = block[:1] + (len(block) - 3).to_bytes(2, "big") + block[3:-3]
    assert only(decode, short).detail == (
        "ASTERIX 048 edition 1.32, block at 0: record 2 needs 3 octets beyond its block in "
        "I048/040 (offset 14)."
    )


def test_a_time_of_day_of_86400_s_is_out_of_range(decode: Decode, plot: Plot) -> None:
    block = compose(48, [plot()])
    late = block[:6] + (86_400 * 128).to_bytes(3, "big") + block[9:]
    assert rejects(decode(late)[0]) == [("bad_value", 6)]


def test_an_unknown_message_type_of_034_is_out_of_range(decode: Decode) -> None:
    block = compose(34, [{"010": {"SAC": 25, "SIC": 13}, "000": 2}])
    assert rejects(decode(edited(block, 6, 0))[0]) == [("bad_value", 6)]


def test_spare_bits_are_refused_unless_told_to_ignore_them(decode: Decode, plot: Plot) -> None:
    block = compose(48, [plot(i161={"TRN": 7})])
    assert block[-2:] == b"\x00\x07"
    bad = edited(block, len(block) - 2, 0x80)
    assert rejects(decode(bad)[0]) == [("spare_bits_set", len(block) - 2)]
    (lenient,) = decode(bad, spare_bits="ignore")
    assert len(lenient.batches[0]) == 1


def test_a_repetition_that_runs_out_of_the_block_is_refused(decode: Decode, plot: Plot) -> None:
    block = compose(48, [plot(i250=[{"MBDATA": 1, "BDS1": 4, "BDS2": 0}])])
    counter = len(block) - 9
    assert block[counter] == 1
    assert only(decode, edited(block, counter, 200)).reason == "record_overrun"


def test_a_field_of_length_zero_is_refused(decode: Decode, plot: Plot) -> None:
    block = compose(48, [plot(SP="00")])
    assert only(decode, edited(block, len(block) - 2, 0)).reason == "bad_item_length"


def test_an_fspec_that_names_an_undefined_place_is_refused(decode: Decode) -> None:
    block = compose(34, [{"010": {"SAC": 25, "SIC": 13}, "000": 1, "050": {"PSR": {"ANT": 1}}}])
    assert block[-2:] == b"\x10\x80"
    assert only(decode, edited(block, len(block) - 2, 0x50)).reason == "undefined_item"


def test_a_later_edition_is_named_as_such(decode: Decode, plot: Plot) -> None:
    far = plot(i020={"TYP": 1, "IRMXPR": {"EP": 1, "VAL": 1}})
    block = compose(48, [far], "1.32")
    reject = only(decode, block, editions={"048": "1.27"})
    assert reject.reason == "wrong_edition"
    assert 'editions = { "048" = "1.32" }' in reject.detail


@pytest.mark.parametrize("cut", range(1, 17))
def test_a_cut_block_gives_no_row(decode: Decode, plot: Plot, cut: int) -> None:
    block = compose(48, [plot(i161={"TRN": 7})])
    assert len(block) == 17
    assert only(decode, block[:-cut]).reason in {"truncated", "bad_length"}


def test_one_bad_record_refuses_its_whole_block_and_no_other(decode: Decode, plot: Plot) -> None:
    good = compose(48, [plot(), plot()])
    bad = edited(good, len(good) // 2 + 4, 0)  # the second record's data source becomes 0/13
    worse = good[:1] + (len(good) - 1).to_bytes(2, "big") + good[3:-1]
    (decoding,) = decode(good + worse + bytes.fromhex("3e0004ff") + bad)
    assert [(b.sensor_id, len(b)) for b in decoding.batches][:1] == [("25/13", 2)]
    assert sum(len(b) for b in decoding.batches) == 4
    assert [reason for reason, _ in rejects(decoding)] == ["record_overrun", "unsupported_category"]


def test_what_follows_a_good_block_is_refused_by_itself(decode: Decode, plot: Plot) -> None:
    good = compose(48, [plot()])
    (decoding,) = decode(good + b"\0\0\0\0")
    assert [len(batch) for batch in decoding.batches] == [1]
    assert rejects(decoding) == [("bad_length", len(good))]


def test_a_sender_that_is_no_sensor_of_the_source_is_refused(decode: Decode, plot: Plot) -> None:
    block = compose(48, [plot(), plot(i010={"SAC": 25, "SIC": 14})])
    reject = only(decode, block, sensors=[radar("25/13")])
    assert (reject.reason, reject.offset) == ("unknown_sensor", 0)
    assert "25/14" in reject.detail


def test_a_flood_of_senders_is_bounded(decode: Decode, plot: Plot) -> None:
    blocks = [compose(48, [plot(i010={"SAC": n // 256, "SIC": n % 256})]) for n in range(400)]
    (decoding,) = decode(b"".join(blocks))
    assert len(decoding.batches) == MOST_STATIONS
    assert {reject.reason for reject in decoding.rejects} == {"unknown_sensor"}


def test_records_raises_what_the_decoder_rejects() -> None:
    with pytest.raises(FormatError, match="unsupported_category"):
        records(bytes.fromhex("3e0004ff"))


def test_every_reason_is_one_stable_word() -> None:
    assert all(word.replace("_", "").isalpha() and word.islower() for word in WORDS.values())


@pytest.mark.parametrize(
    "options",
    [
        {"edition": "1.32"},
        {"editions": {"048": "9.9"}},
        {"editions": {"062": "1.20"}},
        {"editions": "1.32"},
        {"sectors": "no"},
        {"sectors": True, "rows": "all"},
        {"rows": "some"},
        {"spare_bits": "keep"},
        {"sector_timeout_s": -1},
        {"sensor": 7},
        {"identities": {"25": "R1"}},
        {"identities": "R1"},
    ],
)
def test_wrong_options_are_refused_with_the_name_of_the_source(options: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match="'rdr'"):
        FORMAT.decoder(SourceDescription(source="rdr", sensors={}, options=options))


def test_random_octets_give_rejects_and_no_rows() -> None:
    chance = Random(7)
    decoder = FORMAT.decoder(SourceDescription(source="rdr", sensors={}))
    for n in range(2000):
        payload = chance.randbytes(chance.randint(1, 300))
        decoding = decoder.decode(
            Entry(sequence=n, kind="message", source="rdr", received_ns=NIGHT_NS, payload=payload)
        )
        assert decoding.rejects
        assert not decoding.batches


def test_of_random_blocks_with_one_flipped_bit_no_more_rows_come_than_were_sent() -> None:
    chance = np.random.default_rng(11)
    decoder = FORMAT.decoder(SourceDescription(source="rdr", sensors={}, options={"rows": "all"}))
    refused = 0
    for n in range(500):
        block = bytearray(random_block(48, chance, 4))
        place = int(chance.integers(24))
        block[place // 8] ^= 1 << place % 8
        decoding = decoder.decode(
            Entry(
                sequence=n, kind="message", source="rdr", received_ns=NIGHT_NS, payload=bytes(block)
            )
        )
        refused += bool(decoding.rejects)
        assert sum(len(batch) for batch in decoding.batches) <= 4
    assert refused == 500  # a header that is wrong in any bit is always noticed
