/** Ways through the page: which panel, which thing, which looks. */

import { selection, view } from "../../model/picture";
import type { SelectionKind } from "../../model/picture";
import { type Panel, type Profile, THEMES, type Theme } from "../../model/view";

const CLOSE_ZOOM = 9;

export function openPanel(panel: Panel): void {
  if (view.value.panel !== panel) view.value = { ...view.value, panel };
  wanted = panel;
  requestAnimationFrame(() => focusWanted(panel));
}

/** The panel whose first field shall have the focus as soon as it is there. */
let wanted: Panel | null = null;

/** Put the focus where a clerk types first, if the panel was just opened by this person. */
export function focusWanted(panel: Panel): void {
  if (wanted !== panel || panel !== "report") return;
  const field = document.querySelector<HTMLElement>('[data-step="place"]');
  if (field === null) return;
  wanted = null;
  field.focus();
}

export function choose(kind: SelectionKind, id: string): void {
  selection.value = { kind, id };
}

/** Choose a track and show what is known of it. The map stays where it is. */
export function openTrack(id: string): void {
  choose("track", id);
  openPanel("track");
}

export function openIncident(id: string): void {
  choose("incident", id);
  openPanel("incident");
}

/** Move the map there, because the person asked for it; nothing else moves it. */
export function centreOn(latDeg: number, lonDeg: number): void {
  const zoom = Math.max(view.value.zoom ?? 0, CLOSE_ZOOM);
  view.value = { ...view.value, lat: latDeg, lon: lonDeg, zoom };
}

export function setTheme(theme: Theme): void {
  view.value = { ...view.value, theme };
}

export function nextTheme(): void {
  const at = THEMES.indexOf(view.value.theme);
  setTheme(THEMES[(at + 1) % THEMES.length] ?? "dim");
}

export function setProfile(profile: Profile): void {
  view.value = { ...view.value, profile };
}

export function setLanguage(language: string): void {
  view.value = { ...view.value, language };
}
