/** Glyphs for labels, drawn by the browser's own fonts into a canvas as they are needed. */

const SIDE_PX = 1024;
const FONT = '600 12px "DejaVu Sans", "Segoe UI", system-ui, sans-serif';
const RIM_PX = 3;
const PAD_PX = 3;
export const LINE_PX = 15;

export interface Glyph {
  left: number; // in the atlas, device pixels
  top: number;
  width: number;
  height: number;
  advancePx: number; // CSS pixels to the next glyph
}

/** An atlas for one ratio of device pixels to CSS pixels. */
export class GlyphAtlas {
  readonly canvas: HTMLCanvasElement;
  /** Grows with each glyph drawn: whoever holds a texture of the canvas compares it. */
  version = 0;
  private readonly pen: CanvasRenderingContext2D;
  private readonly known = new Map<string, Glyph>();
  private nextLeft = 0;
  private nextTop = 0;
  private readonly cellHeight: number;

  constructor(readonly ratio: number) {
    this.canvas = document.createElement("canvas");
    this.canvas.width = SIDE_PX;
    this.canvas.height = SIDE_PX / 2;
    const pen = this.canvas.getContext("2d", { willReadFrequently: true });
    if (pen === null) throw new Error("This browser draws no text into a canvas.");
    this.pen = pen;
    this.cellHeight = Math.ceil((LINE_PX + 2 * PAD_PX) * ratio);
  }

  glyph(character: string): Glyph {
    const found = this.known.get(character);
    if (found !== undefined) return found;
    const made = this.draw(character);
    this.known.set(character, made);
    return made;
  }

  widthPx(text: string): number {
    let width = 0;
    for (const character of text) width += this.glyph(character).advancePx;
    return width;
  }

  private draw(character: string): Glyph {
    const { pen, ratio } = this;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.font = FONT;
    const advancePx = pen.measureText(character).width;
    const width = Math.ceil((advancePx + 2 * PAD_PX) * ratio);
    if (this.nextLeft + width > this.canvas.width) {
      this.nextLeft = 0;
      this.nextTop += this.cellHeight;
    }
    if (this.nextTop + this.cellHeight > this.canvas.height) this.startOver();
    const [left, top] = [this.nextLeft, this.nextTop];
    this.nextLeft += width;
    this.version += 1;
    pen.lineJoin = "round";
    pen.lineWidth = RIM_PX;
    pen.textBaseline = "alphabetic";
    const [x, y] = [left / ratio + PAD_PX, top / ratio + PAD_PX + 11.5];
    pen.strokeStyle = "#000";
    pen.strokeText(character, x, y);
    pen.fillStyle = "#fff";
    pen.fillText(character, x, y);
    return { left, top, width, height: this.cellHeight, advancePx };
  }

  /** Full after several hundred different characters: forget all of them and go on. */
  private startOver(): void {
    this.known.clear();
    this.pen.setTransform(1, 0, 0, 1, 0, 0);
    this.pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    this.nextLeft = 0;
    this.nextTop = 0;
  }
}

/** Room that a glyph has around it in the atlas, which overlaps its neighbours. */
export const GLYPH_PAD_PX = PAD_PX;
