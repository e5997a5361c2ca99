from itertools import pairwise

import msgspec
import pytest

from skypicket.assessment import AssessmentStage, Rules
from skypicket.domain.assessments import Approach, Loss, Regained
from skypicket.domain.tracks import TrackState
from skypicket.testing.builders import NIGHT_NS
from skypicket.testing.pictures import Shown
from skypicket.testing.watches import SECOND_NS, BorderWatch

INBOUND = Shown(key=1, east_m=30_000.0, north_m=1_000.0, east_mps=-50.0)  # crosses at 600 s


@pytest.fixture
def lost(watch: BorderWatch) -> BorderWatch:
    """A track that approached and was lost abroad after a hundred seconds."""
    watch.fly(INBOUND, 0, 100)
    watch.show(100, [])
    watch.said.clear()
    return watch


def test_what_was_declared_is_not_thought_of_any_more(lost: BorderWatch) -> None:
    lost.declare(110, "left")
    for second in range(120, 1_000, 10):
        lost.show(second, [])
        lost.tick(second)
    assert lost.said == []


def test_what_is_taken_back_is_lost_again(lost: BorderWatch) -> None:
    lost.declare(110, "down")
    (loss,) = lost.declare(200, "lost")
    assert isinstance(loss, Loss)
    assert loss.last_seen_ns == NIGHT_NS + 99 * SECOND_NS
    assert loss.radius_m > 5_000


def test_what_was_never_declared_is_not_taken_back(lost: BorderWatch) -> None:
    assert lost.declare(200, "lost") == []


def test_a_declared_track_that_is_measured_again_is_regained(lost: BorderWatch) -> None:
    lost.declare(110, "down")
    said = lost.show(120, [INBOUND.at(120)])
    assert [type(noun) for noun in said if not isinstance(noun, Approach)] == [Regained]


def test_a_new_track_where_a_declared_one_would_be_is_that_one(lost: BorderWatch) -> None:
    lost.declare(110, "never_real")
    new = msgspec.structs.replace(INBOUND.at(130), key=2, born_ns=NIGHT_NS + 128 * SECOND_NS)
    said = [noun for noun in lost.show(130, [new]) if isinstance(noun, Regained)]
    assert [noun.lost_track_id for noun in said] == ["0000000000000001"]


def test_a_state_in_the_picture_lets_go_of_it_as_well(lost: BorderWatch) -> None:
    down = msgspec.structs.replace(INBOUND.at(100), state=TrackState.DOWN)
    for second in range(101, 200, 5):
        lost.show(second, [down])
        lost.tick(second)
    assert lost.said == []


def test_an_old_declaration_can_no_longer_be_taken_back_here(lost: BorderWatch) -> None:
    lost.declare(110, "left")
    lost.tick(100 + Rules().loss_keep_s + 1)
    assert lost.declare(4_000, "lost") == []


def test_declarations_survive_a_restart(lost: BorderWatch) -> None:
    lost.declare(110, "down")
    other = AssessmentStage(Rules(), lost.border, lost.frame)
    other.restore(lost.stage.snapshot())
    assert other.snapshot() == lost.stage.snapshot()
    lost.stage = other
    assert [type(noun) for noun in lost.declare(200, "lost")] == [Loss]


def test_radii_of_what_is_lost_only_grow(lost: BorderWatch) -> None:
    losses = []
    for second in range(110, 800, 60):
        lost.declare(second, "down")
        losses += lost.declare(second + 1, "lost")
    radii = [loss.radius_m for loss in losses if isinstance(loss, Loss)]
    assert len(radii) == 12
    assert all(a < b for a, b in pairwise(radii))
