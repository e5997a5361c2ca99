/** The engine's clock as the page shows it, between two heartbeats. */

const LEAD_MS = 2_000;
const JUMP_NS = 5e9;

/** Interpolates from the last heartbeat, and never passes it by more than two real seconds.
 *
 * A clock that ran on by itself would say that all is well when nothing is heard any more.
 */
export class EngineClock {
  private heardNs = 0;
  private heardMs = 0;
  private speed = 1;
  private shownNs = 0;

  /** A heartbeat said `timeNs` when the page's own clock, which never jumps, stood at `atMs`. */
  heartbeat(timeNs: number, speedFactor: number, atMs: number): void {
    this.heardNs = timeNs;
    this.heardMs = atMs;
    this.speed = speedFactor > 0 ? speedFactor : 1;
  }

  /** Engine time at `atMs`; 0 before the first heartbeat. Small steps back are not shown. */
  now(atMs: number): number {
    if (this.heardNs === 0) return 0;
    const sinceMs = Math.min(Math.max(atMs - this.heardMs, 0), LEAD_MS);
    const timeNs = this.heardNs + sinceMs * 1e6 * this.speed;
    const back = this.shownNs - timeNs;
    if (back > 0 && back < JUMP_NS * this.speed) return this.shownNs;
    this.shownNs = timeNs;
    return timeNs;
  }
}
