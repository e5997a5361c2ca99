import msgspec
import numpy as np
import pytest

from skypicket.assessment import Rules
from skypicket.domain.assessments import Approach, ClaimMatch
from skypicket.domain.codec import to_json
from skypicket.domain.noun import FloatColumn, Noun
from skypicket.domain.tracks import Basis, TrackState
from skypicket.testing.builders import NIGHT_NS
from skypicket.testing.pictures import Shown
from skypicket.testing.watches import SECOND_NS, BorderWatch

INBOUND = Shown(east_m=40_000.0, north_m=1_000.0, east_mps=-50.0)  # crosses at 800 s


def approaches(said: list[Noun]) -> list[Approach]:
    return [noun for noun in said if isinstance(noun, Approach)]


def test_an_object_on_its_way_in_is_said_with_rising_probability(watch: BorderWatch) -> None:
    said = approaches(watch.fly(INBOUND, 0, 790))
    probabilities = [noun.probability for noun in said]
    assert probabilities == sorted(probabilities)
    assert probabilities[0] >= 0.4
    assert probabilities[-1] > 0.9


def test_the_median_crossing_time_is_that_of_the_straight_course(watch: BorderWatch) -> None:
    said = approaches(watch.show(500, [INBOUND.at(500)]))[0]
    assert (said.crossing_ns - NIGHT_NS) / SECOND_NS == pytest.approx(800, abs=5)


def test_the_quantiles_enclose_nine_crossings_in_ten(watch: BorderWatch) -> None:
    said = approaches(watch.show(500, [INBOUND.at(500)]))[0]
    times = 500.0 + crossing_times(INBOUND.at(500), 5_000, np.random.default_rng(5))
    low, high = ((t - NIGHT_NS) / SECOND_NS for t in (said.crossing_from_ns, said.crossing_to_ns))
    assert np.mean((times >= low) & (times <= high)) == pytest.approx(0.9, abs=0.04)


def crossing_times(track: Shown, count: int, rng: np.random.Generator) -> FloatColumn:
    """First times at which a nearly constant velocity is west of zero, second by second."""
    east = track.east_m + np.hypot(track.sigma_m, 50.0) * rng.normal(size=count)
    speed = track.east_mps + track.sigma_mps * rng.normal(size=count)
    times = np.full(count, np.nan)
    for second in range(1, 901):
        before = speed.copy()
        speed += np.sqrt(Rules().manoeuvre_m2ps3) * rng.normal(size=count)
        east += 0.5 * (before + speed)
        times[np.isnan(times) & (east <= 0)] = second
    return times


def test_the_place_is_where_the_course_meets_the_border(watch: BorderWatch) -> None:
    slanting = Shown(east_m=20_000.0, north_m=0.0, east_mps=-40.0, north_mps=30.0)
    said = approaches(watch.show(0, [slanting]))[0]
    east_m, north_m = watch.frame.to_plane(said.lat_deg, said.lon_deg)
    assert abs(float(east_m)) < 1.0
    assert float(north_m) == pytest.approx(15_000.0, abs=300.0)


def test_an_object_that_flies_along_the_border_is_not_said(watch: BorderWatch) -> None:
    along = Shown(east_m=30_000.0, north_mps=50.0)
    assert watch.fly(along, 0, 60) == []


def test_an_object_that_flies_away_is_not_said(watch: BorderWatch) -> None:
    assert watch.fly(Shown(east_m=10_000.0, east_mps=60.0), 0, 60) == []


def test_an_object_inside_does_not_approach(watch: BorderWatch) -> None:
    assert approaches(watch.fly(Shown(east_m=-40_000.0, east_mps=-50.0), 0, 60)) == []


def test_an_object_too_far_for_the_horizon_costs_no_samples(watch: BorderWatch) -> None:
    watch.show(0, [Shown(east_m=150_000.0, east_mps=-50.0)])
    assert watch.border.asked == 1


def test_an_airliner_by_measured_height_is_not_said(watch: BorderWatch) -> None:
    airliner = Shown(east_m=60_000.0, east_mps=-230.0, alt_m=10_700.0)
    assert watch.fly(airliner, 0, 400) == []


def test_an_unknown_height_counts_as_low(watch: BorderWatch) -> None:
    airliner = Shown(east_m=60_000.0, east_mps=-230.0)
    assert approaches(watch.fly(airliner, 0, 20))[0].probability > 0.9


def test_a_height_that_is_hardly_known_counts_as_low(watch: BorderWatch) -> None:
    vague = Shown(east_m=30_000.0, east_mps=-50.0, alt_m=6_000.0, sigma_up_m=2_000.0)
    assert approaches(watch.fly(vague, 0, 2))[0].probability > 0.4


def test_turning_away_takes_the_approach_back_once(watch: BorderWatch) -> None:
    watch.fly(INBOUND, 0, 300)
    there = INBOUND.at(300)
    away = msgspec.structs.replace(there, east_mps=50.0)
    said = approaches(watch.follow(lambda s: away.at(s - 300), 300, 500))
    assert [noun.probability < 0.2 for noun in said] == [True]
    assert said[0].evidence[0].rule == "approach_over"


def test_climbing_above_the_ceiling_takes_the_approach_back_with_the_height(
    watch: BorderWatch,
) -> None:
    watch.fly(msgspec.structs.replace(INBOUND, alt_m=500.0), 0, 60)
    said = approaches(
        watch.follow(lambda s: msgspec.structs.replace(INBOUND.at(s), alt_m=8_000.0), 60, 90)
    )
    assert len(said) == 1
    assert "8000" not in said[0].evidence[0].sentence
    assert "7975 m above sea level" in said[0].evidence[0].sentence


def test_a_long_approach_is_said_few_times(watch: BorderWatch) -> None:
    assert len(approaches(watch.fly(INBOUND, 0, 800))) <= 5


def test_noise_on_the_track_does_not_flood(watch: BorderWatch) -> None:
    rng = np.random.default_rng(3)

    def noisy(second: float) -> Shown:
        at = INBOUND.at(second)
        return msgspec.structs.replace(
            at,
            east_m=at.east_m + 50 * rng.normal(),
            north_m=at.north_m + 50 * rng.normal(),
            east_mps=at.east_mps + 2 * rng.normal(),
            north_mps=at.north_mps + 2 * rng.normal(),
        )

    assert len(approaches(watch.follow(noisy, 0, 790))) <= 12


def test_a_claimed_track_alone_never_approaches(watch: BorderWatch) -> None:
    claimed = msgspec.structs.replace(INBOUND, basis=Basis.CLAIMED)
    assert watch.fly(claimed, 0, 300) == []


def test_a_tentative_track_is_not_said(watch: BorderWatch) -> None:
    tentative = msgspec.structs.replace(INBOUND, state=TrackState.TENTATIVE)
    assert watch.fly(tentative, 0, 60) == []


def test_a_friendly_identity_on_top_changes_nothing() -> None:
    silent, spoofed = BorderWatch(), BorderWatch()
    for second in range(0, 900, 1):
        track = INBOUND.at(second)
        silent.show(second, [track])
        shell = msgspec.structs.replace(track, key=9, basis=Basis.CLAIMED, callsign="RYR123")
        named = msgspec.structs.replace(track, callsign="LYNGO")
        spoofed.show(second, [named, shell])
    of_the_track = [n for n in spoofed.said if not isinstance(n, ClaimMatch)]
    assert len(of_the_track) == len(spoofed.said) - 1
    assert [to_json(n) for n in of_the_track] == [to_json(n) for n in silent.said]
    assert len(silent.said) > 2


def test_a_slow_object_is_said_under_a_slow_word_after_it_was_followed() -> None:
    watch = BorderWatch()
    said = approaches(watch.fly(Shown(east_m=4_000.0, east_mps=-9.0, sigma_mps=1.0), 0, 200))
    assert said[0].evidence[0].rule == "approach_slow"
    assert said[0].time_ns == NIGHT_NS + 120 * SECOND_NS


def test_a_balloon_below_the_ceiling_is_said_under_a_slow_word() -> None:
    watch = BorderWatch()
    balloon = Shown(east_m=9_000.0, east_mps=-18.0, alt_m=2_000.0, sigma_mps=1.0)
    said = approaches(watch.fly(balloon, 0, 200))
    assert said[0].evidence[0].rule == "approach_slow"


def test_a_drone_of_unknown_height_at_balloon_speed_is_no_balloon() -> None:
    watch = BorderWatch()
    said = approaches(watch.fly(Shown(east_m=8_000.0, east_mps=-24.0, sigma_mps=1.0), 0, 10))
    assert said[0].evidence[0].rule == "approach"


def test_what_may_be_fast_is_said_when_its_way_shows_it() -> None:
    watch = BorderWatch()
    said = approaches(watch.fly(Shown(east_m=9_000.0, east_mps=-40.0, sigma_mps=20.0), 0, 60))
    assert said[0].evidence[0].rule == "approach"
    assert said[0].time_ns <= NIGHT_NS + 30 * SECOND_NS


def test_a_slow_bird_with_a_noisy_velocity_stays_slow(watch: BorderWatch) -> None:
    rng = np.random.default_rng(8)
    bird = Shown(east_m=5_000.0, east_mps=-12.0, sigma_m=80.0, sigma_mps=7.0)

    def noisy(second: float) -> Shown:
        at = bird.at(second)
        return msgspec.structs.replace(
            at,
            east_m=at.east_m + 40 * rng.normal(),
            north_m=at.north_m + 40 * rng.normal(),
            east_mps=at.east_mps + 7 * rng.normal(),
            north_mps=7 * rng.normal(),
        )

    said = approaches(watch.follow(noisy, 0, 400, 4))
    assert {noun.evidence[0].rule for noun in said} <= {"approach_slow", "approach_over"}
    assert 1 <= len(said) <= 10


def test_the_evidence_leads_to_sensor_sequence_and_offset(watch: BorderWatch) -> None:
    said = approaches(watch.show(0, [INBOUND]))[0]
    found = [e for e in said.evidence if e.sensor_id]
    assert [(e.sensor_id, e.sequence, e.offset) for e in found] == [("R1", 7, 12)]


def test_a_longer_horizon_sees_the_crossing_earlier() -> None:
    def first_said(horizon_s: float) -> int:
        watch = BorderWatch(Rules(horizon_s=horizon_s))
        return approaches(watch.fly(INBOUND, -600, 790, 10))[0].time_ns

    assert first_said(900.0) < first_said(300.0)
