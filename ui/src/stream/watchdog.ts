/** Whether the link is alive, judged by what was heard and by nothing else. */

export const SILENCE_MS = 3_000;

/** What two clocks say: one that never jumps but may rest with the machine, and the calendar's. */
export interface Instant {
  steadyMs: number;
  calendarMs: number;
}

export function instant(): Instant {
  return { steadyMs: performance.now(), calendarMs: Date.now() };
}

/** Bites when nothing was heard for three seconds, by whichever clock saw more of them pass.
 *
 * A machine that slept may have stopped the steady clock; one whose calendar was set may have moved
 * the other. Taking the longer of the two errs towards "lost".
 */
export class Watchdog {
  private heard: Instant | null = null;

  constructor(private readonly silenceMs = SILENCE_MS) {}

  feed(now: Instant): void {
    this.heard = now;
  }

  rest(): void {
    this.heard = null;
  }

  /** Milliseconds of silence; 0 when it rests. */
  silentMs(now: Instant): number {
    if (this.heard === null) return 0;
    return Math.max(
      now.steadyMs - this.heard.steadyMs,
      now.calendarMs - this.heard.calendarMs,
    );
  }

  bites(now: Instant): boolean {
    return this.silentMs(now) > this.silenceMs;
  }
}
