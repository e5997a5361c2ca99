/** Numbers as people read them: a real minus sign, thin spaces from five digits on, one decimal mark. */

/** The mark between whole and part: "." in English, "," in Lithuanian and most of the others. */
export type DecimalMark = "." | ",";

export const MINUS = "\u2212";
export const THIN_SPACE = "\u202f";
/** What stands where there is no number: nothing is known, which is not zero. */
export const UNKNOWN = "\u2014";

const GROUPED_FROM = 10_000;

/** `12345.678` with one digit is "12 345.7"; what is not finite is "—"; a zero never has a sign. */
export function formatNumber(value: number, digits = 0, mark: DecimalMark = "."): string {
  if (!Number.isFinite(value)) return UNKNOWN;
  const fixed = Math.abs(value).toFixed(digits);
  const [whole = "0", part] = fixed.split(".");
  const grouped =
    Number(whole) >= GROUPED_FROM ? whole.replace(/\B(?=(\d{3})+$)/g, THIN_SPACE) : whole;
  const sign = value < 0 && Number(fixed) !== 0 ? MINUS : "";
  return sign + grouped + (part === undefined ? "" : mark + part);
}

/** A probability in whole percent; never "0 %" or "100 %" for what is not certain. */
export function formatPercent(probability: number): string {
  if (!Number.isFinite(probability)) return UNKNOWN;
  const held = Math.min(1, Math.max(0, probability));
  if (held > 0 && held < 0.005) return "<\u00a01\u00a0%";
  if (held < 1 && held > 0.995) return ">\u00a099\u00a0%";
  return `${Math.round(held * 100)}\u00a0%`;
}

/** Whole percents of parts that sum to 1, so that what is shown sums to 100 too. */
export function percentsOf(parts: readonly number[]): number[] {
  const held = parts.map((part) => (Number.isFinite(part) && part > 0 ? part : 0));
  const sum = held.reduce((a, b) => a + b, 0);
  if (sum <= 0) return parts.map(() => 0);
  const exact = held.map((part) => (part / sum) * 100);
  const floors = exact.map(Math.floor);
  let left = 100 - floors.reduce((a, b) => a + b, 0);
  const order = exact.map((_, i) => i).sort((a, b) => frac(exact[b]) - frac(exact[a]) || a - b);
  for (const i of order) {
    if (left <= 0) break;
    floors[i] = (floors[i] ?? 0) + 1;
    left -= 1;
  }
  return floors;
}

function frac(value: number | undefined): number {
  return value === undefined ? 0 : value - Math.floor(value);
}

/** A typed number with either decimal mark and either minus; null if it is none. */
export function parseNumber(typed: string): number | null {
  const plain = typed
    .trim()
    .replace(/[\u2212\u2013\u2010\u2011]/g, "-")
    .replace(/[\s\u00a0\u202f]+/g, "")
    .replace(",", ".");
  if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(plain)) return null;
  const value = Number(plain);
  return Number.isFinite(value) ? value : null;
}
