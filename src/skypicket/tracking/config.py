"""What can be set on the tracker, each with its unit, its default and its reason."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Share = Annotated[float, Meta(gt=0, lt=1)]
Positive = Annotated[float, Meta(gt=0)]
NotNegative = Annotated[float, Meta(ge=0)]
Gain = Annotated[float, Meta(ge=1)]
Count = Annotated[int, Meta(ge=1)]


class TrackerConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The tracker's settings. One set of defaults serves sparse and crowded skies alike.

    Attributes:
        horizontal_q_m2ps3: spectral density of the horizontal acceleration of a track that is too
            young to tell how it moves, and of what is shown ahead of the last look (m²/s³).
        steady_q_m2ps3: the same of an object that flies straight on (m²/s³), ...
        turning_q_m2ps3: ... of one that turns or changes its speed (m²/s³), ...
        drifting_q_m2ps3: ... and of one that hovers or is borne by the wind (m²/s³).
        turning_share: how much of all time objects turn, ...
        drifting_share: ... and hover or drift; the rest they fly straight on.
        mode_s: mean time after which an object chooses anew how it moves (s).
        drift_s: time in which a drifting object takes on the velocity of the wind (s).
        wind_east_mps: the wind that objects drift with, towards the east (m/s) ...
        wind_north_mps: ... and towards the north (m/s).
        branch_count: from so many supporting observations on a track that is surely there tells its
            motions apart.
        vertical_q_m2ps3: the same for the height (m²/s³).
        gate_d2: squared Mahalanobis distance beyond which a measurement is none of a track's;
            16 keeps 99.97 % in two dimensions.
        identity_gate_d2: the same where a claimed identity already says that they belong together.
        learn: whether what a radar's looks find corrects what was told of its false alarms and its
            detection, and its plots where they differ from those of other radars.
        sweeps: most sweeps of belief propagation in a scan.
        survival_s: mean time that an object stays, of which its existence is reminded at each look.
        detection_floor: a measurement that did arrive was detectable at least this well.
        birth_per_km2: expected new objects per look of a sensor and km² ...
        birth_clutter_share: ... but at least this share of its false alarms,
        birth_existence: ... and never so many that one measurement alone is more than this.
        birth_edge_gain: so many times more at the edge of a sensor's reach, where all fly in, ...
        birth_edge_m: ... which fades with this distance from it (m);
        birth_border_gain: so many times more at the border that is watched, ...
        birth_border_m: ... which fades with this distance from it (m).
        birth_slow_share: how many new objects are slow,
        birth_slow_mps: what is not known of a slow one's velocity, per axis (m/s) ...
        birth_fast_mps: ... and of that of all others (m/s).
        birth_alt_m: mean height above the ellipsoid where no sensor gives one (m).
        birth_sigma_alt_m: how uncertain that height is (m).
        prune_existence: an unconfirmed track less probable than this is forgotten.
        confirm_existence: a track at least this probable is confirmed ...
        confirm_count: ... if so many supporting observations speak for it; a relayed report
            counts a third, and a node that only hears counts once.
        drop_existence: a confirmed track less probable than this is lost.
        max_existence: no track is more certain than this, so that silence can still tell.
        show_tentative: an unconfirmed track at least this probable is shown as tentative, and a
            confirmed one that is less probable too.
        coast_periods: a confirmed track coasts when so many periods of its sensor brought nothing.
        lost_after_s: a track that nothing supported for this long is lost (s) ...
        lost_after_periods: ... or for so many periods of its last sensor, if that is longer.
        lost_after_heard_s: the same where the last sensor only hears or sees now and then (s).
        lost_after_told_s: the same where only people told of it (s).
        keep_lost_s: a lost track stays in the picture for this long (s).
        silence_correlation_s: an ear, a camera or a person that hears nothing in this time says
            nothing new in it: one miss, however often it is asked (s).
        presence_correlation_s: one node's repeated words tell its place once in this time (s).
        doppler: which way a positive `radial_mps` points, `away` from the radar or `towards` it;
            `unused` where radars differ. ASTERIX does not say.
        doppler_sigma_mps: error of such a speed (m/s).
        foreign_correlation_s: a foreign tracker's output is filtered: what it says of an object in
            this time has one error, and counts once (s).
        sighting_speed_mps: how far an object moves while the time of a report, or the way of its
            sound, is uncertain (m/s).
        sighting_tail_share: how much of what people tell is much less exact than they say, ...
        sighting_tail_factor: ... namely this many times.
        sighting_birth_existence: what one first-hand report alone makes a track.
        relayed_birth_existence: the same for a report at second hand.
        pressure_sigma_m: error of a height from air pressure at standard setting (m).
        geoid_m: height of mean sea level above the ellipsoid (m); None takes it from the place.
        window_scans: late observations are taken in exactly as long as they belong to the newest
            so many scans; a sector counts as its share of a turn ...
        window_s: ... or are no older than this against the newest (s).
        window_bytes: memory for checkpoints, in a full sky that of twelve whole track tables; when
            it is full, older ones grow sparser (bytes).
        eager_looks: a late batch that needs more than so many batches to be worked again waits
            for the next tick, with others that are late.
        max_rows: a scan with more rows than this updates tracks and begins none.
        max_distance_m: what is farther from the theatre's centre is not believed (m).
        max_ahead_s: what is dated later than this after its receipt is not believed (s).
        max_jump_s: without a time of receipt, a look so far from the newest is not believed (s) ...
        jump_witnesses: ... until so many in a row agree on another time.
    """

    horizontal_q_m2ps3: Positive = 4.0
    steady_q_m2ps3: Positive = 1.0
    turning_q_m2ps3: Positive = 25.0
    drifting_q_m2ps3: Positive = 1.0
    turning_share: Share = 0.12
    drifting_share: Share = 0.05
    mode_s: Positive = 20.0
    drift_s: Positive = 30.0
    wind_east_mps: float = 0.0
    wind_north_mps: float = 0.0
    branch_count: Positive = 3.0
    vertical_q_m2ps3: Positive = 0.25
    gate_d2: Positive = 16.0
    identity_gate_d2: Positive = 100.0
    learn: bool = True
    sweeps: Count = 15
    survival_s: Positive = 600.0
    detection_floor: Share = 0.05
    birth_per_km2: Positive = 0.003
    birth_clutter_share: Share = 0.005
    birth_existence: Share = 0.25
    birth_edge_gain: Gain = 3.0
    birth_edge_m: Positive = 500.0
    birth_border_gain: Gain = 2.0
    birth_border_m: Positive = 3_000.0
    birth_slow_share: Share = 0.85
    birth_slow_mps: Positive = 35.0
    birth_fast_mps: Positive = 120.0
    birth_alt_m: float = 500.0
    birth_sigma_alt_m: Positive = 1_000.0
    prune_existence: Share = 1e-3
    confirm_existence: Share = 0.8
    confirm_count: Positive = 3.0
    drop_existence: Share = 0.1
    max_existence: Share = 0.9999
    show_tentative: Share = 0.5
    coast_periods: Positive = 2.5
    lost_after_s: Positive = 20.0
    lost_after_periods: Positive = 5.0
    lost_after_heard_s: Positive = 180.0
    lost_after_told_s: Positive = 600.0
    keep_lost_s: NotNegative = 1_800.0
    silence_correlation_s: Positive = 10.0
    presence_correlation_s: Positive = 30.0
    doppler: Literal["away", "towards", "unused"] = "away"
    doppler_sigma_mps: Positive = 2.0
    foreign_correlation_s: NotNegative = 20.0
    sighting_speed_mps: Positive = 50.0
    sighting_tail_share: Share = 0.3
    sighting_tail_factor: Annotated[float, Meta(ge=1)] = 5.0
    sighting_birth_existence: Share = 0.2
    relayed_birth_existence: Share = 0.05
    pressure_sigma_m: Positive = 300.0
    geoid_m: float | None = None
    window_scans: Positive = 64.0
    window_s: NotNegative = 10.0
    window_bytes: Count = 48_000_000
    eager_looks: Count = 32
    max_rows: Count = 20_000
    max_distance_m: Positive = 2_000_000.0
    max_ahead_s: Positive = 60.0
    max_jump_s: Positive = 21_600.0
    jump_witnesses: Count = 5
