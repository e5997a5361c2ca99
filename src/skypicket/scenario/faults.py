"""Sensors that fall silent, and networks that lose messages."""

from collections.abc import Iterator, Sequence

from skypicket.domain.times import parse_time
from skypicket.scenario.plan import Fault
from skypicket.scenario.stage import Emission, Scene, Voice


def with_faults(
    scene: Scene, voice: Voice, faults: Sequence[Fault], emissions: Iterator[Emission]
) -> Iterator[Emission]:
    """The emissions of a sensor with faults: a dead one sends none, a bad network loses some."""
    if not faults:
        yield from emissions
        return
    chance = scene.chance(f"fault {voice.sensor.id}")
    spans = [(*_span(fault), fault.share) for fault in faults]
    for emission in emissions:
        time_ns = emission.received_ns
        share = max((share for first, last, share in spans if first <= time_ns < last), default=0.0)
        if share < 1.0:
            yield emission._replace(lost=share > 0.0 and chance.random() < share)


def _span(fault: Fault) -> tuple[float, float]:
    first = float("-inf") if fault.from_ is None else parse_time(fault.from_)
    last = float("inf") if fault.to is None else parse_time(fault.to)
    return first, last
