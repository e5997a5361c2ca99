import { expect, it } from "vitest";
import { isShown } from "./filters";
import type { Tracks } from "./picture";
import { NO_FILTERS } from "./view";

function frameOf(row: { state?: number; basis?: number; level?: number; existence?: number; altM?: number }): Tracks {
  return {
    state: Uint8Array.of(row.state ?? 1),
    basis: Uint8Array.of(row.basis ?? 0),
    level: Uint8Array.of(row.level ?? 0),
    existence: Float32Array.of(row.existence ?? 0.9),
    altM: Float32Array.of(row.altM ?? Number.NaN),
  } as Tracks;
}

it("each filter hides what it names", () => {
  expect(isShown(frameOf({}), 0, NO_FILTERS)).toBe(true);
  expect(isShown(frameOf({ state: 0 }), 0, { ...NO_FILTERS, tentative: false })).toBe(false);
  expect(isShown(frameOf({ state: 5 }), 0, { ...NO_FILTERS, lost: false })).toBe(false);
  expect(isShown(frameOf({ basis: 1 }), 0, { ...NO_FILTERS, claimed: false })).toBe(false);
  expect(isShown(frameOf({ existence: 0.4 }), 0, { ...NO_FILTERS, minExistence: 0.5 })).toBe(false);
  expect(isShown(frameOf({ altM: 9_000 }), 0, { ...NO_FILTERS, belowM: 600 })).toBe(false);
  expect(isShown(frameOf({}), 0, { ...NO_FILTERS, alarmed: true })).toBe(false);
});

it("a height that nobody knows hides nothing", () => {
  expect(isShown(frameOf({}), 0, { ...NO_FILTERS, belowM: 600 })).toBe(true);
});

it("no filter hides what an open alarm names", () => {
  const all = { tentative: false, claimed: false, lost: false, minExistence: 1, belowM: 1, alarmed: true };
  expect(isShown(frameOf({ state: 3, basis: 1, level: 1, existence: 0.1, altM: 9_000 }), 0, all)).toBe(true);
});
