/** A table from 64-bit keys to numbers without an object or a BigInt per key.
 *
 * A Map with BigInt keys costs an allocation per look-up; ten thousand tracks four times a second
 * would keep the collector busy.
 */

const EMPTY = -1;

export class KeyTable {
  private low: Uint32Array;
  private high: Uint32Array;
  private value: Int32Array;
  private mask: number;
  size = 0;

  constructor(expected = 64) {
    const room = roomFor(expected);
    this.low = new Uint32Array(room);
    this.high = new Uint32Array(room);
    this.value = new Int32Array(room).fill(EMPTY);
    this.mask = room - 1;
  }

  /** The number kept under a key; -1 when there is none. */
  get(low: number, high: number): number {
    return this.value[this.slot(low, high)] ?? EMPTY;
  }

  /** Keep a number, 0 or more, under a key. */
  set(low: number, high: number, value: number): void {
    if ((this.size + 1) * 2 > this.value.length) this.grow();
    const slot = this.slot(low, high);
    if (this.value[slot] === EMPTY) this.size += 1;
    this.low[slot] = low;
    this.high[slot] = high;
    this.value[slot] = value;
  }

  clear(): void {
    this.value.fill(EMPTY);
    this.size = 0;
  }

  private slot(low: number, high: number): number {
    let slot = mix(low, high) & this.mask;
    while (
      this.value[slot] !== EMPTY &&
      (this.low[slot] !== low || this.high[slot] !== high)
    ) {
      slot = (slot + 1) & this.mask;
    }
    return slot;
  }

  private grow(): void {
    const { low, high, value } = this;
    const room = value.length * 2;
    this.low = new Uint32Array(room);
    this.high = new Uint32Array(room);
    this.value = new Int32Array(room).fill(EMPTY);
    this.mask = room - 1;
    this.size = 0;
    for (let i = 0; i < value.length; i += 1) {
      const kept = value[i] as number;
      if (kept !== EMPTY) this.set(low[i] as number, high[i] as number, kept);
    }
  }
}

function roomFor(expected: number): number {
  let room = 16;
  while (room < expected * 2 + 2) room *= 2;
  return room;
}

function mix(low: number, high: number): number {
  let word = Math.imul(low ^ Math.imul(high, 0x85ebca6b), 0xc2b2ae35);
  word ^= word >>> 15;
  return word >>> 0;
}
