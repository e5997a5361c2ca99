import numpy as np
import pytest

from skypicket.assessment import Rules
from skypicket.domain.assessments import ReportCluster
from skypicket.domain.noun import Noun
from skypicket.domain.observations import ObservationBatch, batch_of
from skypicket.testing.builders import NIGHT_NS
from skypicket.testing.pictures import Shown
from skypicket.testing.watches import SECOND_NS, BorderWatch


def report(
    watch: BorderWatch,
    east_km: float,
    second: float,
    *,
    north_km: float = 0.0,
    first_hand: bool = True,
    received: float | None = None,
    sequence: int = 5,
) -> ObservationBatch:
    lat_deg, lon_deg = watch.frame.to_geodetic(1_000.0 * east_km, 1_000.0 * north_km)
    heard_ns = NIGHT_NS + round(second * SECOND_NS)
    received_ns = heard_ns if received is None else NIGHT_NS + round(received * SECOND_NS)
    columns = {"lat_deg": float(lat_deg), "lon_deg": float(lon_deg), "sigma_m": 1_000.0}
    columns |= {"sigma_time_s": 30.0, "first_hand": float(first_hand)}
    return batch_of(
        "sighting",
        "people",
        np.array([heard_ns]),
        {name: np.array([value]) for name, value in columns.items()},
        received_ns=received_ns,
        source="calls",
        sequence=sequence,
    )


def clusters(said: list[Noun]) -> list[ReportCluster]:
    return [noun for noun in said if isinstance(noun, ReportCluster)]


def test_one_report_alone_is_no_cluster(watch: BorderWatch) -> None:
    assert watch.step(report(watch, -30, 0)) == []


def test_two_first_hand_reports_that_fit_are_one(watch: BorderWatch) -> None:
    watch.step(report(watch, -30, 0))
    said = clusters(watch.step(report(watch, -36, 120)))
    assert len(said) == 1
    assert said[0].probability == pytest.approx(1 - 0.65**2)
    assert (said[0].first_hand_count, said[0].relayed_count) == (2, 0)


def test_reports_that_no_object_can_have_caused_stay_apart(watch: BorderWatch) -> None:
    watch.step(report(watch, -30, 0))
    assert watch.step(report(watch, -80, 120)) == []


def test_reports_far_apart_in_time_stay_apart(watch: BorderWatch) -> None:
    watch.step(report(watch, -30, 0))
    assert watch.step(report(watch, -31, 2_400)) == []


def test_relayed_reports_count_less_and_not_without_end(watch: BorderWatch) -> None:
    for i in range(20):
        watch.step(report(watch, -30 - 2 * i, 60 * i, first_hand=False))
    assert clusters(watch.said) == []


def test_the_same_household_counts_once(watch: BorderWatch) -> None:
    watch.step(report(watch, -30, 0))
    assert watch.step(report(watch, -30.2, 20)) == []


def test_wrong_reports_do_not_break_a_cluster(watch: BorderWatch) -> None:
    for i in range(4):
        watch.step(report(watch, -30 - 3 * i, 60 * i))
    before = clusters(watch.said)[-1]
    watch.step(report(watch, -230, 100, north_km=120))
    watch.step(report(watch, 60, 30))
    watch.step(report(watch, -43, 260))
    after = clusters(watch.said)[-1]
    assert after.cluster_id == before.cluster_id
    assert after.probability >= before.probability
    assert after.first_hand_count == 5


def test_people_alone_never_make_it_sure(watch: BorderWatch) -> None:
    for i in range(40):
        watch.step(report(watch, -30 - 3 * i, 60 * i))
    assert clusters(watch.said)[-1].probability == 0.95


def test_its_place_is_that_of_the_newest_reports(watch: BorderWatch) -> None:
    for i in range(20):
        watch.step(report(watch, -30 - 3 * i, 60 * i))
    newest = clusters(watch.said)[-1]
    east_m, _ = watch.frame.to_plane(newest.lat_deg, newest.lon_deg)
    assert -87_000 <= float(east_m) < -70_000


def test_a_late_report_carries_both_times(watch: BorderWatch) -> None:
    watch.step(report(watch, -30, 0))
    said = clusters(watch.step(report(watch, -33, 60, received=6_840)))
    assert said[0].last_heard_ns == NIGHT_NS + 60 * SECOND_NS
    assert said[0].time_ns == NIGHT_NS + 6_840 * SECOND_NS
    assert "Heard or seen 2025-07-28T01:57:00Z, received 2025-07-28T03:50:00Z" in (
        said[0].evidence[1].sentence
    )


def test_evidence_leads_to_source_and_sequence(watch: BorderWatch) -> None:
    watch.step(report(watch, -30, 0, sequence=41))
    said = clusters(watch.step(report(watch, -33, 60, sequence=44)))
    found = [(e.source, e.sequence) for e in said[0].evidence if e.sequence]
    assert found == [("calls", 44), ("calls", 41)]


def test_reports_of_a_shown_low_track_belong_to_the_track(watch: BorderWatch) -> None:
    track = Shown(east_m=-30_000.0, east_mps=-50.0, born_ns=0)
    watch.fly(track, 0, 130)
    watch.step(report(watch, -30, 0))
    watch.step(report(watch, -36, 120))
    assert clusters(watch.said) == []


def test_a_high_track_explains_no_report(watch: BorderWatch) -> None:
    watch.fly(Shown(east_m=-30_000.0, east_mps=-50.0, alt_m=9_000.0), 0, 130)
    watch.step(report(watch, -30, 0))
    watch.step(report(watch, -36, 120))
    assert len(clusters(watch.said)) == 1


def test_a_report_that_joins_two_clusters_merges_them_aloud(watch: BorderWatch) -> None:
    for east_km, second in ((-10, 0), (-13, 100), (-110, 100), (-113, 200)):
        watch.step(report(watch, east_km, second))
    first, second_one = (noun.cluster_id for noun in clusters(watch.said))
    assert first != second_one
    merged = clusters(watch.step(report(watch, -62, 1_000)))
    gone = next(noun for noun in merged if noun.cluster_id == second_one)
    assert gone.probability == 0.0
    assert gone.evidence[0].rule == "report_cluster_merged"
    assert merged[-1].cluster_id == first


def test_what_was_heard_long_ago_is_left_to_the_search() -> None:
    watch = BorderWatch(Rules(report_keep_s=3_600.0))
    watch.step(report(watch, -30, 0, received=4_000))
    assert watch.step(report(watch, -33, 60, received=4_000)) == []


def test_many_reports_are_said_few_times(watch: BorderWatch) -> None:
    rng = np.random.default_rng(2)
    for i in range(100):
        watch.step(report(watch, -30 - 0.05 * i + rng.normal(), 5.0 * i))
    assert len(clusters(watch.said)) <= 10
