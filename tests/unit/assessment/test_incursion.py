import msgspec
import pytest

from skypicket.assessment import Rules
from skypicket.domain.assessments import Incursion
from skypicket.domain.noun import Noun
from skypicket.domain.tracks import Basis, TrackState
from skypicket.testing.builders import NIGHT_NS
from skypicket.testing.pictures import Shown
from skypicket.testing.watches import SECOND_NS, BorderWatch

INBOUND = Shown(east_m=5_000.0, north_m=1_000.0, east_mps=-50.0)  # crosses at 100 s


def incursions(said: list[Noun]) -> list[Incursion]:
    return [noun for noun in said if isinstance(noun, Incursion)]


def test_nothing_is_said_before_the_crossing(watch: BorderWatch) -> None:
    assert incursions(watch.fly(INBOUND, 0, 101)) == []


def test_it_is_said_soon_after_the_crossing_and_once(watch: BorderWatch) -> None:
    said = incursions(watch.fly(INBOUND, 0, 200))
    assert len(said) == 1
    assert 100 < (said[0].time_ns - NIGHT_NS) / SECOND_NS < 105
    assert said[0].probability >= 0.9


def test_time_and_place_of_the_crossing_are_between_the_plots(watch: BorderWatch) -> None:
    said = incursions(watch.fly(INBOUND, -2, 200, 7))[0]
    assert (said.crossing_ns - NIGHT_NS) / SECOND_NS == pytest.approx(100.0, abs=0.1)
    east_m, north_m = watch.frame.to_plane(said.lat_deg, said.lon_deg)
    assert (float(east_m), float(north_m)) == pytest.approx((0.0, 1_000.0), abs=1.0)


def test_a_worse_position_waits_until_it_is_sure(watch: BorderWatch) -> None:
    said = incursions(watch.fly(msgspec.structs.replace(INBOUND, sigma_m=1_000.0), 0, 300))
    assert said[0].inside_m == pytest.approx(1.34 * 1_000.0, rel=0.05)


def test_a_doubtful_existence_is_not_an_incursion(watch: BorderWatch) -> None:
    assert incursions(watch.fly(msgspec.structs.replace(INBOUND, existence=0.7), 0, 300)) == []


def test_above_the_ceiling_by_measured_height_it_is_none(watch: BorderWatch) -> None:
    high = Shown(east_m=60_000.0, east_mps=-230.0, alt_m=10_700.0)
    assert watch.fly(high, 0, 600) == []


def test_an_unknown_height_counts_as_low(watch: BorderWatch) -> None:
    unknown = Shown(east_m=60_000.0, east_mps=-230.0)
    assert len(incursions(watch.fly(unknown, 0, 280))) == 1


def test_a_balloon_above_the_ceiling_is_none(watch: BorderWatch) -> None:
    balloon = Shown(east_m=1_000.0, east_mps=-12.0, alt_m=4_500.0, sigma_up_m=200.0)
    assert watch.fly(balloon, 0, 400) == []


def test_what_comes_down_inside_is_said_as_descended(watch: BorderWatch) -> None:
    def descending(second: float) -> Shown:
        at = Shown(east_m=1_000.0, east_mps=-90.0).at(second)
        return msgspec.structs.replace(at, alt_m=6_000.0 - 15.0 * second)

    said = incursions(watch.follow(descending, 0, 400))
    assert [noun.evidence[0].rule for noun in said[:1]] == ["incursion_descended"]


def test_a_slow_object_is_said_under_a_slow_word(watch: BorderWatch) -> None:
    said = incursions(watch.fly(Shown(east_m=500.0, east_mps=-5.0), 0, 400))
    assert said[0].evidence[0].rule == "incursion_slow"


def test_a_slow_object_that_speeds_up_is_said_anew_in_plain_words(watch: BorderWatch) -> None:
    slow = Shown(east_m=500.0, east_mps=-5.0)
    watch.fly(slow, 0, 300)
    fast = msgspec.structs.replace(slow.at(300), east_mps=-60.0)
    said = incursions(watch.follow(lambda s: fast.at(s - 300), 300, 330))
    assert [noun.evidence[0].rule for noun in said] == ["incursion"]


def test_a_claimed_track_never_gives_one(watch: BorderWatch) -> None:
    assert watch.fly(msgspec.structs.replace(INBOUND, basis=Basis.CLAIMED), 0, 200) == []


def test_a_track_that_only_coasts_over_the_border_gives_none(watch: BorderWatch) -> None:
    watch.fly(INBOUND, 0, 80)
    updated_ns = NIGHT_NS + 79 * SECOND_NS

    def coasting(second: float) -> Shown:
        return msgspec.structs.replace(
            INBOUND.at(second), state=TrackState.COASTING, updated_ns=updated_ns
        )

    assert incursions(watch.follow(coasting, 80, 140)) == []


def test_a_local_flight_gives_none(watch: BorderWatch) -> None:
    local = Shown(east_m=-15_000.0, east_mps=50.0, north_mps=5.0)
    assert incursions(watch.fly(local, 0, 250)) == []


def test_a_flight_first_seen_deep_inside_gives_none(watch: BorderWatch) -> None:
    assert watch.fly(Shown(east_m=-60_000.0, east_mps=-50.0), 0, 120) == []


def test_a_track_first_seen_inside_whose_course_leads_back_is_one(watch: BorderWatch) -> None:
    popped_up = Shown(east_m=-6_000.0, east_mps=-50.0)
    said = incursions(watch.fly(popped_up, 0, 60))
    assert len(said) == 1
    assert (said[0].crossing_ns - NIGHT_NS) / SECOND_NS == pytest.approx(-120, abs=10)
    assert "first seen inside" in said[0].evidence[1].sentence


def test_leaving_again_is_said_once(watch: BorderWatch) -> None:
    watch.fly(INBOUND, 0, 160)
    back = msgspec.structs.replace(INBOUND.at(160), east_mps=50.0)
    said = incursions(watch.follow(lambda s: back.at(s - 160), 160, 320))
    assert said[-1].evidence[0].rule == "incursion_left"
    assert said[-1].inside_m < 0
    assert len(said) <= 2


def test_much_deeper_is_said_anew(watch: BorderWatch) -> None:
    said = incursions(watch.fly(INBOUND, 0, 600))
    assert len(said) == 3
    assert said[-1].inside_m - said[0].inside_m > 19_000.0


def test_hovering_on_the_border_does_not_flood(watch: BorderWatch) -> None:
    watch.fly(INBOUND, 0, 104)

    def hover(second: float) -> Shown:
        side = 1.0 if int(second / 5) % 2 else -1.0
        return Shown(east_m=-60.0 + 40.0 * side, north_m=1_000.0, east_mps=-13.0)

    assert len(incursions(watch.follow(hover, 104, 600))) <= 9


def test_a_quiet_neighbour_has_its_own_word() -> None:
    watch = BorderWatch(Rules(quiet_neighbours=("BLR",)))
    said = incursions(watch.fly(INBOUND, 0, 120))
    assert said[0].evidence[0].rule == "incursion_neighbour"
