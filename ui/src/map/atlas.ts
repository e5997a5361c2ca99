/** The symbol atlas as a picture for the graphics card: the row of one theme, at one pixel ratio. */

import type { Theme } from "../model/view";
import symbolsUrl from "./generated/symbols.svg?url";
import { CELL_COUNT, CELL_PX, THEME_ROWS } from "./generated/cells";

export const GRID_COLUMNS = 8;
export const GRID_ROWS = Math.ceil(CELL_COUNT / GRID_COLUMNS);

let loaded: Promise<HTMLImageElement> | null = null;

/** The drawn symbols of all themes; fetched once. */
export function loadSymbols(): Promise<HTMLImageElement> {
  loaded ??= new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = () => resolve(image);
    image.onerror = () => {
      loaded = null;
      reject(new Error("The symbols of the map could not be loaded."));
    };
    image.src = symbolsUrl;
  });
  return loaded;
}

/** The cells of a theme laid out in a grid, so that the texture stays small on old hardware. */
export function atlasOf(symbols: HTMLImageElement, theme: Theme, ratio: number): HTMLCanvasElement {
  const side = Math.round(CELL_PX * ratio);
  const row = document.createElement("canvas");
  row.width = CELL_COUNT * side;
  row.height = side;
  // The whole row at once: each call rasterises the vector picture anew.
  const top = THEME_ROWS[theme] * CELL_PX;
  row.getContext("2d")?.drawImage(symbols, 0, top, CELL_COUNT * CELL_PX, CELL_PX, 0, 0, row.width, side);
  const canvas = document.createElement("canvas");
  canvas.width = GRID_COLUMNS * side;
  canvas.height = GRID_ROWS * side;
  const pen = canvas.getContext("2d");
  for (let cell = 0; cell < CELL_COUNT; cell += 1) {
    const [x, y] = [cell % GRID_COLUMNS, Math.floor(cell / GRID_COLUMNS)];
    pen?.drawImage(row, cell * side, 0, side, side, x * side, y * side, side, side);
  }
  return canvas;
}
