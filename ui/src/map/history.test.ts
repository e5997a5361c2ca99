import { describe, expect, it } from "vitest";
import type { Frame } from "../stream/frames";
import { DOTS, History } from "./history";

/** A frame of one track that flies north at 50 m/s, observed `ageS` before the frame's time. */
function frameAt(timeS: number, ageS = 0, key = 7, replay = false): Frame {
  const latDeg = 54 + (50 * timeS) / 111_319.49;
  return {
    n: 1,
    timeNs: BigInt(Math.round(timeS * 1e9)),
    replay,
    keyWords: Uint32Array.of(key, 0),
    lat: Int32Array.of(Math.round(latDeg * 1e7)),
    lon: Int32Array.of(250_000_000),
    eastMps: Float32Array.of(0),
    northMps: Float32Array.of(50),
    ageS: Float32Array.of(ageS),
  } as Frame;
}

const gaps = (history: History, frame: Frame): boolean[] => {
  const ring = history.ringOf(frame, 0);
  return Array.from({ length: history.dotCount(ring) }, (_, back) => history.gapBefore(history.dot(ring, back)));
};

describe("the history of a track", () => {
  it("has a dot every ten seconds while it is observed", () => {
    const history = new History();
    for (let s = 0; s <= 40; s += 2) history.take(frameAt(s));
    expect(gaps(history, frameAt(40))).toEqual([false, false, false, false, false]);
  });

  it("leaves no dot where it was not observed, and says that there is a gap", () => {
    const history = new History();
    for (let s = 0; s <= 20; s += 2) history.take(frameAt(s));
    for (let s = 22; s <= 60; s += 2) history.take(frameAt(s, s - 20)); // coasting: nothing new
    history.take(frameAt(62));
    expect(gaps(history, frameAt(62))).toEqual([true, false, false, false]);
  });

  it("does not take a slow sensor for a broken one", () => {
    const history = new History();
    for (let s = 0; s <= 120; s += 12) history.take(frameAt(s));
    expect(gaps(history, frameAt(120)).some((gap) => gap)).toBe(false);
  });

  it("stands where the object was when it was observed, not where it is taken to be now", () => {
    const history = new History();
    history.take(frameAt(10, 4));
    const ring = history.ringOf(frameAt(10), 0);
    const observed = frameAt(6).lat[0] as number;
    expect(Math.abs(history.latAt(history.dot(ring, 0)) - observed)).toBeLessThan(3);
  });

  it("keeps the newest dots of a long flight", () => {
    const history = new History();
    for (let s = 0; s <= 1000; s += 10) history.take(frameAt(s));
    const ring = history.ringOf(frameAt(0), 0);
    expect(history.dotCount(ring)).toBe(DOTS);
    expect(history.latAt(history.dot(ring, 0))).toBe(frameAt(1000).lat[0]);
    expect(history.latAt(history.dot(ring, DOTS - 1))).toBe(frameAt(1000 - 10 * (DOTS - 1)).lat[0]);
  });

  it("begins anew when time goes back or the past is shown instead of now", () => {
    const history = new History();
    for (let s = 0; s <= 40; s += 2) history.take(frameAt(s));
    history.take(frameAt(10));
    expect(history.dotCount(history.ringOf(frameAt(10), 0))).toBe(1);
    history.take(frameAt(50, 0, 7, true));
    expect(history.dotCount(history.ringOf(frameAt(50), 0))).toBe(1);
  });

  it("gives the rings of tracks that are long gone to new ones", () => {
    const history = new History();
    history.take(frameAt(0));
    for (let s = 1; s <= 2000; s += 100) history.take(frameAt(s, 0, 9));
    expect(history.ringOf(frameAt(0), 0)).toBe(-1);
    expect(history.ringOf(frameAt(0, 0, 9), 0)).toBeGreaterThanOrEqual(0);
  });
});
