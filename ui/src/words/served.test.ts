import { afterEach, beforeEach, expect, test } from "vitest";
import { view } from "../model/picture";
import { placeText, stateName, titleOf } from "./served";

const before = view.value;
beforeEach(() => {
  view.value = { ...before, language: "lt" };
});
afterEach(() => {
  view.value = before;
});

test("titles of the server are said in the reader's language", () => {
  expect(titleOf("Incursion: Lithuania")).toBe("Įskrido: Lietuva");
  expect(titleOf("Lost abroad: Lithuania")).toBe("Prarasta užsienyje: Lietuva");
  expect(titleOf("Raid of 12: Lithuania")).toBe("Antskrydis (12): Lietuva");
  expect(titleOf("Seen again: was declared never real")).toBe("Vėl matoma, nors buvo paskelbta: nebuvo tikra");
  expect(titleOf("Sensors silent")).toBe("Tyli jutikliai");
  expect(titleOf("Reports of one object")).toBe("Pranešimai apie vieną objektą");
});

test("a title that the page does not know stays as it was said", () => {
  expect(titleOf("Something new")).toBe("Something new");
  expect(titleOf("Approach: Atlantis")).toBe("Artėja: Atlantis");
});

test("places are said without bending their names", () => {
  expect(placeText("13 km SE of Vilnius")).toBe("Vilnius, 13 km į PR");
  expect(placeText("in Vilnius")).toBe("Vilnius (vietoje)");
  expect(placeText("an unknown place")).toBe("nežinoma vieta");
  expect(placeText("over the sea")).toBe("over the sea");
});

test("in English the server's own words stay", () => {
  view.value = { ...before, language: "en" };
  expect(titleOf("Raid of 12: Lithuania")).toBe("Raid of 12: Lithuania");
  expect(placeText("13 km SE of Vilnius")).toBe("13 km SE of Vilnius");
  expect(placeText("in Vilnius")).toBe("in Vilnius");
});

test("a state is known by code and by name", () => {
  expect(stateName("BLR")).toBe("Baltarusija");
  expect(stateName("Belarus")).toBe("Baltarusija");
  expect(stateName("XXX")).toBe("XXX");
});
