import itertools

import msgspec
import numpy as np
import pytest

from skypicket.domain.assessments import Incursion, Loss, Regained
from skypicket.domain.noun import Noun
from skypicket.domain.tracks import Basis, TrackState, track_id
from skypicket.testing.builders import NIGHT_NS
from skypicket.testing.pictures import Shown
from skypicket.testing.watches import SECOND_NS, BorderWatch

INBOUND = Shown(east_m=20_000.0, north_m=1_000.0, east_mps=-50.0)  # crosses at 400 s


def of(said: list[Noun], kind: type[Noun]) -> list[Noun]:
    return [noun for noun in said if isinstance(noun, kind)]


def lost_at(watch: BorderWatch, track: Shown, second: int) -> Loss:
    watch.fly(track, 0, second)
    said = watch.show(second, [])
    assert len(said) == 1
    assert isinstance(said[0], Loss)
    return said[0]


def test_a_track_that_vanishes_from_a_complete_picture_is_lost(watch: BorderWatch) -> None:
    loss = lost_at(watch, INBOUND, 100)
    assert loss.abroad
    assert loss.last_seen_ns == NIGHT_NS + 99 * SECOND_NS
    assert loss.course_deg == pytest.approx(270.0, abs=0.3)
    assert loss.speed_mps == pytest.approx(50.0)


def test_a_track_that_is_missing_from_a_partial_picture_is_not_lost(watch: BorderWatch) -> None:
    watch.fly(INBOUND, 0, 10)
    assert watch.show(10, [], complete=False) == []


def test_a_row_that_says_lost_is_lost_once(watch: BorderWatch) -> None:
    watch.fly(INBOUND, 0, 100)
    gone = msgspec.structs.replace(
        INBOUND.at(99), state=TrackState.LOST, updated_ns=NIGHT_NS + 99 * SECOND_NS
    )
    said = watch.show(100, [gone], complete=False)
    for second in range(101, 120):
        said += watch.show(second, [gone])
    assert [type(noun) for noun in said] == [Loss]


def test_a_track_that_was_never_shown_is_not_lost(watch: BorderWatch) -> None:
    tentative = msgspec.structs.replace(INBOUND, state=TrackState.TENTATIVE)
    watch.fly(tentative, 0, 30)
    assert watch.show(30, []) == []


def test_a_track_that_is_doubted_is_not_lost_before_it_is_gone(watch: BorderWatch) -> None:
    watch.fly(INBOUND, 0, 100)
    doubted = msgspec.structs.replace(INBOUND, state=TrackState.TENTATIVE, existence=0.3)
    assert of(watch.show(100, [doubted.at(100)]), Loss) == []
    assert of(watch.show(101, [INBOUND.at(101)]), Regained) == []
    assert len(of(watch.show(102, []), Loss)) == 1


def test_a_claimed_track_is_not_lost_in_this_sense(watch: BorderWatch) -> None:
    watch.fly(msgspec.structs.replace(INBOUND, basis=Basis.CLAIMED), 0, 30)
    assert watch.show(30, []) == []


def test_the_last_place_is_where_it_was_measured_last(watch: BorderWatch) -> None:
    loss = lost_at(watch, INBOUND, 100)
    east_m, _ = watch.frame.to_plane(loss.lat_deg, loss.lon_deg)
    assert float(east_m) == pytest.approx(20_000 - 99 * 50, abs=1.0)


def test_the_radius_holds_ninety_five_of_a_hundred_ways_on(watch: BorderWatch) -> None:
    watch.fly(INBOUND, 0, 100)
    updated_ns = NIGHT_NS + 99 * SECOND_NS
    for second in range(100, 140):
        coasting = msgspec.structs.replace(
            INBOUND.at(second), state=TrackState.COASTING, updated_ns=updated_ns
        )
        watch.show(second, [coasting])
    loss = of(watch.show(140, []), Loss)[0]
    assert isinstance(loss, Loss)
    rng = np.random.default_rng(1)
    n, t, q = 20_000, 41.0, 0.1
    sigma = np.sqrt(50.0**2 + (2.0 * t) ** 2 + q * t**3 / 3)
    way = np.hypot(50.0 * t + sigma * rng.normal(size=n), sigma * rng.normal(size=n))
    assert np.mean(way <= loss.radius_m) == pytest.approx(0.95, abs=0.02)


def test_an_object_on_its_way_in_probably_comes_inside(watch: BorderWatch) -> None:
    assert lost_at(watch, INBOUND, 100).p_crossing > 0.9


def test_an_object_on_its_way_out_probably_does_not(watch: BorderWatch) -> None:
    outbound = Shown(east_m=10_000.0, east_mps=50.0)
    assert lost_at(watch, outbound, 100).p_crossing < 0.05


def test_a_loss_inside_is_inside(watch: BorderWatch) -> None:
    watch.fly(INBOUND, 0, 600)
    loss = watch.show(600, [])[0]
    assert isinstance(loss, Loss)
    assert not loss.abroad
    assert loss.p_crossing > 0.95


def test_evidence_names_sensors_and_the_silence(watch: BorderWatch) -> None:
    loss = lost_at(watch, INBOUND, 100)
    assert loss.evidence[0].rule == "loss"
    assert "Nothing has measured it for 1 s" in loss.evidence[0].sentence
    assert [(e.sensor_id, e.sequence, e.offset) for e in loss.evidence if e.sensor_id] == [
        ("R1", 7, 12)
    ]


@pytest.mark.parametrize(
    ("track", "word"),
    [
        (Shown(east_m=30_000.0, east_mps=-230.0, alt_m=10_700.0), "loss_high"),
        (Shown(east_m=30_000.0, east_mps=-8.0), "loss_slow"),
        (Shown(east_m=-60_000.0, east_mps=50.0), "loss_local"),
    ],
)
def test_what_need_not_wake_anybody_has_its_own_word(
    watch: BorderWatch, track: Shown, word: str
) -> None:
    assert lost_at(watch, track, 50).evidence[0].rule == word


def test_a_loss_is_said_anew_only_when_the_chance_of_crossing_changed(watch: BorderWatch) -> None:
    far = Shown(east_m=70_000.0, east_mps=-50.0)
    first = lost_at(watch, far, 10)
    said = [noun for second in range(11, 1_500) for noun in watch.tick(second)]
    chances = [first.p_crossing, *(noun.p_crossing for noun in said if isinstance(noun, Loss))]
    assert 2 <= len(chances) <= 6
    assert all(abs(b - a) >= 0.2 for a, b in itertools.pairwise(chances))


def test_it_comes_back_as_itself(watch: BorderWatch) -> None:
    lost_at(watch, INBOUND, 100)
    said = watch.show(130, [INBOUND.at(130)])
    assert isinstance(said[0], Regained)
    assert (said[0].track_id, said[0].lost_track_id) == (track_id(1), track_id(1))


def test_it_comes_back_as_a_new_track_where_it_could_be(watch: BorderWatch) -> None:
    lost_at(watch, INBOUND, 100)
    new = msgspec.structs.replace(INBOUND, key=2, born_ns=NIGHT_NS + 290 * SECOND_NS)
    said = of(watch.show(300, [new.at(300)]), Regained)
    assert [(n.track_id, n.lost_track_id) for n in said if isinstance(n, Regained)] == [
        (track_id(2), track_id(1))
    ]


def test_a_new_track_out_of_reach_is_another_object(watch: BorderWatch) -> None:
    lost_at(watch, INBOUND, 100)
    new = Shown(key=2, east_m=20_000.0, north_m=40_000.0, east_mps=-50.0)
    assert of(watch.show(300, [new]), Regained) == []


def test_a_track_that_was_already_there_is_another_object(watch: BorderWatch) -> None:
    for second in range(100):
        twin = msgspec.structs.replace(INBOUND, key=2, north_m=1_300.0, born_ns=NIGHT_NS)
        watch.show(second, [INBOUND.at(second), twin.at(second)])
    said = watch.show(100, [msgspec.structs.replace(twin, born_ns=NIGHT_NS).at(100)])
    assert [type(n) for n in said] == [Loss]


def test_a_track_that_goes_on_under_a_new_number_is_not_lost(watch: BorderWatch) -> None:
    watch.fly(INBOUND, 0, 100)
    updated_ns = NIGHT_NS + 99 * SECOND_NS
    old = msgspec.structs.replace(INBOUND, state=TrackState.COASTING, updated_ns=updated_ns)
    new = msgspec.structs.replace(INBOUND, key=2, born_ns=NIGHT_NS + 103 * SECOND_NS)
    said = watch.show(110, [old.at(110), new.at(110)])
    said += watch.show(120, [new.at(120)])
    assert [type(noun) for noun in said if isinstance(noun, Loss | Regained)] == [Regained]


def test_what_was_lost_abroad_and_found_inside_has_crossed(watch: BorderWatch) -> None:
    lost_at(watch, INBOUND, 300)
    new = msgspec.structs.replace(INBOUND, key=2, born_ns=NIGHT_NS + 500 * SECOND_NS)
    said = watch.follow(new.at, 500, 520)
    assert [type(n) for n in said] == [Regained, Incursion]
    incursion = said[1]
    assert isinstance(incursion, Incursion)
    assert (incursion.crossing_ns - NIGHT_NS) / SECOND_NS == pytest.approx(400, abs=2)
    assert "continues a lost track" in incursion.evidence[1].sentence


def test_an_incursion_is_not_said_twice_when_it_is_found_again(watch: BorderWatch) -> None:
    watch.fly(INBOUND, 0, 500)
    watch.show(500, [])
    new = msgspec.structs.replace(INBOUND, key=2, born_ns=NIGHT_NS + 530 * SECOND_NS)
    said = watch.follow(new.at, 530, 560)
    assert [type(n) for n in said] == [Regained]


def test_what_a_person_settled_is_not_lost(watch: BorderWatch) -> None:
    watch.fly(INBOUND, 0, 50)
    down = msgspec.structs.replace(INBOUND.at(50), state=TrackState.DOWN)
    assert watch.show(50, [down]) == []
    assert watch.show(51, []) == []


def test_a_track_is_lost_when_the_pictures_stop(watch: BorderWatch) -> None:
    watch.fly(INBOUND, 0, 50)
    said = [noun for second in range(50, 200, 5) for noun in watch.tick(second)]
    assert [type(noun) for noun in said] == [Loss]
