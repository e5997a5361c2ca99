/** Makes the symbol atlas: one SVG with a row of cells per theme, and the list of the cells.
 *
 *     node symbols/build_symbols.mjs
 *
 * Frames come from milsymbol (APP-6: air, unknown or pending; nothing is ever framed as friend or
 * hostile). What stands in a frame and beside it is drawn here, by shape first and colour second.
 */

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import milsymbol from "milsymbol";
import { ALARMS, SITES, siteCell, alarmCell, outcomeCell, reportCell, chosenCell } from "./marks.mjs";
import { THEMES } from "./themes.mjs";

const OUT = join(dirname(fileURLToPath(import.meta.url)), "../src/map/generated");
const CELL_PX = 40;
const FRAME_SCALE = 0.18; // milsymbol draws a frame some 150 wide; here it is 27 px
const CLAIMED_SCALE = 0.8;
const TENTATIVE_SCALE = 0.62;

const AIR_UNKNOWN = "10010100000000000000";
const AIR_PENDING = "10000100000000000000";

/** The outline of an APP-6 frame, as milsymbol draws it around the middle of its octagon. */
function outline(sidc) {
  const svg = new milsymbol.Symbol(sidc, { size: 100, fill: false }).asSVG();
  const path = / d="([^"]+)"/.exec(svg)?.[1];
  if (path === undefined) throw new Error(`milsymbol drew no path for ${sidc}.`);
  return path;
}

const UNKNOWN = outline(AIR_UNKNOWN);
const PENDING = outline(AIR_PENDING);

/** A frame: a rim in the colour of the ground around it, then fill and stroke. */
function frame(path, { scale, fill, stroke, width, dashes, rim }) {
  const place = `transform="scale(${scale * FRAME_SCALE}) translate(-100 -97)"`;
  const unit = 1 / (scale * FRAME_SCALE);
  const dash = dashes.length === 0 ? "" : ` stroke-dasharray="${dashes.map((d) => d * unit).join(" ")}"`;
  return (
    `<g ${place} stroke-linejoin="round">` +
    `<path d="${path}" fill="${fill === "none" ? rim : "none"}" fill-opacity="0.45" stroke="${rim}" stroke-width="${(width + 2.4) * unit}"/>` +
    `<path d="${path}" fill="${fill}" stroke="${stroke}" stroke-width="${width * unit}"${dash}/></g>`
  );
}

/** Quotation marks: whoever says it of himself claims it. */
function quotes(colour) {
  const comma = (x) => `M${x} -3.400c-1.900 .700 -2.700 2.600 -2 4.700h2.700v-2.700h-1.300z`;
  return `<path d="${comma(-0.8)}${comma(3.6)}" fill="${colour}"/>`;
}

function track(theme, claimed, state) {
  const scale = (claimed ? CLAIMED_SCALE : 1) * (state === "tentative" ? TENTATIVE_SCALE : 1);
  const look = { scale, fill: "none", stroke: theme.hollow, width: 1.8, dashes: [], rim: theme.rim };
  const inside = claimed ? quotes : () => "";
  switch (state) {
    case "tentative":
      return frame(PENDING, { ...look, width: 1.1 }) + (claimed ? quotes(theme.hollow) : "");
    case "confirmed": {
      const fill = claimed ? theme.claimedFill : theme.fill;
      const dot = claimed ? "" : `<circle r="1.600" fill="${theme.onFill}"/>`;
      const stroke = claimed ? theme.hollow : theme.fillEdge;
      return frame(UNKNOWN, { ...look, fill, stroke, width: 1.3 }) + dot + (claimed ? quotes(theme.hollow) : "");
    }
    case "coasting":
      return frame(UNKNOWN, { ...look, dashes: [4, 2.6], width: 2 }) + inside(theme.hollow);
    default:
      return outcomeCell(theme, state);
  }
}

const STATES = ["tentative", "confirmed", "coasting", "lost", "left", "down", "never_real"];

function cells(theme) {
  const made = [];
  for (const basis of ["measured", "claimed"]) {
    for (const state of STATES) made.push([`${basis}_${state}`, track(theme, basis === "claimed", state)]);
  }
  for (const level of ALARMS) {
    made.push([level, alarmCell(theme, level, false)]);
    made.push([`${level}_waiting`, alarmCell(theme, level, true)]);
  }
  for (const kind of SITES) {
    for (const look of ["speaking", "degraded", "silent"]) {
      made.push([`${kind}_${look}`, siteCell(theme, kind, look)]);
    }
  }
  made.push(["report_first_hand", reportCell(theme, true)]);
  made.push(["report_relayed", reportCell(theme, false)]);
  made.push(["chosen", chosenCell(theme)]);
  return made;
}

const rows = THEMES.map((theme) => cells(theme));
const names = rows[0].map(([name]) => name);
const place = (column, row) => `translate(${(column + 0.5) * CELL_PX} ${(row + 0.5) * CELL_PX})`;
const drawn = rows.flatMap((row, y) => row.map(([, svg], x) => `<g transform="${place(x, y)}">${svg}</g>`));
const [width, height] = [names.length * CELL_PX, rows.length * CELL_PX];

mkdirSync(OUT, { recursive: true });
writeFileSync(
  join(OUT, "symbols.svg"),
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">\n${drawn.join("\n")}\n</svg>\n`,
);
writeFileSync(
  join(OUT, "cells.ts"),
  [
    "/** The cells of symbols.svg, by name; made by symbols/build_symbols.mjs. */",
    `export const CELL_PX = ${CELL_PX};`,
    `export const CELL_COUNT = ${names.length};`,
    `export const THEME_ROWS = ${JSON.stringify(Object.fromEntries(THEMES.map((theme, i) => [theme.name, i])))} as const;`,
    `export const CELLS = ${JSON.stringify(Object.fromEntries(names.map((name, i) => [name, i])), null, 2)} as const;`,
    "export type CellName = keyof typeof CELLS;",
    "",
  ].join("\n"),
);
