"""Sensors that should have said something and did not."""

from collections.abc import Mapping
from typing import Any

from skypicket.assessment.evidence import by_rule
from skypicket.assessment.rules import Rules
from skypicket.domain.assessments import SensorSilence
from skypicket.domain.sensors import Sensor, SensorStatus, with_defaults
from skypicket.domain.times import zulu

RULE, GONE = "sensor_silence", "sensor_gone"
NEVER_NS = 0


class SilenceWatch:
    """Knows when each sensor was last heard; batches count as life, and so do statuses.

    Silence is measured on the clock of receipt, from the first word of that clock on. Sensors of
    an exempt kind are left out, and so are those that the configuration does not name.
    """

    def __init__(self, rules: Rules, sensors: Mapping[str, Sensor]) -> None:
        self._patience_ns = {
            name: int((with_defaults(sensor).heartbeat_s or 0.0) * rules.silence_factor * 1e9)
            for name, sensor in sorted(sensors.items())
            if sensor.kind not in rules.silence_exempt
        }
        self._labels = {name: sensor.releasability for name, sensor in sensors.items()}
        self._heard_ns = dict.fromkeys(self._patience_ns, NEVER_NS)
        self._silent: set[str] = set()
        self._started_ns: int | None = None

    def heard(self, sensor_id: str, time_ns: int) -> list[SensorSilence]:
        """Something came from the sensor, received at `time_ns`: it lives."""
        if sensor_id not in self._patience_ns:
            return []
        self._start(time_ns)
        self._heard_ns[sensor_id] = max(self._heard_ns[sensor_id], time_ns)
        if sensor_id not in self._silent:
            return []
        self._silent.discard(sensor_id)
        return [self._noun(sensor_id, time_ns, "Something came from it again.", restored=True)]

    def status(self, status: SensorStatus) -> list[SensorSilence]:
        """The sensor or its network said how it is; `gone` is silence at once."""
        time_ns = status.received_ns or status.time_ns
        if status.state != "gone":
            return self.heard(status.sensor_id, time_ns)
        if status.sensor_id not in self._patience_ns or status.sensor_id in self._silent:
            return []
        self._start(time_ns)
        self._silent.add(status.sensor_id)
        said = f"Its network says that it is gone{': ' * bool(status.text)}{status.text}."
        return [self._noun(status.sensor_id, time_ns, said, rule=GONE)]

    def tick(self, time_ns: int) -> list[SensorSilence]:
        """Who has been silent for too long at this time."""
        start = self._start(time_ns)
        late = [
            name
            for name, patience_ns in self._patience_ns.items()
            if name not in self._silent and time_ns - max(self._heard_ns[name], start) > patience_ns
        ]
        self._silent.update(late)
        return [self._noun(name, time_ns, self._overdue(name)) for name in late]

    def _start(self, time_ns: int) -> int:
        if self._started_ns is None:
            self._started_ns = time_ns
        return self._started_ns

    def _overdue(self, name: str) -> str:
        last = self._heard_ns[name]
        since = f"since {zulu(last)}" if last else "since the start"
        return (
            f"Nothing came from it {since}; it speaks every {self._patience_ns[name] / 1e9:.0f} s."
        )

    def _noun(
        self, name: str, time_ns: int, sentence: str, *, restored: bool = False, rule: str = RULE
    ) -> SensorSilence:
        return SensorSilence(
            sensor_id=name,
            time_ns=time_ns,
            probability=1.0,
            last_heard_ns=self._heard_ns[name],
            restored=restored,
            evidence=(by_rule(rule, sentence),),
            releasability=self._labels[name],
        )

    def content(self) -> dict[str, Any]:
        """All state, for a snapshot."""
        return {
            "heard": sorted(self._heard_ns.items()),
            "silent": sorted(self._silent),
            "started": self._started_ns,
        }

    def restore(self, content: dict[str, Any]) -> None:
        """Take up the state of `content`; sensors that are not configured any more are left out."""
        self._heard_ns |= {n: t for n, t in content["heard"] if n in self._patience_ns}
        self._silent = {name for name in content["silent"] if name in self._patience_ns}
        self._started_ns = content["started"]
