"""Alarms and entries in plain words: what, where, when in Zulu, how sure."""

from skypicket.domain.assessments import (
    Approach,
    Incursion,
    Loss,
    Raid,
    ReportCluster,
    SpoofSuspicion,
)
from skypicket.domain.times import zulu
from skypicket.geo.places import describe

STATES = {
    "BLR": "Belarus",
    "EST": "Estonia",
    "FIN": "Finland",
    "LTU": "Lithuania",
    "LVA": "Latvia",
    "MDA": "Moldova",
    "POL": "Poland",
    "ROU": "Romania",
    "RUS": "Russia",
    "UKR": "Ukraine",
}
FEW = 5  # names in a sentence


def state_name(code: str) -> str:
    """The name of a state, or its code if it has none here."""
    return STATES.get(code, code)


def where(lat_deg: float, lon_deg: float) -> str:
    """The place by name, then its coordinates."""
    return f"{describe(lat_deg, lon_deg)} ({lat_deg:.4f}, {lon_deg:.4f})"


def roughly(lat_deg: float, lon_deg: float) -> str:
    """The place of a person, to about a kilometre: what is recorded can never be erased.

    >>> roughly(54.69812, 25.31234).endswith("(54.70, 25.31)")
    True
    """
    return f"{describe(lat_deg, lon_deg)} ({lat_deg:.2f}, {lon_deg:.2f})"


def clock(time_ns: int) -> str:
    """The time of day in Zulu: `01:56:00Z`."""
    return zulu(time_ns)[11:]


def length(metres: float) -> str:
    """A distance as people say it: `350 m`, `12 km`."""
    metres = abs(metres)
    if metres < 950:
        return f"{round(metres, -1):.0f} m"
    return f"{metres / 1000:.1f} km" if metres < 9_950 else f"{metres / 1000:.0f} km"


def approach_text(noun: Approach) -> str:
    """What an approach says on an alarm."""
    return (
        f"A measured object comes towards {state_name(noun.border)}: it crosses the border "
        f"{where(noun.lat_deg, noun.lon_deg)} about {clock(noun.crossing_ns)} "
        f"({clock(noun.crossing_from_ns)} to {clock(noun.crossing_to_ns)}) "
        f"with probability {noun.probability:.2f}."
    )


def approach_over_text(noun: Approach) -> str:
    """What is said when an approach is over without a crossing."""
    why = noun.evidence[0].sentence if noun.evidence else ""
    return (
        f"At {clock(noun.time_ns)} the object does not approach {state_name(noun.border)} any "
        f"more; the crossing had been expected {where(noun.lat_deg, noun.lon_deg)}; "
        f"probability now {noun.probability:.2f}. {why}".rstrip()
    )


def incursion_text(noun: Incursion) -> str:
    """What an incursion says on an alarm, also when it is doubtful or over.

    Errors are two standard deviations.
    """
    place, time = where(noun.lat_deg, noun.lon_deg), clock(noun.crossing_ns)
    if noun.crossing_sigma_s is not None:
        place = f"{place} ± {length(2 * noun.sigma_m)}"
        time = f"{time} ± {max(2 * noun.crossing_sigma_s, 1.0):.0f} s"
    crossed = f"crossed the border of {state_name(noun.border)} {place} at {time}"
    if noun.inside_m < 0:
        return (
            f"The object that {crossed} is {length(noun.inside_m)} outside again at "
            f"{clock(noun.time_ns)}; probability of being inside {noun.probability:.2f}."
        )
    return (
        f"A measured object {crossed} and is {length(noun.inside_m)} inside at "
        f"{clock(noun.time_ns)}, with probability {noun.probability:.2f}."
    )


def loss_text(noun: Loss) -> str:
    """What a loss says on an alarm."""
    side = "outside" if noun.abroad else "inside"
    return (
        f"An object was last seen {side} {state_name(noun.border)}, "
        f"{where(noun.lat_deg, noun.lon_deg)}, at {clock(noun.last_seen_ns)}, course "
        f"{noun.course_deg:.0f}°, {noun.speed_mps * 3.6:.0f} km/h; if it flies on it is within "
        f"{length(noun.radius_m)} of there at {clock(noun.time_ns)}, and inside or coming inside "
        f"with probability {noun.p_crossing:.2f}."
    )


def cluster_text(noun: ReportCluster) -> str:
    """What a cluster of reports says on an alarm."""
    return (
        f"{noun.first_hand_count} first-hand and {noun.relayed_count} relayed reports fit one "
        f"object, heard or seen {clock(noun.first_heard_ns)} to {clock(noun.last_heard_ns)}, last "
        f"{where(noun.lat_deg, noun.lon_deg)} ± {length(noun.radius_m)}, "
        f"with probability {noun.probability:.2f}."
    )


def raid_text(noun: Raid) -> str:
    """What a raid says on its row, also when it is over."""
    why = noun.evidence[0].sentence if noun.evidence else ""
    return (
        f"{len(noun.track_ids)} measured objects approach or are inside "
        f"{state_name(noun.border)} since {clock(noun.first_ns)}, {noun.standing_count} of them "
        f"still at {clock(noun.time_ns)}; they cross the border within "
        f"{length(noun.radius_m)} of {where(noun.lat_deg, noun.lon_deg)}, "
        f"with probability {noun.probability:.2f}. {why}".rstrip()
    )


def silence_text(silent: dict[str, int], time_ns: int) -> str:
    """Which sensors are silent since when, in one sentence."""
    names = sorted(silent)
    listed = ", ".join(names[:FEW]) + (f" and {len(names) - FEW} more" if len(names) > FEW else "")
    if len(names) > 1:
        return f"{len(names)} sensors are silent at {clock(time_ns)}: {listed}."
    last = silent[names[0]]
    since = f"since {clock(last)}" if last else "since the start"
    return f"Sensor {listed} is silent {since}; what it would see is not seen now."


def suspects_text(newest: list[SpoofSuspicion], count: int, time_ns: int) -> str:
    """Which senders are suspect, the newest first, of so many in all; and why where it is one."""
    if count > 1:
        more = f" and {count - FEW} more" if count > FEW else ""
        listed = ", ".join(noun.claimed for noun in newest[:FEW]) + more
        return f"{count} senders are suspect at {clock(time_ns)}: {listed}."
    (noun,) = newest
    why = noun.evidence[0].sentence if noun.evidence else ""
    return (
        f"{noun.claimed} says at {clock(noun.time_ns)} that it is "
        f"{where(noun.lat_deg, noun.lon_deg)}; that is false with probability "
        f"{noun.probability:.2f}. {why}".rstrip()
    )
