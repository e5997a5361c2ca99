"""The zones of a configuration, checked: what is drawn wrongly is refused with its line."""

from skypicket.domain.errors import ConfigurationError
from skypicket.domain.zones import Zone
from skypicket.engine.toml_places import line_of
from skypicket.geo.outlines import STATES

FEWEST_CORNERS = 4  # a closed ring names its first corner again at the end


def check_zones(zones: tuple[Zone, ...], text: str, name: str) -> None:
    """Refuse zones that stand twice, name no border, or are drawn wrongly.

    Raises:
        ConfigurationError: the message names file, line, zone and cure.
    """
    seen: set[str] = set()
    for number, zone in enumerate(zones):
        path = f"zones[{number}]"
        place = f"{name}:{line_of(text, path)}: zone {zone.zone_id!r}"
        if zone.zone_id in seen:
            raise ConfigurationError(f"{place} stands twice; give each zone an id of its own.")
        seen.add(zone.zone_id)
        key, fault = fault_of(zone)
        if fault:
            line = line_of(text, f"{path}.{key}")
            raise ConfigurationError(f"{name}:{line}: zone {zone.zone_id!r}: {fault}")


def fault_of(zone: Zone) -> tuple[str, str]:
    """The key of a zone that is wrong, and what is wrong with it; both "" if nothing is.

    >>> fault_of(Zone(zone_id="z", name="Z", kind="border", state="LTU"))
    ('', '')
    >>> square = ((24.0, 55.0), (24.1, 55.0), (24.1, 55.1), (24.0, 55.1))
    >>> fault_of(Zone(zone_id="z", name="Z", kind="restricted", polygon=(square,)))
    ('polygon', 'ring 1 is not closed. End it with its first corner, (24.0, 55.0).')
    """
    floor_m, ceiling_m = zone.floor_amsl_m, zone.ceiling_amsl_m
    if floor_m is not None and ceiling_m is not None and floor_m >= ceiling_m:
        sentence = f"its floor of {floor_m:g} m is not below its ceiling of {ceiling_m:g} m."
        return "floor_amsl_m", sentence
    if zone.kind == "border":
        return _border_fault(zone)
    if zone.state is not None:
        return "state", f"only a border names a state, and this is a {zone.kind}. Remove `state`."
    if not zone.polygon:
        sentence = "it has no polygon. Give rings of [longitude, latitude], the outer one first."
        return "zone_id", sentence
    faults = (_ring_fault(number, ring) for number, ring in enumerate(zone.polygon, 1))
    fault = next(filter(None, faults), "") or _shape_fault(zone)
    return ("polygon", fault) if fault else ("", "")


def _border_fault(zone: Zone) -> tuple[str, str]:
    if zone.polygon:
        return "polygon", "a border takes its line from those that are shipped. Remove `polygon`."
    if zone.state not in STATES:
        sentence = f"its state {zone.state!r} has no border here. Use one of {' '.join(STATES)}."
        return "state", sentence
    return "", ""


def _ring_fault(number: int, ring: tuple[tuple[float, float], ...]) -> str:
    for lon, lat in ring:
        if not (abs(lon) <= 180 and abs(lat) <= 90):
            return (
                f"ring {number} has the corner ({lon}, {lat}), which is no place. "
                "Longitude comes first, then latitude."
            )
    if not ring or ring[0] != ring[-1]:
        first = f", {ring[0]}" if ring else ""
        return f"ring {number} is not closed. End it with its first corner{first}."
    if len(ring) < FEWEST_CORNERS:
        return f"ring {number} has {len(ring) - 1} corners; three are the fewest."
    return ""


def _shape_fault(zone: Zone) -> str:
    from shapely.geometry import Polygon  # noqa: PLC0415 -- slow to import; not all draw zones
    from shapely.validation import explain_validity  # noqa: PLC0415

    outer, *holes = zone.polygon
    shape = Polygon(outer, holes)
    if shape.is_valid:
        return ""
    return f"its lines cross or touch ({explain_validity(shape)}). Draw it without crossing."
