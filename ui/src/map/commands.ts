/** What may be done to the map from outside: keys and buttons call these, whichever map is shown. */

export interface MapCommands {
  /** Move by parts of the map's width and height: (0.25, 0) is a quarter to the east. */
  pan(east: number, south: number): void;
  zoom(steps: number): void;
  /** Select the next (1) or previous (-1) track in view. */
  selectNext(step: 1 | -1): void;
  /** Move so that what is selected lies in the middle; false when it has no place. */
  centreOnSelection(): boolean;
  /** Show the whole theatre again. */
  showAll(): void;
  /** The place in the middle of the map; null while there is no map. */
  centre(): { lat: number; lon: number } | null;
  focus(): void;
}

let current: MapCommands | null = null;

/** The map that is shown takes the commands until the returned function is called. */
export function takeCommands(commands: MapCommands): () => void {
  current = commands;
  return () => {
    if (current === commands) current = null;
  };
}

export const mapCommands: MapCommands = {
  pan: (east, south) => current?.pan(east, south),
  zoom: (steps) => current?.zoom(steps),
  selectNext: (step) => current?.selectNext(step),
  centreOnSelection: () => current?.centreOnSelection() ?? false,
  showAll: () => current?.showAll(),
  centre: () => current?.centre() ?? null,
  focus: () => current?.focus(),
};
