"""Areas that mean something: borders, restricted areas, protected sites."""

from typing import Literal

from skypicket.domain.noun import Noun
from skypicket.domain.sensors import Identifier

ZoneKind = Literal["border", "restricted", "municipality", "protected_site"]


class Zone(Noun, frozen=True, kw_only=True):
    """An area with a floor and a ceiling above mean sea level; None means no limit.

    A zone of kind `border` names a state (`LTU`) and takes its polygon from the borders that are
    shipped; the others carry `polygon`: rings of (longitude, latitude), the first the outer one.
    """

    zone_id: Identifier
    name: str
    kind: ZoneKind
    state: str | None = None
    polygon: tuple[tuple[tuple[float, float], ...], ...] = ()
    floor_amsl_m: float | None = None
    ceiling_amsl_m: float | None = None
