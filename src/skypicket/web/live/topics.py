"""The topics of the live stream: what each is called, and which permission it needs."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from skypicket.domain.errors import UsageError
from skypicket.domain.tracks import Track
from skypicket.web.access.principal import Principal

TRACKS, SYSTEM = "tracks", "system"
# In the order in which they are said first.
TOPICS: Mapping[str, str] = MappingProxyType(
    {
        "alarms": "alarms.read",
        "incidents": "incidents.read",
        "sensors": "sensors.read",
        "objects": "objects.read",
        "places_ahead": "places.read",
        "reports": "reports.read",
        SYSTEM: "system.read",
        TRACKS: "tracks.read",
    }
)
# By which field the items of a topic are told apart; a topic without one is said as a whole.
KEYS: Mapping[str, str] = MappingProxyType(
    {
        "alarms": "alarm_id",
        "incidents": "incident_id",
        "sensors": "sensor_id",
        "objects": "object_id",
        "reports": "report_id",
    }
)


def topics_of(principal: Principal, asked: str = "") -> frozenset[str]:
    """The topics that a principal hears: those that it asks for and may have; all it may, if "".

    Raises:
        UsageError: there is no such topic.
    """
    names = [name for name in asked.split(",") if name]
    unknown = [name for name in names if name not in TOPICS]
    if unknown:
        raise UsageError(
            f"There is no topic {unknown[0][:40]!r}. The live stream has {', '.join(TOPICS)}."
        )
    return frozenset(name for name in names or TOPICS if principal.may(TOPICS[name]))


def message(
    topic: str, items: Sequence[Any], removed: Sequence[str], *, reset: bool
) -> dict[str, Any]:
    """A message about a topic: all its items if `reset`, else those that changed."""
    said: dict[str, Any] = {"type": topic, "items": list(items), "reset": reset}
    return said | {"removed": list(removed)} if removed else said


def tracks_message(tracks: Sequence[Track], time_ns: int) -> dict[str, Any]:
    """All tracks of a moment as JSON, for those who do not read frames."""
    return {"type": TRACKS, "time_ns": time_ns, "items": list(tracks), "reset": True}
