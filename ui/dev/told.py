"""What the made-up night says in JSON."""

from typing import Any

from night import BEGIN_NS, CENTRE, NS_PER_S, Night

MINUTE_NS = 60 * NS_PER_S
LEVELS = ("", "advisory", "caution", "warning")
MODEL = "Straight on at its last speed, or down within the hour: stated simply, to be checked."
ALARM: dict[str, Any] = {
    "revision": 1,
    "state": "raised",
    "time_ns": BEGIN_NS,
    "raised_ns": BEGIN_NS,
    "track_ids": [],
    "incident_id": None,
    "rule": "",
    "evidence": [],
}
PERMISSIONS = (
    "tracks.read alarms.read incidents.read sensors.read zones.read coverage.read objects.read "
    "places.read system.read live.read replay.read reports.write actions.acknowledge actions.own"
)


def session_of() -> dict[str, Any]:
    """Whoever asks is the demo."""
    return {
        "name": "demo",
        "role": "supervisor",
        "clearance": "",
        "permissions": PERMISSIONS.split(),
        "kind": "demo",
        "step_up_until_ns": None,
        "has_credential": True,
        "demo": True,
    }


def system(night: Night) -> dict[str, Any]:
    """The heartbeat."""
    return {
        "name": "Made-up night",
        "mode": "simulation",
        "time_ns": night.now_ns(),
        "started_ns": BEGIN_NS,
        "speed_factor": night.speed,
        "well": True,
        "text": "",
        "behind": 0,
        "links": [
            {
                "source": "radar",
                "state": "up",
                "last_message_age_s": 0.4,
                "messages": 90,
                "rejects": 0,
                "text": "",
            }
        ],
        "lost_messages": {},
        "theatre": {"lat_deg": CENTRE[0], "lon_deg": CENTRE[1]},
        "home": "LTU",
        "states": ["LTU", "BLR"],
        "channels": [{"name": "cell broadcast", "state": "DRY RUN"}],
        "attribution": "",
        "version": "dev",
        "profile": {"time_zone": "Europe/Vilnius", "languages": ["en", "lt"]},
    }


def hello(night: Night, layout: list[dict[str, str]]) -> dict[str, Any]:
    """The first message of the live stream."""
    told = system(night)
    kept = ("name", "mode", "time_ns", "speed_factor", "home", "theatre")
    return {
        "type": "hello",
        "protocol": 1,
        "clearance": "",
        "role": "supervisor",
        "build": "dev",
        "layout": layout,
        **{name: told[name] for name in kept},
    }


def rare(night: Night) -> dict[str, list[dict[str, Any]]]:
    """What changes seldom, by the type of its message."""
    if not night.told:
        return {
            "sensors": sensors(night),
            "alarms": [],
            "objects": [],
            "incidents": [],
            "places_ahead": [],
        }
    return {
        "sensors": sensors(night),
        "alarms": alarms(night),
        "objects": objects(),
        "incidents": incidents(night),
        "places_ahead": places_ahead(),
    }


def listed(night: Night, name: str) -> list[dict[str, Any]] | None:
    """The lists that the page asks by HTTP."""
    known = {"zones": zones, "coverage": coverage, "sensors": sensors}
    return known[name](night) if name in known else None


def alarms(night: Night) -> list[dict[str, Any]]:
    """An alarm per told track that has a level, and one of reports alone."""
    rows = [row for row, one in enumerate(night.told) if one[9]]
    return [*(alarm_of(night, row) for row in rows), alarm_of_reports()]


def alarm_of(night: Night, row: int) -> dict[str, Any]:
    """The alarm of one told track."""
    lat, lon, existence, level = (night.told[row][at] for at in (0, 1, 6, 9))
    done = f"a{row}" in night.acknowledged or not night.told[row][10]
    inside = LEVELS[level] == "warning"
    return ALARM | {
        "alarm_id": f"a{row}",
        "level": LEVELS[level],
        "state": "acknowledged" if done else "raised",
        "cause": "Incursion" if inside else "Approach",
        "title": f"Unknown object {'inside' if inside else 'nears'} the border",
        "text": "12 km E of Vilnius (54.78, 25.62), 01:56:10Z, seen by radar and two ears.",
        "probability": existence,
        "lat_deg": lat,
        "lon_deg": lon,
        "track_ids": [night.id_of(row)],
        "incident_id": "i1",
    }


def alarm_of_reports() -> dict[str, Any]:
    """An alarm that names a place and no track."""
    return ALARM | {
        "alarm_id": "r1",
        "level": "advisory",
        "cause": "ReportCluster",
        "title": "3 reports fit one object",
        "text": "Heard near Trakai (54.64, 24.93) at 01:54Z; nobody saw it.",
        "probability": 0.6,
        "lat_deg": 54.64,
        "lon_deg": 24.93,
    }


def objects() -> list[dict[str, Any]]:
    """A lost one, one that was found, one that left."""
    return [
        object_of(1, "lost", "warning", (54.98, 24.62, 21_000.0), (0.45, 0.05, 0.4, 0.1)),
        object_of(2, "down", "caution", (55.03, 24.35, 300.0), (0, 0, 1, 0)),
        object_of(3, "left", "advisory", (54.02, 24.75, 2_000.0), (0, 1, 0, 0)),
    ]


def object_of(
    number: int,
    state: str,
    level: str,
    area: tuple[float, float, float],
    parts: tuple[float, float, float, float],
) -> dict[str, Any]:
    """One object: where it may be, and P(airborne, left, down, never real)."""
    names = ("p_airborne", "p_left", "p_down", "p_never_real")
    return {
        "object_id": f"o{number}",
        "track_id": f"{number:016x}",
        "incident_id": "i1",
        "alarm_ids": ["a0"],
        "title": f"Object {number}, {state}",
        "level": level,
        "state": state,
        **dict(zip(names, parts, strict=True)),
        "last_evidence_ns": BEGIN_NS - 9 * MINUTE_NS,
        **dict(zip(("lat_deg", "lon_deg", "radius_m"), area, strict=True)),
        "owner": "" if state == "lost" else "Desk",
        "next_decision_ns": BEGIN_NS + 10 * MINUTE_NS,
        "model": "simple-1",
        "model_text": MODEL,
    }


def incidents(night: Night) -> list[dict[str, Any]]:
    """One incident for all."""
    return [
        {
            "incident_id": "i1",
            "revision": 3,
            "level": "warning",
            "state": "open",
            "opened_ns": BEGIN_NS - 9 * MINUTE_NS,
            "time_ns": BEGIN_NS,
            "title": "Unknown object E of Vilnius",
            "joinable_until_ns": BEGIN_NS + 60 * MINUTE_NS,
            "owner": "",
            "track_ids": [night.id_of(0)],
            "entry_count": 4,
        }
    ]


def places_ahead() -> list[dict[str, Any]]:
    """What lies before the lost one."""
    places = (
        ("Elektrėnai", 11_000, 54.79, 24.66, 0.42, 6),
        ("Kaišiadorys", 8_400, 54.86, 24.45, 0.35, 9),
        ("Jonava", 26_000, 55.07, 24.28, 0.31, 13),
        ("Kaunas", 298_000, 54.90, 23.89, 0.2, 21),
    )
    return [
        {
            "name": name,
            "state": "LTU",
            "population": people,
            "lat_deg": lat,
            "lon_deg": lon,
            "probability": p,
            "minutes_from": at - 2,
            "minutes": at,
            "minutes_to": at + 5,
            "object_ids": ["o1"],
            "model": "simple-1",
            "model_text": MODEL,
        }
        for name, people, lat, lon, p, at in places
    ]


def sensors(night: Night) -> list[dict[str, Any]]:
    """Radars, a receiver, a desk, and the line of ears."""
    return [
        {
            "sensor_id": name,
            "kind": kind,
            "lat_deg": lat,
            "lon_deg": lon,
            "max_range_m": reach or None,
            "state": state,
            "last_heard_ns": BEGIN_NS,
            "heartbeat_s": 30.0,
            "silence_counts": kind != "person",
            "lost_messages": 0,
            "rejects": 0,
            "clock_error_s": None,
            "source": kind,
            "link_state": "up",
            "text": "",
        }
        for name, kind, lat, lon, reach, state in night.sites
    ]


def coverage(night: Night) -> list[dict[str, Any]]:
    """Reach of those that have one."""
    return [
        {
            "sensor_id": name,
            "kind": kind,
            "state": state,
            "reach": [
                {"agl_m": agl, "size": "small", "radius_m": reach * part}
                for agl, part in ((100, 0.6), (200, 0.8), (500, 1))
            ],
        }
        for name, kind, _, _, reach, state in night.sites
        if reach
    ]


def zones(_: Night) -> list[dict[str, Any]]:
    """A range and a power station."""

    def ring(lat: float, lon: float, half: float) -> list[list[list[list[float]]]]:
        corners = ((-1, -1), (1, -1), (1.3, 0.6), (0, 1), (-1, 0.7), (-1, -1))
        return [[[[lon + half * 1.7 * x, lat + half * y] for x, y in corners]]]

    told = (
        ("gaiziunai", "Gaižiūnai range", "restricted", 55.03, 24.38, 0.07),
        ("elektrenai", "Power station", "protected_site", 54.77, 24.65, 0.025),
    )
    return [
        {
            "zone_id": key,
            "name": name,
            "kind": kind,
            "floor_amsl_m": None,
            "ceiling_amsl_m": None,
            "geometry": {"type": "MultiPolygon", "coordinates": ring(lat, lon, half)},
        }
        for key, name, kind, lat, lon, half in told
    ]


def details(night: Night, track_id: str) -> dict[str, Any]:
    """What is known of one track."""
    rows = [r for r in range(len(night.told)) if night.id_of(r) == track_id]
    one = night.told[rows[0]] if rows else night.told[0]
    track = {
        "track_id": track_id,
        "time_ns": night.now_ns(),
        "updated_ns": night.now_ns(),
        "born_ns": BEGIN_NS - 400 * NS_PER_S,
        "state": "confirmed",
        "basis": "measured",
        "lat_deg": one[0],
        "lon_deg": one[1],
        "alt_m": one[2] if one[2] == one[2] else None,
        "east_mps": one[3],
        "north_mps": one[4],
        "up_mps": 0.0,
        "sigma_east_m": one[5],
        "sigma_north_m": one[5],
        "correlation": 0.0,
        "existence_probability": one[6],
        "callsign": one[11],
        "contributors": [
            {"sensor_id": "rdr-vilnius", "time_ns": night.now_ns(), "sequence": 7, "offset": 0}
        ],
    }
    return {
        "track": track,
        "approach": None,
        "loss": None,
        "alarms": [],
        "incident_id": "i1",
        "place": "12 km E of Vilnius",
        "history": [],
        "why": ["Seen by rdr-vilnius 41 times.", "Heard by ear-05 and ear-06."],
    }


def drawn() -> str:
    """A picture that says that it is one."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300">'
        '<rect width="400" height="300" fill="#18222b"/>'
        '<text x="20" y="150" fill="#e6ebf0" font-family="sans-serif" font-size="16">'
        "Drawn by the feeder.</text></svg>"
    )
