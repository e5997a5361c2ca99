"""Entries one by one: what follows, what is refused, what is fenced."""

import msgspec

from skypicket.domain.codec import to_json
from skypicket.domain.contracts import Entry, EntryKind, OperatorAction, Reject
from skypicket.domain.observations import ObservationBatch
from skypicket.engine.configuration import configuration_payload
from skypicket.engine.pipeline import Pipeline
from skypicket.engine.settings import WebSettings, parse_settings

SETTINGS = parse_settings(
    """
[[sensors]]
id = "desk"
kind = "person"
lat_deg = 54.7
lon_deg = 25.3
releasability = { owner = "LTU", releasable_to = ["LVA"] }

[[sources]]
id = "reports"
format = "report"
sensors = ["desk"]
personal = "report"
""",
    "site.toml",
)
NIGHT_NS = 1_753_667_760_000_000_000
REPORT = b'{"lat_deg": 54.9, "lon_deg": 24.9, "first_hand": true}'


def entry(
    kind: EntryKind, payload: bytes = b"", source: str = "reports", *, erased: bool = False
) -> Entry:
    return Entry(
        sequence=7,
        kind=kind,
        source=source,
        received_ns=NIGHT_NS,
        payload=payload,
        erased=erased,
    )


def configured() -> Pipeline:
    pipeline = Pipeline()
    pipeline.step(entry("configuration", configuration_payload(SETTINGS), "engine"))
    return pipeline


def reasons(pipeline: Pipeline, one: Entry) -> list[str]:
    return [noun.reason for noun in pipeline.step(one) if isinstance(noun, Reject)]


def test_before_the_first_configuration_nothing_follows() -> None:
    assert Pipeline().step(entry("message", REPORT)) == []


def test_a_report_becomes_a_sighting_with_its_origin_and_its_sensors_label() -> None:
    said = configured().step(entry("message", REPORT))
    (batch,) = [noun for noun in said if isinstance(noun, ObservationBatch)]
    assert (batch.kind, batch.source, batch.sequence) == ("sighting", "reports", 7)
    assert batch.releasability.releasable_to == ("LVA",)


def test_a_source_that_nobody_configured_is_refused() -> None:
    assert reasons(configured(), entry("message", REPORT, "other")) == ["unknown_source"]


def test_an_erased_entry_is_told_as_missing() -> None:
    assert reasons(configured(), entry("message", b"", erased=True)) == ["erased"]


def test_an_operators_words_that_cannot_be_read_are_refused() -> None:
    assert reasons(configured(), entry("operator", b"{}", "engine")) == ["malformed"]


def test_an_operators_words_enter_at_the_top() -> None:
    action = OperatorAction(
        action="acknowledge", subject="none", time_ns=NIGHT_NS, operator="duty officer"
    )
    said = configured().step(entry("operator", to_json(action), "engine"))
    assert isinstance(said[0], OperatorAction)


def test_a_part_that_fails_is_fenced_counted_and_told() -> None:
    pipeline = configured()

    class Broken:
        """A decoder with a fault."""

        def decode(self, one: Entry) -> None:
            raise ZeroDivisionError(one.source)

    pipeline._decoders["reports"] = Broken()  # type: ignore[assignment]
    assert reasons(pipeline, entry("message", REPORT)) == ["failed"]
    assert pipeline.failures == {"decoder reports": 1}


def test_a_snapshot_continues_as_if_never_interrupted() -> None:
    whole, first = configured(), configured()
    first.step(entry("message", REPORT))
    whole.step(entry("message", REPORT))
    second = Pipeline()
    second.restore(first.snapshot())
    tick = entry("tick", b"", "engine")
    assert [to_json(n) for n in second.step(tick)] == [to_json(n) for n in whole.step(tick)]


def test_another_port_keeps_every_track_and_alarm() -> None:
    pipeline = configured()
    before = pipeline.tracker
    moved = msgspec.structs.replace(SETTINGS, web=WebSettings(port=8000))
    assert pipeline.step(entry("configuration", configuration_payload(moved), "engine")) == []
    assert pipeline.tracker is before


def test_another_sensor_begins_anew() -> None:
    pipeline = configured()
    before = pipeline.tracker
    fewer = msgspec.structs.replace(SETTINGS, sensors=(), sources=())
    pipeline.step(entry("configuration", configuration_payload(fewer), "engine"))
    assert pipeline.tracker is not before


def test_a_configuration_that_cannot_be_read_is_refused() -> None:
    broken = entry("configuration", b'{"settings": 5}', "engine")
    assert reasons(configured(), broken) == ["malformed"]
