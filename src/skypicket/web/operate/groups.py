"""Which alarms, tracks and incidents are of one object."""

from collections.abc import Iterable

import msgspec

from skypicket.domain.incidents import Alarm, Incident
from skypicket.engine.picture import Picture

RANK = {"advisory": 0, "caution": 1, "warning": 2}
OF_MANY = ("Raid",)  # alarms whose tracks are not of one object


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """One object: all tracks that it had, its open alarms, and its open incident."""

    object_id: str
    track_ids: tuple[str, ...]
    alarms: tuple[Alarm, ...]
    incident: Incident | None

    @property
    def level(self) -> str:
        """That of its gravest open alarm, else of its incident."""
        if self.alarms:
            return max((a.level for a in self.alarms), key=RANK.__getitem__)
        return self.incident.level if self.incident is not None else "advisory"

    @property
    def title(self) -> str:
        """That of its gravest and newest open alarm, else of its incident."""
        if self.alarms:
            return max(self.alarms, key=lambda a: (RANK[a.level], a.raised_ns)).title
        return self.incident.title if self.incident is not None else ""


def groups_of(picture: Picture) -> list[Group]:
    """Every object that an open alarm or incident names, by its first track's name."""
    alarms = [a for a in picture.alarms.values() if a.track_ids and a.cause not in OF_MANY]
    roots = _joined(
        [
            *(alarm.track_ids for alarm in alarms),
            *(said.track_ids for said in picture.declarations.values()),
        ]
    )
    tracks: dict[str, list[str]] = {}
    for track in roots:
        tracks.setdefault(roots[track], []).append(track)
    open_alarms: dict[str, list[Alarm]] = {}
    for alarm in alarms:
        if alarm.state != "cleared":
            open_alarms.setdefault(roots[alarm.track_ids[0]], []).append(alarm)
    incidents: dict[str, Incident] = {}
    for incident in picture.incidents.values():
        for track in incident.track_ids if incident.state == "open" else ():
            incidents.setdefault(roots.get(track, track), incident)
    return [
        Group(
            object_id=root,
            track_ids=tuple(tracks.get(root, (root,))),
            alarms=tuple(sorted(open_alarms.get(root, ()), key=lambda a: a.alarm_id)),
            incident=incidents.get(root),
        )
        for root in sorted({*open_alarms, *incidents})
    ]


def _joined(together: Iterable[tuple[str, ...]]) -> dict[str, str]:
    """For each track the first one of its object; tracks that are told together are of one."""
    root: dict[str, str] = {}

    def find(track: str) -> str:
        while root[track] != track:
            root[track] = track = root[root[track]]
        return track

    for tracks in together:
        for track in tracks:
            root.setdefault(track, track)
            first, other = find(tracks[0]), find(track)
            if first != other:
                root[other] = first
    return {track: find(track) for track in root}
