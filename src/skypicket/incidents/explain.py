"""Why an alarm was raised, line by line, down to the captured bytes."""

from collections.abc import Callable, Sequence

from skypicket.domain.assessments import Evidence
from skypicket.domain.contracts import Entry
from skypicket.domain.incidents import Alarm
from skypicket.domain.times import zulu

Lookup = Callable[[int], Entry | None]
SHOWN_BYTES = 16


def explain(revisions: Alarm | Sequence[Alarm], lookup: Lookup | None = None) -> list[str]:
    """Lines from the alarm to its rule, its observations, and where each lies in the capture.

    `revisions` are those of one alarm in order, or one of them; of each the level, the state and
    the text are told, and the evidence where it differs from that before. `lookup` gives the
    capture entry of a sequence, None if there is none; with it the first bytes are shown.

    >>> alarm = Alarm(
    ...     alarm_id="a1", revision=1, level="caution", state="raised", cause="Loss", time_ns=0,
    ...     raised_ns=0, title="Lost", text="It is lost.", probability=0.5,
    ...     evidence=(Evidence(sentence="Seen.", source="rdr", sequence=3, offset=8),),
    ... )
    >>> for line in explain(alarm):
    ...     print(line)
    Alarm a1: Lost
    Revision 1, 1970-01-01T00:00:00Z: caution, raised, probability 0.50.
      It is lost.
      - Seen.
          source 'rdr', capture sequence 3, byte offset 8
    """
    alarms = [revisions] if isinstance(revisions, Alarm) else list(revisions)
    if not alarms:
        return []
    newest = alarms[-1]
    lines = [f"Alarm {newest.alarm_id}: {newest.title}"]
    if newest.track_ids:
        lines.append(f"Tracks: {', '.join(newest.track_ids)}")
    if newest.incident_id:
        lines.append(f"Incident: {newest.incident_id}")
    told: tuple[Evidence, ...] = ()
    for alarm in alarms:
        lines.append(
            f"Revision {alarm.revision}, {zulu(alarm.time_ns)}: {alarm.level}, {alarm.state}, "
            f"probability {alarm.probability:.2f}."
        )
        lines.append(f"  {alarm.text}")
        if alarm.evidence != told:
            for evidence in alarm.evidence:
                lines += _evidence(evidence, lookup)
        told = alarm.evidence
    return lines


def _evidence(evidence: Evidence, lookup: Lookup | None) -> list[str]:
    rule = f" [rule {evidence.rule}]" if evidence.rule else ""
    lines = [f"  - {evidence.sentence}{rule}"]
    if not evidence.sequence:
        return lines
    entry = lookup(evidence.sequence) if lookup else None
    source = entry.source if entry else evidence.source
    named = f"source {source!r}, " if source else ""
    lines.append(
        f"      {named}capture sequence {evidence.sequence}, byte offset {evidence.offset}"
    )
    if entry is not None:
        lines.append(f"      {_content(entry, evidence.offset)}")
    return lines


def _content(entry: Entry, offset: int) -> str:
    received = f"received {zulu(entry.received_ns, decimals=3)}"
    if entry.erased:
        return f"{received}; its personal content was erased"
    shown = entry.payload[offset : offset + SHOWN_BYTES].hex(" ")
    return f"{received}, {len(entry.payload)} bytes, from the offset on: {shown}"
