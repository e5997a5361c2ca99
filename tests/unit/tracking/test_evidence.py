"""Unlike evidence: what each kind may do to a track, and what it may never do."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from skypicket.domain.codec import to_json
from skypicket.domain.contracts import Tick
from skypicket.domain.observations import ObservationBatch, SweptInterval, SweptSector, batch_of
from skypicket.domain.sensors import Sensor
from skypicket.domain.tracks import Track, tracks_of
from skypicket.geo.frame import TheatreFrame
from skypicket.testing.builders import NIGHT_NS, sighting
from skypicket.tracking import Tracker, TrackerConfig

Scan = Callable[..., ObservationBatch]


SECOND = 1_000_000_000


def picture(tracker: Tracker, at_s: float) -> list[Track]:
    (batch,) = tracker.step(Tick(time_ns=NIGHT_NS + round(at_s * 1e9)))
    return list(tracks_of(batch))


def heard(sensor_id: str, at_s: float, *, rows: int = 1) -> ObservationBatch:
    time_ns = NIGHT_NS + round(at_s * 1e9)
    swept = SweptInterval(from_ns=time_ns - SECOND, to_ns=time_ns)
    return batch_of("presence", sensor_id, np.full(rows, time_ns), {}, swept=swept)


def bearing(
    frame: TheatreFrame, at_s: float, towards: tuple[float, float], sigma_deg: float = 0.1
) -> ObservationBatch:
    azimuth_deg = np.degrees(np.arctan2(*towards))
    time_ns = np.array([NIGHT_NS + round(at_s * 1e9)])
    columns = {"azimuth_deg": [azimuth_deg], "sigma_deg": [sigma_deg]}
    return batch_of("bearing", "camera", time_ns, columns)


def self_report(
    frame: TheatreFrame, place: Any, at_s: float, icao24: str = "4ca123", callsign: str = "LTU012"
) -> ObservationBatch:
    lat_deg, lon_deg = frame.to_geodetic(*place)
    columns = {"lat_deg": [lat_deg], "lon_deg": [lon_deg], "sigma_m": [30.0]}
    columns |= {"east_mps": [50.0], "north_mps": [0.0], "alt_m": [9_000.0]}
    claims = {"icao24": np.array([icao24]), "callsign": np.array([callsign])}
    time_ns = np.array([NIGHT_NS + round(at_s * 1e9)])
    return batch_of("self_report", "ads-b", time_ns, columns, claims=claims)


def foreign(
    frame: TheatreFrame, place: tuple[float, float], at_s: float, sigma_m: float = 100.0
) -> ObservationBatch:
    lat_deg, lon_deg = frame.to_geodetic(*place)
    columns = {"lat_deg": [lat_deg], "lon_deg": [lon_deg], "sigma_m": [sigma_m]}
    return batch_of("sensor_track", "T1", np.array([NIGHT_NS + round(at_s * 1e9)]), columns)


def test_a_foreign_track_grows_no_surer_than_it_says_it_is(
    frame: TheatreFrame, sensors: dict[str, Sensor]
) -> None:
    """Its error of 100 m stays the same all the while; as if it were new it would seem averaged."""
    tracker_of = Sensor(id="T1", kind="tracker", lat_deg=54.7, lon_deg=25.3)
    sigma_m, off_m = {}, {}
    for correlation_s in (0.0, 20.0):
        config = TrackerConfig(foreign_correlation_s=correlation_s)
        tracker = Tracker(config, sensors | {"T1": tracker_of}, frame)
        for second in range(60):
            tracker.step(foreign(frame, (20_000.0 + 50.0 * second, 5_100.0), float(second)))
        (track,) = picture(tracker, 59.0)
        sigma_m[correlation_s] = track.sigma_north_m
        _, north_m = frame.to_plane(track.lat_deg, track.lon_deg)
        off_m[correlation_s] = abs(float(north_m) - 5_000.0)
    assert sigma_m[0.0] < 45.0  # sure of what is wrong by 100 m
    assert sigma_m[20.0] > 1.6 * sigma_m[0.0]
    assert off_m[20.0] < 2.0 * sigma_m[20.0]


def test_a_radar_outweighs_a_foreign_track_that_repeats_its_error(
    followed: Tracker, frame: TheatreFrame, sensors: dict[str, Sensor], scan: Scan
) -> None:
    tracker_of = Sensor(id="T1", kind="tracker", lat_deg=54.7, lon_deg=25.3)
    off_m = {}
    for correlation_s in (0.0, 60.0):
        config = TrackerConfig(foreign_correlation_s=correlation_s)
        tracker = Tracker(config, sensors | {"T1": tracker_of}, frame)
        for second in range(60):
            east_m = 10_000.0 + 50.0 * second
            if second % 4 == 0:
                tracker.step(scan([(east_m, 5_000.0)], float(second)))
            if second > 12:
                tracker.step(foreign(frame, (east_m, 5_100.0), second + 0.5))
        (track,) = picture(tracker, 59.0)
        _, north_m = frame.to_plane(track.lat_deg, track.lon_deg)
        off_m[correlation_s] = float(north_m) - 5_000.0
    assert off_m[60.0] < 0.5 * off_m[0.0]
    assert off_m[60.0] < 25.0


def test_a_foreign_track_counts_as_support_each_time(
    frame: TheatreFrame, sensors: dict[str, Sensor]
) -> None:
    tracker_of = Sensor(id="T1", kind="tracker", lat_deg=54.7, lon_deg=25.3)
    tracker = Tracker(TrackerConfig(), sensors | {"T1": tracker_of}, frame)
    for turn in range(8):
        tracker.step(foreign(frame, (20_000.0 + 200.0 * turn, 5_000.0), 4.0 * turn))
    (track,) = picture(tracker, 28.0)
    assert track.state == "confirmed"


def test_a_single_report_never_confirms_a_track(tracker: Tracker) -> None:
    tracker.step(sighting(54.75, 25.4, sigma_m=200.0, sigma_time_s=1.0))
    for minute in range(10):
        assert all(t.state == "tentative" for t in picture(tracker, 60.0 * minute))
    table = tracker._filter.table
    assert table.tracks.existence[: table.used].max() < 0.5


def test_a_report_at_second_hand_is_worth_less(
    tracker: Tracker, frame: TheatreFrame, sensors: dict[str, Sensor]
) -> None:
    other = Tracker(tracker._config, sensors, frame)
    tracker.step(sighting(54.75, 25.4))
    other.step(sighting(54.75, 25.4, first_hand=0.0))
    seen, told = (t._filter.table.tracks for t in (tracker, other))
    assert told.existence[0] < seen.existence[0]
    assert told.supports[0] < seen.supports[0]


def test_several_reports_of_one_object_confirm_it(tracker: Tracker) -> None:
    for number in range(8):
        time_ns = NIGHT_NS + number * 20 * SECOND
        tracker.step(
            sighting(54.75, 25.4 + 0.01 * number, time_ns, sigma_m=500.0, sigma_time_s=5.0)
        )
    (track,) = picture(tracker, 140.0)
    assert track.state == "confirmed"


def told_of(tracker: Tracker, wrong_m: float) -> tuple[Track, Track]:
    """The track of six calls along a way, before and after one that is wrong by so much."""
    for number in range(6):
        tracker.step(
            sighting(
                54.75, 25.4 + 0.01 * number, NIGHT_NS + number * 20 * SECOND, sigma_m=2_000.0,
                sigma_time_s=5.0,
            )
        )  # fmt: skip
    (before,) = picture(tracker, 101.0)
    frame = TheatreFrame(54.7, 25.3)
    east_m, north_m = frame.to_plane(before.lat_deg, before.lon_deg)
    lat_deg, lon_deg = frame.to_geodetic(float(east_m), float(north_m) + wrong_m)
    time_ns = NIGHT_NS + 101 * SECOND
    tracker.step(
        sighting(float(lat_deg), float(lon_deg), time_ns, sigma_m=2_000.0, sigma_time_s=5.0)
    )
    after = [t for t in picture(tracker, 101.0) if t.track_id == before.track_id]
    return before, after[0]


@pytest.mark.parametrize(("wrong_m", "less"), [(6_000.0, 0.85), (8_000.0, 1.0)])
def test_one_wrong_call_moves_a_track_less_than_if_all_were_as_exact_as_they_say(
    frame: TheatreFrame, sensors: dict[str, Sensor], wrong_m: float, less: float
) -> None:
    moved_m = []
    for tail_share in (0.3, 1e-9):
        config = TrackerConfig(sighting_tail_share=tail_share)
        before, after = told_of(Tracker(config, sensors, frame), wrong_m)
        moved_m.append((after.lat_deg - before.lat_deg) * 111_200.0)
    assert moved_m[1] > 100.0
    assert moved_m[0] < less * moved_m[1]


def test_a_call_twenty_kilometres_off_drags_no_track_and_its_ghost_dies(tracker: Tracker) -> None:
    before, after = told_of(tracker, 20_000.0)
    assert after.state == "confirmed"
    assert abs(after.lat_deg - before.lat_deg) * 111_200.0 < 50.0
    table = tracker._filter.table
    assert (table.tracks.life[: table.used] > 0).sum() == 2
    ghosts = [t for t in picture(tracker, 101.0) if t.state != "confirmed"]
    assert ghosts == []
    for minute in range(2, 14):  # others go on calling of the true one
        tracker.step(
            sighting(
                54.75, 25.4 + 0.03 * minute, NIGHT_NS + minute * 60 * SECOND, sigma_m=2_000.0,
                sigma_time_s=5.0,
            )
        )  # fmt: skip
    (left,) = picture(tracker, 780.0)
    assert left.track_id == before.track_id
    assert (table.tracks.life[: table.used] > 0).sum() == 1


def test_a_node_alone_never_confirms_a_track_however_often_it_hears(tracker: Tracker) -> None:
    for second in range(120):
        tracker.step(heard("A2", float(second)))
    tracks = picture(tracker, 120.0)
    assert len(tracks) == 1
    assert tracks[0].state == "tentative"


def test_several_nodes_that_hear_it_pass_confirm_a_track(tracker: Tracker) -> None:
    for second in range(300):
        near = int(np.clip(second * 45.0 // 3_000.0, 0, 4))
        tracker.step(heard(f"A{near}", float(second)))
    tracks = picture(tracker, 300.0)
    assert [t.state for t in tracks] == ["confirmed"]
    assert tracks[0].east_mps == pytest.approx(45.0, abs=25.0)
    assert len(tracks[0].contributors) == 5


def test_a_node_that_goes_on_hearing_is_not_taken_for_new_places(tracker: Tracker) -> None:
    for second in range(60):
        tracker.step(heard("A2", float(second)))
    (track,) = picture(tracker, 60.0)
    assert track.sigma_east_m > 700.0


def test_a_heard_track_is_waited_for_longer(tracker: Tracker) -> None:
    for second in range(300):
        near = int(np.clip(second * 45.0 // 3_000.0, 0, 4))
        tracker.step(heard(f"A{near}", float(second)))
    assert picture(tracker, 299.0 + 170.0)[0].state == "coasting"
    assert picture(tracker, 299.0 + 190.0)[0].state == "lost"


def test_what_is_heard_belongs_to_when_the_sound_left(
    tracker: Tracker, frame: TheatreFrame
) -> None:
    """An object flies along the nodes; each hears it when its sound has come the way."""
    speed_mps, first_m = 90.0, -2_000.0
    words = []
    for second in range(170):
        for number in range(5):
            away_m = abs(first_m + speed_mps * second - 3_000.0 * number)
            if away_m < 1_500.0:
                words.append((second + np.hypot(away_m, 300.0) / 337.4, number))
    ahead_m, shown_s = [], 70.0
    for at_s, number in sorted(words):
        while at_s > shown_s:
            for track in picture(tracker, shown_s):
                east_m, _ = frame.to_plane(track.lat_deg, track.lon_deg)
                ahead_m.append(float(east_m) - (first_m + speed_mps * shown_s))
            shown_s += 5.0
        tracker.step(heard(f"A{number}", at_s))
    assert len(ahead_m) > 15
    assert abs(np.mean(ahead_m)) < 150.0  # it would lag by 270 m with the time of hearing


def test_a_word_is_dated_back_by_the_mean_way_of_its_sound(tracker: Tracker) -> None:
    tracker.step(heard("A2", 10.0))
    born_s = (tracker._filter.table.tracks.time_ns[0] - NIGHT_NS) / 1e9
    delay_s = tracker._intake._sensings["A2"].hearing.delay_s
    assert 2.0 < delay_s < 7.0
    assert born_s == pytest.approx(10.0 - delay_s, abs=1e-6)


def test_a_bearing_never_begins_a_track(tracker: Tracker, frame: TheatreFrame) -> None:
    for second in range(20):
        tracker.step(bearing(frame, float(second), (1.0, 1.0)))
    assert tracker._filter.table.used == 0


def test_a_bearing_narrows_a_track_across_the_line_of_sight(
    followed: Tracker, frame: TheatreFrame
) -> None:
    (before,) = picture(followed, 28.0)
    followed.step(bearing(frame, 28.0, (11_400.0, 5_000.0), sigma_deg=0.02))
    (after,) = picture(followed, 28.0)
    assert after.sigma_north_m < 0.9 * before.sigma_north_m
    assert after.track_id == before.track_id


def test_a_bearing_to_elsewhere_moves_nothing(followed: Tracker, frame: TheatreFrame) -> None:
    (before,) = picture(followed, 28.0)
    followed.step(bearing(frame, 28.0, (-1.0, -1.0)))
    (after,) = picture(followed, 28.0)
    assert to_json(after) == to_json(before)


def test_self_reports_become_a_claimed_track_with_its_callsign(
    tracker: Tracker, frame: TheatreFrame
) -> None:
    for second in range(5):
        tracker.step(self_report(frame, (20_000.0 + 50.0 * second, 0.0), float(second)))
    (track,) = picture(tracker, 4.0)
    assert (track.state, track.basis, track.callsign) == ("confirmed", "claimed", "LTU012")
    assert track.alt_m == pytest.approx(9_000.0, abs=30.0)


def test_spoofed_self_reports_on_top_of_a_measured_track_do_not_touch_it(
    followed: Tracker, frame: TheatreFrame
) -> None:
    (before,) = picture(followed, 28.0)
    for second in range(28, 48):
        followed.step(self_report(frame, (11_400.0 + 500.0, 5_000.0), float(second)))
    after = picture(followed, 28.0)
    assert {t.basis for t in after} == {"measured", "claimed"}
    (measured,) = (t for t in after if t.basis == "measured")
    assert to_json(measured) == to_json(before)


def test_two_identities_side_by_side_stay_two_tracks(tracker: Tracker, frame: TheatreFrame) -> None:
    for second in range(6):
        east_m = 20_000.0 + 50.0 * second
        tracker.step(self_report(frame, (east_m, 0.0), float(second), "aaaaaa", "ONE"))
        tracker.step(self_report(frame, (east_m, 5.0), float(second), "bbbbbb", "TWO"))
    assert sorted(t.callsign for t in picture(tracker, 5.0)) == ["ONE", "TWO"]


def test_contributors_lead_to_the_captured_bytes(tracker: Tracker, scan: Scan) -> None:
    for turn in range(4):
        batch = scan([(10_000.0 + 200.0 * turn, 5_000.0)], 4.0 * turn, sequence=100 + turn)
        batch.columns["offset"][:] = 48
        tracker.step(batch)
    (track,) = picture(tracker, 12.0)
    (newest,) = track.contributors
    assert (newest.sensor_id, newest.sequence, newest.offset) == ("R1", 103, 48)
    assert newest.time_ns == NIGHT_NS + 12 * SECOND


def with_doppler(batch: ObservationBatch, radial_mps: float) -> ObservationBatch:
    batch.columns["radial_mps"] = np.full(len(batch), radial_mps)
    return batch


def velocity_after_two_plots(
    frame: TheatreFrame, sensors: dict[str, Sensor], scan: Scan, radial_mps: float, doppler: Any
) -> tuple[float, float]:
    """East velocity and its sigma of what flies away eastwards at 80 m/s, badly placed."""
    tracker = Tracker(TrackerConfig(doppler=doppler), sensors, frame)
    for turn, error_m in enumerate((60.0, -60.0)):
        plots = scan([(20_000.0 + 320.0 * turn + error_m, 0.0)], 4.0 * turn)
        tracker.step(with_doppler(plots, radial_mps))
    tracks = tracker._filter.table.tracks
    return float(tracks.state[0, 3]), float(np.sqrt(tracks.covariance[0, 3, 3]))


def test_doppler_tells_a_young_track_how_fast_it_is(
    frame: TheatreFrame, sensors: dict[str, Sensor], scan: Scan
) -> None:
    told = velocity_after_two_plots(frame, sensors, scan, 80.0, "away")
    plain = velocity_after_two_plots(frame, sensors, scan, np.nan, "away")
    assert told[0] == pytest.approx(80.0, abs=3.0)
    assert abs(plain[0] - 80.0) > 15.0
    assert told[1] < 0.4 * plain[1]


def test_a_radar_may_count_doppler_towards_itself_or_be_left_unread(
    frame: TheatreFrame, sensors: dict[str, Sensor], scan: Scan
) -> None:
    away = velocity_after_two_plots(frame, sensors, scan, 80.0, "away")
    assert velocity_after_two_plots(frame, sensors, scan, -80.0, "towards") == away
    plain = velocity_after_two_plots(frame, sensors, scan, np.nan, "away")
    assert velocity_after_two_plots(frame, sensors, scan, 80.0, "unused") == plain


def test_a_doppler_speed_that_cannot_be_true_does_not_take_the_plot_from_its_track(
    followed: Tracker, scan: Scan
) -> None:
    (before,) = picture(followed, 28.0)
    followed.step(with_doppler(scan([(11_600.0, 5_000.0)], 32.0), -180.0))
    (after,) = picture(followed, 32.0)
    assert after.track_id == before.track_id
    assert after.updated_ns == NIGHT_NS + 32 * SECOND
    assert after.east_mps == pytest.approx(50.0, abs=3.0)


def test_silence_of_a_sector_lowers_only_tracks_inside(tracker: Tracker, scan: Scan) -> None:
    for turn in range(6):
        tracker.step(scan([(10_000.0, 10_000.0), (-10_000.0, -10_000.0)], 4.0 * turn))
    before = {t.lat_deg > 54.7: t for t in picture(tracker, 20.0)}
    time_ns = NIGHT_NS + 24 * SECOND
    north_east = SweptSector(
        start_azimuth_deg=0.0, extent_deg=90.0, min_range_m=0.0, max_range_m=100_000.0,
        from_ns=time_ns - SECOND, to_ns=time_ns,
    )  # fmt: skip
    tracker.step(batch_of_nothing(north_east))
    after = {t.lat_deg > 54.7: t for t in picture(tracker, 20.0)}
    assert after[True].existence_probability < before[True].existence_probability
    assert after[False].existence_probability == before[False].existence_probability


def batch_of_nothing(swept: SweptSector) -> ObservationBatch:
    columns: dict[str, list[float]] = {"lat_deg": [], "lon_deg": [], "sigma_m": []}
    return batch_of("position", "R1", np.zeros(0, dtype=np.int64), columns, swept=swept)
