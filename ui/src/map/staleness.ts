/** How old the shown tracks are, when they are older than they should be. */

import { link, nowNs, replay, system, tracks } from "../model/picture";

const LATE_S = 10; // of real time: frames come at least once a second

/** Engine seconds since the frame was true; 0 while all is well, and in the past, which is as it was. */
export function staleSeconds(nowMs = Date.now()): number {
  if (replay.peek() !== null) return 0;
  const { state, sinceMs } = link.peek();
  const speed = system.peek()?.speed_factor ?? 1;
  if (state !== "live") {
    return tracks.peek() === null ? 0 : Math.max(1, ((nowMs - sinceMs) / 1000) * speed);
  }
  const frame = tracks.peek();
  if (frame === null || nowNs.peek() === 0) return 0;
  const lateS = (nowNs.peek() - Number(frame.timeNs)) / 1e9;
  return lateS > LATE_S * Math.max(1, speed) ? lateS : 0;
}
