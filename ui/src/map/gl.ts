/** The little of WebGL2 that every pass of the track layer needs. */

export interface Program {
  readonly program: WebGLProgram;
  readonly uniform: (name: string) => WebGLUniformLocation | null;
}

/** A linked program. Attribute places are named in the shaders by layout(location). */
export function link(gl: WebGL2RenderingContext, vertex: string, fragment: string): Program {
  const program = gl.createProgram();
  gl.attachShader(program, compile(gl, gl.VERTEX_SHADER, vertex));
  gl.attachShader(program, compile(gl, gl.FRAGMENT_SHADER, fragment));
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) {
    throw new Error(`A shader of the track layer does not link: ${gl.getProgramInfoLog(program)}`);
  }
  const known = new Map<string, WebGLUniformLocation | null>();
  return {
    program,
    uniform: (name) => {
      let found = known.get(name);
      if (found === undefined) {
        found = gl.getUniformLocation(program, name);
        known.set(name, found);
      }
      return found;
    },
  };
}

function compile(gl: WebGL2RenderingContext, kind: number, source: string): WebGLShader {
  const shader = gl.createShader(kind);
  if (shader === null) throw new Error("The WebGL context was lost.");
  gl.shaderSource(shader, `#version 300 es\nprecision highp float;\nprecision highp int;\n${source}`);
  gl.compileShader(shader);
  if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS) && !gl.isContextLost()) {
    throw new Error(`A shader of the track layer does not compile: ${gl.getShaderInfoLog(shader)}`);
  }
  return shader;
}

/** Rows of floats that are filled anew for each picture, without an object per row. */
export class Rows {
  floats: Float32Array;
  n = 0;

  constructor(
    readonly stride: number,
    room = 256,
  ) {
    this.floats = new Float32Array(room * stride);
  }

  clear(): void {
    this.n = 0;
  }

  /** Where the next row begins in `floats`; the row counts as filled. */
  add(): number {
    const at = this.n * this.stride;
    if (at + this.stride > this.floats.length) {
      const grown = new Float32Array(this.floats.length * 2);
      grown.set(this.floats);
      this.floats = grown;
    }
    this.n += 1;
    return at;
  }

  filled(): Float32Array {
    return this.floats.subarray(0, this.n * this.stride);
  }
}

/** Rows on the graphics card, one instance (or point) each: attributes lie one after another. */
export class RowBuffer {
  private readonly array: WebGLVertexArrayObject;
  private readonly buffer: WebGLBuffer;

  /** `sizes[i]` floats belong to attribute i; `divisor` 0 makes each row a vertex of its own. */
  constructor(
    private readonly gl: WebGL2RenderingContext,
    sizes: readonly number[],
    divisor: 0 | 1,
  ) {
    this.array = gl.createVertexArray();
    this.buffer = gl.createBuffer();
    gl.bindVertexArray(this.array);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.buffer);
    const strideBytes = 4 * sizes.reduce((a, b) => a + b, 0);
    let at = 0;
    sizes.forEach((size, place) => {
      gl.enableVertexAttribArray(place);
      gl.vertexAttribPointer(place, size, gl.FLOAT, false, strideBytes, at);
      gl.vertexAttribDivisor(place, divisor);
      at += 4 * size;
    });
    gl.bindVertexArray(null);
  }

  upload(rows: Rows): void {
    const { gl } = this;
    gl.bindBuffer(gl.ARRAY_BUFFER, this.buffer);
    gl.bufferData(gl.ARRAY_BUFFER, rows.filled(), gl.STREAM_DRAW);
  }

  bind(): void {
    this.gl.bindVertexArray(this.array);
  }
}

export type Colour = readonly [number, number, number];

/** `#rrggbb` as three numbers from 0 to 1. */
export function colour(hex: string): Colour {
  const word = Number.parseInt(hex.slice(1), 16);
  return [((word >> 16) & 255) / 255, ((word >> 8) & 255) / 255, (word & 255) / 255];
}

/** A texture of a canvas whose colours are already multiplied by their opacity. */
export function textureOf(gl: WebGL2RenderingContext): WebGLTexture {
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.LINEAR);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
  return texture;
}

export function fillTexture(
  gl: WebGL2RenderingContext,
  texture: WebGLTexture,
  canvas: HTMLCanvasElement,
): void {
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, false);
  gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, true);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, canvas);
  gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false);
}
