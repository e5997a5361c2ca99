import { expect, test } from "vitest";
import { formatNumber, formatPercent, MINUS, parseNumber, percentsOf, UNKNOWN } from "./numbers";

test("a negative number has a real minus sign, and zero has none", () => {
  expect(formatNumber(-3.25, 1)).toBe(`${MINUS}3.3`);
  expect(formatNumber(-0.04, 1)).toBe("0.0");
  expect(formatNumber(-0)).toBe("0");
});

test("numbers are grouped from five digits on, with the language's decimal mark", () => {
  expect(formatNumber(9999)).toBe("9999");
  expect(formatNumber(1234567.891, 2, ",")).toBe("1\u202f234\u202f567,89");
});

test("what is no number is a dash and not a zero", () => {
  for (const none of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    expect(formatNumber(none)).toBe(UNKNOWN);
    expect(formatPercent(none)).toBe(UNKNOWN);
  }
});

test("only the certain is 0 % or 100 %", () => {
  expect(formatPercent(0)).toBe("0\u00a0%");
  expect(formatPercent(0.001)).toBe("<\u00a01\u00a0%");
  expect(formatPercent(0.62)).toBe("62\u00a0%");
  expect(formatPercent(0.999)).toBe(">\u00a099\u00a0%");
  expect(formatPercent(1)).toBe("100\u00a0%");
});

test("shown percents of parts sum to 100 whatever the parts are", () => {
  for (const parts of [[1, 1, 1], [0.335, 0.335, 0.33], [0.004, 0.996], [5, 0, 0, 0], [0.1, 0.2, 0.3, 0.4]]) {
    expect(percentsOf(parts).reduce((a, b) => a + b, 0)).toBe(100);
  }
  expect(percentsOf([0, 0])).toEqual([0, 0]);
  expect(percentsOf([Number.NaN, 1])).toEqual([0, 100]);
});

test("typed numbers may have either decimal mark and either minus", () => {
  expect(parseNumber(" 12,5 ")).toBe(12.5);
  expect(parseNumber("\u22123.25")).toBe(-3.25);
  expect(parseNumber(".5")).toBe(0.5);
  for (const none of ["", "-", "1.2.3", "12 km", "NaN", "1e9999", "0x10"]) expect(parseNumber(none)).toBeNull();
});
