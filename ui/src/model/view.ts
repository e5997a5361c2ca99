/** The view that the URL holds: where the map is, which panel is open, what is filtered. */

/** Panels that have a tab. */
export const TABS = [
  "alarms",
  "track",
  "tracks",
  "sensors",
  "incident",
  "report",
  "wall",
  "replay",
  "keys",
] as const;
export const PANELS = [...TABS, "accounts"] as const;
export type Panel = (typeof PANELS)[number];

export const THEMES = ["day", "dim", "night"] as const;
export type Theme = (typeof THEMES)[number];

/** Whose habits units and clocks follow. */
export const PROFILES = ["civil", "aviation", "nato"] as const;
export type Profile = (typeof PROFILES)[number];

/** What the map and the table of tracks leave out. */
export interface Filters {
  tentative: boolean; // show tentative tracks
  claimed: boolean; // show tracks that rest on claims alone
  lost: boolean; // show lost, left, down and never real
  minExistence: number; // P(real) at least, 0..1
  alarmed: boolean; // only tracks that an open alarm names
  belowM: number | null; // height at most, as alt_m; an unknown height is never left out
}

export const NO_FILTERS: Filters = {
  tentative: true,
  claimed: true,
  lost: true,
  minExistence: 0,
  alarmed: false,
  belowM: null,
};

export interface View {
  panel: Panel;
  lat: number | null; // null: the theatre's centre, until the map was moved
  lon: number | null;
  zoom: number | null;
  theme: Theme;
  filters: Filters;
  profile: Profile;
  language: string; // "" until chosen: the system's, then the browser's
  selected: string; // "kind:id", "" nothing
  replayAtNs: number | null;
}

export const FIRST_VIEW: View = {
  panel: "alarms",
  lat: null,
  lon: null,
  zoom: null,
  theme: "dim",
  filters: NO_FILTERS,
  profile: "civil",
  language: "",
  selected: "",
  replayAtNs: null,
};

const MAX_ZOOM = 16;

/** The view that a hash such as `#map=7.5/54.9/25.3&panel=wall` says; what it does not say is as first. */
export function readView(hash: string): View {
  const said = new URLSearchParams(hash.replace(/^#/, ""));
  return {
    ...FIRST_VIEW,
    ...placeOf(said.get("map")),
    panel: oneOf(PANELS, said.get("panel")) ?? FIRST_VIEW.panel,
    theme: oneOf(THEMES, said.get("theme")) ?? FIRST_VIEW.theme,
    profile: oneOf(PROFILES, said.get("profile")) ?? FIRST_VIEW.profile,
    language: /^[a-z]{2}$/.test(said.get("lang") ?? "") ? (said.get("lang") ?? "") : "",
    filters: filtersOf(said.get("show")),
    selected: /^[a-z]+:.{1,120}$/.test(said.get("sel") ?? "") ? (said.get("sel") ?? "") : "",
    replayAtNs: timeOf(said.get("at")),
  };
}

/** The hash of a view; what is as first is left out, so that a plain view has a plain address. */
export function writeView(view: View): string {
  const parts: string[] = [];
  if (view.lat !== null && view.lon !== null && view.zoom !== null) {
    parts.push(`map=${trim(view.zoom, 2)}/${trim(view.lat, 4)}/${trim(view.lon, 4)}`);
  }
  if (view.panel !== FIRST_VIEW.panel) parts.push(`panel=${view.panel}`);
  if (view.theme !== FIRST_VIEW.theme) parts.push(`theme=${view.theme}`);
  if (view.profile !== FIRST_VIEW.profile) parts.push(`profile=${view.profile}`);
  if (view.language !== "") parts.push(`lang=${view.language}`);
  const filters = filterText(view.filters);
  if (filters !== "") parts.push(`show=${filters}`);
  if (view.selected !== "") parts.push(`sel=${encodeURIComponent(view.selected)}`);
  if (view.replayAtNs !== null) parts.push(`at=${new Date(Math.round(view.replayAtNs / 1e6)).toISOString()}`);
  return parts.length > 0 ? `#${parts.join("&")}` : "";
}

function oneOf<T extends string>(known: readonly T[], said: string | null): T | null {
  return known.find((one) => one === said) ?? null;
}

function placeOf(said: string | null): Pick<View, "lat" | "lon" | "zoom"> | null {
  const [zoom, lat, lon] = (said ?? "").split("/").map(Number);
  if (zoom === undefined || lat === undefined || lon === undefined) return null;
  if (![zoom, lat, lon].every(Number.isFinite)) return null;
  if (zoom < 0 || zoom > MAX_ZOOM || Math.abs(lat) > 85 || Math.abs(lon) > 180) return null;
  return { zoom, lat, lon };
}

function timeOf(said: string | null): number | null {
  const ms = said === null ? Number.NaN : Date.parse(said);
  return Number.isFinite(ms) ? ms * 1e6 : null;
}

/** Filters as words: `-tentative,-claimed,-lost,alarmed,real50,below3000`. */
function filterText(filters: Filters): string {
  const words: string[] = [];
  if (!filters.tentative) words.push("-tentative");
  if (!filters.claimed) words.push("-claimed");
  if (!filters.lost) words.push("-lost");
  if (filters.alarmed) words.push("alarmed");
  if (filters.minExistence > 0) words.push(`real${Math.round(filters.minExistence * 100)}`);
  if (filters.belowM !== null) words.push(`below${Math.round(filters.belowM)}`);
  return words.join(",");
}

function filtersOf(said: string | null): Filters {
  const words = new Set((said ?? "").split(","));
  const percent = numberOf(words, "real");
  return {
    tentative: !words.has("-tentative"),
    claimed: !words.has("-claimed"),
    lost: !words.has("-lost"),
    alarmed: words.has("alarmed"),
    minExistence: Math.min(1, (percent ?? 0) / 100),
    belowM: numberOf(words, "below"),
  };
}

function numberOf(words: ReadonlySet<string>, name: string): number | null {
  for (const word of words) {
    const digits = word.startsWith(name) ? word.slice(name.length) : "";
    if (/^\d{1,5}$/.test(digits)) return Number(digits);
  }
  return null;
}

function trim(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)));
}
