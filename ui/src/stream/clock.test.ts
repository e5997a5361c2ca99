import { expect, it } from "vitest";
import { EngineClock } from "./clock";

const HEARD_NS = 1_753_667_760e9;

it("shows nothing before the first heartbeat", () => {
  expect(new EngineClock().now(5_000)).toBe(0);
});

it("goes on between heartbeats as fast as the engine does", () => {
  const clock = new EngineClock();
  clock.heartbeat(HEARD_NS, 60, 1_000);
  expect(clock.now(1_500) - HEARD_NS).toBeCloseTo(30e9, -3);
});

it("never passes the last heartbeat by more than two real seconds", () => {
  const clock = new EngineClock();
  clock.heartbeat(HEARD_NS, 1, 1_000);
  expect(clock.now(60_000) - HEARD_NS).toBeCloseTo(2e9, -3);
});

it("does not tick back when a heartbeat comes a little late", () => {
  const clock = new EngineClock();
  clock.heartbeat(HEARD_NS, 1, 1_000);
  const before = clock.now(2_900);
  clock.heartbeat(HEARD_NS + 1e9, 1, 2_950);
  expect(clock.now(2_960)).toBeGreaterThanOrEqual(before);
});

it("follows the engine when it truly went back", () => {
  const clock = new EngineClock();
  clock.heartbeat(HEARD_NS, 1, 1_000);
  clock.now(1_000);
  clock.heartbeat(HEARD_NS - 3_600e9, 1, 2_000);
  expect(clock.now(2_000)).toBe(HEARD_NS - 3_600e9);
});
