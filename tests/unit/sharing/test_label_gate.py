import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skypicket.domain.assessments import Evidence, Incursion, SensorSilence
from skypicket.domain.errors import NotReleasedError
from skypicket.domain.incidents import Incident, IncidentEntry
from skypicket.domain.labels import Releasability
from skypicket.domain.noun import Noun
from skypicket.domain.sensors import Sensor
from skypicket.domain.times import NS_PER_S
from skypicket.domain.tracks import FILTER_COLUMNS, TrackBatch, tracks_of
from skypicket.geo.frame import TheatreFrame
from skypicket.sharing import OWN, ApiSerializer, Clearance, FileSerializer, applied, released
from skypicket.sharing.coarse import snapped
from skypicket.testing.builders import NIGHT_NS, plot_batch, radar
from skypicket.testing.pictures import Shown, picture
from skypicket.testing.scenes import a_loss, an_alarm, an_approach, released_to

LVA = Clearance("LVA")
FRAME = TheatreFrame(54.7, 25.3)
SEEN = Evidence(sentence="Sensor R1 saw it.", sensor_id="R1", source="rdr", sequence=7, offset=3)
RULE = Evidence(sentence="It is 1.2 km inside.", rule="incursion")


def tracks(**label: object) -> TrackBatch:
    batch = picture(FRAME, NIGHT_NS, [Shown(key=3, updated_ns=NIGHT_NS - 1_250_000_000)])
    told: TrackBatch = released_to(batch, "LVA", **label)
    return told


def passed(noun: Noun, clearance: Clearance = LVA, now_ns: int = NIGHT_NS) -> Noun | None:
    return released(noun, clearance, now_ns)


@pytest.mark.parametrize("noun", [an_alarm(), a_loss(), an_approach(), picture(FRAME, 5, [])])
def test_a_label_that_names_nobody_releases_nothing(noun: Noun) -> None:
    assert passed(noun) is None
    assert passed(released_to(noun, "EST")) is None
    assert passed(noun, OWN) is noun


@pytest.mark.parametrize(
    "noun",
    [
        radar(),
        plot_batch([(54.7, 25.3)]),
        SensorSilence(sensor_id="R1", time_ns=5, probability=1.0, last_heard_ns=1),
        an_alarm(cause="SensorSilence"),
        an_alarm(cause="ReportCluster"),
        IncidentEntry(
            incident_id="i", number=1, time_ns=5, received_ns=6, what="note", text="by Ann: no"
        ),
    ],
)
def test_sensors_reports_and_people_are_never_released_whatever_the_label(noun: Noun) -> None:
    assert passed(released_to(noun, "LVA")) is None


def test_the_label_of_what_leaves_names_no_other_partner() -> None:
    label = Releasability(owner="LTU", releasable_to=("EST", "LVA"), delay_s=5, coarsen_m=10)
    told = applied(label, LVA)
    assert told.releasable_to == ("LVA",)
    assert (told.delay_s, told.coarsen_m) == (0, 0)


def test_evidence_loses_its_observations() -> None:
    alarm = passed(released_to(an_alarm(evidence=(RULE, SEEN)), "LVA"))
    assert alarm is not None
    assert alarm.evidence == (RULE,)  # type: ignore[attr-defined]


def test_what_people_did_stays_with_them() -> None:
    alarm = an_alarm(state="acknowledged", handled_by="Ann", comment="geese", text="Ann: geese")
    told = released_to(alarm, "LVA")
    said = ApiSerializer(LVA).says(told).decode()
    assert '"raised"' in said
    assert "Ann" not in said
    assert "geese" not in said
    cleared = msgspec.structs.replace(told, state="cleared", text="Cleared by Ann: geese")
    said = ApiSerializer(LVA).says(cleared).decode()
    assert '"cleared"' in said
    assert "Ann" not in said


def test_an_incident_leaves_without_owner_decisions_and_counts() -> None:
    incident = Incident(
        incident_id="i",
        revision=2,
        level="warning",
        state="open",
        opened_ns=1,
        time_ns=2,
        title="Incursion",
        joinable_until_ns=3,
        owner="Ann",
        entry_count=9,
        decision="wait",
        next_decision_ns=7,
        outcome="down",
    )
    told = passed(released_to(incident, "LVA"))
    assert isinstance(told, Incident)
    assert (told.owner, told.entry_count, told.decision, told.outcome) == ("", 0, "", "")
    assert told.next_decision_ns is None


def test_tracks_lose_their_contributors_and_the_turn_of_the_radar() -> None:
    told = passed(tracks())
    assert isinstance(told, TrackBatch)
    assert told.sensors == ()
    assert not any(name.startswith("contributor") for name in told.columns)
    assert told.columns["updated_ns"][0] % NS_PER_S == 0
    assert NIGHT_NS - told.columns["updated_ns"][0] <= 2.25 * NS_PER_S
    (track,) = tracks_of(told)
    assert track.contributors == ()


def test_tracks_lose_what_the_filter_says_of_itself() -> None:
    batch = tracks()
    own = {"motion_correlation": np.zeros((1, 5)), "horizontal_q_m2ps3": np.ones(1)}
    assert set(own) == set(FILTER_COLUMNS)
    told = passed(msgspec.structs.replace(batch, columns=batch.columns | own))
    assert isinstance(told, TrackBatch)
    assert not set(told.columns) & set(own)


@pytest.mark.parametrize(("coarsen_m", "told_s"), [(0.0, 9.0), (3_000.0, None)])
def test_a_coarse_crossing_does_not_say_how_sure_its_time_is(
    coarsen_m: float, told_s: float | None
) -> None:
    incursion = Incursion(
        track_id="t1", time_ns=9, probability=0.9, border="LTU", crossing_ns=5, lat_deg=54.7,
        lon_deg=25.7, sigma_m=240.0, inside_m=900.0, crossing_sigma_s=9.0,
    )  # fmt: skip
    told = passed(released_to(incursion, "LVA", coarsen_m=coarsen_m))
    assert isinstance(told, Incursion)
    assert told.crossing_sigma_s == told_s


def test_a_single_track_is_told_as_the_batch_tells_it() -> None:
    batch = tracks(coarsen_m=3_000.0)
    told = passed(batch)
    assert isinstance(told, TrackBatch)
    (alone,) = [passed(track) for track in tracks_of(batch)]
    (together,) = tracks_of(told)
    assert alone is not None
    assert msgspec.to_builtins(alone) == msgspec.to_builtins(together)


def test_a_delay_is_waited_for() -> None:
    told = released_to(an_alarm(), "LVA", delay_s=60.0)
    assert passed(told, now_ns=NIGHT_NS + 59 * NS_PER_S) is None
    assert passed(told, now_ns=NIGHT_NS + 60 * NS_PER_S) is not None


def test_coarse_alarms_say_no_coordinates_of_their_own() -> None:
    alarm = released_to(
        an_alarm(text="Crossed at (54.6000, 25.7000).", evidence=(RULE, SEEN)),
        "LVA",
        coarsen_m=5_000.0,
    )
    said = ApiSerializer(LVA).says(alarm).decode()
    for secret in ("54.6000", "25.7000", '"lat_deg":54.6,', "1.2 km inside", "R1"):
        assert secret not in said
    assert "to about 5 km" in said


def test_coarse_losses_hold_the_object_all_the_same() -> None:
    loss = a_loss()
    told = passed(released_to(loss, "LVA", coarsen_m=2_000.0))
    assert told is not None
    assert told.radius_m >= loss.radius_m + 1_414  # type: ignore[attr-defined]
    assert (told.lat_deg, told.lon_deg) != (loss.lat_deg, loss.lon_deg)  # type: ignore[attr-defined]


def test_what_was_released_passes_again_unchanged() -> None:
    for noun in (tracks(coarsen_m=900.0), released_to(an_alarm(), "LVA", coarsen_m=900.0)):
        once = passed(noun)
        assert once is not None
        again = passed(once)
        assert again is not None
        assert str(again) == str(once)


@given(
    lat_deg=st.floats(-70, 70),
    lon_deg=st.floats(-179, 179),
    coarsen_m=st.sampled_from([100.0, 1_000.0, 20_000.0]),
)
def test_all_places_of_a_cell_are_told_as_one(
    lat_deg: float, lon_deg: float, coarsen_m: float
) -> None:
    once = snapped(np.array([lat_deg]), np.array([lon_deg]), coarsen_m)
    again = snapped(once.lat_deg, once.lon_deg, coarsen_m)
    assert np.allclose([*again], [*once], rtol=0, atol=1e-9)
    north_m = (once.lat_deg[0] - lat_deg) * 111_320
    east_m = (once.lon_deg[0] - lon_deg) * 111_320 * np.cos(np.radians(once.lat_deg[0]))
    assert max(abs(north_m), abs(east_m)) <= 0.5 * coarsen_m * 1.01


class Unknown(msgspec.Struct):
    """A view that says of itself nothing."""

    secret: str = "42"


class Open(msgspec.Struct):
    """A view that may go to partners."""

    items: list[Noun]
    total: int


def test_a_view_that_is_not_declared_open_goes_to_nobody_but_the_own_side() -> None:
    with pytest.raises(NotReleasedError, match="Unknown is not released"):
        ApiSerializer(LVA).says(Unknown())
    assert b"42" in ApiSerializer(OWN).says(Unknown())


def test_nouns_inside_an_open_view_are_asked_for_their_labels() -> None:
    view = Open(items=[an_alarm("a"), released_to(an_alarm("b"), "LVA")], total=1)
    said = msgspec.json.decode(ApiSerializer(LVA, (Open,)).says(view, NIGHT_NS))
    assert [item["alarm_id"] for item in said["items"]] == ["b"]


def test_a_sensor_in_a_view_is_left_out() -> None:
    sensor: Sensor = released_to(radar("R1"), "LVA")
    assert ApiSerializer(LVA).says([sensor]) == b"[]"
    assert FileSerializer(LVA).nouns([sensor], NIGHT_NS) == []
