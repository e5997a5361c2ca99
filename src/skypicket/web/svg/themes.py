"""Colours by theme. No colour is the only sign of anything: shapes and words say it too."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

import msgspec

Theme = Literal["day", "dim", "night"]


class Colours(msgspec.Struct, frozen=True, kw_only=True):
    """The colours of one theme."""

    sea: str
    land: str
    home_land: str
    border: str
    home_border: str
    zone: str
    place: str
    reach: str
    unknown: str  # APP-6 yellow, for what nobody has named
    track: str  # lines of tracks: vector, ellipse, area
    ink: str  # lines of symbols
    text: str
    soft: str
    halo: str
    panel: str
    warning: str
    caution: str
    advisory: str
    banner: str
    banner_text: str


THEMES: Mapping[Theme, Colours] = MappingProxyType(
    {
        "day": Colours(
            sea="#cfdde6",
            land="#f0efe8",
            home_land="#ffffff",
            border="#8a8f96",
            home_border="#7a1f5c",
            zone="#5a5f9e",
            place="#3c444d",
            reach="#2d7ab8",
            unknown="#ffff80",
            track="#5f5600",
            ink="#14181d",
            text="#14181d",
            soft="#48525c",
            halo="#ffffff",
            panel="#ffffff",
            warning="#a80f3a",
            caution="#7a5500",
            advisory="#0b5a9c",
            banner="#7a1f5c",
            banner_text="#ffffff",
        ),
        "dim": Colours(
            sea="#0b1620",
            land="#18222b",
            home_land="#1f2c35",
            border="#5b6875",
            home_border="#d7b4ff",
            zone="#8d93d6",
            place="#9fb0bf",
            reach="#5aa6dd",
            unknown="#f3e35a",
            track="#f3e35a",
            ink="#0b1016",
            text="#e6ebf0",
            soft="#b3c0cc",
            halo="#0b1016",
            panel="#10181f",
            warning="#ff8a7a",
            caution="#ffd34d",
            advisory="#6cc0f5",
            banner="#f0a6c8",
            banner_text="#10181f",
        ),
        "night": Colours(
            sea="#030303",
            land="#0c0c0c",
            home_land="#141210",
            border="#4b4038",
            home_border="#b07a50",
            zone="#7a6a8a",
            place="#8a7a6a",
            reach="#7a6248",
            unknown="#c9a227",
            track="#d8b040",
            ink="#050505",
            text="#d8b48c",
            soft="#a58a6c",
            halo="#030303",
            panel="#0a0908",
            warning="#ff6a52",
            caution="#e0a030",
            advisory="#9a9ad0",
            banner="#d8b48c",
            banner_text="#0a0908",
        ),
    }
)
