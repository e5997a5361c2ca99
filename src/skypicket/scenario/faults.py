"""Sensors that fall silent, and networks that lose messages."""

from collections.abc import Iterator, Sequence

import msgspec

from skypicket.domain.sensors import SensorStatus
from skypicket.domain.times import parse_time
from skypicket.scenario.plan import Fault
from skypicket.scenario.stage import Emission, Scene, Voice


def with_fault(
    scene: Scene, voice: Voice, faults: Sequence[Fault], emissions: Iterator[Emission]
) -> Iterator[Emission]:
    """The emissions that arrive in spite of the faults.

    The next status of a sensor says as `lost` how many messages did not arrive before it.
    """
    if not faults:
        yield from emissions
        return
    chance = scene.chance(f"fault {voice.sensor.id}")
    spans = [(_span(fault), fault.share) for fault in faults]
    lost = 0
    for emission in emissions:
        share = max(
            (share for (first, last), share in spans if first <= emission.received_ns < last),
            default=0.0,
        )
        if share >= 1.0 or (share > 0.0 and chance.random() < share):
            lost += 1
        elif lost and isinstance(emission.noun, SensorStatus):
            noun = msgspec.structs.replace(emission.noun, lost=lost)
            lost = 0
            yield emission._replace(noun=noun)
        else:
            yield emission


def _span(fault: Fault) -> tuple[float, float]:
    first = float("-inf") if fault.from_ is None else parse_time(fault.from_)
    last = float("inf") if fault.to is None else parse_time(fault.to)
    return first, last
