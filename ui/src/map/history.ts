/** Where tracks have been: a ring of dots per track, in typed arrays, filled from frames.
 *
 * A dot stands only where the track was observed: what a coasting track is taken to do leaves none.
 * After a silence of more than three of the track's own periods the next dot says that before it
 * there is a gap.
 */

import { KeyTable } from "../stream/keytable";
import type { Frame } from "../stream/frames";

export const DOTS = 32;
export const SPACING_S = 10; // thirty-two dots then tell of five minutes or more
const GAP_PERIODS = 3;
const KEPT_S = 900; // a track that is in no frame for so long leaves its ring to another
const METRES_PER_1E7DEG = 0.011_131_949;

export class History {
  private readonly table = new KeyTable(1024);
  private room = 0;
  private used = 0;
  private readonly free: number[] = [];
  private lat = new Int32Array(0);
  private lon = new Int32Array(0);
  private gap = new Uint8Array(0);
  private next = new Uint8Array(0);
  private count = new Uint8Array(0);
  private updatedS = new Float64Array(0);
  private dotS = new Float64Array(0);
  private seenS = new Float64Array(0);
  private periodS = new Float32Array(0);
  private broken = new Uint8Array(0);
  private keys = new Uint32Array(0);
  private originNs: bigint | null = null;
  private lastS = 0;
  private sweptS = 0;
  private replay = false;

  /** Take up a frame; an earlier one than the last, or another kind, begins anew. */
  take(frame: Frame): void {
    this.originNs ??= frame.timeNs;
    let timeS = Number(frame.timeNs - this.originNs) / 1e9;
    if (timeS < this.lastS || frame.replay !== this.replay) {
      this.clear();
      this.originNs = frame.timeNs;
      this.replay = frame.replay;
      timeS = 0;
    }
    this.lastS = timeS;
    for (let row = 0; row < frame.n; row += 1) this.takeRow(frame, row, timeS);
    if (timeS - this.sweptS > KEPT_S) this.sweep(timeS);
  }

  /** The ring of a track's row; -1 when it has none. */
  ringOf(frame: Frame, row: number): number {
    return this.table.get(frame.keyWords[2 * row] as number, frame.keyWords[2 * row + 1] as number);
  }

  dotCount(ring: number): number {
    return this.count[ring] ?? 0;
  }

  /** The `back`-th newest dot, 0 the newest: its place in the arrays that `latAt` and others read. */
  dot(ring: number, back: number): number {
    return ring * DOTS + (((this.next[ring] as number) - 1 - back + 2 * DOTS) % DOTS);
  }

  latAt(dot: number): number {
    return this.lat[dot] as number;
  }

  lonAt(dot: number): number {
    return this.lon[dot] as number;
  }

  /** Whether nothing was observed for long before this dot. */
  gapBefore(dot: number): boolean {
    return this.gap[dot] === 1;
  }

  clear(): void {
    this.table.clear();
    this.used = 0;
    this.free.length = 0;
    this.originNs = null;
    this.lastS = 0;
    this.sweptS = 0;
  }

  private takeRow(frame: Frame, row: number, timeS: number): void {
    const low = frame.keyWords[2 * row] as number;
    const high = frame.keyWords[2 * row + 1] as number;
    let ring = this.table.get(low, high);
    if (ring < 0) ring = this.begin(low, high);
    this.seenS[ring] = timeS;
    const ageS = frame.ageS[row] as number;
    const updatedS = timeS - ageS;
    const sinceS = updatedS - (this.updatedS[ring] as number);
    if (!(sinceS > 0.01)) return;
    this.updatedS[ring] = updatedS;
    if (this.isGap(ring, sinceS)) this.broken[ring] = 1;
    if (!this.broken[ring] && updatedS - (this.dotS[ring] as number) < SPACING_S) return;
    this.put(ring, frame, row, ageS);
    this.dotS[ring] = updatedS;
    this.broken[ring] = 0;
  }

  /** Whether a wait is longer than three periods; learns the period from waits that are not. */
  private isGap(ring: number, sinceS: number): boolean {
    if (sinceS === Number.POSITIVE_INFINITY) return false;
    const periodS = this.periodS[ring] as number;
    if (periodS === 0) {
      this.periodS[ring] = sinceS;
      return false;
    }
    const gap = sinceS > GAP_PERIODS * periodS;
    // A sensor that truly slowed down stops looking broken after a few waits.
    this.periodS[ring] = gap ? periodS * 1.3 : periodS + (sinceS - periodS) / 5;
    return gap;
  }

  private put(ring: number, frame: Frame, row: number, ageS: number): void {
    const slot = this.next[ring] as number;
    const at = ring * DOTS + slot;
    const back = ageS / METRES_PER_1E7DEG;
    const latitude = frame.lat[row] as number;
    const shrink = Math.cos((latitude * Math.PI) / 180e7);
    this.lat[at] = latitude - (frame.northMps[row] as number) * back;
    this.lon[at] = (frame.lon[row] as number) - ((frame.eastMps[row] as number) * back) / shrink;
    this.gap[at] = this.broken[ring] as number;
    this.next[ring] = (slot + 1) % DOTS;
    this.count[ring] = Math.min((this.count[ring] as number) + 1, DOTS);
  }

  private begin(low: number, high: number): number {
    let ring = this.free.pop();
    if (ring === undefined) {
      if (this.used === this.room) this.grow();
      ring = this.used;
      this.used += 1;
    }
    this.table.set(low, high, ring);
    this.keys[2 * ring] = low;
    this.keys[2 * ring + 1] = high;
    this.next[ring] = 0;
    this.count[ring] = 0;
    this.broken[ring] = 0;
    this.periodS[ring] = 0;
    this.updatedS[ring] = Number.NEGATIVE_INFINITY;
    this.dotS[ring] = Number.NEGATIVE_INFINITY;
    return ring;
  }

  private grow(): void {
    const room = Math.max(1024, this.room * 2);
    this.lat = grown(this.lat, new Int32Array(room * DOTS));
    this.lon = grown(this.lon, new Int32Array(room * DOTS));
    this.gap = grown(this.gap, new Uint8Array(room * DOTS));
    this.next = grown(this.next, new Uint8Array(room));
    this.count = grown(this.count, new Uint8Array(room));
    this.broken = grown(this.broken, new Uint8Array(room));
    this.updatedS = grown(this.updatedS, new Float64Array(room));
    this.dotS = grown(this.dotS, new Float64Array(room));
    this.seenS = grown(this.seenS, new Float64Array(room));
    this.periodS = grown(this.periodS, new Float32Array(room));
    this.keys = grown(this.keys, new Uint32Array(room * 2));
    this.room = room;
  }

  /** Give up the rings of tracks that are gone; the table is built anew from those that stay. */
  private sweep(timeS: number): void {
    this.sweptS = timeS;
    this.table.clear();
    this.free.length = 0;
    for (let ring = 0; ring < this.used; ring += 1) {
      if (timeS - (this.seenS[ring] as number) > KEPT_S) this.free.push(ring);
      else this.table.set(this.keys[2 * ring] as number, this.keys[2 * ring + 1] as number, ring);
    }
  }
}

function grown<T extends Int32Array | Uint8Array | Uint32Array | Float32Array | Float64Array>(
  from: T,
  into: T,
): T {
  into.set(from);
  return into;
}
