"""How the system is: clock, links, losses, and whether what leaves would be real."""

from collections.abc import Mapping
from importlib.metadata import version
from types import MappingProxyType
from typing import Literal

import msgspec

from skypicket.domain.times import NS_PER_S
from skypicket.engine.picture import Picture
from skypicket.engine.runtime import Runtime
from skypicket.engine.settings import Settings

ATTRIBUTION = (
    "© OpenStreetMap contributors (ODbL) · GeoNames (CC BY 4.0) · Natural Earth · "
    "airportsdata (MIT)"
)
TIME_ZONES: Mapping[str, str] = MappingProxyType(
    {
        "BLR": "Europe/Minsk",
        "EST": "Europe/Tallinn",
        "FIN": "Europe/Helsinki",
        "LTU": "Europe/Vilnius",
        "LVA": "Europe/Riga",
        "MDA": "Europe/Chisinau",
        "POL": "Europe/Warsaw",
        "ROU": "Europe/Bucharest",
        "RUS": "Europe/Moscow",
        "UKR": "Europe/Kyiv",
    }
)
_LANGUAGES: Mapping[str, str] = MappingProxyType(
    {"EST": "et", "LTU": "lt", "LVA": "lv", "POL": "pl", "UKR": "uk"}
)


class LinkView(msgspec.Struct, frozen=True, kw_only=True):
    """One source's link: its state, the age of its newest message, and counts since the start."""

    source: str
    state: str
    last_message_age_s: float | None
    messages: int
    rejects: int
    text: str


class PlaceOfTheatre(msgspec.Struct, frozen=True, kw_only=True):
    """The centre of the theatre, WGS 84; a page opens there."""

    lat_deg: float
    lon_deg: float


class ChannelView(msgspec.Struct, frozen=True, kw_only=True):
    """A channel by which alerts leave: `LIVE` reaches people, `DRY RUN` reaches nobody."""

    name: str
    state: Literal["LIVE", "DRY RUN"]


class ProfileView(msgspec.Struct, frozen=True, kw_only=True):
    """What a page shows unless its user chooses otherwise: time zone, and languages in order."""

    time_zone: str
    languages: tuple[str, ...]


class SystemView(msgspec.Struct, frozen=True, kw_only=True):
    """The system as a whole, at `time_ns` of the engine clock.

    `behind` counts captured entries that the stages have not worked through, `lost_messages` by
    sensor what its sequence numbers miss. `text` says what ails the system, "" when nothing does.
    A partner is told no link, no count and no fault's text.
    """

    name: str
    mode: Literal["live", "simulation"]
    time_ns: int
    started_ns: int
    speed_factor: float
    well: bool
    text: str
    behind: int
    links: tuple[LinkView, ...]
    lost_messages: dict[str, int]
    theatre: PlaceOfTheatre
    home: str
    states: tuple[str, ...]
    channels: tuple[ChannelView, ...]
    attribution: str
    version: str
    profile: ProfileView


def system_view(runtime: Runtime, picture: Picture) -> SystemView:
    """The system as the owner of `picture` may see it: a partner's picture is not the own one."""
    system = runtime.settings.system
    own = picture is runtime.picture or picture.past
    now_ns = picture.time_ns if picture.past else runtime.clock()
    well = is_well(runtime) and not _stands_still(runtime, picture)
    languages = dict.fromkeys((_LANGUAGES.get(system.home, "en"), "en"))
    return SystemView(
        name=system.name,
        mode=system.mode,
        time_ns=now_ns,
        started_ns=runtime.started_ns,
        speed_factor=runtime.clock.speed_factor,
        well=well,
        text=_what_ails(runtime) if own else ("" if well else "The sending system is not well."),
        behind=runtime.behind if own else 0,
        links=link_views(runtime, now_ns) if own else (),
        lost_messages=picture.lost_messages if own else {},
        theatre=PlaceOfTheatre(lat_deg=system.theatre.lat_deg, lon_deg=system.theatre.lon_deg),
        home=system.home,
        states=tuple(dict.fromkeys((system.home, *system.states))),
        channels=channels_of(runtime.settings) if own else (),
        attribution=ATTRIBUTION,
        version=version("skypicket"),
        profile=ProfileView(
            time_zone=TIME_ZONES.get(system.home, "UTC"), languages=tuple(languages)
        ),
    )


def channels_of(settings: Settings) -> tuple[ChannelView, ...]:
    """The channels by which alerts leave: none, because no setting names one yet."""
    del settings
    return ()


def is_well(runtime: Runtime) -> bool:
    """Whether messages are captured and the stages work."""
    return runtime.writer.state.state == "running" and runtime.well


def _stands_still(runtime: Runtime, picture: Picture) -> bool:
    """Whether it is the picture of a partner whose stages have failed."""
    faults = runtime.partner_faults
    return any(picture is runtime.partner_pictures[code] for code in faults)


def _what_ails(runtime: Runtime) -> str:
    if is_well(runtime):
        return ""
    return runtime.failure or runtime.writer.state.text or "The stages have not started yet."


def link_views(runtime: Runtime, now_ns: int) -> tuple[LinkView, ...]:
    """Each link by its source's name."""
    rejects: dict[str, int] = {}
    for (source, _), count in runtime.picture.reject_counts.items():
        rejects[source] = rejects.get(source, 0) + count
    return tuple(
        LinkView(
            source=source,
            state=health.state,
            last_message_age_s=(
                max(0.0, (now_ns - health.last_message_ns) / NS_PER_S)
                if health.last_message_ns
                else None
            ),
            messages=health.messages,
            rejects=rejects.get(source, 0),
            text=health.text,
        )
        for source, health in sorted(runtime.health().items())
    )
