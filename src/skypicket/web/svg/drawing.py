"""What an SVG picture is made from: plain values that the asker may see, and nothing else."""

from collections.abc import Mapping

import msgspec

from skypicket.domain.assessments import Loss
from skypicket.domain.incidents import Alarm
from skypicket.domain.tracks import Track
from skypicket.domain.zones import Zone
from skypicket.web.api.reports import ReportView
from skypicket.web.api.sensors import SensorView
from skypicket.web.api.system import SystemView
from skypicket.web.operate.views import PlaceAhead
from skypicket.web.svg.themes import Theme
from skypicket.web.svg.view import View


class DrawnTrack(msgspec.Struct, frozen=True, kw_only=True):
    """A track and what its drawing needs besides: how its error grows, its height, its alarm.

    `amsl_m` is its height above mean sea level, None where nobody told one. `level` is that of
    the gravest alarm that names it and stands, "" for none. `loss` is what was said of its loss.
    """

    track: Track
    sigma_mps: float
    amsl_m: float | None
    level: str = ""
    loss: Loss | None = None


class Drawing(msgspec.Struct, frozen=True, kw_only=True):
    """One picture: its frame, its moment, and what is in it.

    `tracks` come with the most urgent first; `hidden_count` more are left out. `reaches_m` holds,
    by sensor, how far it sees a small object at 200 m; it is empty for who may not know. `empty`
    says why there is no track, "" where there is one. `stale_s` is the age of what is shown.
    `past` says that it shows a past moment and not what is now. `reports` come by the time they
    were heard, `ahead` with the soonest first.
    """

    view: View
    theme: Theme
    system: SystemView
    stale_s: float
    tracks: tuple[DrawnTrack, ...] = ()
    hidden_count: int = 0
    alarms: tuple[Alarm, ...] = ()
    zones: tuple[Zone, ...] = ()
    sensors: tuple[SensorView, ...] = ()
    reaches_m: Mapping[str, float] = {}
    empty: str = ""
    past: bool = False
    reports: tuple[ReportView, ...] = ()
    ahead: tuple[PlaceAhead, ...] = ()
