import { expect, it } from "vitest";
import { KeyTable } from "./keytable";

it("keeps ten thousand keys apart, also those that differ in one word only", () => {
  const table = new KeyTable(4);
  for (let i = 0; i < 10_000; i += 1) table.set(i % 100, Math.floor(i / 100), i);
  expect(table.size).toBe(10_000);
  const wrong = Array.from({ length: 10_000 }, (_, i) => i).filter((i) => table.get(i % 100, Math.floor(i / 100)) !== i);
  expect(wrong).toEqual([]);
  expect(table.get(5, 5_000)).toBe(-1);
});

it("forgets all when it is cleared, and keeps the last value of a key", () => {
  const table = new KeyTable();
  table.set(1, 2, 3);
  table.set(1, 2, 4);
  expect([table.size, table.get(1, 2)]).toEqual([1, 4]);
  table.clear();
  expect(table.get(1, 2)).toBe(-1);
});
