import { describe, expect, it } from "vitest";
import { FIRST_VIEW, NO_FILTERS, readView, writeView, type View } from "./view";

describe("the address", () => {
  it("of a plain view is plain", () => {
    expect(writeView(FIRST_VIEW)).toBe("");
    expect(readView("")).toEqual(FIRST_VIEW);
  });

  it("gives back the view that it was written from", () => {
    const view: View = {
      panel: "wall",
      lat: 54.9012,
      lon: 25.3,
      zoom: 9.25,
      theme: "night",
      profile: "nato",
      language: "lt",
      filters: { ...NO_FILTERS, tentative: false, minExistence: 0.5, belowM: 600, alarmed: true },
      selected: "alarm:Incursion/00ff é",
      replayAtNs: Date.parse("2025-07-28T01:56:10.250Z") * 1e6,
    };
    expect(readView(writeView(view))).toEqual(view);
  });

  it("that is broken falls back, part by part", () => {
    const read = readView("#map=99/54/25&panel=cellar&theme=day&show=real999&sel=x&at=never");
    expect(read).toEqual({ ...FIRST_VIEW, theme: "day", filters: { ...NO_FILTERS, minExistence: 1 } });
    expect(readView("#map=7/54").zoom).toBeNull();
    expect(readView("#map=7/north/25").lat).toBeNull();
  });
});
