import msgspec
import pytest

from skypicket.assessment import AssessmentStage, Rules
from skypicket.domain.codec import to_json
from skypicket.domain.contracts import OperatorAction, Tick
from skypicket.domain.errors import ConfigurationError
from skypicket.domain.labels import Releasability
from skypicket.domain.noun import Noun
from skypicket.domain.observations import ObservationBatch
from skypicket.domain.sensors import SensorStatus
from skypicket.domain.tracks import TrackBatch
from skypicket.testing.builders import NIGHT_NS, plot_batch, radar, sighting
from skypicket.testing.pictures import Shown, picture
from skypicket.testing.watches import SECOND_NS, BorderWatch

SENSORS = {"R1": radar(heartbeat_s=30.0), "R2": radar("R2", heartbeat_s=40.0)}


def night(watch: BorderWatch) -> list[Noun]:
    """A night of nouns: an incursion that is lost and found, a loss abroad, reports, silence."""
    nouns: list[Noun] = []
    incoming = Shown(key=1, east_m=9_000.0, north_m=500.0, east_mps=-50.0)
    abroad = Shown(key=2, east_m=40_000.0, north_m=9_000.0, east_mps=-45.0)
    for second in range(0, 600, 2):
        time_ns = NIGHT_NS + second * SECOND_NS
        tracks = [incoming.at(second)] if not 260 <= second < 300 else []
        tracks += [abroad.at(second)] if second < 240 else []
        label = Releasability(owner="LTU", releasable_to=("LVA",))
        batch = picture(watch.frame, time_ns, tracks)
        nouns.append(msgspec.structs.replace(batch, releasability=label))
        if second < 300:
            nouns.append(plot_batch([], time_ns=time_ns, received_ns=time_ns, source="rdr"))
        if second % 100 == 50:
            nouns.append(sighting(54.7 + second / 1e4, 25.0, time_ns))
        if second == 400:
            nouns.append(SensorStatus(sensor_id="R2", time_ns=time_ns, state="gone"))
        nouns.append(Tick(time_ns=time_ns))
    return nouns


def stage_of(watch: BorderWatch) -> AssessmentStage:
    return AssessmentStage(Rules(), watch.border, watch.frame, SENSORS)


def test_it_takes_what_was_agreed() -> None:
    said_to_it = (TrackBatch, ObservationBatch, SensorStatus, OperatorAction, Tick)
    assert AssessmentStage.takes == said_to_it


def test_the_same_night_gives_the_same_bytes(watch: BorderWatch) -> None:
    first, second = stage_of(watch), stage_of(watch)
    nouns = night(watch)
    told = [to_json(n) for noun in nouns for n in first.step(noun)]
    assert told == [to_json(n) for noun in nouns for n in second.step(noun)]
    assert len({n.split(b'"')[3] for n in told}) == 6


@pytest.mark.parametrize("cut", [1, 300, 500, 640, 800])
def test_a_restored_stage_continues_bit_by_bit(watch: BorderWatch, cut: int) -> None:
    nouns = night(watch)
    whole, before, after = (stage_of(watch) for _ in range(3))
    for noun in nouns[:cut]:
        whole.step(noun)
        before.step(noun)
    after.restore(before.snapshot())
    assert after.snapshot() == before.snapshot()
    for noun in nouns[cut:]:
        assert [to_json(n) for n in after.step(noun)] == [to_json(n) for n in whole.step(noun)]
    assert after.snapshot() == whole.snapshot()


def test_labels_go_from_the_picture_to_what_is_said(watch: BorderWatch) -> None:
    stage = stage_of(watch)
    said = [n for noun in night(watch) if isinstance(noun, TrackBatch) for n in stage.step(noun)]
    assert {noun.releasability.releasable_to for noun in said} == {("LVA",)}


def test_evidence_names_the_source_of_the_sensor(watch: BorderWatch) -> None:
    watch.step(plot_batch([], source="rdr-feed", sequence=3))
    said = watch.show(1, [Shown(east_m=20_000.0, east_mps=-50.0, sequence=7)])
    assert [e.source for e in said[0].evidence if e.sensor_id] == ["rdr-feed"]  # type: ignore[attr-defined]


def test_a_picture_without_tracks_says_nothing(watch: BorderWatch) -> None:
    assert watch.show(0, []) == []


def test_thresholds_that_contradict_each_other_are_refused(watch: BorderWatch) -> None:
    with pytest.raises(ConfigurationError, match=r"approach_off = 0\.9 lies above"):
        AssessmentStage(Rules(approach_off=0.9), watch.border, watch.frame)


def test_values_out_of_bounds_are_refused(watch: BorderWatch) -> None:
    with pytest.raises(ConfigurationError, match="horizon_s"):
        AssessmentStage(Rules(horizon_s=-5.0), watch.border, watch.frame)


def test_every_rule_has_a_word_in_the_docstring() -> None:
    assert [name for name in Rules.__struct_fields__ if name not in (Rules.__doc__ or "")] == []
