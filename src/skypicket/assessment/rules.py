"""The rules by which tracks and reports come to mean something; the `[rules]` table."""

from typing import Annotated

import msgspec
from msgspec import Meta

from skypicket.domain.errors import ConfigurationError
from skypicket.domain.sensors import NotNegative, Positive, Probability, SensorKind

StateCode = Annotated[str, Meta(pattern="^[A-Z]{3}$")]
SampleCount = Annotated[int, Meta(ge=32, le=1024, multiple_of=32)]


class Rules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every threshold of the assessment; each field has its unit in its name, and a default.

    Border and height:
        home: state whose border is watched, by its code.
        ceiling_amsl_m: what is above it by measured height is not low airspace.
        geoid_m: mean sea level above the WGS 84 ellipsoid; turns the `alt_m` of tracks into a
            height above mean sea level. None takes the geoid at the centre of the theatre.
        height_sigma_m: error of a measured height whose track does not say one.
        quiet_neighbours: crossings from these states are said under a `_neighbour` rule word.

    Approach:
        horizon_s: how far ahead a crossing is looked for.
        approach_probability, approach_off: said from the first on, taken back below the second.
        approach_smooth_s: what stands is smoothed over so long, so that it does not flicker with
            the velocity of the track; the first word never waits for it.
        approach_change, approach_time_change_s, approach_place_change_m: said anew when
            probability, median time (this, a fifth of the time left, or half of what the 5 % and
            95 % quantiles enclose) or place (this, or two sigma) moved so much.
        approach_every_s: a track is computed anew no sooner; approach_repeat_s: nor said sooner.
        samples: paths per track; the resolution of a probability is one part in so many.
        manoeuvre_m2ps3: strength of the manoeuvres on the way; the standard deviation of a
            position after t seconds grows by sqrt(manoeuvre_m2ps3 * t**3 / 3) metres.

    Incursion:
        incursion_probability, incursion_off: P(inside and real) that says it, and below which
            it is doubtful again; below one minus the first it has left.
        incursion_change_m: said anew after it came so much deeper or less deep.
        incursion_repeat_s: and when it became doubtful or sure again, but no sooner.
        fresh_s: a track not measured for longer gives no new incursion.
        origin_depth_m, origin_s, origin_probability: a track first seen inside counts as come
            from abroad if that was no deeper than this, and its course backwards for this long
            leads over the border with this probability.

    Slow objects (said under a `_slow` rule word, for a lower level, never left out):
        slow_mps: below this speed, as birds are, whose tracks would bury all others; drift_mps:
        or below this one while measured above drift_above_amsl_m, as balloons are. slow_age_s:
        not before it was followed so long.

    Loss:
        loss_every_s: how often the lost tracks are thought through again; loss_change: said anew
            when P(crossing) changed so much; loss_keep_s: for how long.
        stale_s: a track of which nothing was said for so long is lost, picture or no picture.
        regain_probability, regain_s: a new track is the lost one from this probability on, and
            no later than this.
        max_speed_mps: no object that is meant here flies faster, wind included.
        births_per_10000km2_h: new confirmed tracks that have nothing to do with a lost one.

    Raid:
        raid_count: so many objects of which plain approaches or incursions are said are a raid,
            if they were first spoken of within raid_s, and with raid_probability so many are
            real. Others join while they come no later than raid_s after the newest.
        raid_off_count: with fewer that still approach, are inside or are lost, it is over.
        raid_repeat_s: said anew with those that joined, but no sooner.

    Reports:
        report_gap_s: reports further apart in time are not of one object.
        report_first_hand_probability, report_relayed_probability: that one report alone is of
            an object.
        report_same_m, report_same_s: nearer reports than both count as one.
        report_probability, report_change, report_change_m: a cluster is said from the first on,
            and anew when its probability or its newest place changed so much.
        report_track_m: a report no farther from a shown low track, or than two of its own sigma,
            belongs to that track.
        report_keep_s: how long after they were heard reports can still be joined.

    Claims:
        spoof_looks: a claimed track is suspect after so many looks in a row that should have seen
            it, while no measured track flies as it does.
        spoof_probability: a look should have, from this P(detect) on.
        spoof_s: and after so long in which a measured track of the same name flew elsewhere.
        claim_max_mps: no sender that is honest gets from one word to the next faster.
        claim_keep_s: a claimed track that was not heard for so long has ended; and so has the
            suspicion of a sender that spoke from two places, after that many seconds without.

    Sensors:
        silence_factor: a sensor is silent after so many of its heartbeats.
        silence_exempt: kinds of sensor whose silence is normal.
    """

    home: StateCode = "LTU"
    ceiling_amsl_m: Positive = 3_000.0
    geoid_m: float | None = None
    height_sigma_m: Positive = 100.0
    quiet_neighbours: tuple[StateCode, ...] = ()

    horizon_s: Annotated[float, Meta(gt=0, le=7_200)] = 900.0
    approach_probability: Probability = 0.4
    approach_off: Probability = 0.2
    approach_smooth_s: NotNegative = 30.0
    approach_change: Probability = 0.15
    approach_time_change_s: Positive = 60.0
    approach_place_change_m: Positive = 5_000.0
    approach_every_s: NotNegative = 5.0
    approach_repeat_s: NotNegative = 30.0
    samples: SampleCount = 128
    manoeuvre_m2ps3: NotNegative = 0.1

    incursion_probability: Probability = 0.9
    incursion_off: Probability = 0.8
    incursion_change_m: Positive = 10_000.0
    incursion_repeat_s: NotNegative = 300.0
    fresh_s: Positive = 15.0
    origin_depth_m: NotNegative = 20_000.0
    origin_s: Positive = 1_800.0
    origin_probability: Probability = 0.5

    slow_mps: NotNegative = 20.0
    drift_mps: NotNegative = 25.0
    drift_above_amsl_m: float = 1_000.0
    slow_age_s: NotNegative = 120.0

    loss_every_s: Positive = 30.0
    loss_change: Probability = 0.2
    loss_keep_s: Positive = 3_600.0
    stale_s: Positive = 120.0
    regain_probability: Probability = 0.5
    regain_s: Positive = 1_800.0
    max_speed_mps: Positive = 70.0
    births_per_10000km2_h: Positive = 30.0

    raid_count: Annotated[int, Meta(ge=2)] = 5
    raid_off_count: Annotated[int, Meta(ge=1)] = 3
    raid_s: Positive = 600.0
    raid_probability: Probability = 0.5
    raid_repeat_s: NotNegative = 60.0

    report_gap_s: Positive = 1_800.0
    report_first_hand_probability: Probability = 0.35
    report_relayed_probability: Probability = 0.1
    report_same_m: NotNegative = 500.0
    report_same_s: NotNegative = 60.0
    report_probability: Probability = 0.5
    report_change: Probability = 0.1
    report_change_m: Positive = 5_000.0
    report_track_m: NotNegative = 3_000.0
    report_keep_s: Positive = 21_600.0

    spoof_looks: Annotated[int, Meta(ge=2)] = 8
    spoof_probability: Probability = 0.7
    spoof_s: Positive = 15.0
    claim_max_mps: Positive = 500.0
    claim_keep_s: Positive = 60.0

    silence_factor: Annotated[float, Meta(ge=1)] = 1.0
    silence_exempt: tuple[SensorKind, ...] = ("person", "remote_id")


_PAIRS = (
    ("approach_probability", "approach_off"),
    ("incursion_probability", "incursion_off"),
    ("raid_count", "raid_off_count"),
)


def checked(rules: Rules) -> Rules:
    """The same rules, every bound tried, also when they were built in Python.

    Raises:
        ConfigurationError: a value is outside its bounds, or a threshold lies below the one
            that takes it back.

    >>> checked(Rules()).home
    'LTU'
    """
    try:
        rules = msgspec.convert(msgspec.to_builtins(rules), Rules)
    except msgspec.ValidationError as error:
        raise ConfigurationError(f"[rules]: {error}. See docs/assessment.md.") from error
    for upper, lower in _PAIRS:
        if getattr(rules, lower) > getattr(rules, upper):
            raise ConfigurationError(
                f"[rules] {lower} = {getattr(rules, lower)} lies above {upper} = "
                f"{getattr(rules, upper)}. What is said would be taken back at once; lower it."
            )
    return rules
