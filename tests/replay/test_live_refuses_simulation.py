"""What was simulated and says so never enters a live picture."""

from collections import Counter
from typing import Literal

import msgspec
import pytest

from skypicket.domain.assessments import Approach, Incursion, Loss, ReportCluster
from skypicket.domain.contracts import Entry, Reject
from skypicket.domain.noun import Noun
from skypicket.domain.observations import ObservationBatch
from skypicket.engine.configuration import configuration_payload
from skypicket.engine.offline import night_entries, settings_of
from skypicket.engine.pipeline import Pipeline
from skypicket.scenario import Night, load_night


def said_by(night: Night, mode: Literal["live", "simulation"], until_s: float) -> list[Noun]:
    """All that follows from a night's bytes in a system of the given mode."""
    settings = settings_of(night)
    system = msgspec.structs.replace(settings.system, mode=mode)
    pipeline, said = Pipeline(), []
    for number, item in enumerate(night_entries(night, settings, 1), start=1):
        if item.received_ns > night.start_ns + until_s * 1e9:
            break
        payload = item.payload
        if item.kind == "configuration":
            payload = configuration_payload(msgspec.structs.replace(settings, system=system))
        entry = Entry(
            sequence=number,
            kind=item.kind,
            source=item.source,
            received_ns=item.received_ns,
            payload=payload,
            topic=item.topic,
        )
        said += pipeline.step(entry)
    return said


@pytest.fixture(scope="module")
def night() -> Night:
    return load_night("vilnius-2025-07-28")


def test_a_simulation_takes_what_a_night_sends(night: Night) -> None:
    said = said_by(night, "simulation", 30)
    assert not any(isinstance(noun, Reject) for noun in said)


def test_a_live_system_refuses_radar_and_nodes_and_calls_that_say_simulated(night: Night) -> None:
    said = said_by(night, "live", 1500)
    refused = Counter(n.source for n in said if isinstance(n, Reject) and n.reason == "simulated")
    assert set(refused) == {"radar", "nodes", "calls"}
    assert not any(isinstance(noun, Incursion | Approach | Loss | ReportCluster) for noun in said)
    observed = {noun.sensor_id for noun in said if isinstance(noun, ObservationBatch)}
    assert observed <= {"ads-b-1"}  # the format has no word for simulated
