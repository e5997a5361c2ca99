"""What is said in place of a sentence that would say too much."""

from skypicket.domain.incidents import Alarm, IncidentEntry
from skypicket.domain.times import zulu
from skypicket.geo.places import describe


def coarse_alarm_text(
    alarm: Alarm, place: tuple[float, float] | tuple[None, None], coarsen_m: float
) -> str:
    """The alarm's facts with its coarse place; nothing of its own text."""
    lat_deg, lon_deg = place
    where = ""
    if lat_deg is not None and lon_deg is not None:
        where = f", {describe(lat_deg, lon_deg)}{_about(coarsen_m)}"
    return (
        f"{alarm.title}{where}, at {_clock(alarm.time_ns)}, "
        f"with probability {alarm.probability:.2f}."
    )


def over_text(alarm: Alarm) -> str:
    """That an alarm is over, not who said so."""
    return f"{alarm.title}: over at {_clock(alarm.time_ns)}."


def coarse_entry_text(entry: IncidentEntry, coarsen_m: float) -> str:
    """That something happened, without its place."""
    return (
        f"{entry.what} at {_clock(entry.time_ns)}; its place is told to about {_length(coarsen_m)}."
    )


def _about(coarsen_m: float) -> str:
    if coarsen_m <= 0:
        return ""
    return f" (to about {_length(coarsen_m)})"


def _length(metres: float) -> str:
    return f"{metres:.0f} m" if metres < 1_000 else f"{metres / 1_000:.0f} km"


def _clock(time_ns: int) -> str:
    return zulu(time_ns)[11:]
