/** Labels of tracks: two lines, for the chosen and the alarmed always, for others where room is.
 *  Between the two come the places ahead. */

import { KeyTable } from "../stream/keytable";
import { TONES } from "./areas";
import { placeLabel, Room, type Box } from "./declutter";
import { GLYPH_PAD_PX, LINE_PX, type GlyphAtlas } from "./glyphs";
import type { Rows } from "./gl";
import { isQuiet } from "./quiet";
import { pixelOf, xOf, yOf, type Camera } from "./mercator";
import { aheadText, PLACE_SIGN, placesNamed } from "./placemarks";
import type { Scene } from "./scene";
import { trackLines } from "./labeltext";
import type { Visible } from "./visible";

export const GLYPH_FLOATS = [2, 2, 4, 1];
const MOST_LABELS = 140;
const SYMBOL_PX = 9; // half the room that each symbol keeps free of other tracks' labels
const LEGEND_PX = 40; // what lies over the map at its lower edge, and in its upper left corner
const BUTTONS_PX = { width: 44, height: 118 };
const TENTATIVE = 0;
const CLAIMED = 1;

export interface LabelMaker {
  room: Room;
  /** Tracks that had a label last time keep it as long as it fits, so that labels do not flicker. */
  before: KeyTable;
  ranks: Uint8Array;
}

export function newLabelMaker(): LabelMaker {
  return { room: new Room(), before: new KeyTable(), ranks: new Uint8Array(0) };
}

/** Glyphs of all labels that have room into `rows`. */
export function fillLabels(
  scene: Scene,
  camera: Camera,
  visible: Visible,
  maker: LabelMaker,
  glyphs: GlyphAtlas,
  rows: Rows,
): void {
  rows.clear();
  const { frame } = scene;
  if (frame === null) return;
  const { room } = maker;
  const [halfWidth, halfHeight] = [camera.widthPx / 2, camera.heightPx / 2];
  room.clear(camera.widthPx, camera.heightPx);
  room.take(0, camera.heightPx - LEGEND_PX, camera.widthPx, camera.heightPx);
  room.take(0, 0, BUTTONS_PX.width, BUTTONS_PX.height);
  keepSymbolsFree(visible, room, halfWidth, halfHeight);
  keepReportsFree(scene, camera, room);
  const ranks = ranked(scene, visible, maker);
  const labelled = new KeyTable(MOST_LABELS);
  for (let rank = 0; rank < RANKS && labelled.size < MOST_LABELS; rank += 1) {
    if (rank === LAST_MUST + 1) fillPlaces(scene, camera, room, glyphs, rows);
    for (let i = 0; i < visible.n && labelled.size < MOST_LABELS; i += 1) {
      if (ranks[i] !== rank) continue;
      const row = visible.rows[i] as number;
      const x = (visible.px[2 * i] as number) + halfWidth;
      const y = (visible.px[2 * i + 1] as number) + halfHeight;
      const must = rank <= LAST_MUST;
      if (!must && !mayFit(room, x, y)) continue;
      const lines = trackLines(frame, row, scene.profile, scene.staleS);
      const box = placeLabel(room, x, y, sizeOf(lines, glyphs), must);
      if (box === null) continue;
      labelled.set(frame.keyWords[2 * row] as number, frame.keyWords[2 * row + 1] as number, row);
      write(scene, row, lines, { left: box.left - x, top: box.top - y }, glyphs, rows);
    }
  }
  maker.before = labelled;
}

function keepSymbolsFree(
  visible: Visible,
  room: Room,
  halfWidth: number,
  halfHeight: number,
): void {
  for (let i = 0; i < visible.n; i += 1) {
    const x = (visible.px[2 * i] as number) + halfWidth;
    const y = (visible.px[2 * i + 1] as number) + halfHeight;
    room.take(x - SYMBOL_PX, y - SYMBOL_PX, x + SYMBOL_PX, y + SYMBOL_PX);
  }
}

function keepReportsFree(scene: Scene, camera: Camera, room: Room): void {
  for (const report of scene.reports) {
    const at = pixelOf(camera, xOf(report.lon), yOf(report.lat));
    const [x, y] = [at.x + camera.widthPx / 2, at.y + camera.heightPx / 2];
    room.take(x - SYMBOL_PX, y - SYMBOL_PX, x + SYMBOL_PX, y + SYMBOL_PX);
  }
}

const RANKS = 7;
const LAST_MUST = 3;

/** Who is asked first: the chosen, warnings, cautions, advisories, who had one, the rest. */
function ranked(scene: Scene, visible: Visible, maker: LabelMaker): Uint8Array {
  if (maker.ranks.length < visible.n) maker.ranks = new Uint8Array(Math.ceil(visible.n * 1.25));
  const chosen = scene.selectedRow();
  for (let i = 0; i < visible.n; i += 1) {
    maker.ranks[i] = rankOf(scene, visible.rows[i] as number, chosen, maker.before);
  }
  return maker.ranks;
}

function rankOf(scene: Scene, row: number, chosen: number, before: KeyTable): number {
  const { frame } = scene;
  if (frame === null) return RANKS;
  if (row === chosen) return 0;
  const level = frame.level[row] as number;
  if (level > 0) return 4 - level;
  if (frame.state[row] === TENTATIVE || isQuiet(frame, row)) return RANKS;
  const kept = before.get(frame.keyWords[2 * row] as number, frame.keyWords[2 * row + 1] as number);
  if (kept >= 0) return 4;
  return frame.basis[row] === CLAIMED ? 6 : 5;
}

/** A quick look before any text is made: is there room for the shortest of labels at all? */
function mayFit(room: Room, x: number, y: number): boolean {
  const width = 60;
  return (
    room.fits(x + 16, y - 8, x + 16 + width, y + 8) ||
    room.fits(x - 16 - width, y - 8, x - 16, y + 8) ||
    room.fits(x - width / 2, y + 16, x + width / 2, y + 30) ||
    room.fits(x - width / 2, y - 30, x + width / 2, y - 16)
  );
}

/** A ring, the name and the minutes of each place ahead that has room, the soonest first. */
function fillPlaces(scene: Scene, camera: Camera, room: Room, glyphs: GlyphAtlas, rows: Rows): void {
  const tone = scene.staleS > 0 ? TONES.soft : TONES.plain;
  const half = glyphs.widthPx(PLACE_SIGN) / 2;
  const places = placesNamed(scene.placesAhead).map((place) => {
    const at = pixelOf(camera, xOf(place.lon_deg), yOf(place.lat_deg));
    return { place, left: at.x + camera.widthPx / 2, top: at.y + camera.heightPx / 2 };
  });
  for (const { left, top } of places) room.take(left - half, top - half, left + half, top + half);
  for (const { place, left, top } of places) {
    const text = aheadText(place, scene.staleS);
    const box = placeLabel(room, left, top, sizeOf([text], glyphs), false);
    if (box === null) continue;
    const pen = { ...scene.placeOf(place.lat_deg, place.lon_deg), tone };
    writeLine(rows, glyphs, PLACE_SIGN, { ...pen, left: -half, top: -LINE_PX / 2 });
    writeLine(rows, glyphs, text, { ...pen, left: box.left - left, top: box.top - top });
  }
}

function sizeOf(lines: readonly string[], glyphs: GlyphAtlas): { width: number; height: number } {
  let width = 0;
  for (const line of lines) width = Math.max(width, glyphs.widthPx(line));
  return { width, height: lines.length * LINE_PX };
}

function write(
  scene: Scene,
  row: number,
  lines: readonly string[],
  box: Box,
  glyphs: GlyphAtlas,
  rows: Rows,
): void {
  const [x, y] = [scene.places[2 * row] as number, scene.places[2 * row + 1] as number];
  const level = scene.frame?.level[row] ?? TONES.plain;
  lines.forEach((line, number) => {
    const tone = number === 0 ? level : TONES.soft;
    writeLine(rows, glyphs, line, { x, y, left: box.left, top: box.top + number * LINE_PX, tone });
  });
}

interface Pen {
  x: number;
  y: number;
  left: number;
  top: number;
  tone: number;
}

/** One line of text from a place on the map, its upper left corner `left`, `top` away from it. */
export function writeLine(rows: Rows, glyphs: GlyphAtlas, line: string, pen: Pen): void {
  let left = pen.left - GLYPH_PAD_PX;
  for (const character of line) {
    const glyph = glyphs.glyph(character);
    if (character.trim() !== "") {
      const at = rows.add();
      const { floats } = rows;
      floats[at] = pen.x;
      floats[at + 1] = pen.y;
      floats[at + 2] = left;
      floats[at + 3] = pen.top - GLYPH_PAD_PX;
      floats[at + 4] = glyph.left;
      floats[at + 5] = glyph.top;
      floats[at + 6] = glyph.width;
      floats[at + 7] = glyph.height;
      floats[at + 8] = pen.tone;
    }
    left += glyph.advancePx;
  }
}
