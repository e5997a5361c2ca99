/** Alarms, the gravest first: a raid or a burst of like ones is one row that opens. */

import { useEffect, useMemo, useRef } from "preact/hooks";
import { alarms, liveAlarms, nowNs, selection, sensors, system } from "../model/picture";
import { useKey } from "../keys/listen";
import { useRoving } from "../keys/roving";
import { formatNumber } from "../units/numbers";
import { decimalMark, t } from "../words/say";
import { alarmRate } from "./alarm-rate";
import { type AlarmRow, clearedRows, firstToAcknowledge, lastRaisedNs, openRows } from "./alarm-rows";
import { AlarmEntry } from "./alarm-entry";
import { actOn } from "./alarm-acts";
import { openPanel } from "./parts/go";
import { durationText, timeText } from "./parts/shown";
import { Stale } from "./parts/stale";
import { countSensors } from "./sensor-rows";
import { foldsOpen } from "./folds";
import "./alarms.css";

/** So long the key for the gravest alarm is kept in mind while none has come: the page just opened. */
const ASKED_FOR_MS = 5_000;

export function AlarmPanel() {
  const rows = useMemo(() => openRows(alarms.value.values()), [alarms.value]);
  const shown = rows.flatMap((row) => idsOf(row));
  const roving = useRoving(shown);
  useAlarmKeys(rows, roving.focus, roving.list);
  return (
    <section class="panel alarms" aria-label={t("alarms.title")}>
      <h2 class="unseen">{t("alarms.title")}</h2>
      <Stale />
      {rows.length === 0 ? (
        <NoAlarm />
      ) : (
        <ol
          class="alarm-list"
          aria-label={t("alarms.list")}
          ref={(list) => {
            roving.list.current = list;
          }}
          onKeyDown={roving.onKeyDown}
        >
          {rows.map((row) => (
            <AlarmEntry key={row.id} row={row} roving={roving} />
          ))}
        </ol>
      )}
      <Rate />
      <Cleared />
    </section>
  );
}

/** The rows that can have the focus: a fold's own, and its parts while it is open. */
function idsOf(row: AlarmRow): string[] {
  if (row.kind === "one" || !foldsOpen.value.has(row.id)) return [row.id];
  return [row.id, ...row.parts.map((part) => `${row.id}>${part.alarm_id}`)];
}

/** Keys that go to the gravest alarm, and that act on the row with the focus or the chosen alarm. */
function useAlarmKeys(
  rows: readonly AlarmRow[],
  focus: (id: string) => boolean,
  list: { current: HTMLElement | null },
): void {
  const wanted = useRef<string | null>(null);
  const sinceMs = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    if (wanted.current !== null && focus(wanted.current)) wanted.current = null;
    if (rows.length === 0 || performance.now() - sinceMs.current > ASKED_FOR_MS) return;
    sinceMs.current = Number.NEGATIVE_INFINITY;
    if (document.activeElement === document.body) goToGravest();
  });
  const chosenRow = (): AlarmRow | null => {
    const focused = list.current?.contains(document.activeElement)
      ? (document.activeElement?.closest("[data-alarm]") as HTMLElement | null)
      : null;
    const chosen = selection.value?.kind === "alarm" ? selection.value.id : "";
    const id = focused?.dataset.alarm ?? chosen;
    return rowOf(rows, id);
  };
  const gravest = (): AlarmRow | null =>
    rowOf(rows, firstToAcknowledge(alarms.value.values())?.alarm_id ?? "");
  const goToGravest = (): void => {
    const first = firstToAcknowledge(alarms.value.values());
    const row = rowOf(rows, first?.alarm_id ?? "") ?? rows[0];
    if (row === undefined) sinceMs.current = performance.now(); // no alarm has come yet
    if (row === undefined || row === null || focus(row.id)) return;
    wanted.current = row.id; // the list is not seen yet: it is in the next picture
    requestAnimationFrame(() => {
      if (wanted.current !== null && focus(wanted.current)) wanted.current = null;
    });
  };
  useKey("alarms", () => {
    openPanel("alarms");
    goToGravest();
  });
  for (const action of ["acknowledge", "shelve", "escalate", "clear", "why"] as const) {
    useKey(action, () => {
      // What takes an alarm away is never done to one that nobody has chosen.
      const row = chosenRow() ?? (action === "acknowledge" || action === "why" ? gravest() : null);
      return row === null ? false : actOn(action, row);
    });
  }
}

/** The row that holds this alarm, as its head or as a part; a part stands alone. */
function rowOf(rows: readonly AlarmRow[], id: string): AlarmRow | null {
  for (const row of rows) {
    if (row.id === id || row.head.alarm_id === id) return row;
    const part = row.parts.find((alarm) => alarm.alarm_id === id);
    if (part !== undefined) return { id, kind: "one", head: part, parts: [] };
  }
  return null;
}

/** An empty list says why it is empty, and who would not have been heard. */
function NoAlarm() {
  const last = lastRaisedNs(alarms.value.values());
  const started = system.value?.started_ns ?? 0;
  const text =
    last !== null
      ? t("alarms.none_since", { time: timeText(last, false) })
      : started > 0
        ? t("alarms.none_ever", { time: timeText(started, false) })
        : t("alarms.none_at_all");
  return (
    <div class="empty">
      <p>{text}</p>
      <SensorSentence />
    </div>
  );
}

function SensorSentence() {
  const counts = countSensors(sensors.value.values());
  if (counts.all === 0) return <p class="bad">{t("alarms.no_sensors")}</p>;
  if (counts.blind === 0) return <p>{t("alarms.all_heard", { n: counts.watched })}</p>;
  return <p class="bad">{t("alarms.blind", { n: counts.blind, total: counts.watched })}</p>;
}

/** Measured on the alarms of now, also while the past is shown. */
function Rate() {
  const now = nowNs.value;
  if (now <= 0) return null;
  const rate = alarmRate(liveAlarms.value.values(), now, system.value?.started_ns ?? 0);
  const text = t("rate.text", {
    ten: rate.lastTen,
    mean: formatNumber(rate.steady, 1, decimalMark()),
    over: durationText(rate.overNs / 1e9),
  });
  return (
    <p class={`rate rate-${rate.word}`} title={t("rate.why")}>
      {t("rate.label")}: {text} — <strong>{t(`rate.${rate.word}`)}</strong>
    </p>
  );
}

function Cleared() {
  const cleared = clearedRows(alarms.value.values());
  if (cleared.length === 0) return <p class="soft">{t("alarms.cleared_none")}</p>;
  return (
    <details class="cleared">
      <summary>{t("alarms.cleared", { n: cleared.length })}</summary>
      <ol class="alarm-list">
        {cleared.map((alarm) => (
          <AlarmEntry
            key={alarm.alarm_id}
            row={{ id: alarm.alarm_id, kind: "one", head: alarm, parts: [] }}
            roving={null}
          />
        ))}
      </ol>
    </details>
  );
}

