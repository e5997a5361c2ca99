/** The binary frame of tracks: columns by the layout that `hello` said, as views and never copies. */

import type { Tracks } from "../model/picture";
import { KeyTable } from "./keytable";

const MAGIC = 0x54594b53; // "SKYT", little-endian
const VERSION = 1;
const LEAST_HEADER_BYTES = 64;
const SIMULATED = 1;
const REPLAY = 4;

export interface LayoutColumn {
  name: string;
  kind: string;
}

/** Tracks with what the map needs beside them: the bytes, and where each column begins in them. */
export interface Frame extends Tracks {
  bytes: ArrayBuffer;
  starts: ReadonlyMap<string, number>;
  keyWords: Uint32Array; // low and high word of each key, 2 n
  sequence: bigint;
  sentMs: number; // the server's clock
  receivedMs: number; // performance.now() of this page
}

/** The bytes are no frame that this page can read. */
export class FrameError extends Error {
  override name = "FrameError";
}

const KIND_BYTES: Record<string, number> = { u64: 8, i64: 8, i32: 4, u32: 4, f32: 4, u8: 1, utf8x8: 8 };

/** The layout of protocol 1, until a `hello` says another. */
export const LAYOUT: readonly LayoutColumn[] = (
  "track_key u64|lat_1e7deg i32|lon_1e7deg i32|alt_m f32|east_mps f32|north_mps f32|up_mps f32|" +
  "sigma_east_m f32|sigma_north_m f32|correlation f32|existence_probability f32|age_s f32|" +
  "born_s f32|border_s f32|border_probability f32|state u8|basis u8|level u8|flags u8|callsign utf8x8"
)
  .split("|")
  .map((column) => {
    const [name = "", kind = ""] = column.split(" ");
    return { name, kind };
  });

/** The frame that the bytes hold.
 *
 * Throws FrameError when they are no frame, of another version, cut short, or lack a column.
 */
export function decodeFrame(bytes: ArrayBuffer, layout: readonly LayoutColumn[] = LAYOUT): Frame {
  const header = new DataView(bytes);
  if (bytes.byteLength < LEAST_HEADER_BYTES || header.getUint32(0, true) !== MAGIC) {
    throw new FrameError(`No track frame: ${bytes.byteLength} bytes without its mark.`);
  }
  const version = header.getUint16(4, true);
  if (version !== VERSION) throw new FrameError(`Track frame of version ${version}; this reads 1.`);
  const flags = header.getUint16(6, true);
  const n = header.getUint32(8, true);
  const starts = columnStarts(layout, n, header.getUint32(12, true), bytes.byteLength);
  const at = (name: string): number => {
    const start = starts.get(name);
    if (start === undefined) throw new FrameError(`The track frame has no column ${name}.`);
    return start;
  };
  const floats = (name: string): Float32Array => new Float32Array(bytes, at(name), n);
  const octets = (name: string): Uint8Array => new Uint8Array(bytes, at(name), n);
  const keyWords = new Uint32Array(bytes, at("track_key"), 2 * n);
  return {
    n,
    timeNs: header.getBigInt64(16, true),
    sequence: header.getBigInt64(24, true),
    frame: Number(header.getBigUint64(32, true)),
    sentMs: Number(header.getBigUint64(40, true)),
    receivedMs: performance.now(),
    simulated: (flags & SIMULATED) !== 0,
    replay: (flags & REPLAY) !== 0,
    bytes,
    starts,
    keyWords,
    key: new BigUint64Array(bytes, at("track_key"), n),
    lat: new Int32Array(bytes, at("lat_1e7deg"), n),
    lon: new Int32Array(bytes, at("lon_1e7deg"), n),
    altM: floats("alt_m"),
    eastMps: floats("east_mps"),
    northMps: floats("north_mps"),
    upMps: floats("up_mps"),
    sigmaEastM: floats("sigma_east_m"),
    sigmaNorthM: floats("sigma_north_m"),
    correlation: floats("correlation"),
    existence: floats("existence_probability"),
    ageS: floats("age_s"),
    bornS: floats("born_s"),
    borderS: floats("border_s"),
    borderProbability: floats("border_probability"),
    state: octets("state"),
    basis: octets("basis"),
    level: octets("level"),
    flags: octets("flags"),
    callsign: callsigns(new Uint8Array(bytes, at("callsign"), 8 * n)),
    rowOf: rows(keyWords),
  };
}

/** The 16 hexadecimal digits by which a track's key is written. */
export function trackId(keyWords: Uint32Array, row: number): string {
  return hex8(keyWords[2 * row + 1] as number) + hex8(keyWords[2 * row] as number);
}

function hex8(word: number): string {
  return word.toString(16).padStart(8, "0");
}

function columnStarts(
  layout: readonly LayoutColumn[],
  n: number,
  headerBytes: number,
  frameBytes: number,
): Map<string, number> {
  const starts = new Map<string, number>();
  let at = headerBytes;
  for (const { name, kind } of layout) {
    const valueBytes = KIND_BYTES[kind];
    if (valueBytes === undefined) throw new FrameError(`Column ${name} has the unknown kind ${kind}.`);
    starts.set(name, at);
    if (at + n * valueBytes > frameBytes) {
      throw new FrameError(`Track frame of ${n} tracks is cut short: ${frameBytes} bytes.`);
    }
    at += Math.ceil((n * valueBytes) / 8) * 8;
  }
  return starts;
}

function callsigns(octets: Uint8Array): (row: number) => string {
  const reader = new TextDecoder();
  return (row) => {
    let end = row * 8;
    while (end < row * 8 + 8 && octets[end] !== 0) end += 1;
    return end === row * 8 ? "" : reader.decode(octets.subarray(row * 8, end)).trim();
  };
}

/** The table of rows is made when it is first asked for: not every frame is. */
function rows(keyWords: Uint32Array): (trackId: string) => number {
  let table: KeyTable | null = null;
  return (trackId) => {
    if (!/^[0-9a-f]{16}$/.test(trackId)) return -1;
    if (table === null) {
      table = new KeyTable(keyWords.length / 2);
      for (let row = 0; 2 * row < keyWords.length; row += 1) {
        table.set(keyWords[2 * row] as number, keyWords[2 * row + 1] as number, row);
      }
    }
    const low = Number.parseInt(trackId.slice(8), 16);
    const high = Number.parseInt(trackId.slice(0, 8), 16);
    return table.get(low, high);
  };
}
