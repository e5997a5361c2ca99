"""A night with a secret: what a partner may see, and traffic of which nothing may reach it."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import msgspec

from skypicket.domain.codec import to_json
from skypicket.domain.contracts import Entry, OperatorAction
from skypicket.domain.noun import Noun
from skypicket.domain.times import NS_PER_S
from skypicket.engine.configuration import configuration_payload
from skypicket.engine.picture import Picture
from skypicket.engine.pipeline import Pipeline
from skypicket.engine.settings import Settings, parse_settings
from skypicket.testing.builders import NIGHT_NS

PARTNER = "LVA"
SECONDS = 60
SECRET_LAT_DEG, SECRET_LON_DEG = 55.4321, 24.6543
# Texts, names and numbers that only the secret traffic holds, as they would show in an answer.
WORDS = ("SECRET77", "ZQX777", "nightjar", "55.43", "24.65", "554321", "whisperer", "EST")
COMMON = """
[system]
mode = "simulation"
home = "LTU"

[[partners]]
code = "LVA"
name = "Latvia"

[[partners]]
code = "POL"

[[sensors]]
id = "R1"
kind = "radar"
lat_deg = 54.65
lon_deg = 25.6
releasability = { owner = "LTU", releasable_to = ["LVA"] }

[[sensors]]
id = "R2"
kind = "radar"
lat_deg = 54.5
lon_deg = 25.4
releasability = { owner = "LTU", releasable_to = ["LVA", "POL"], coarsen_m = 0.0 }

[[sources]]
id = "lines"
format = "observations"
link = { type = "http" }
"""
HIDDEN = """
[[sensors]]
id = "SECRET77"
kind = "radar"
lat_deg = 55.4321
lon_deg = 24.6543
releasability = { owner = "LTU", releasable_to = ["EST"] }

[[sensors]]
id = "whisperer"
kind = "adsb"
lat_deg = 55.4321
lon_deg = 24.6543

[[sensors]]
id = "desk"
kind = "person"
lat_deg = 55.4321
lon_deg = 24.6543
releasability = { owner = "LTU", releasable_to = ["LVA"] }

[[sources]]
id = "reports"
format = "report"
sensors = ["desk"]
personal = "report"
link = { type = "http" }

[[zones]]
zone_id = "nightjar"
name = "nightjar"
kind = "protected_site"
polygon = [[[24.64, 55.42], [24.66, 55.42], [24.66, 55.44], [24.64, 55.42]]]
"""


class Secret(NamedTuple):
    """One thing that happens beside what the partner may see, `second` after the beginning."""

    second: int
    kind: str  # plot, same, claim, noise, report, comment
    shift_deg: float = 0.0


def settings(*, secret: bool = True, coarsen_m: float = 0.0) -> Settings:
    """The configuration, with the secret sensors or without them."""
    text = COMMON + HIDDEN * secret
    return parse_settings(text.replace("coarsen_m = 0.0", f"coarsen_m = {coarsen_m}"), "site.toml")


def entries(secrets: Iterable[Secret] = ()) -> list[Entry]:
    """A minute of a capture: two radars that follow an object over the border, and the secrets."""
    made: list[Entry] = []
    hidden = sorted(secrets)

    def say(kind: Any, at_ns: int, payload: bytes = b"", source: str = "lines") -> None:
        personal = source == "reports"
        made.append(
            Entry(
                sequence=len(made) + 1,
                kind=kind,
                source=source,
                received_ns=at_ns,
                payload=payload,
                personal=personal,
            )
        )

    for second in range(SECONDS):
        at_ns = NIGHT_NS + second * NS_PER_S
        now = [one for one in hidden if one.second == second]
        for one in now:
            if one.kind in _LINES:
                say("message", at_ns, _line(*_LINES[one.kind](one, second), at_ns))
            else:
                say(*_odd(one, at_ns))
        if second % 2 == 0:
            shared = _line("R1" if second % 4 else "R2", *_object(second), at_ns)
            # One message may hold lines of both: what a partner sees is not a matter of messages.
            beside = [_line(*_LINES[o.kind](o, second), at_ns) for o in now if o.kind in _LINES]
            say("message", at_ns + 1, b"\n".join([*beside, shared, *beside]))
        say("tick", at_ns + NS_PER_S // 2)
    return made


def _object(second: int) -> tuple[float, float]:
    return 54.43 + second * 0.0002, 25.655 - second * 0.0008


def _plot(one: Secret, second: int) -> tuple[str, float, float]:
    lat_deg = SECRET_LAT_DEG + one.shift_deg + second * 0.0002
    return "SECRET77", lat_deg, SECRET_LON_DEG + second * 0.0003


def _same(one: Secret, second: int) -> tuple[str, float, float]:
    lat_deg, lon_deg = _object(second)
    return "SECRET77", lat_deg + 0.01 * one.shift_deg, lon_deg


def _claim(one: Secret, second: int) -> tuple[str, float, float]:
    _, lat_deg, lon_deg = _plot(one, second)
    return "whisperer", lat_deg, lon_deg


_LINES = {"plot": _plot, "same": _same, "claim": _claim}


def _line(sensor_id: str, lat_deg: float, lon_deg: float, time_ns: int) -> bytes:
    said: dict[str, Any] = {
        "kind": "self_report" if sensor_id == "whisperer" else "position",
        "sensor_id": sensor_id,
        "time_ns": time_ns,
        "lat_deg": round(lat_deg, 6),
        "lon_deg": round(lon_deg, 6),
        "sigma_m": 40.0,
    }
    if sensor_id == "whisperer":
        said["claims"] = {"icao24": "777777", "callsign": "ZQX777"}
    return msgspec.json.encode(said)


def _odd(one: Secret, at_ns: int) -> tuple[Any, int, bytes, str]:
    """What is no line of a sensor: noise, a person's report, an operator's comment."""
    if one.kind == "report":
        body = {"lat_deg": SECRET_LAT_DEG, "lon_deg": SECRET_LON_DEG, "text": "nightjar"}
        return "message", at_ns, msgspec.json.encode(body), "reports"
    if one.kind == "comment":
        action = OperatorAction(
            action="note", subject="nightjar", time_ns=at_ns, operator="whisperer",
            comment="nightjar",
        )  # fmt: skip
        return "operator", at_ns, to_json(action), "engine"
    return "message", at_ns, b'{"kind":"nightjar","sensor_id":"SECRET77"', "lines"


def own_picture(told: Settings, capture: Sequence[Entry]) -> Picture:
    """What the own side sees of a capture."""
    pipeline, shown = Pipeline(), Picture()
    pipeline.step(msgspec.structs.replace(
        capture[0], kind="configuration", payload=configuration_payload(told)
    ))  # fmt: skip
    for entry in capture:
        said: list[Noun] = pipeline.step(entry)
        shown.take(entry, said, entry.received_ns)
    return shown
