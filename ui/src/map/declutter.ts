/** Which labels have room: a grid of small squares over the map, each free or taken. */

const CELL_PX = 8;

export class Room {
  private taken = new Uint8Array(0);
  private columns = 0;
  private rows = 0;
  private widthPx = 0;
  private heightPx = 0;

  /** An empty map of that size; places are pixels from its upper left corner. */
  clear(widthPx: number, heightPx: number): void {
    this.widthPx = widthPx;
    this.heightPx = heightPx;
    this.columns = Math.ceil(widthPx / CELL_PX);
    this.rows = Math.ceil(heightPx / CELL_PX);
    const needed = this.columns * this.rows;
    if (this.taken.length < needed) this.taken = new Uint8Array(needed);
    else this.taken.fill(0, 0, needed);
  }

  /** Whether a box lies on the map and touches nothing that was taken. */
  fits(left: number, top: number, right: number, bottom: number): boolean {
    if (left < 0 || top < 0) return false;
    const lastColumn = Math.floor(right / CELL_PX);
    const lastRow = Math.floor(bottom / CELL_PX);
    if (lastColumn >= this.columns || lastRow >= this.rows) return false;
    for (let row = Math.floor(top / CELL_PX); row <= lastRow; row += 1) {
      const from = row * this.columns;
      for (let column = Math.floor(left / CELL_PX); column <= lastColumn; column += 1) {
        if (this.taken[from + column] !== 0) return false;
      }
    }
    return true;
  }

  /** Whether a box lies on the map at all, taken or not. */
  holds(left: number, top: number, right: number, bottom: number): boolean {
    return left >= 0 && top >= 0 && right <= this.widthPx && bottom <= this.heightPx;
  }

  /** Take a box, as far as it lies on the map. */
  take(left: number, top: number, right: number, bottom: number): void {
    const firstColumn = Math.max(0, Math.floor(left / CELL_PX));
    const lastColumn = Math.min(this.columns - 1, Math.floor(right / CELL_PX));
    const firstRow = Math.max(0, Math.floor(top / CELL_PX));
    const lastRow = Math.min(this.rows - 1, Math.floor(bottom / CELL_PX));
    for (let row = firstRow; row <= lastRow; row += 1) {
      const from = row * this.columns;
      this.taken.fill(1, from + firstColumn, from + lastColumn + 1);
    }
  }
}

export interface Box {
  left: number;
  top: number;
}

const GAP_PX = 14; // from a symbol's middle to a label beside it
const GAP_UP_PX = 18; // and to one below or above it

/** Where a label of that size beside a symbol has room: right, left, below, above; null nowhere.
 *
 * `must` places it all the same, over others but on the map: a track that an alarm names always has
 * its label.
 */
export function placeLabel(
  room: Room,
  x: number,
  y: number,
  size: { width: number; height: number },
  must: boolean,
): Box | null {
  const { width, height } = size;
  const middle = y - height / 2;
  const candidates: Box[] = [
    { left: x + GAP_PX, top: middle },
    { left: x - GAP_PX - width, top: middle },
    { left: x - width / 2, top: y + GAP_UP_PX },
    { left: x - width / 2, top: y - GAP_UP_PX - height },
  ];
  const free = (one: Box): boolean => room.fits(one.left, one.top, one.left + width, one.top + height);
  const held = (one: Box): boolean => room.holds(one.left, one.top, one.left + width, one.top + height);
  let found = candidates.find(free);
  if (found === undefined && must) found = candidates.find(held) ?? candidates[0];
  if (found === undefined) return null;
  room.take(found.left, found.top, found.left + width, found.top + height);
  return found;
}
