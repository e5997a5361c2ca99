import { describe, expect, test } from "vitest";
import type { Tracks } from "../model/picture";
import { NO_FILTERS } from "../model/view";
import { realWord } from "./certainty";
import { factsOfRow } from "./track-facts";
import { shortId, shownRows, trackIdOf } from "./track-rows";

interface Row {
  key: bigint;
  altM?: number;
  existence?: number;
  state?: number;
  basis?: number;
  level?: number;
  borderS?: number;
  eastMps?: number;
  ageS?: number;
}

function frame(rows: readonly Row[]): Tracks {
  const floats = (of: (row: Row) => number): Float32Array => Float32Array.from(rows, of);
  const bytes = (of: (row: Row) => number): Uint8Array => Uint8Array.from(rows, of);
  return {
    n: rows.length,
    timeNs: 1_000_000_000_000n,
    frame: 1,
    replay: false,
    simulated: true,
    key: BigUint64Array.from(rows, (row) => row.key),
    lat: Int32Array.from(rows, () => 546_872_000),
    lon: Int32Array.from(rows, () => 252_797_000),
    altM: floats((row) => row.altM ?? Number.NaN),
    eastMps: floats((row) => row.eastMps ?? 0),
    northMps: floats(() => 0),
    upMps: floats(() => 0),
    sigmaEastM: floats(() => 100),
    sigmaNorthM: floats(() => 40),
    correlation: floats(() => 0),
    existence: floats((row) => row.existence ?? 1),
    ageS: floats((row) => row.ageS ?? 4),
    bornS: floats(() => 60),
    borderS: floats((row) => row.borderS ?? Number.NaN),
    borderProbability: floats(() => 0),
    state: bytes((row) => row.state ?? 1),
    basis: bytes((row) => row.basis ?? 0),
    level: bytes((row) => row.level ?? 0),
    flags: bytes(() => 0),
    callsign: () => "",
    rowOf: () => -1,
  };
}

describe("rows of the track table", () => {
  test("begin with what an alarm names, then what nears a border, then the low; claims come last", () => {
    const tracks = frame([
      { key: 1n, altM: 11_000 },
      { key: 2n, altM: 200 },
      { key: 3n, borderS: 300, altM: 11_000 },
      { key: 4n, level: 3 },
      { key: 5n, altM: 100, basis: 1 },
      { key: 6n, state: 3 },
    ]);
    const { rows } = shownRows(tracks, NO_FILTERS, { key: "urgency", down: false });
    expect(rows.map((row) => Number(tracks.key[row]))).toEqual([4, 3, 2, 1, 6, 5]);
  });

  test("unknown heights come last in either order, and ties go by key", () => {
    const tracks = frame([{ key: 9n }, { key: 3n, altM: 500 }, { key: 2n, altM: 500 }, { key: 1n, altM: 100 }]);
    const order = (down: boolean): number[] =>
      shownRows(tracks, NO_FILTERS, { key: "height", down }).rows.map((row) => Number(tracks.key[row]));
    expect(order(false)).toEqual([1, 2, 3, 9]);
    expect(order(true)).toEqual([2, 3, 1, 9]);
  });

  test("are cut, and it is known how many are left out", () => {
    const tracks = frame(Array.from({ length: 30 }, (_, i) => ({ key: BigInt(i + 1) })));
    const shown = shownRows(tracks, NO_FILTERS, { key: "age", down: false }, 10);
    expect(shown).toMatchObject({ shown: 30, all: 30 });
    expect(shown.rows).toHaveLength(10);
  });

  test("follow the filters, which hide nothing that an alarm names", () => {
    const tracks = frame([{ key: 1n, altM: 9_000 }, { key: 2n, altM: 9_000, level: 1 }, { key: 3n }]);
    const { rows, shown } = shownRows(tracks, { ...NO_FILTERS, belowM: 3_000 }, { key: "urgency", down: false });
    expect(rows.map((row) => Number(tracks.key[row])).sort()).toEqual([2, 3]);
    expect(shown).toBe(2);
  });

  test("have the ids that the server uses", () => {
    const tracks = frame([{ key: 255n }]);
    expect(trackIdOf(tracks, 0)).toBe("00000000000000ff");
    expect(shortId("e1d8840011223344")).toBe("e1d884");
  });
});

describe("facts of a row", () => {
  test("are in SI units, with an unknown height as none", () => {
    const facts = factsOfRow(frame([{ key: 1n, eastMps: 50, ageS: 4, level: 2 }]), 0, "x");
    expect(facts).toMatchObject({ altM: null, speedMps: 50, courseDeg: 90, state: "confirmed", level: "caution" });
    expect(facts.latDeg).toBeCloseTo(54.6872, 6);
    expect(facts.radiusM).toBeCloseTo(245, 3);
    expect(facts.measuredNs).toBeCloseTo(996e9, -3);
  });
});

test("P(real) has a word for each band", () => {
  expect([1, 0.95, 0.9, 0.6, 0.3, 0.1, Number.NaN].map(realWord)).toEqual([
    "sure",
    "sure",
    "probable",
    "likely",
    "doubtful",
    "unlikely",
    "unknown",
  ]);
});
