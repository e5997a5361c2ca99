import { expect, it } from "vitest";
import { whyNoTrack } from "./emptiness";
import type { SensorState, SensorView } from "./nouns";

const sensor = (state: SensorState, silence_counts = true) => ({ state, silence_counts }) as SensorView;

it("nothing there and nobody listening are different reasons", () => {
  expect(whyNoTrack([sensor("speaking"), sensor("degraded")])).toEqual({ why: "nothing", n: 2 });
  expect(whyNoTrack([sensor("silent"), sensor("gone")])).toEqual({ why: "blind", n: 2 });
  expect(whyNoTrack([sensor("speaking"), sensor("never_heard")])).toEqual({ why: "half_blind", n: 1, all: 2 });
});

it("a desk that nobody calls is no sensor that fell silent", () => {
  expect(whyNoTrack([sensor("never_heard", false)])).toEqual({ why: "no_sensors" });
});
