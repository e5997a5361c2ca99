"""Figures for Prometheus, read from the running system when they are asked for."""

from collections.abc import Iterator

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector, CollectorRegistry

from skypicket.domain.times import NS_PER_S
from skypicket.domain.tracks import TrackState
from skypicket.engine.picture import Picture
from skypicket.engine.runtime import Runtime

QUANTILES = (0.5, 0.99)


class RuntimeCollector(Collector):
    """All figures of one runtime; no person and no position is among them."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def collect(self) -> Iterator[Metric]:
        """One family after the other."""
        yield from self._capture()
        yield from self._links()
        yield from _picture(self._runtime.picture)

    def _capture(self) -> Iterator[Metric]:
        runtime = self._runtime
        yield GaugeMetricFamily(
            "skypicket_capture_sequence", "Newest captured entry", runtime.capture.head()[0]
        )
        yield GaugeMetricFamily(
            "skypicket_stages_behind", "Captured entries not yet worked through", runtime.behind
        )

    def _links(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("skypicket_link_up", "1 if the link is up", labels=["source"])
        age = GaugeMetricFamily(
            "skypicket_link_last_message_age_seconds",
            "Age of the newest message",
            labels=["source"],
        )
        messages = CounterMetricFamily(
            "skypicket_link_messages", "Messages that came in", labels=["source"]
        )
        refused = CounterMetricFamily(
            "skypicket_link_refused", "Messages refused for overload", labels=["source"]
        )
        now_ns = self._runtime.clock()
        for source, health in sorted(self._runtime.health().items()):
            up.add_metric([source], 1.0 if health.state == "up" else 0.0)
            messages.add_metric([source], health.messages)
            refused.add_metric([source], health.refused)
            if health.last_message_ns:
                age.add_metric([source], (now_ns - health.last_message_ns) / NS_PER_S)
        yield from (up, age, messages, refused)


def _picture(picture: Picture) -> Iterator[Metric]:
    yield CounterMetricFamily("skypicket_observations", "Observation rows", picture.observations)
    tracks = GaugeMetricFamily("skypicket_tracks", "Shown tracks", labels=["state"])
    if picture.tracks is not None:
        states = picture.tracks.columns["state"]
        for state in TrackState:
            tracks.add_metric([state.name.lower()], float((states == state).sum()))
    yield tracks
    rejects = CounterMetricFamily("skypicket_rejects", "Rejects", labels=["source", "reason"])
    for (source, reason), count in sorted(picture.reject_counts.items()):
        rejects.add_metric([source, reason], count)
    yield rejects
    lost = CounterMetricFamily(
        "skypicket_lost_messages", "Messages missing by sequence number", labels=["sensor"]
    )
    for sensor_id, count in sorted(picture.lost_messages.items()):
        lost.add_metric([sensor_id], count)
    yield lost
    alarms = GaugeMetricFamily("skypicket_alarms", "Alarms by level", labels=["level", "state"])
    counted: dict[tuple[str, str], int] = {}
    for alarm in picture.alarms.values():
        counted[alarm.level, alarm.state] = counted.get((alarm.level, alarm.state), 0) + 1
    for labels, count in sorted(counted.items()):
        alarms.add_metric(list(labels), count)
    yield alarms
    latency = GaugeMetricFamily(
        "skypicket_receipt_to_track_seconds", "Receipt to track", labels=["quantile"]
    )
    for quantile in QUANTILES:
        latency.add_metric([str(quantile)], picture.latency_s(quantile))
    yield latency


def registry_of(runtime: Runtime) -> CollectorRegistry:
    """A registry with the figures of this runtime only."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(RuntimeCollector(runtime))
    return registry
