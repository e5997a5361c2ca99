import { expect, it } from "vitest";
import type { PlaceAhead } from "../model/nouns";
import { aheadText, MOST_NAMED, namesAhead, placesNamed } from "./placemarks";

const place = (name: string, minutes: number): PlaceAhead => ({
  name,
  state: "LTU",
  population: 5_000,
  lat_deg: 54.8,
  lon_deg: 25.5,
  probability: 0.5,
  minutes_from: minutes - 1,
  minutes,
  minutes_to: minutes + 1,
  object_ids: ["o"],
  model: "simple",
  model_text: "It flies straight on.",
});

it("the soonest are named, no more than the wall names", () => {
  const many = Array.from({ length: 20 }, (_, i) => place(`P${20 - i}`, 20 - i));
  const named = placesNamed(many).map((one) => one.name);
  expect(named.length).toBe(MOST_NAMED);
  expect(named.slice(0, 3)).toEqual(["P1", "P2", "P3"]);
});

it("a name stands with its minutes, and with a question mark once they are old", () => {
  expect(aheadText(place("Nemenčinė", 3.6), 0)).toBe("Nemenčinė ≈ 4 min");
  expect(aheadText(place("Nemenčinė", 0.3), 0)).toBe("Nemenčinė: now");
  expect(aheadText(place("Nemenčinė", 3.6), 8)).toBe("Nemenčinė ≈ 4 min ?");
});

it("the same places have the same names, whoever comes first", () => {
  const [one, two] = [place("Utena", 3), place("Anykščiai", 9)];
  expect(namesAhead([one, two])).toEqual(namesAhead([{ ...one, minutes: 9 }, { ...two, minutes: 3 }]));
});
