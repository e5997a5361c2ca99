"""What `/healthz` says: is it well, and if not, what ails it."""

from typing import Literal

import msgspec

from skypicket.domain.times import NS_PER_S, zulu
from skypicket.engine.runtime import Runtime


class LinkState(msgspec.Struct, frozen=True, kw_only=True):
    """One source's link: state, age of the newest message, counts."""

    source: str
    state: str
    last_message_age_s: float | None
    messages: int
    messages_per_s: float
    refused: int
    rejects: int
    text: str


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of `/healthz`.

    `ok` is false when messages cannot be captured, or the stages have failed; silent sensors are
    the alarms' business. `lost_messages` counts by sensor what its sequence numbers miss.
    `partners` says by code why a partner's picture stands still; the own one is well without them,
    so that alone does not make `ok` false.
    """

    ok: bool
    name: str
    mode: Literal["live", "simulation"]
    time: str
    capture: str
    captured: int
    behind: int
    links: tuple[LinkState, ...]
    lost_messages: dict[str, int]
    partners: dict[str, str]
    text: str


def health_of(runtime: Runtime) -> Health:
    """The health of a runtime at this moment."""
    now_ns = runtime.clock()
    state = runtime.writer.state
    ok = state.state == "running" and runtime.well
    return Health(
        ok=ok,
        name=runtime.settings.system.name,
        mode=runtime.settings.system.mode,
        time=zulu(now_ns),
        capture=state.state,
        captured=runtime.capture.head()[0],
        behind=runtime.behind,
        links=tuple(_links(runtime, now_ns)),
        lost_messages=runtime.picture.lost_messages,
        partners=runtime.partner_faults,
        text=runtime.failure or state.text,
    )


def briefly(health: Health) -> Health:
    """The same without sources, sensors and partners: which of them fail is not for everybody."""
    return msgspec.structs.replace(health, links=(), lost_messages={}, partners={})


def _links(runtime: Runtime, now_ns: int) -> list[LinkState]:
    rejects: dict[str, int] = {}
    for (source, _), count in runtime.picture.reject_counts.items():
        rejects[source] = rejects.get(source, 0) + count
    elapsed_s = max((now_ns - runtime.started_ns) / NS_PER_S, 1e-3)
    return [
        LinkState(
            source=source,
            state=health.state,
            last_message_age_s=(
                (now_ns - health.last_message_ns) / NS_PER_S if health.last_message_ns else None
            ),
            messages=health.messages,
            messages_per_s=health.messages / elapsed_s,
            refused=health.refused,
            rejects=rejects.get(source, 0),
            text=health.text,
        )
        for source, health in sorted(runtime.health().items())
    ]
