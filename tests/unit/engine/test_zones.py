import msgspec
import pytest

from skypicket.domain.errors import ConfigurationError
from skypicket.domain.zones import Zone
from skypicket.engine.pipeline import meaning_of
from skypicket.engine.settings import Settings, parse_settings

SQUARE = "[[[24.0, 55.0], [24.1, 55.0], [24.1, 55.1], [24.0, 55.1], [24.0, 55.0]]]"
GOOD = f"""
[[zones]]
zone_id = "range"
name = "A range"
kind = "restricted"
floor_amsl_m = 100.0
ceiling_amsl_m = 3000.0
polygon = {SQUARE}

[[zones]]
zone_id = "border"
name = "Border"
kind = "border"
state = "LTU"
"""


def test_good_zones_are_read_as_they_stand() -> None:
    first, second = parse_settings(GOOD, "site.toml").zones
    assert first.polygon[0][1] == (24.1, 55.0)
    assert (first.floor_amsl_m, first.ceiling_amsl_m) == (100.0, 3000.0)
    assert (second.kind, second.state) == ("border", "LTU")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ((", [24.0, 55.0]]]", "]]"), "site.toml:8: zone 'range': ring 1 is not closed. End it"),
        (("[24.1, 55.1], [24.0, 55.1]", "[24.0, 55.1], [24.1, 55.1]"), "site.toml:8: zone 'range'"),
        (("[24.1, 55.0], ", "[55.0, 241.0], "), "Longitude comes first, then latitude"),
        ((SQUARE, "[[[24.0, 55.0], [24.1, 55.0], [24.0, 55.0]]]"), "three are the fewest"),
        ((f"polygon = {SQUARE}", ""), "site.toml:3: zone 'range': it has no polygon"),
        (("floor_amsl_m = 100.0", "floor_amsl_m = 4e3"), "site.toml:6: zone 'range': its floor of"),
        (('zone_id = "border"', 'zone_id = "range"'), "site.toml:10: zone 'range' stands twice"),
        (('state = "LTU"', 'state = "SWE"'), "site.toml:14: zone 'border': its state 'SWE' has no"),
        (('state = "LTU"', f'state = "LTU"\npolygon = {SQUARE}'), "Remove `polygon`"),
        (('kind = "restricted"', 'kind = "restricted"\nstate = "LTU"'), "Remove `state`"),
        (('kind = "restricted"', 'kind = "park"'), "site.toml:5"),
    ],
)
def test_a_zone_that_is_drawn_wrongly_is_refused_with_its_line(
    change: tuple[str, str], said: str
) -> None:
    assert change[0] in GOOD
    with pytest.raises(ConfigurationError) as refused:
        parse_settings(GOOD.replace(*change, 1), "site.toml")
    assert said in str(refused.value)


def test_lines_that_cross_are_named_as_such() -> None:
    crossing = "[24.1, 55.0], [24.0, 55.1], [24.1, 55.1], [24.0, 55.0]]]"
    text = GOOD.replace(SQUARE, f"[[[24.0, 55.0], {crossing}")
    with pytest.raises(ConfigurationError, match="cross or touch"):
        parse_settings(text, "site.toml")


def test_zones_change_nothing_of_what_is_computed() -> None:
    zone = Zone(zone_id="z", name="Z", kind="border", state="LTU")
    with_zone = msgspec.structs.replace(Settings(), zones=(zone,))
    assert meaning_of(with_zone) == meaning_of(Settings())
