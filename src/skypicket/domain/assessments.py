"""What tracks and reports mean: each with a probability, and with its evidence."""

import msgspec

from skypicket.domain.noun import Noun


class Evidence(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that an assessment rests on: which observation, or which rule, in one sentence.

    `source`, `sequence` and `offset` lead to the captured bytes; sequence 0 means that the
    evidence is a rule or a computation and not an observation.
    """

    sentence: str
    sensor_id: str = ""
    source: str = ""
    sequence: int = 0
    offset: int = 0
    rule: str = ""


class Approach(Noun, frozen=True, kw_only=True):
    """A track that will cross a border with `probability` inside the rule's horizon.

    Time is that of the crossing, given that it crosses: median, and the 5 % and 95 % quantiles.
    """

    track_id: str
    time_ns: int
    probability: float
    border: str
    crossing_ns: int
    crossing_from_ns: int
    crossing_to_ns: int
    lat_deg: float
    lon_deg: float
    sigma_m: float
    evidence: tuple[Evidence, ...] = ()


class Incursion(Noun, frozen=True, kw_only=True):
    """A measured track that is inside a border, by rule; `probability` is P(inside and real).

    `sigma_m` and `crossing_sigma_s` are one standard deviation of the place along the border and
    of the time at which it crossed; that of the time is None where its way was not seen.
    """

    track_id: str
    time_ns: int
    probability: float
    border: str
    crossing_ns: int
    lat_deg: float
    lon_deg: float
    sigma_m: float
    inside_m: float
    crossing_sigma_s: float | None = None
    evidence: tuple[Evidence, ...] = ()


class Loss(Noun, frozen=True, kw_only=True):
    """A confirmed track that is no longer seen: where it was, and where it may be.

    `radius_m` holds the object with 95 % at `time_ns` if it flies on. `probability` is P(real)
    when it was last seen; `p_crossing` that of being or coming inside the border.
    """

    track_id: str
    time_ns: int
    probability: float
    last_seen_ns: int
    lat_deg: float
    lon_deg: float
    radius_m: float
    course_deg: float
    speed_mps: float
    abroad: bool
    border: str
    p_crossing: float
    evidence: tuple[Evidence, ...] = ()


class Regained(Noun, frozen=True, kw_only=True):
    """A lost track that was seen again, as itself or as a new track that it could have become."""

    track_id: str
    time_ns: int
    probability: float
    lost_track_id: str
    evidence: tuple[Evidence, ...] = ()


class ReportCluster(Noun, frozen=True, kw_only=True):
    """Reports of people that fit one object, none of them joined to a track."""

    cluster_id: str
    time_ns: int
    probability: float
    first_heard_ns: int
    last_heard_ns: int
    lat_deg: float
    lon_deg: float
    radius_m: float
    first_hand_count: int
    relayed_count: int
    evidence: tuple[Evidence, ...] = ()


class Raid(Noun, frozen=True, kw_only=True):
    """Many measured objects that approach or are inside at about the same time.

    `probability` is that of as many real ones as the rule asks for. `track_ids` are all that ever
    belonged to it, `standing_count` those that still approach, are inside, or were lost there.
    All cross or crossed the border within `radius_m` of the place.
    """

    raid_id: str
    time_ns: int
    probability: float
    border: str
    first_ns: int
    lat_deg: float
    lon_deg: float
    radius_m: float
    standing_count: int
    track_ids: tuple[str, ...]
    evidence: tuple[Evidence, ...] = ()


class SensorSilence(Noun, frozen=True, kw_only=True):
    """A sensor that should have said something and did not; or, restored, speaks again."""

    sensor_id: str
    time_ns: int
    probability: float
    last_heard_ns: int
    restored: bool = False
    evidence: tuple[Evidence, ...] = ()


class SpoofSuspicion(Noun, frozen=True, kw_only=True):
    """A self-report that measurements contradict, or that contradicts itself; or, over, no more.

    `claimed` is what the sender calls itself, or the name of its track where that may be about a
    person. The place is where it claims to be. `measured_track_id` is a measured track that bears
    the same name elsewhere, or that flies beside it with no claim of its own: look at both.
    """

    claimed: str
    time_ns: int
    probability: float
    lat_deg: float
    lon_deg: float
    track_id: str = ""
    measured_track_id: str = ""
    over: bool = False
    evidence: tuple[Evidence, ...] = ()


class ClaimMatch(Noun, frozen=True, kw_only=True):
    """A claimed track that flies as a measured one does: they refer to each other, no more.

    `track_id` is the measured track. Neither moves the other, and a name makes nothing harmless.
    `over` says that the two have parted, or that one of them has ended.
    """

    track_id: str
    claimed_track_id: str
    time_ns: int
    probability: float
    callsign: str = ""
    over: bool = False
    evidence: tuple[Evidence, ...] = ()


Assessment = (
    Approach
    | Incursion
    | Loss
    | Regained
    | ReportCluster
    | Raid
    | SensorSilence
    | SpoofSuspicion
    | ClaimMatch
)
