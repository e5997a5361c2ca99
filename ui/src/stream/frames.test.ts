import { describe, expect, it } from "vitest";
import { decodeFrame, FrameError, LAYOUT, trackId } from "./frames";

const KIND_BYTES: Record<string, number> = { u64: 8, i32: 4, f32: 4, u8: 1, utf8x8: 8 };

/** A frame as docs/live-stream.md lays it out, each column at a multiple of 8. */
function frameOf(keys: bigint[], write: (at: (name: string) => number, bytes: DataView) => void, flags = 1) {
  const starts = new Map<string, number>();
  let end = 64;
  for (const { name, kind } of LAYOUT) {
    starts.set(name, end);
    end += Math.ceil((keys.length * (KIND_BYTES[kind] ?? 0)) / 8) * 8;
  }
  const bytes = new DataView(new ArrayBuffer(end));
  [..."SKYT"].forEach((letter, i) => bytes.setUint8(i, letter.charCodeAt(0)));
  bytes.setUint16(4, 1, true);
  bytes.setUint16(6, flags, true);
  bytes.setUint32(8, keys.length, true);
  bytes.setUint32(12, 64, true);
  bytes.setBigInt64(16, 1_753_667_760_000_000_000n, true);
  bytes.setBigUint64(32, 41n, true);
  bytes.setBigUint64(40, 1_753_667_760_123n, true);
  keys.forEach((key, row) => bytes.setBigUint64(64 + 8 * row, key, true));
  write((name) => starts.get(name) ?? 0, bytes);
  return bytes.buffer;
}

describe("a frame", () => {
  const keys = [0xffn, 0x1234_5678_9abc_def0n, 7n];
  const bytes = frameOf(keys, (at, view) => {
    view.setInt32(at("lat_1e7deg") + 4, 547_000_000, true);
    view.setFloat32(at("alt_m"), Number.NaN, true);
    view.setUint8(at("state") + 2, 3);
    view.setUint8(at("level") + 1, 2);
    new Uint8Array(view.buffer).set(new TextEncoder().encode("LYŽ1"), at("callsign") + 8);
  });

  it("gives its header and each column by the layout", () => {
    const frame = decodeFrame(bytes);
    expect([frame.n, frame.frame, frame.sentMs]).toEqual([3, 41, 1_753_667_760_123]);
    expect(frame.timeNs).toBe(1_753_667_760_000_000_000n);
    expect([frame.simulated, frame.replay]).toEqual([true, false]);
    expect(frame.lat[1]).toBe(547_000_000);
    expect(frame.altM[0]).toBeNaN();
    expect([frame.state[2], frame.level[1]]).toEqual([3, 2]);
  });

  it("copies nothing: its columns are views of the bytes that came", () => {
    expect(decodeFrame(bytes).existence.buffer).toBe(bytes);
  });

  it("finds rows by track id and tells none by -1", () => {
    const frame = decodeFrame(bytes);
    expect(frame.rowOf("123456789abcdef0")).toBe(1);
    expect(frame.rowOf(trackId(frame.keyWords, 2))).toBe(2);
    expect(frame.rowOf("00000000000000fe")).toBe(-1);
    expect(frame.rowOf("no id")).toBe(-1);
  });

  it("reads claimed callsigns as UTF-8 without their padding", () => {
    const frame = decodeFrame(bytes);
    expect([frame.callsign(0), frame.callsign(1)]).toEqual(["", "LYŽ1"]);
  });

  it("takes another order of columns from hello, and skips what it does not know", () => {
    const layout = [...LAYOUT.slice(0, 1), { name: "new_one", kind: "f32" }, ...LAYOUT.slice(1)];
    const longer = new ArrayBuffer(bytes.byteLength + 16);
    const [to, from] = [new Uint8Array(longer), new Uint8Array(bytes)];
    to.set(from.subarray(0, 64 + 24));
    to.set(from.subarray(64 + 24), 64 + 24 + 16);
    expect(decodeFrame(longer, layout).lat[1]).toBe(547_000_000);
  });

  it("is refused when it is cut short, of another version, or no frame", () => {
    expect(() => decodeFrame(bytes.slice(0, bytes.byteLength - 8))).toThrow(FrameError);
    const later = bytes.slice(0);
    new DataView(later).setUint16(4, 2, true);
    expect(() => decodeFrame(later)).toThrow("version 2");
    expect(() => decodeFrame(new ArrayBuffer(10))).toThrow(FrameError);
    expect(() => decodeFrame(bytes, LAYOUT.slice(1))).toThrow("no column track_key");
  });

  it("may hold no track at all", () => {
    expect(decodeFrame(frameOf([], () => undefined, 4)).replay).toBe(true);
  });
});
