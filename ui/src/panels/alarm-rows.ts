/** Alarms as rows: the gravest and newest first, what belongs together folded into one. */

import type { Alarm, Level } from "../model/nouns";

/** So many alarms of one cause and level within `FOLD_WITHIN_NS` become one row that opens. */
export const FOLD_FROM = 5;
export const FOLD_WITHIN_NS = 600e9;

export interface AlarmRow {
  /** Stable while the row stands, so that focus and opened folds survive new alarms. */
  readonly id: string;
  readonly kind: "one" | "raid" | "fold";
  /** The alarm that speaks for the row: the raid's own, or the newest of a fold. */
  readonly head: Alarm;
  /** What the row holds besides its head; a fold holds all of its alarms here. */
  readonly parts: readonly Alarm[];
}

const LEVEL_RANK: Readonly<Record<Level, number>> = { warning: 0, caution: 1, advisory: 2 };
const STATE_RANK: Readonly<Record<string, number>> = { raised: 0, acknowledged: 1, shelved: 2, cleared: 3 };

/** Whether it still stands. */
export const isOpen = (alarm: Alarm): boolean => alarm.state !== "cleared";

/** The gravest first; among equals what waits for a person, then the newest. */
export function byGravity(a: Alarm, b: Alarm): number {
  return (
    LEVEL_RANK[a.level] - LEVEL_RANK[b.level] ||
    (STATE_RANK[a.state] ?? 4) - (STATE_RANK[b.state] ?? 4) ||
    b.raised_ns - a.raised_ns ||
    (a.alarm_id < b.alarm_id ? -1 : a.alarm_id > b.alarm_id ? 1 : 0)
  );
}

/** The rows of open alarms. Shelved ones come last: somebody put them aside for a while. */
export function openRows(alarms: Iterable<Alarm>): AlarmRow[] {
  const open = [...alarms].filter(isOpen);
  const rows = [...withRaids(open)];
  return rows.sort(
    (a, b) => shelved(a.head) - shelved(b.head) || byGravity(a.head, b.head),
  );
}

/** Those that no longer stand, newest first. */
export function clearedRows(alarms: Iterable<Alarm>): Alarm[] {
  return [...alarms].filter((alarm) => !isOpen(alarm)).sort((a, b) => b.time_ns - a.time_ns);
}

const shelved = (alarm: Alarm): number => (alarm.state === "shelved" ? 1 : 0);

function* withRaids(open: readonly Alarm[]): Generator<AlarmRow> {
  const raids = new Map(open.filter((a) => a.cause === "Raid").map((a) => [a.alarm_id, a]));
  const alone: Alarm[] = [];
  const parts = new Map<string, Alarm[]>();
  for (const alarm of open) {
    if (raids.has(alarm.alarm_id)) continue;
    const raid = alarm.raid_id ?? "";
    if (raids.has(raid)) parts.set(raid, [...(parts.get(raid) ?? []), alarm]);
    else alone.push(alarm);
  }
  for (const [id, head] of raids) {
    yield { id, kind: "raid", head, parts: [...(parts.get(id) ?? [])].sort(byGravity) };
  }
  yield* withFolds(alone);
}

function* withFolds(alone: readonly Alarm[]): Generator<AlarmRow> {
  const alike = new Map<string, Alarm[]>();
  for (const alarm of alone) {
    const key = `${alarm.level}/${alarm.cause}/${alarm.state}`;
    alike.set(key, [...(alike.get(key) ?? []), alarm]);
  }
  for (const [key, alarms] of alike) {
    for (const group of bursts(alarms)) {
      const sorted = [...group].sort(byGravity);
      const head = sorted[0];
      if (head === undefined) continue;
      if (group.length < FOLD_FROM) {
        for (const alarm of sorted) yield { id: alarm.alarm_id, kind: "one", head: alarm, parts: [] };
      } else {
        const first = group[0];
        yield { id: `${key}/${first?.alarm_id ?? ""}`, kind: "fold", head, parts: sorted };
      }
    }
  }
}

/** Runs of alarms raised within `FOLD_WITHIN_NS` of the first of the run, oldest first. */
function bursts(alarms: readonly Alarm[]): Alarm[][] {
  const sorted = [...alarms].sort(
    (a, b) => a.raised_ns - b.raised_ns || (a.alarm_id < b.alarm_id ? -1 : 1),
  );
  const runs: Alarm[][] = [];
  for (const alarm of sorted) {
    const run = runs.at(-1);
    const first = run?.[0];
    if (run !== undefined && first !== undefined && alarm.raised_ns - first.raised_ns <= FOLD_WITHIN_NS) {
      run.push(alarm);
    } else {
      runs.push([alarm]);
    }
  }
  return runs;
}

export interface Counts {
  readonly warning: number;
  readonly caution: number;
  readonly advisory: number;
  /** How many of all open ones nobody has acknowledged. */
  readonly waiting: number;
}

/** Open alarms by level; shelved ones are put aside and not counted. */
export function countOpen(alarms: Iterable<Alarm>): Counts {
  const counts = { warning: 0, caution: 0, advisory: 0, waiting: 0 };
  for (const alarm of alarms) {
    if (!isOpen(alarm) || alarm.state === "shelved") continue;
    counts[alarm.level] += 1;
    if (alarm.state === "raised") counts.waiting += 1;
  }
  return counts;
}

/** The alarm that a person has to look at first: the gravest that nobody acknowledged. */
export function firstToAcknowledge(alarms: Iterable<Alarm>): Alarm | null {
  const waiting = [...alarms].filter((alarm) => alarm.state === "raised").sort(byGravity);
  return waiting[0] ?? null;
}

/** When the last alarm was raised, cleared ones included; null if there was none. */
export function lastRaisedNs(alarms: Iterable<Alarm>): number | null {
  let last: number | null = null;
  for (const alarm of alarms) if (last === null || alarm.raised_ns > last) last = alarm.raised_ns;
  return last;
}
