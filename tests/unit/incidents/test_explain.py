from skypicket.domain.contracts import Entry
from skypicket.domain.incidents import Alarm
from skypicket.incidents.explain import explain
from skypicket.testing.desks import Desk


def entry(sequence: int) -> Entry | None:
    if sequence != 9:
        return None
    return Entry(
        sequence=9, kind="message", source="rdr", received_ns=5_000_000, payload=bytes(range(40))
    )


def test_lines_lead_from_the_alarm_to_source_sequence_and_offset(desk: Desk) -> None:
    desk.incursion(0)
    lines = explain(desk.alarm("Incursion"))
    assert lines[0].endswith("Incursion: Lithuania")
    assert "  - It is inside. [rule incursion]" in lines
    assert "      source 'rdr', capture sequence 9, byte offset 4" in lines


def test_with_the_capture_the_bytes_are_shown(desk: Desk) -> None:
    desk.incursion(0)
    lines = explain(desk.alarm("Incursion"), entry)
    assert lines[-1] == (
        "      received 1970-01-01T00:00:00.005Z, 40 bytes, from the offset on: "
        "04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10 11 12 13"
    )


def test_erased_content_is_said_to_be_gone(desk: Desk) -> None:
    desk.incursion(0)

    def erased(sequence: int) -> Entry | None:
        return Entry(
            sequence=sequence,
            kind="message",
            source="calls",
            received_ns=0,
            payload=b"",
            personal=True,
            erased=True,
        )

    assert explain(desk.alarm("Incursion"), erased)[-1].endswith("personal content was erased")


def test_all_revisions_are_told_and_repeated_evidence_is_not(desk: Desk) -> None:
    desk.incursion(0)
    desk.act(5, "acknowledge", desk.alarm("Incursion").alarm_id)
    lines = explain(desk.of(Alarm))
    assert [line.split(":")[0] for line in lines if line.startswith("Revision")] == [
        "Revision 1, 2025-07-28T01",
        "Revision 2, 2025-07-28T01",
    ]
    assert sum("It is inside." in line for line in lines) == 1


def test_no_alarm_has_no_lines() -> None:
    assert explain([]) == []
