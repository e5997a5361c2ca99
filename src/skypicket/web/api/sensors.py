"""How each sensor is: a silent one and one with nothing to say are different words."""

from typing import Literal

import msgspec

from skypicket.domain.labels import Releasability
from skypicket.domain.sensors import Registration, Sensor, SensorKind, SensorStatus
from skypicket.domain.times import NS_PER_S, zulu
from skypicket.engine.picture import Picture
from skypicket.engine.runtime import Runtime
from skypicket.engine.settings import Settings

SensorState = Literal["speaking", "silent", "degraded", "gone", "never_heard"]


class SensorView(msgspec.Struct, frozen=True, kw_only=True):
    """One sensor, where it stands, and whether it is heard.

    `speaking`: its newest message is younger than `heartbeat_s`; what it does not report, it does
    not see. `silent`: nothing came for longer, so nobody knows what is there. `gone`: its network
    said so. `degraded`: it speaks, and says that it is not well. `never_heard`: nothing came since
    this start. `silence_counts` is false for people and the like, whose silence is no fault.
    `rejects` are those of its source, `last_heard_ns` is the time of receipt. `last_detected_ns`
    is the receipt of the newest message that held a detection, None while there was none since
    this start; a picture of the past does not hold it. `registration` is what a radar's tracks in
    common with other radars tell of its errors now, None for other sensors and in the past.
    """

    sensor_id: str
    kind: SensorKind
    lat_deg: float
    lon_deg: float
    max_range_m: float | None
    state: SensorState
    last_heard_ns: int | None
    last_detected_ns: int | None
    heartbeat_s: float | None
    silence_counts: bool
    lost_messages: int
    rejects: int
    clock_error_s: float | None
    source: str
    link_state: str
    text: str
    releasability: Releasability
    registration: Registration | None = None


def sensor_views(runtime: Runtime, picture: Picture) -> tuple[SensorView, ...]:
    """Every configured sensor by its id; none for a partner's picture, which shows no site.

    A picture of the past is judged at its own time.
    """
    if picture is not runtime.picture and not picture.past:
        return ()
    now_ns = judged_ns(runtime, picture)
    links: dict[str, str] = {name: link.state for name, link in runtime.health().items()}
    rejects: dict[str, int] = {}
    for (source, _), count in picture.reject_counts.items():
        rejects[source] = rejects.get(source, 0) + count
    return tuple(
        _view(sensor, picture, runtime, (now_ns, links, rejects))
        for _, sensor in sorted(runtime.settings.sensors_by_id.items())
    )


def judged_ns(runtime: Runtime, picture: Picture) -> int:
    """The time at which silence is judged.

    While captured entries wait for the stages, it is that up to which they have looked: what a
    sensor said since then is not known yet, and waiting is not silence.
    """
    now_ns = runtime.clock()
    if picture.past or (runtime.behind > 0 and picture.time_ns):
        return min(now_ns, picture.time_ns)
    return now_ns


def _view(
    sensor: Sensor,
    picture: Picture,
    runtime: Runtime,
    now: tuple[int, dict[str, str], dict[str, int]],
) -> SensorView:
    now_ns, links, rejects = now
    settings = runtime.settings
    counts = sensor.kind not in settings.rules.silence_exempt
    status = picture.statuses.get(sensor.id)
    heard_ns = picture.last_heard_ns.get(sensor.id)
    state = state_of(sensor, status, heard_ns, now_ns, counts=counts)
    sources = sources_of(settings, sensor.id)
    states = [links[name] for name in sources if name in links]
    return SensorView(
        sensor_id=sensor.id,
        kind=sensor.kind,
        lat_deg=sensor.lat_deg,
        lon_deg=sensor.lon_deg,
        max_range_m=sensor.max_range_m,
        state=state,
        last_heard_ns=heard_ns,
        last_detected_ns=picture.last_detected_ns.get(sensor.id),
        heartbeat_s=sensor.heartbeat_s,
        silence_counts=counts,
        lost_messages=picture.lost_messages.get(sensor.id, 0),
        rejects=sum(rejects.get(name, 0) for name in sources),
        clock_error_s=None if status is None else status.clock_error_s,
        source=", ".join(sources),
        link_state="up" if "up" in states else next(iter(states), "none"),
        text=_text(state, status, heard_ns, runtime.started_ns, counts=counts),
        releasability=sensor.releasability,
        registration=picture.registrations.get(sensor.id),
    )


def state_of(
    sensor: Sensor,
    status: SensorStatus | None,
    heard_ns: int | None,
    now_ns: int,
    *,
    counts: bool,
) -> SensorState:
    """The state at `now_ns`, from the newest status and the newest receipt.

    `counts` says whether silence means anything: a desk that nobody calls is not silent.
    """
    told_ns = 0 if status is None else status.received_ns or status.time_ns
    if status is not None and status.state == "gone" and told_ns >= (heard_ns or 0):
        return "gone"
    if heard_ns is None:
        return "never_heard"
    if counts and now_ns - heard_ns > (sensor.heartbeat_s or 0.0) * NS_PER_S:
        return "silent"
    if status is not None and status.state == "degraded":
        return "degraded"
    return "speaking"


def sources_of(settings: Settings, sensor_id: str) -> tuple[str, ...]:
    """The sources at which the sensor may speak; those that name it go before those for all."""
    naming = tuple(s.id for s in settings.sources if sensor_id in s.sensors)
    return naming or tuple(s.id for s in settings.sources if not s.sensors)


def _text(
    state: SensorState,
    status: SensorStatus | None,
    heard_ns: int | None,
    started_ns: int,
    *,
    counts: bool,
) -> str:
    told = f" It says: {status.text}" if status is not None and status.text else ""
    last = "" if heard_ns is None else zulu(heard_ns)
    unseen = "what it would see is not seen."
    start = zulu(started_ns)
    if not counts and state == "never_heard":
        return f"Nobody has reported since the start at {start}; that is no fault."
    if not counts and state == "speaking":
        return f"Last heard at {last}; its silence is no fault."
    sentences: dict[SensorState, str] = {
        "gone": f"Its network says that it is gone; {unseen}{told}",
        "never_heard": f"Nothing came from it since the start at {start}; {unseen}",
        "silent": f"Nothing came from it since {last}; {unseen}",
        "degraded": f"It speaks, last at {last}, and says that it is not well.{told}",
        "speaking": f"Last heard at {last}; what it does not report, it does not see.",
    }
    return sentences[state]
