/** The two passes that draw every row of the frame: symbols, and vectors of their motion.
 *
 * The bytes of the frame go to the graphics card as they arrived; attributes read its columns where
 * they lie. Only places are computed here, because they are told in degrees.
 */

import type { Filters } from "../model/view";
import { CELL_PX } from "./generated/cells";
import { link, type Colour, type Program } from "./gl";
import type { Scene } from "./scene";
import { SYMBOL_VERTEX, TEXTURED_FRAGMENT, VECTOR_FRAGMENT, VECTOR_VERTEX } from "./shaders";

const OCTETS = [
  ["state", 1],
  ["basis", 2],
  ["level", 3],
] as const;
const FLOATS = [
  ["existence_probability", 4],
  ["alt_m", 5],
  ["east_mps", 6],
  ["north_mps", 7],
] as const;
const TENTATIVE_BIT = 1;
const LOST_BITS = 0b111_1000;
const UNLIMITED_M = 1e9;

export interface SymbolLook {
  fade: number; // 0 as it is, 1 grey
  size: number; // 1 as it was drawn
}

/** How large symbols are where so many are seen: thousands of full ones would hide each other. */
export function symbolSize(visibleCount: number): number {
  return visibleCount < 1_000 ? 1 : visibleCount < 3_000 ? 0.8 : 0.6;
}

export interface FrameDrawing {
  vectors(aim: (program: Program) => void, leadS: number, tone: Colour): void;
  symbols(aim: (program: Program) => void, atlas: WebGLTexture, look: SymbolLook): void;
}

/** Ready to draw the scene's frame; `upload` is called when the frame is another one. */
export class FrameProgram implements FrameDrawing {
  private readonly symbol: Program;
  private readonly vector: Program;
  private readonly array: WebGLVertexArrayObject;
  private readonly placeBuffer: WebGLBuffer;
  private readonly frameBuffer: WebGLBuffer;
  private n = 0;

  constructor(
    private readonly gl: WebGL2RenderingContext,
    private readonly scene: Scene,
  ) {
    this.symbol = link(gl, SYMBOL_VERTEX, TEXTURED_FRAGMENT);
    this.vector = link(gl, VECTOR_VERTEX, VECTOR_FRAGMENT);
    this.array = gl.createVertexArray();
    this.placeBuffer = gl.createBuffer();
    this.frameBuffer = gl.createBuffer();
  }

  upload(): void {
    const { gl } = this;
    const { frame, places } = this.scene;
    this.n = frame?.n ?? 0;
    if (frame === null) return;
    gl.bindVertexArray(this.array);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.placeBuffer);
    gl.bufferData(gl.ARRAY_BUFFER, places.subarray(0, 2 * frame.n), gl.STREAM_DRAW);
    gl.enableVertexAttribArray(0);
    gl.vertexAttribPointer(0, 2, gl.FLOAT, false, 0, 0);
    gl.vertexAttribDivisor(0, 1);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.frameBuffer);
    gl.bufferData(gl.ARRAY_BUFFER, frame.bytes, gl.STREAM_DRAW);
    for (const [name, place] of OCTETS) {
      gl.enableVertexAttribArray(place);
      gl.vertexAttribIPointer(place, 1, gl.UNSIGNED_BYTE, 0, frame.starts.get(name) ?? 0);
      gl.vertexAttribDivisor(place, 1);
    }
    for (const [name, place] of FLOATS) {
      gl.enableVertexAttribArray(place);
      gl.vertexAttribPointer(place, 1, gl.FLOAT, false, 0, frame.starts.get(name) ?? 0);
      gl.vertexAttribDivisor(place, 1);
    }
    gl.bindVertexArray(null);
  }

  vectors(aim: (program: Program) => void, leadS: number, tone: Colour): void {
    if (this.n === 0) return;
    const { gl, vector } = this;
    gl.useProgram(vector.program);
    aim(vector);
    this.filter(vector, this.scene.filters);
    gl.uniform1f(vector.uniform("u_lead_s"), leadS);
    gl.uniform1f(vector.uniform("u_origin_y"), this.scene.originY);
    gl.uniform3f(vector.uniform("u_colour"), ...tone);
    this.draw();
  }

  symbols(aim: (program: Program) => void, atlas: WebGLTexture, look: SymbolLook): void {
    if (this.n === 0) return;
    const { gl, symbol } = this;
    gl.useProgram(symbol.program);
    aim(symbol);
    this.filter(symbol, this.scene.filters);
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, atlas);
    gl.uniform1i(symbol.uniform("u_atlas"), 0);
    gl.uniform1f(symbol.uniform("u_cell_px"), CELL_PX);
    gl.uniform1f(symbol.uniform("u_fade"), look.fade);
    gl.uniform1f(symbol.uniform("u_size"), look.size);
    this.draw();
  }

  private draw(): void {
    this.gl.bindVertexArray(this.array);
    this.gl.drawArraysInstanced(this.gl.TRIANGLE_STRIP, 0, 4, this.n);
  }

  private filter({ uniform }: Program, filters: Filters): void {
    const { gl } = this;
    const hidden = (filters.tentative ? 0 : TENTATIVE_BIT) | (filters.lost ? 0 : LOST_BITS);
    gl.uniform1i(uniform("u_hidden"), hidden);
    gl.uniform1i(uniform("u_hide_claimed"), filters.claimed ? 0 : 1);
    gl.uniform1i(uniform("u_only_alarmed"), filters.alarmed ? 1 : 0);
    gl.uniform1f(uniform("u_least_existence"), filters.minExistence);
    gl.uniform1f(uniform("u_most_height_m"), filters.belowM ?? UNLIMITED_M);
  }
}
