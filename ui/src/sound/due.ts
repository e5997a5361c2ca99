/** Which sound is due: from what was known before and what is known now; no clock, no speaker. */

export type Level = "warning" | "caution" | "advisory";
export interface Heard {
  readonly level: Level;
  readonly state: string;
}
export type Known = ReadonlyMap<string, Heard>;

const RANK: Readonly<Record<Level, number>> = { warning: 0, caution: 1, advisory: 2 };

/**
 * The gravest alarm that was raised, raised again or raised in level since `before`; null if none.
 *
 * `before` is null when the page has only just opened: then only warnings that wait ring.
 */
export function newlyRaised(before: Known | null, now: Known): Level | null {
  let gravest: Level | null = null;
  for (const [id, alarm] of now) {
    if (alarm.state !== "raised") continue;
    const known = before?.get(id);
    const news =
      before === null
        ? alarm.level === "warning"
        : known === undefined ||
          known.state !== "raised" ||
          RANK[alarm.level] < RANK[known.level];
    if (news && (gravest === null || RANK[alarm.level] < RANK[gravest])) gravest = alarm.level;
  }
  return gravest;
}

/** How many warnings wait for someone to acknowledge them: while there is one, it rings. */
export function waitingWarnings(now: Known): number {
  let count = 0;
  for (const alarm of now.values()) {
    if (alarm.level === "warning" && alarm.state === "raised") count += 1;
  }
  return count;
}
