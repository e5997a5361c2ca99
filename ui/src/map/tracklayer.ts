/** Our own layer over the map: every pass, in the order in which they lie on each other. */

import type { CustomLayerInterface, Map as MapLibre } from "maplibre-gl";
import { ELLIPSE_FLOATS, fillAreas } from "./areas";
import { atlasOf, GRID_COLUMNS, GRID_ROWS, loadSymbols } from "./atlas";
import { FrameProgram, symbolSize } from "./frameprogram";
import { CELL_PX } from "./generated/cells";
import { colour, fillTexture, link, RowBuffer, Rows, textureOf, type Program } from "./gl";
import { GlyphAtlas } from "./glyphs";
import { fillLabels, GLYPH_FLOATS, newLabelMaker } from "./labels";
import { fillSites, fillTop, MARK_FLOATS } from "./marks";
import { worldPx, type Camera } from "./mercator";
import { measured, measuring } from "../model/measuring";
import { MAP_COLOURS } from "./palette";
import type { Scene } from "./scene";
import * as shaders from "./shaders";
import { DOT_FLOATS, fillTrails } from "./trails";
import { findVisible, noneVisible, shiftOf } from "./visible";

const ELLIPSE_CORNERS = 64;

/** Minutes of flight that a vector shows, by zoom: far out a minute would hide under its symbol. */
export function leadSeconds(zoom: number): number {
  return zoom < 8 ? 180 : zoom < 10.5 ? 120 : 60;
}

/** Wait until the graphics card has done all that it was told so far. */
function whenDrawn(gl: WebGL2RenderingContext, receivedMs: number): void {
  const fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
  if (fence === null) return;
  gl.flush();
  const look = (): void => {
    if (gl.getSyncParameter(fence, gl.SYNC_STATUS) !== gl.SIGNALED) {
      setTimeout(look, 2);
      return;
    }
    gl.deleteSync(fence);
    measured("data-to-pixel", receivedMs);
  };
  look();
}

const total = (sizes: readonly number[]): number => sizes.reduce((a, b) => a + b, 0);

/** What lives on the graphics card, made anew whenever the context was lost. */
class Card {
  readonly frame: FrameProgram;
  readonly ellipse: Program;
  readonly dot: Program;
  readonly mark: Program;
  readonly glyph: Program;
  readonly rings: RowBuffer;
  readonly discs: RowBuffer;
  readonly dots: RowBuffer;
  readonly sites: RowBuffer;
  readonly top: RowBuffer;
  readonly glyphs: RowBuffer;
  readonly symbolTexture: WebGLTexture;
  readonly glyphTexture: WebGLTexture;
  frameVersion = -1;
  glyphVersion = -1;
  look = ""; // theme and ratio that the atlas was drawn for

  constructor(
    readonly gl: WebGL2RenderingContext,
    scene: Scene,
  ) {
    this.frame = new FrameProgram(gl, scene);
    this.ellipse = link(gl, shaders.ELLIPSE_VERTEX, shaders.ELLIPSE_FRAGMENT);
    this.dot = link(gl, shaders.DOT_VERTEX, shaders.DOT_FRAGMENT);
    this.mark = link(gl, shaders.MARK_VERTEX, shaders.TEXTURED_FRAGMENT);
    this.glyph = link(gl, shaders.GLYPH_VERTEX, shaders.GLYPH_FRAGMENT);
    this.rings = new RowBuffer(gl, ELLIPSE_FLOATS, 1);
    this.discs = new RowBuffer(gl, ELLIPSE_FLOATS, 1);
    this.dots = new RowBuffer(gl, DOT_FLOATS, 0);
    this.sites = new RowBuffer(gl, MARK_FLOATS, 1);
    this.top = new RowBuffer(gl, MARK_FLOATS, 1);
    this.glyphs = new RowBuffer(gl, GLYPH_FLOATS, 1);
    this.symbolTexture = textureOf(gl);
    this.glyphTexture = textureOf(gl);
  }
}

export class TrackLayer implements CustomLayerInterface {
  readonly id = "tracks";
  readonly type = "custom";
  readonly renderingMode = "2d";
  readonly visible = noneVisible();
  drawn = 0; // how often the layer was drawn

  private readonly rings = new Rows(total(ELLIPSE_FLOATS));
  private readonly discs = new Rows(total(ELLIPSE_FLOATS), 32);
  private readonly dots = new Rows(total(DOT_FLOATS), 4096);
  private readonly sites = new Rows(total(MARK_FLOATS), 64);
  private readonly top = new Rows(total(MARK_FLOATS), 64);
  private readonly letters = new Rows(total(GLYPH_FLOATS), 4096);
  private readonly labels = newLabelMaker();
  private glyphs = new GlyphAtlas(devicePixelRatio);
  private symbols: HTMLImageElement | null = null;
  private card: Card | null = null;
  private map: MapLibre | null = null;

  constructor(private readonly scene: Scene) {}

  onAdd(map: MapLibre, gl: WebGLRenderingContext | WebGL2RenderingContext): void {
    this.map = map;
    this.card = new Card(gl as WebGL2RenderingContext, this.scene);
    void loadSymbols().then((symbols) => {
      this.symbols = symbols;
      map.triggerRepaint();
    });
  }

  onRemove(): void {
    this.card = null;
  }

  /** The camera, as the map stands. */
  camera(): Camera {
    const map = this.map as MapLibre;
    const { lat, lng } = map.getCenter();
    const canvas = map.getCanvas();
    return {
      lat,
      lon: lng,
      zoom: map.getZoom(),
      widthPx: canvas.clientWidth,
      heightPx: canvas.clientHeight,
    };
  }

  render(): void {
    const { card } = this;
    if (card === null || this.map === null) return;
    const startMs = performance.now();
    const camera = this.camera();
    const isNew = card.frameVersion !== this.scene.version;
    this.prepare(camera, card);
    this.draw(camera, card);
    this.drawn += 1;
    measured("render", startMs);
    if (measuring && isNew && this.scene.frame !== null) whenDrawn(card.gl, this.scene.frame.receivedMs);
  }

  private prepare(camera: Camera, card: Card): void {
    const { scene, visible } = this;
    const ratio = devicePixelRatio;
    if (this.glyphs.ratio !== ratio) this.glyphs = new GlyphAtlas(ratio);
    const look = `${scene.theme} ${ratio}`;
    if (this.symbols !== null && card.look !== look) {
      fillTexture(card.gl, card.symbolTexture, atlasOf(this.symbols, scene.theme, ratio));
      card.look = look;
      card.glyphVersion = -1;
    }
    if (card.frameVersion !== scene.version) {
      card.frame.upload();
      card.frameVersion = scene.version;
    }
    findVisible(scene, camera, visible);
    fillAreas(scene, camera, visible, this.rings, this.discs);
    fillTrails(scene, visible, this.dots);
    fillSites(scene, camera.zoom, this.sites);
    fillTop(scene, visible, this.top);
    fillLabels(scene, camera, visible, this.labels, this.glyphs, this.letters);
    if (card.glyphVersion !== this.glyphs.version) {
      fillTexture(card.gl, card.glyphTexture, this.glyphs.canvas);
      card.glyphVersion = this.glyphs.version;
    }
  }

  private draw(camera: Camera, card: Card): void {
    const { gl } = card;
    const colours = MAP_COLOURS[this.scene.theme];
    const fade = this.scene.staleS > 0 ? 1 : 0;
    const aim = this.aim(camera, gl);
    gl.disable(gl.DEPTH_TEST);
    gl.disable(gl.STENCIL_TEST);
    gl.disable(gl.CULL_FACE);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    this.drawEllipses(card, aim, card.discs, this.discs, 0.1, 1);
    this.drawDots(card, aim);
    this.drawEllipses(card, aim, card.rings, this.rings, fade > 0 ? 0.6 : 0.9, 0);
    card.frame.vectors(aim, leadSeconds(camera.zoom), colour(fade > 0 ? colours.labelSoft : colours.track));
    if (card.look !== "") {
      this.drawMarks(card, aim, card.sites, this.sites, 0);
      card.frame.symbols(aim, card.symbolTexture, { fade, size: symbolSize(this.visible.n) });
      this.drawMarks(card, aim, card.top, this.top, fade * 0.6);
    }
    this.drawLetters(card, aim);
    gl.bindVertexArray(null);
  }

  private aim(camera: Camera, gl: WebGL2RenderingContext): (program: Program) => void {
    const shift = shiftOf(this.scene, camera);
    const scale = worldPx(camera.zoom);
    return ({ uniform }) => {
      gl.uniform2f(uniform("u_view"), camera.widthPx, camera.heightPx);
      gl.uniform2f(uniform("u_shift"), shift.x, shift.y);
      gl.uniform1f(uniform("u_scale"), scale);
      gl.uniform1f(uniform("u_ratio"), devicePixelRatio);
      gl.uniform2f(uniform("u_grid"), GRID_COLUMNS, GRID_ROWS);
    };
  }

  private tones(): Float32Array {
    const { track, advisory, caution, warning, labelSoft } = MAP_COLOURS[this.scene.theme];
    const plain = this.scene.staleS > 0 ? labelSoft : track;
    return new Float32Array([plain, advisory, caution, warning, labelSoft].flatMap((hex) => [...colour(hex)]));
  }

  private drawEllipses(
    card: Card,
    aim: (program: Program) => void,
    buffer: RowBuffer,
    rows: Rows,
    opacity: number,
    fill: 0 | 1,
  ): void {
    if (rows.n === 0) return;
    const { gl, ellipse } = card;
    buffer.upload(rows);
    gl.useProgram(ellipse.program);
    aim(ellipse);
    gl.uniform1i(ellipse.uniform("u_fill"), fill);
    gl.uniform1f(ellipse.uniform("u_corners"), ELLIPSE_CORNERS);
    gl.uniform1f(ellipse.uniform("u_opacity"), opacity);
    gl.uniform3fv(ellipse.uniform("u_tones"), this.tones());
    buffer.bind();
    const vertices = fill === 1 ? ELLIPSE_CORNERS + 1 : 2 * (ELLIPSE_CORNERS + 1);
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, vertices, rows.n);
  }

  private drawDots(card: Card, aim: (program: Program) => void): void {
    if (this.dots.n === 0) return;
    const { gl, dot } = card;
    card.dots.upload(this.dots);
    gl.useProgram(dot.program);
    aim(dot);
    gl.uniform3f(dot.uniform("u_colour"), ...colour(MAP_COLOURS[this.scene.theme].trail));
    card.dots.bind();
    gl.drawArrays(gl.POINTS, 0, this.dots.n);
  }

  private drawMarks(
    card: Card,
    aim: (program: Program) => void,
    buffer: RowBuffer,
    rows: Rows,
    fade: number,
  ): void {
    if (rows.n === 0) return;
    const { gl, mark } = card;
    buffer.upload(rows);
    gl.useProgram(mark.program);
    aim(mark);
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, card.symbolTexture);
    gl.uniform1i(mark.uniform("u_atlas"), 0);
    gl.uniform1f(mark.uniform("u_cell_px"), CELL_PX);
    gl.uniform1f(mark.uniform("u_fade"), fade);
    buffer.bind();
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, rows.n);
  }

  private drawLetters(card: Card, aim: (program: Program) => void): void {
    if (this.letters.n === 0) return;
    const { gl, glyph } = card;
    const { label, halo, advisory, caution, warning, labelSoft } = MAP_COLOURS[this.scene.theme];
    card.glyphs.upload(this.letters);
    gl.useProgram(glyph.program);
    aim(glyph);
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, card.glyphTexture);
    gl.uniform1i(glyph.uniform("u_atlas"), 0);
    gl.uniform2f(glyph.uniform("u_atlas_px"), this.glyphs.canvas.width, this.glyphs.canvas.height);
    const tones = [label, advisory, caution, warning, labelSoft].flatMap((hex) => [...colour(hex)]);
    gl.uniform3fv(glyph.uniform("u_tones"), new Float32Array(tones));
    gl.uniform3f(glyph.uniform("u_halo"), ...colour(halo));
    card.glyphs.bind();
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, this.letters.n);
  }
}
