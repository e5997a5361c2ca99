import { expect, it } from "vitest";
import { freshOf } from "./early";

const key = (name: string, timeStamp: number) => ({ name, timeStamp });

it("keys that waited are done in their order", () => {
  expect(freshOf([key("w", 100), key("a", 200)], 900).map((one) => one.name)).toEqual(["w", "a"]);
});

it("what was pressed long ago is not done any more", () => {
  expect(freshOf([key("k", 0), key("w", 9_000)], 11_000).map((one) => one.name)).toEqual(["w"]);
});

it("of very many only the newest are done", () => {
  const many = Array.from({ length: 30 }, (_, i) => key(String(i), i));
  expect(freshOf(many, 100).map((one) => one.name)).toEqual(["22", "23", "24", "25", "26", "27", "28", "29"]);
});
