/** What can be done to a row of alarms, and how it is begun. */

import type { Alarm, Action } from "../model/nouns";
import { titleOf } from "../words/served";
import { t } from "../words/say";
import { type AlarmRow, isOpen } from "./alarm-rows";
import { ask, opened } from "./parts/asking";
import { may, whyNot } from "./parts/why-not";

export type AlarmAct = "acknowledge" | "shelve" | "escalate" | "clear" | "why";

export const ALARM_ACTS: readonly AlarmAct[] = ["acknowledge", "shelve", "escalate", "clear", "why"];

/** Ids of the alarms that the act would be said of; none when it makes no sense for this row. */
export function subjectsOf(act: AlarmAct, row: AlarmRow): string[] {
  const all = row.kind === "fold" ? row.parts : [row.head];
  return all.filter((alarm) => makesSense(act, alarm)).map((alarm) => alarm.alarm_id);
}

function makesSense(act: AlarmAct, alarm: Alarm): boolean {
  if (act === "why") return true;
  if (!isOpen(alarm)) return false;
  if (act === "acknowledge") return alarm.state === "raised";
  if (act === "shelve") return alarm.state !== "shelved";
  if (act === "escalate") return alarm.level !== "warning";
  return true;
}

/** What stands in the dialog: which alarm, or how many alike. */
export function aboutRow(row: AlarmRow): string {
  const title = titleOf(row.head.title);
  return row.kind === "fold" ? t("alarms.fold", { n: row.parts.length, title }) : title;
}

/** Whether the act is offered on this row to this person at all; "clear" needs the role. */
export function isOffered(act: AlarmAct, row: AlarmRow): boolean {
  if (subjectsOf(act, row).length === 0) return false;
  return act === "why" || act === "acknowledge" || may(`actions.${act}`);
}

/** Begin it: a dialog opens. False when it may not or makes no sense. */
export function actOn(act: AlarmAct, row: AlarmRow): boolean {
  const subjects = subjectsOf(act, row);
  const first = subjects[0];
  if (first === undefined) return false;
  if (act === "why") {
    opened.value = { kind: "why", alarmId: first, title: titleOf(row.head.title) };
    return true;
  }
  if (whyNot(`actions.${act}`) !== null) return false;
  ask(act as Action, subjects, aboutRow(row));
  return true;
}
