"""What flies low, and how: speeds, heights, endurance, and how it shows to radar and ear.

Every value names its source. "assumed" marks general knowledge without one checked source: an
order of magnitude to plan a simulated night with, never evidence about a real object.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

import msgspec

from skypicket.domain.errors import InputError
from skypicket.physics.detection import Signature

ASSUMED = "assumed"

Engine = Literal["piston", "electric", "jet", "none"]


class Span(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Lowest and highest usual value, in the unit that the field's name says, and their source.

    The source is an address, or "assumed".
    """

    bounds: tuple[float, float]
    source: str = ASSUMED

    @property
    def middle(self) -> float:
        """Halfway between the two."""
        return 0.5 * (self.bounds[0] + self.bounds[1])


class Airframe(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A type of object. `speed_mps` is through the air: a balloon's is 0, it goes with the wind.

    `source_db` is the sound level at 1 m in dB re 20 µPa, None for what is not heard; `engine` is
    what makes it, which a microphone can tell apart.
    """

    name: str
    title: str
    speed_mps: Span
    amsl_m: Span
    endurance_h: Span
    rcs_m2: Span
    engine: Engine = "none"
    source_db: Span | None = None

    @property
    def signature(self) -> Signature:
        """How it shows, at the middle of each span."""
        loud = None if self.source_db is None else self.source_db.middle
        return Signature(rcs_m2=self.rcs_m2.middle, source_db=loud)


def _span(low: float, high: float, source: str = ASSUMED) -> Span:
    return Span(bounds=(low, high), source=source)


_DCNEWS = (
    "https://www.dcnews.ro/ce-sunt-dronele-gerbera-instrumentele-ieftine-ale-rusiei-"
    "detalii-noi-dupa-incidentul-din-polonia_1006406.html"
)
_TIMPUL = (
    "https://timpul.md/articol/detalii-despre-drona-care-a-cazut-in-raionul-floresti-"
    "nu-avea-exploziv.html"
)
_SQ = "https://www.sq.com.ua/ukr/novini/10.11.2023/ppo-zbila-saxed-u-xarkivskii-oblasti"
_SENTINEL = (
    "https://balticsentinel.eu/8094406/crisis-in-the-sky-latvian-authorities-delayed-public-"
    "response-and-nato-s-perceived-passive-handling-of-russian-attack-drone-crash-sparks-public-"
    "scrutiny-in-latvia"
)
_BALLOONS = (
    "https://logistics.maritimeprofessional.com/transport-infrastructure/2025/12/09/"
    "what-are-the-balloons-used-to-smuggle-that-have-caused-air-traffic-disruption-in-lithuania"
)

_ALL = (
    Airframe(
        name="gerbera",
        title="Gerbera (foam decoy, two-stroke engine)",
        speed_mps=_span(15.0, 44.4, _DCNEWS),  # published: at most 160 km/h; the low end assumed
        amsl_m=_span(100.0, 3000.0, _TIMPUL),  # published: at most 3,000 m
        endurance_h=_span(3.8, 6.0, _DCNEWS),  # 600 km published, at 160 and 100 km/h
        rcs_m2=_span(0.01, 0.1),  # none published
        engine="piston",
        source_db=_span(110.0, 120.0),  # none published; model engines of 30-60 cm³
    ),
    Airframe(
        name="shahed",
        title="Shahed-136 / Geran-2",
        speed_mps=_span(41.7, 47.2, _SQ),  # 150-170 km/h
        amsl_m=_span(60.0, 4000.0),
        endurance_h=_span(6.0, 15.0, _SENTINEL),  # 1,000-2,500 km at 165 km/h
        rcs_m2=_span(0.02, 0.2),  # none published
        engine="piston",
        source_db=_span(120.0, 130.0),  # "moped, lawn mower"; level assumed
    ),
    Airframe(
        name="quadcopter",
        title="Small quadcopter",
        speed_mps=_span(0.0, 20.0),
        amsl_m=_span(100.0, 500.0),
        endurance_h=_span(0.3, 0.7),
        rcs_m2=_span(0.005, 0.03),
        engine="electric",
        source_db=_span(75.0, 90.0),
    ),
    Airframe(
        name="balloon",
        title="Smuggler's weather balloon",
        speed_mps=_span(0.0, 0.0, _BALLOONS),  # "wind"
        amsl_m=_span(3000.0, 9000.0, _BALLOONS),
        endurance_h=_span(1.0, 4.0),
        rcs_m2=_span(0.01, 0.3),  # the load, not the balloon
    ),
    Airframe(
        name="airliner",
        title="Airliner",
        speed_mps=_span(190.0, 250.0),
        amsl_m=_span(8500.0, 12_500.0),
        endurance_h=_span(2.0, 14.0),
        rcs_m2=_span(10.0, 60.0),
        engine="jet",
        source_db=_span(140.0, 150.0),
    ),
    Airframe(
        name="light_aircraft",
        title="Light aircraft",
        speed_mps=_span(40.0, 65.0),
        amsl_m=_span(300.0, 3000.0),
        endurance_h=_span(3.0, 6.0),
        rcs_m2=_span(1.0, 5.0),
        engine="piston",
        source_db=_span(115.0, 125.0),
    ),
    Airframe(
        name="bird",
        title="Bird, or a tight flock",
        speed_mps=_span(8.0, 20.0),
        amsl_m=_span(100.0, 1500.0),
        endurance_h=_span(1.0, 12.0),
        rcs_m2=_span(0.001, 0.02),
    ),
)

AIRFRAMES: Mapping[str, Airframe] = MappingProxyType({one.name: one for one in _ALL})


def airframe(name: str) -> Airframe:
    """The airframe of that name.

    Raises:
        InputError: there is none; the message lists those that are.

    >>> airframe("gerbera").speed_mps.bounds
    (15.0, 44.4)
    >>> round(airframe("gerbera").signature.rcs_m2, 3)
    0.055
    """
    found = AIRFRAMES.get(name)
    if found is None:
        raise InputError(f"No airframe {name!r}. Known are: {', '.join(AIRFRAMES)}.")
    return found
