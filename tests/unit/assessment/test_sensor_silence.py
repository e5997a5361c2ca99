import pytest

from skypicket.assessment import Rules
from skypicket.domain.assessments import SensorSilence
from skypicket.domain.noun import Noun
from skypicket.domain.sensors import Sensor, SensorStatus
from skypicket.testing.builders import NIGHT_NS, plot_batch
from skypicket.testing.watches import SECOND_NS, BorderWatch

RADAR = Sensor(id="R1", kind="radar", lat_deg=54.7, lon_deg=25.3, heartbeat_s=30.0)
CALLS = Sensor(id="people", kind="person", lat_deg=54.7, lon_deg=25.3)


@pytest.fixture
def watch() -> BorderWatch:
    return BorderWatch(sensors={"R1": RADAR, "people": CALLS})


def status(state: str, second: float) -> SensorStatus:
    time_ns = NIGHT_NS + round(second * SECOND_NS)
    return SensorStatus(sensor_id="R1", time_ns=time_ns, received_ns=time_ns, state=state)  # type: ignore[arg-type]


def heard(watch: BorderWatch, second: float) -> list[Noun]:
    time_ns = NIGHT_NS + round(second * SECOND_NS)
    return watch.step(plot_batch([], time_ns=time_ns, received_ns=time_ns))


def ticks(watch: BorderWatch, start: int, stop: int) -> list[Noun]:
    return [noun for second in range(start, stop) for noun in watch.tick(second)]


def test_a_sensor_is_silent_after_its_heartbeat_and_said_once(watch: BorderWatch) -> None:
    heard(watch, 0)
    said = ticks(watch, 1, 120)
    assert [type(noun) for noun in said] == [SensorSilence]
    silence = said[0]
    assert isinstance(silence, SensorSilence)
    assert silence.time_ns == NIGHT_NS + 31 * SECOND_NS
    assert silence.last_heard_ns == NIGHT_NS


def test_empty_scans_are_life(watch: BorderWatch) -> None:
    said: list[Noun] = []
    for second in range(0, 300, 10):
        said += heard(watch, second) + ticks(watch, second, second + 10)
    assert said == []


def test_statuses_are_life(watch: BorderWatch) -> None:
    said: list[Noun] = []
    for second in range(0, 300, 20):
        said += watch.step(status("degraded", second)) + ticks(watch, second, second + 20)
    assert said == []


def test_a_sensor_that_never_spoke_is_silent_since_the_start(watch: BorderWatch) -> None:
    said = ticks(watch, 0, 60)
    assert len(said) == 1
    assert isinstance(said[0], SensorSilence)
    assert "since the start" in said[0].evidence[0].sentence


def test_gone_is_silence_at_once(watch: BorderWatch) -> None:
    heard(watch, 0)
    said = watch.step(status("gone", 1))
    assert isinstance(said[0], SensorSilence)
    assert said[0].evidence[0].rule == "sensor_gone"
    assert watch.step(status("gone", 2)) == []


def test_it_is_restored_by_the_next_word(watch: BorderWatch) -> None:
    heard(watch, 0)
    ticks(watch, 1, 60)
    said = heard(watch, 61)
    assert [isinstance(n, SensorSilence) and n.restored for n in said] == [True]
    assert heard(watch, 62) == []


def test_people_may_be_silent(watch: BorderWatch) -> None:
    heard(watch, 0)
    said = ticks(watch, 1, 2_000)
    assert [n.sensor_id for n in said if isinstance(n, SensorSilence)] == ["R1"]


def test_patience_is_counted_in_heartbeats() -> None:
    watch = BorderWatch(Rules(silence_factor=3.0), {"R1": RADAR})
    heard(watch, 0)
    said = ticks(watch, 1, 120)
    assert said[0].time_ns == NIGHT_NS + 91 * SECOND_NS  # type: ignore[attr-defined]
