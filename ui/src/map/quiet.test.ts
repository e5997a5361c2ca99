import { expect, it } from "vitest";
import { isQuiet } from "./quiet";

const row = (state: number, level: number, ageS: number) => ({
  state: [state],
  level: [level],
  ageS: [ageS],
});

it("keeps area and label of what was lost just now", () => {
  expect(isQuiet(row(3, 0, 299), 0)).toBe(false);
});

it("only marks what was lost a while ago", () => {
  expect(isQuiet(row(3, 0, 301), 0)).toBe(true);
});

it("never quiets what an alarm names, nor what flies", () => {
  expect(isQuiet(row(3, 1, 9_000), 0)).toBe(false);
  expect(isQuiet(row(1, 0, 9_000), 0)).toBe(false);
});
