from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from skypicket.domain.codec import pack
from skypicket.domain.contracts import Decoding, SourceDescription
from skypicket.domain.observations import ObservationBatch, SweptInterval, SweptSector
from skypicket.domain.sensors import Sensor, SensorStatus
from skypicket.domain.times import NS_PER_S
from skypicket.formats.asterix import FORMAT
from skypicket.formats.asterix.compose import compose
from skypicket.testing.builders import NIGHT_NS, radar

Decode = Callable[..., list[Decoding]]
Plot = Callable[..., dict[str, Any]]
SectorOf = Callable[..., ObservationBatch]
START_S = float((NIGHT_NS // NS_PER_S) % 86_400)


def encoded(noun: ObservationBatch | SensorStatus, sensor: Sensor) -> bytes:
    return b"".join(message.payload for message in FORMAT.encode(noun, sensor))


def crossing(azimuth_deg: float, after_s: float) -> bytes:
    record = {"010": {"SAC": 25, "SIC": 13}, "000": 2, "030": START_S + after_s}
    return compose(34, [record | {"020": azimuth_deg}])


def said(decodings: list[Decoding]) -> list[tuple[int, float | None]]:
    """Rows and the start of the swept sector of every batch."""
    return [
        (len(b), b.swept.start_azimuth_deg if isinstance(b.swept, SweptSector) else None)
        for decoding in decodings
        for b in decoding.batches
    ]


def test_plots_between_crossings_are_one_batch_with_its_sector(
    decode: Decode, sector: SectorOf, east: Sensor
) -> None:
    (decoding,) = decode(encoded(sector(2), east), sensors=[east])
    (batch,) = decoding.batches
    assert len(batch) == 5
    swept = batch.swept
    assert isinstance(swept, SweptSector)
    assert swept.start_azimuth_deg == pytest.approx(60.0, abs=0.71)
    assert swept.extent_deg == pytest.approx(30.0, abs=1.41)
    assert swept.from_ns == NIGHT_NS + NS_PER_S // 2
    assert swept.to_ns == NIGHT_NS + 3 * NS_PER_S // 4
    assert (swept.min_range_m, swept.max_range_m) == (0.0, 200_000.0)


def test_each_sector_is_said_when_its_end_is_crossed(
    decode: Decode, sector: SectorOf, east: Sensor
) -> None:
    decodings = decode(*(encoded(sector(n), east) for n in range(12)), sensors=[east])
    assert [len(decoding.batches) for decoding in decodings] == [1] * 12


def test_an_empty_sector_is_said_because_silence_means_something(
    decode: Decode, sector: SectorOf, east: Sensor
) -> None:
    (decoding,) = decode(encoded(sector(0, count=0), east), sensors=[east])
    (batch,) = decoding.batches
    assert len(batch) == 0
    assert isinstance(batch.swept, SweptSector)
    assert not batch.simulated


def test_an_empty_simulated_sector_stays_simulated(
    decode: Decode, sector: SectorOf, east: Sensor
) -> None:
    (decoding,) = decode(encoded(sector(0, count=0, simulated=True), east), sensors=[east])
    (batch,) = decoding.batches
    assert batch.simulated
    assert len(batch) == 0


def test_a_whole_turn_is_one_sector_of_360_degrees(
    decode: Decode, sector: SectorOf, east: Sensor
) -> None:
    turn = SweptInterval(from_ns=NIGHT_NS, to_ns=NIGHT_NS + 4 * NS_PER_S)
    (decoding,) = decode(encoded(sector(0, swept=turn), east), sensors=[east])
    (batch,) = decoding.batches
    assert isinstance(batch.swept, SweptSector)
    assert batch.swept.extent_deg == 360.0


def test_a_crossing_sent_twice_changes_nothing(decode: Decode) -> None:
    decodings = decode(crossing(0.0, 0.0), crossing(45.0, 0.5), crossing(45.0, 0.5))
    assert said(decodings) == [(0, 0.0)]


def test_a_batch_over_several_datagrams_says_where_each_row_came_from(
    decode: Decode, sector: SectorOf, east: Sensor
) -> None:
    messages = FORMAT.encode(sector(0, count=200), east)
    assert len(messages) > 1
    assert all(len(message.payload) <= 1400 for message in messages)
    decodings = decode(*(message.payload for message in messages), sensors=[east])
    (batch,) = [batch for decoding in decodings for batch in decoding.batches]
    assert len(batch) == 200
    assert batch.sequence == len(messages)
    assert sorted(set(batch.columns["sequence"].tolist())) == list(range(1, len(messages) + 1))


def test_without_crossings_each_block_is_a_batch_without_a_sector(
    decode: Decode, plot: Plot
) -> None:
    block = compose(48, [plot(), plot()])
    assert said(decode(block + block, block)) == [(2, None)] * 3


def test_the_option_sectors_false_says_each_block_at_once(
    decode: Decode, sector: SectorOf, east: Sensor
) -> None:
    decodings = decode(encoded(sector(0), east), sensors=[east], sectors=False)
    assert said(decodings) == [(5, None)]


def test_when_crossings_stop_the_plots_go_out_without_a_sector(decode: Decode, plot: Plot) -> None:
    late = compose(48, [plot(i140=START_S + 0.75)])
    decodings = decode(
        crossing(0.0, 0.0),
        crossing(45.0, 0.5),
        late,
        *[b"\x3e\x00\x04\xff"] * 3,
        sector_timeout_s=2.5,
    )
    assert [len(decoding.batches) for decoding in decodings] == [0, 1, 0, 0, 1, 0]
    assert said(decodings)[-1] == (1, None)


def test_a_radar_that_sends_plots_late_has_its_sectors_wait_for_them(
    decode: Decode, plot: Plot
) -> None:
    payloads = []
    for n in range(16):  # plots come 1 s after the beam, that is two sectors later
        measured = plot(i140=START_S + 0.5 * n - 0.75, i040={"RHO": 9000.0, "THETA": 0.0})
        measured["040"]["THETA"] = (45.0 * n - 67.5) % 360.0
        payloads += [crossing(45.0 * n % 360.0, 0.5 * n), compose(48, [measured])]
    found = said(decode(*payloads))
    assert found[:2] == [(1, None)] * 2  # measured before the first crossing
    assert found[2:] == [(1, 45.0 * n % 360.0) for n in range(13)]


def test_a_plot_far_from_the_beam_takes_the_sector_away(decode: Decode, plot: Plot) -> None:
    block = compose(48, [plot(i140=START_S + 0.25, i040={"RHO": 9000.0, "THETA": 200.0})])
    assert said(decode(crossing(0.0, 0.0), block, crossing(45.0, 0.5))) == [(1, None)]


def test_a_beam_that_jumps_has_not_looked_between(decode: Decode) -> None:
    decodings = decode(
        crossing(0.0, 0.0), crossing(45.0, 0.5), crossing(180.0, 0.5), crossing(225.0, 1.0)
    )
    assert said(decodings) == [(0, 0.0), (0, pytest.approx(180.0))]


def test_a_lost_crossing_leaves_its_sector_unclaimed(decode: Decode, plot: Plot) -> None:
    block = compose(48, [plot(i140=START_S + 1.25, i040={"RHO": 9000.0, "THETA": 110.0})])
    decodings = decode(
        crossing(0.0, 0.0), crossing(45.0, 0.5), block, crossing(135.0, 1.5), crossing(180.0, 2.0)
    )
    assert said(decodings) == [(0, 0.0), (1, None), (0, 135.0)]


def test_a_wide_sector_in_one_message_is_claimed(
    decode: Decode, sector: SectorOf, east: Sensor
) -> None:
    wide = SweptSector(
        start_azimuth_deg=30.0,
        extent_deg=90.0,
        min_range_m=0.0,
        max_range_m=200_000.0,
        from_ns=NIGHT_NS + NS_PER_S // 4,
        to_ns=NIGHT_NS + NS_PER_S,
    )
    payloads = encoded(sector(0), east), encoded(sector(1, swept=wide), east)
    assert [rows for rows, _ in said(decode(*payloads, sensors=[east]))] == [5, 5]


def test_a_north_marker_counts_as_crossing_north(decode: Decode) -> None:
    north = compose(34, [{"010": {"SAC": 25, "SIC": 13}, "000": 1, "030": START_S + 1.0}])
    decodings = decode(crossing(270.0, 0.0), crossing(315.0, 0.5), north, crossing(45.0, 1.5))
    assert said(decodings) == [(0, 270.0), (0, 315.0), (0, 0.0)]


def test_a_north_marker_at_another_time_is_only_a_status(decode: Decode) -> None:
    north = compose(34, [{"010": {"SAC": 25, "SIC": 13}, "000": 1, "030": START_S + 0.6}])
    decodings = decode(crossing(0.0, 0.0), crossing(45.0, 0.5), north)
    assert said(decodings) == [(0, 0.0)]
    assert [status.state for status in decodings[2].statuses] == ["alive"]


def test_an_interrupted_decoder_goes_on_as_if_nothing_had_happened(
    decode: Decode, sector: SectorOf, east: Sensor
) -> None:
    source = SourceDescription(source="rdr", sensors={east.id: east})
    payloads = [m.payload for n in range(6) for m in FORMAT.encode(sector(n, count=90), east)]
    whole = decode(*payloads, decoder=FORMAT.decoder(source))
    assert sum(len(b) for d in whole for b in d.batches) == 6 * 90
    for cut in range(1, len(payloads)):
        before, after = FORMAT.decoder(source), FORMAT.decoder(source)
        decode(*payloads[:cut], decoder=before)
        after.restore(before.snapshot())
        assert after.snapshot() == before.snapshot()
        rest = decode(*payloads[cut:], decoder=after, first=cut + 1)
        assert pack(rest) == pack(whole[cut:])


@pytest.mark.parametrize(
    "text", ["time source invalid", "not released for operational use", "transmission overloaded"]
)
def test_a_status_comes_back_as_it_was_sent(decode: Decode, east: Sensor, text: str) -> None:
    status = SensorStatus(sensor_id=east.id, time_ns=NIGHT_NS, state="degraded", text=text)
    (decoding,) = decode(encoded(status, east), sensors=[east])
    (back,) = decoding.statuses
    assert (back.sensor_id, back.time_ns, back.state, back.text) == (
        east.id,
        NIGHT_NS,
        "degraded",
        text,
    )


def test_a_restart_is_said_in_the_status(decode: Decode, east: Sensor) -> None:
    status = SensorStatus(sensor_id=east.id, time_ns=NIGHT_NS, state="alive", restarted=True)
    (decoding,) = decode(encoded(status, east), sensors=[east])
    assert [(s.state, s.restarted) for s in decoding.statuses] == [("alive", True)]


def test_jamming_is_a_degraded_radar(decode: Decode) -> None:
    block = compose(34, [{"010": {"SAC": 25, "SIC": 13}, "000": 4}])
    (decoding,) = decode(block)
    assert [(s.state, s.text) for s in decoding.statuses] == [("degraded", "jamming strobe")]
    assert decoding.statuses[0].time_ns == NIGHT_NS


def test_crossings_say_a_status_only_when_it_changes(decode: Decode) -> None:
    def crossed(n: int, overload: int) -> bytes:
        record = {"010": {"SAC": 25, "SIC": 13}, "000": 2, "030": START_S + n, "020": 45.0 * n}
        return compose(34, [record | {"050": {"COM": {"OVLRDP": overload}}}])

    decodings = decode(crossed(0, 0), crossed(1, 0), crossed(2, 1), crossed(3, 1), crossed(4, 0))
    assert [[s.state for s in d.statuses] for d in decodings] == [
        ["alive"],
        [],
        ["degraded"],
        [],
        ["alive"],
    ]


def test_two_radars_in_one_source_keep_their_sectors_apart(
    decode: Decode, sector: SectorOf
) -> None:
    radars = [radar("25/13"), radar("25/14")]
    payloads = [encoded(sector(n), one) for n in range(4) for one in radars]
    decodings = decode(*payloads, sensors=radars)
    names = [batch.sensor_id for decoding in decodings for batch in decoding.batches]
    assert names == ["25/13", "25/14"] * 4
    assert {int(np.sum([len(b) for b in d.batches])) for d in decodings} == {5}
