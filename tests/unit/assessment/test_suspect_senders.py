"""Self-reports against what a radar measures, through the tracker as on a real night."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
import numpy as np
import pytest

from skypicket.assessment import AssessmentStage, Rules, claims
from skypicket.assessment.claimed import GATE_D2, Motion, pairs_of
from skypicket.domain.assessments import ClaimMatch, SensorSilence, SpoofSuspicion
from skypicket.domain.codec import to_json
from skypicket.domain.contracts import Tick
from skypicket.domain.noun import Noun
from skypicket.domain.observations import ObservationBatch, SweptSector, batch_of
from skypicket.domain.sensors import ConstantDetection, Sensor
from skypicket.domain.tracks import TrackBatch
from skypicket.geo.frame import TheatreFrame
from skypicket.testing.borders import StraightBorder
from skypicket.testing.builders import NIGHT_NS, plot_batch
from skypicket.tracking import Tracker, TrackerConfig

SECOND_NS = 1_000_000_000
TURN_S = 4
ABOUT_SENDERS = (SpoofSuspicion, ClaimMatch, SensorSilence)
REACH_M = 100_000.0
FRAME = TheatreFrame(54.7, 25.3)
SENSORS = {
    "R1": Sensor(
        id="R1", kind="radar", lat_deg=54.7, lon_deg=25.3, max_range_m=REACH_M, period_s=TURN_S,
        false_alarms_per_scan=10.0, detection=ConstantDetection(probability=0.8),
    ),
    "ads-b": Sensor(id="ads-b", kind="adsb", lat_deg=54.7, lon_deg=25.3),
}  # fmt: skip


class Aircraft(NamedTuple):
    """Where it is at second 0, and how it flies; where it says that it is, beside that."""

    name: str
    east_m: float
    north_m: float
    east_mps: float
    north_mps: float
    says_m: float = 0.0
    measured: bool = True
    reports: bool = True

    def at(self, second: float) -> tuple[float, float]:
        return self.east_m + second * self.east_mps, self.north_m + second * self.north_mps


class Watch:
    """The tracker and the assessment behind it, second by second."""

    def __init__(self, **rules: Any) -> None:
        self.tracker = Tracker(TrackerConfig(geoid_m=0.0), SENSORS, FRAME)
        self.stage = AssessmentStage(Rules(geoid_m=0.0, **rules), StraightBorder(), FRAME, SENSORS)
        self.chance = np.random.default_rng(7)
        self.said: list[Noun] = []

    def take(self, noun: Noun) -> None:
        for follows in (noun, *self.tracker.step(noun)):
            self.said += self.stage.step(follows)

    def fly(self, sky: Sequence[Aircraft], start: int, stop: int) -> None:
        for second in range(start, stop):
            if second % TURN_S == 0:
                self.take(self.scan(sky, second))
            for craft in sky:
                if craft.reports:
                    east_m, north_m = craft.at(second)
                    self.take(report(craft.name, (east_m, north_m + craft.says_m), second, craft))
            self.take(Tick(time_ns=NIGHT_NS + second * SECOND_NS))

    def scan(self, sky: Sequence[Aircraft], second: int) -> ObservationBatch:
        seen = [c.at(second) for c in sky if c.measured and self.chance.random() < 0.8]
        places = np.array(seen).reshape(-1, 2) + 40.0 * self.chance.standard_normal((len(seen), 2))
        alarms = self.chance.uniform(-0.7 * REACH_M, 0.7 * REACH_M, (10, 2))
        lat_deg, lon_deg = FRAME.to_geodetic(*np.concatenate([places, alarms]).T)
        time_ns = NIGHT_NS + second * SECOND_NS
        swept = SweptSector(
            start_azimuth_deg=0.0, extent_deg=360.0, min_range_m=0.0, max_range_m=REACH_M,
            from_ns=time_ns - TURN_S * SECOND_NS, to_ns=time_ns,
        )  # fmt: skip
        pairs = list(zip(lat_deg.tolist(), lon_deg.tolist(), strict=True))
        return plot_batch(pairs, time_ns=time_ns, swept=swept)

    def of(self, kind: type[Any]) -> list[Any]:
        return [noun for noun in self.said if isinstance(noun, kind)]


def report(
    name: str, place: tuple[float, float], second: float, craft: Aircraft
) -> ObservationBatch:
    lat_deg, lon_deg = FRAME.to_geodetic(*place)
    columns = {"lat_deg": [lat_deg], "lon_deg": [lon_deg], "sigma_m": [30.0]}
    columns |= {"east_mps": [craft.east_mps], "north_mps": [craft.north_mps], "alt_m": [9_000.0]}
    claims = {"icao24": np.array([name.lower()]), "callsign": np.array([name])}
    time_ns = np.array([NIGHT_NS + round(second * SECOND_NS)])
    return batch_of("self_report", "ads-b", time_ns, columns, claims=claims, sequence=5)


def traffic(count: int) -> list[Aircraft]:
    """Honest airliners across the radar's disc, each on its way."""
    chance = np.random.default_rng(3)
    sky = []
    for number in range(count):
        east_m, north_m = chance.uniform(-60_000, 60_000, 2)
        course, speed_mps = chance.uniform(0, 2 * np.pi), chance.uniform(80, 240)
        sky.append(
            Aircraft(
                f"HON{number:03d}", east_m, north_m,
                speed_mps * np.sin(course), speed_mps * np.cos(course),
            )
        )  # fmt: skip
    return sky


def test_honest_traffic_is_matched_and_never_suspect() -> None:
    watch = Watch()
    watch.fly(traffic(30), 0, 160)
    assert watch.of(SpoofSuspicion) == []
    matched = {noun.callsign for noun in watch.of(ClaimMatch)}
    assert len(matched) == 30


def test_a_sender_five_kilometres_beside_its_echo_is_suspect_and_both_are_named() -> None:
    watch = Watch()
    liar = Aircraft("LIAR", 20_000.0, 20_000.0, -100.0, 0.0, says_m=5_000.0)
    watch.fly([*traffic(6), liar], 0, 120)
    (suspicion,) = watch.of(SpoofSuspicion)
    assert (suspicion.claimed, suspicion.over) == ("LIAR", False)
    assert suspicion.probability == pytest.approx(0.85, abs=0.05)
    assert "LIAR" not in {noun.callsign for noun in watch.of(ClaimMatch)}
    (echo,) = {noun.measured_track_id for noun in watch.of(SpoofSuspicion)}
    shown = watch.tracker.picture(NIGHT_NS + 119 * SECOND_NS)
    measured = [t for t in _rows(shown) if t["id"] == echo]
    assert [round(t["north_m"], -3) for t in measured] == [20_000.0]
    evidence = suspicion.evidence[-1]
    assert (evidence.sensor_id, evidence.sequence) == ("ads-b", 5)


def _rows(batch: TrackBatch) -> list[dict[str, Any]]:
    _, north = FRAME.to_plane(batch.columns["lat_deg"], batch.columns["lon_deg"])
    keys = [f"{int(key):016x}" for key in batch.columns["track_key"]]
    return [{"id": i, "north_m": float(n)} for i, n in zip(keys, north, strict=True)]


def test_a_sender_that_nothing_echoes_is_suspect_after_so_many_looks() -> None:
    watch = Watch(spoof_looks=6)
    ghost = Aircraft("GHOST", 30_000.0, 0.0, -60.0, 0.0, measured=False)
    watch.fly([ghost], 0, 20)
    assert watch.of(SpoofSuspicion) == []
    watch.fly([ghost], 20, 60)
    assert [noun.claimed for noun in watch.of(SpoofSuspicion)] == ["GHOST"]


@pytest.mark.parametrize(
    "hidden",
    [
        Aircraft("FAR", 120_000.0, 0.0, 0.0, 60.0, measured=False),  # out of the radar's reach
        Aircraft("SLOW", 30_000.0, 0.0, 5.0, 0.0, measured=False),  # stands: many radars are blind
        Aircraft("STEEP", 6_000.0, 0.0, 0.0, 30.0, measured=False),  # nearly above the antenna
    ],
)
def test_where_a_radar_need_not_see_it_nobody_is_suspect(hidden: Aircraft) -> None:
    watch = Watch()
    watch.fly([hidden], 0, 120)
    assert watch.of(SpoofSuspicion) == []


def test_a_suspicion_ends_when_the_echo_comes() -> None:
    watch = Watch()
    craft = Aircraft("LATE", 30_000.0, 0.0, -60.0, 0.0, measured=False)
    watch.fly([craft], 0, 60)
    watch.fly([craft._replace(measured=True)], 60, 100)
    assert [noun.over for noun in watch.of(SpoofSuspicion)] == [False, True]
    assert [noun.callsign for noun in watch.of(ClaimMatch)] == ["LATE"]


def test_a_match_ends_when_the_sender_falls_silent() -> None:
    watch = Watch()
    craft = Aircraft("QUIET", 30_000.0, 0.0, -60.0, 0.0)
    watch.fly([craft], 0, 40)
    watch.fly([craft._replace(reports=False)], 40, 120)
    assert [noun.over for noun in watch.of(ClaimMatch)] == [False, True]


@pytest.mark.parametrize("ticks", [False, True])
def test_a_sender_that_speaks_from_two_places_is_suspect_once_until_it_ends(*, ticks: bool) -> None:
    watch = Watch()
    here = Aircraft("TWICE", 0.0, 150_000.0, -100.0, 0.0, measured=False)
    for second in range(40):
        watch.take(report("TWICE", here.at(second), second, here))
        if second % 3 == 1 and second > 10:
            watch.take(report("TWICE", (60_000.0, 150_000.0), second + 0.5, here))
        if ticks:  # between them a sender is remembered, whether or not it speaks in each second
            watch.take(Tick(time_ns=NIGHT_NS + second * SECOND_NS))
            watch.stage.restore(watch.stage.snapshot())
    (suspicion,) = watch.of(SpoofSuspicion)
    assert suspicion.evidence[0].rule == "claim_jump"
    for second in range(40, 120):
        watch.take(report("TWICE", here.at(second), second, here))
        watch.take(Tick(time_ns=NIGHT_NS + second * SECOND_NS))
    assert [noun.over for noun in watch.of(SpoofSuspicion)] == [False, True]


def test_a_sender_that_seldom_speaks_is_remembered_from_word_to_word() -> None:
    watch = Watch()
    here = Aircraft("SELDOM", 0.0, 150_000.0, -100.0, 0.0, measured=False)
    for second in range(60):
        if second % 4 == 0:
            place = here.at(second) if second % 8 else (60_000.0, 150_000.0)
            watch.take(report("SELDOM", place, second, here))
        watch.take(Tick(time_ns=NIGHT_NS + second * SECOND_NS))
    (suspicion,) = watch.of(SpoofSuspicion)
    assert suspicion.evidence[0].rule == "claim_jump"


def test_two_places_in_one_message_count_as_in_two() -> None:
    watch = Watch()
    here = Aircraft("BOTH", 0.0, 150_000.0, -100.0, 0.0, measured=False)
    for second in range(0, 40, 5):
        one = report("BOTH", here.at(second), second, here)
        two = report("BOTH", (60_000.0, 150_000.0), second + 0.5, here)
        both = {
            name: np.concatenate([one.columns[name], two.columns[name]]) for name in one.columns
        }
        claims_of = {name: np.repeat(column, 2) for name, column in one.claims.items()}
        watch.take(msgspec.structs.replace(one, columns=both, claims=claims_of))
        watch.take(Tick(time_ns=NIGHT_NS + second * SECOND_NS))
    (suspicion,) = watch.of(SpoofSuspicion)
    assert suspicion.evidence[0].rule == "claim_jump"


def test_one_false_word_makes_no_sender_suspect() -> None:
    watch = Watch()
    here = Aircraft("ONCE", 0.0, 150_000.0, -100.0, 0.0, measured=False)
    for second in range(60):
        place = (60_000.0, 150_000.0) if second in (20, 40) else here.at(second)
        watch.take(report("ONCE", place, second, here))
    assert watch.of(SpoofSuspicion) == []


def test_no_claim_changes_what_is_said_of_measured_tracks() -> None:
    """Whatever fits or does not, the other nouns are the same to the byte."""
    alone, named, false = Watch(), Watch(), Watch()
    intruder = Aircraft("FRIEND", 35_000.0, 0.0, -60.0, 0.0)
    alone.fly([intruder._replace(reports=False)], 0, 100)
    named.fly([intruder], 0, 100)
    false.fly([intruder._replace(says_m=5_000.0)], 0, 100)
    others = [
        [to_json(n) for n in w.said if not isinstance(n, ABOUT_SENDERS)]
        for w in (alone, named, false)
    ]
    assert others[0]
    assert others[0] == others[1] == others[2]
    assert named.of(ClaimMatch)
    assert false.of(SpoofSuspicion)


class NamedEchoes(Watch):
    """As `Watch`, but the radar asks the first aircraft's transponder for its name."""

    def scan(self, sky: Sequence[Aircraft], second: int) -> ObservationBatch:
        batch = super().scan(sky, second)
        east, north = FRAME.to_plane(batch.column("lat_deg"), batch.column("lon_deg"))
        at = sky[0].at(second)
        own = np.hypot(east - at[0], north - at[1]) < 500.0
        batch.claims["callsign"] = np.where(own, sky[0].name, "")
        return batch


def test_a_measured_track_of_the_same_name_elsewhere_is_named() -> None:
    watch = NamedEchoes(spoof_looks=1_000)
    watch.fly([Aircraft("SAME", 30_000.0, 0.0, -60.0, 0.0, says_m=20_000.0)], 0, 80)
    (suspicion,) = watch.of(SpoofSuspicion)
    assert suspicion.evidence[0].rule == "claim_elsewhere"
    assert suspicion.measured_track_id in suspicion.evidence[0].sentence


def test_a_restored_stage_goes_on_to_the_same_bytes() -> None:
    first, second = Watch(), Watch()
    sky = [Aircraft("GHOST", 30_000.0, 0.0, -60.0, 0.0, measured=False), *traffic(3)]
    for watch in (first, second):
        watch.fly(sky, 0, 22)
    second.stage = AssessmentStage(Rules(geoid_m=0.0), StraightBorder(), FRAME, SENSORS)
    second.stage.restore(first.stage.snapshot())
    for watch in (first, second):
        watch.fly(sky, 22, 60)
    assert [to_json(n) for n in first.said] == [to_json(n) for n in second.said]
    assert first.stage.snapshot() == second.stage.snapshot()
    assert first.of(SpoofSuspicion)


def test_many_that_turn_suspect_at_once_are_told_of_a_few_in_each_picture(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(claims, "_MOST_AT_ONCE", 2)
    sky = [craft._replace(measured=False) for craft in traffic(9)]
    watch, told = Watch(), []
    for second in range(90):
        before = len(watch.of(SpoofSuspicion))
        watch.fly(sky, second, second + 1)
        told.append(len(watch.of(SpoofSuspicion)) - before)
    assert max(told) == 2
    suspects = [noun.claimed for noun in watch.of(SpoofSuspicion)]
    assert len(suspects) == len(set(suspects)) == 9
    watch.fly([], 90, 400)  # nobody speaks any more, and each is let go of once
    over = [noun.claimed for noun in watch.of(SpoofSuspicion) if noun.over]
    assert sorted(over) == sorted(suspects)


@pytest.mark.parametrize("seed", range(5))
def test_pairs_in_the_gate_are_those_of_every_claimed_with_every_measured_track(seed: int) -> None:
    chance = np.random.default_rng(seed)

    def sky(count: int) -> Motion:
        east_m, north_m = chance.uniform(-20_000, 20_000, (2, count))
        v_east, v_north = chance.normal(0, 3, (2, count))
        sigma_m, unknown = chance.uniform(20, 900, count), np.full(count, np.nan)
        keys = chance.permutation(count).astype(np.uint64) + 1
        names, sigma_mps = np.full(count, ""), np.full(count, 2.0)
        return Motion(
            keys, names, east_m, north_m, v_east, v_north, unknown, sigma_m, sigma_mps, unknown
        )

    claimed, measured = sky(60), sky(80)
    found = pairs_of(claimed, measured)
    inside = found.d2 <= GATE_D2
    one = Motion(*(np.repeat(column, 80) for column in claimed))
    other = Motion(*(np.tile(column, 60) for column in measured))
    place2 = one.s_place_m**2 + other.s_place_m**2 + 150.0**2
    apart2 = (one.east_m - other.east_m) ** 2 + (one.north_m - other.north_m) ** 2
    faster2 = (one.v_east_mps - other.v_east_mps) ** 2 + (one.v_north_mps - other.v_north_mps) ** 2
    within = np.flatnonzero(apart2 / place2 + faster2 / (8.0 + 25.0) <= GATE_D2)
    expected = set(zip((within // 80).tolist(), (within % 80).tolist(), strict=True))
    assert len(expected) > 10
    pairs = zip(found.claimed[inside].tolist(), found.measured[inside].tolist(), strict=True)
    assert set(pairs) == expected
