import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const css = readFileSync(new URL("./palette.css", import.meta.url), "utf8");
const THEMES = ["day", "dim", "night"] as const;
const TEXT = 4.5; // WCAG 2.2, 1.4.3
const EDGE = 3; // 1.4.11

function paletteOf(theme: string): Map<string, string> {
  const block = new RegExp(`data-theme="${theme}"\\]\\s*{([^}]*)}`).exec(css)?.[1] ?? "";
  return new Map([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)].map((m) => [m[1] ?? "", m[2] ?? ""]));
}

type Rgb = [number, number, number];
const linear = (hex: string): Rgb => {
  const part = (i: number): number => {
    const value = Number.parseInt(hex.slice(i, i + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [part(1), part(3), part(5)];
};
const luminance = ([r, g, b]: Rgb): number => 0.2126 * r + 0.7152 * g + 0.0722 * b;

function contrast(a: string, b: string): number {
  const [x, y] = [luminance(linear(a)), luminance(linear(b))];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

/** Full deuteranopia and protanopia, Machado, Oliveira, Fernandes 2009, on linear RGB. */
const EYES: Readonly<Record<string, readonly Rgb[]>> = {
  usual: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  deuteranopia: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  protanopia: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
};

function lab(hex: string, eye: string): Rgb {
  const rgb = linear(hex);
  const dot = (row: Rgb): number => Math.min(1, Math.max(0, row[0] * rgb[0] + row[1] * rgb[1] + row[2] * rgb[2]));
  const [r = 0, g = 0, b = 0] = (EYES[eye] ?? []).map(dot);
  const f = (t: number): number => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
  const y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function apart(a: string, b: string, eye: string): number {
  const [p, q] = [lab(a, eye), lab(b, eye)];
  return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
}

describe.each(THEMES)("by %s", (theme) => {
  const palette = paletteOf(theme);
  const colour = (name: string): string => {
    const found = palette.get(name);
    if (found === undefined) throw new Error(`${theme} has no --${name}`);
    return found;
  };

  test("it has every colour that the others have", () => {
    expect([...palette.keys()].sort()).toEqual([...paletteOf("dim").keys()].sort());
    expect(palette.size).toBeGreaterThan(20);
  });

  test.each(["ink", "soft", "accent", "good", "warning", "caution", "advisory", "past", "stale"])(
    "text in %s can be read on every ground",
    (name) => {
      for (const ground of ["ground", "panel", "raised"]) {
        expect(contrast(colour(name), colour(ground)), ground).toBeGreaterThanOrEqual(TEXT);
      }
    },
  );

  test.each(["warning", "caution", "advisory", "past", "unreal", "stale"])("words on a band of %s can be read", (name) => {
    expect(contrast(colour(`${name}-on`), colour(`${name}-fill`))).toBeGreaterThanOrEqual(TEXT);
  });

  test("words on both stripes of what is old can be read", () => {
    expect(contrast(colour("stale-on"), colour("stale-band"))).toBeGreaterThanOrEqual(TEXT);
  });

  test("edges of fields and buttons can be seen", () => {
    expect(contrast(colour("edge"), colour("panel"))).toBeGreaterThanOrEqual(EDGE);
  });

  test.each(Object.keys(EYES))("levels stay apart for eyes with %s", (eye) => {
    for (const [a, b] of [["warning", "caution"], ["warning", "advisory"], ["caution", "advisory"]] as const) {
      expect(apart(colour(a), colour(b), eye), `${a} and ${b}`).toBeGreaterThan(20);
    }
  });
});
