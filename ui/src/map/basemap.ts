/** The map under the picture: our own vector tiles, zones, and the reach of sensors; three themes. */

import type { LayerSpecification, StyleSpecification } from "maplibre-gl";
import type { Theme } from "../model/view";
import { MAP_COLOURS, type MapColours } from "./palette";

export const BASEMAP_PATH = "/basemap/baltic.pmtiles";
/** Whose work is in the tiles; to be shown wherever they are. */
export const SOURCES =
  "© OpenStreetMap contributors (ODbL) · GeoNames (CC BY 4.0) · Natural Earth · airportsdata (MIT)";
export const LEAST_ZOOM = 3;
export const MOST_ZOOM = 16;

/** Where the watch is, and what is said on the map in words of the reader's language. */
export interface Setting {
  home: string; // code of the state whose border is watched
  theme: Theme;
}

/** A whole style. No glyphs and no sprite are named: letters are drawn by the browser's own fonts. */
export function styleOf(setting: Setting, origin: string): StyleSpecification {
  return {
    version: 8,
    name: "skypicket",
    sources: {
      base: {
        type: "vector",
        url: `pmtiles://${origin}${BASEMAP_PATH}`,
      },
      zones: { type: "geojson", data: { type: "FeatureCollection", features: [] } },
      reach: { type: "geojson", data: { type: "FeatureCollection", features: [] } },
    },
    layers: layersOf(setting),
  };
}

/** The sea alone, until it is known where to watch: a whole style would be loaded twice. */
export function blankStyle(theme: Theme): StyleSpecification {
  return {
    version: 8,
    sources: {},
    layers: [{ id: "sea", type: "background", paint: { "background-color": MAP_COLOURS[theme].sea } }],
  };
}

/** The layers of a setting; another theme has the same ones with other paint. */
export function layersOf({ home, theme }: Setting): LayerSpecification[] {
  const colours = MAP_COLOURS[theme];
  return [...ground(colours, home), ...areas(colours, home), ...borders(colours, home), ...names(colours)];
}

function ground(colours: MapColours, home: string): LayerSpecification[] {
  const base = { source: "base" } as const;
  return [
    { id: "sea", type: "background", paint: { "background-color": colours.sea } },
    { ...base, id: "land", "source-layer": "land", type: "fill", paint: { "fill-color": colours.land } },
    {
      ...base,
      id: "home-land",
      "source-layer": "states",
      type: "fill",
      filter: ["==", ["get", "code"], home],
      paint: { "fill-color": colours.homeLand, "fill-opacity": 0.75 },
    },
    { ...base, id: "lakes", "source-layer": "lakes", type: "fill", paint: { "fill-color": colours.lake } },
  ];
}

function areas(colours: MapColours, home: string): LayerSpecification[] {
  const isBorder = ["==", ["get", "kind"], "border"];
  return [
    {
      id: "zones",
      source: "zones",
      type: "fill",
      filter: ["!", isBorder] as never,
      paint: { "fill-color": colours.zone, "fill-opacity": 0.1 },
    },
    {
      id: "zone-edges",
      source: "zones",
      type: "line",
      filter: ["!", isBorder] as never,
      paint: { "line-color": colours.zone, "line-width": 1.2, "line-opacity": 0.8 },
    },
    {
      id: "zone-borders", // stands in where the basemap is missing
      source: "zones",
      type: "line",
      filter: ["all", isBorder, ["==", ["get", "state"], home]] as never,
      layout: { visibility: "none" },
      paint: { "line-color": colours.homeBorder, "line-width": 2.4 },
    },
    {
      id: "reach-deaf",
      source: "reach",
      type: "fill",
      filter: ["!=", ["get", "heard"], true],
      paint: { "fill-color": colours.silent, "fill-opacity": 0.07 },
    },
    {
      id: "reach",
      source: "reach",
      type: "line",
      filter: ["==", ["get", "heard"], true],
      paint: { "line-color": colours.reach, "line-width": 1.1, "line-opacity": 0.5 },
    },
    {
      id: "reach-silent",
      source: "reach",
      type: "line",
      filter: ["!=", ["get", "heard"], true],
      paint: {
        "line-color": colours.silent,
        "line-width": 1.4,
        "line-opacity": 0.85,
        "line-dasharray": [4, 3],
      },
    },
  ];
}

function borders(colours: MapColours, home: string): LayerSpecification[] {
  const base = { source: "base", "source-layer": "borders", type: "line" } as const;
  const isHome = ["any", ["==", ["get", "a"], home], ["==", ["get", "b"], home]];
  const onLand = ["==", ["get", "kind"], "land"];
  return [
    {
      ...base,
      id: "sea-limits",
      filter: ["!", onLand] as never,
      paint: { "line-color": colours.seaBorder, "line-width": 0.8, "line-dasharray": [5, 4] },
    },
    {
      ...base,
      id: "borders",
      filter: ["all", onLand, ["!", isHome]] as never,
      paint: { "line-color": colours.border, "line-width": 1.1 },
    },
    {
      ...base,
      id: "home-casing",
      filter: ["all", onLand, isHome] as never,
      paint: { "line-color": colours.homeCasing, "line-width": 5, "line-opacity": 0.6 },
    },
    {
      ...base,
      id: "home-border",
      filter: ["all", onLand, isHome] as never,
      paint: { "line-color": colours.homeBorder, "line-width": 1.7 },
    },
  ];
}

const FONT = ["DejaVu Sans", "sans-serif"];

function names(colours: MapColours): LayerSpecification[] {
  const base = { source: "base" } as const;
  const halo = { "text-halo-color": colours.placeHalo, "text-halo-width": 1.3 };
  return [
    {
      ...base,
      id: "zone-names",
      source: "zones",
      type: "symbol",
      minzoom: 8.5,
      filter: ["!=", ["get", "kind"], "border"],
      layout: { "text-field": ["get", "name"], "text-size": 11, "text-font": FONT },
      paint: { "text-color": colours.zone, ...halo },
    },
    {
      ...base,
      id: "airports",
      "source-layer": "airports",
      type: "symbol",
      minzoom: 8,
      layout: {
        "text-field": ["concat", "✈ ", ["get", "icao"]],
        "text-size": 10.5,
        "text-font": FONT,
      },
      paint: { "text-color": colours.airport, ...halo },
    },
    {
      ...base,
      id: "places",
      "source-layer": "places",
      type: "symbol",
      layout: {
        "text-field": ["get", "name"],
        "text-font": FONT,
        "text-size": ["interpolate", ["linear"], ["get", "population"], 2000, 10.5, 500000, 15],
        "symbol-sort-key": ["-", 0, ["get", "population"]],
        "text-padding": 6,
      },
      paint: { "text-color": colours.place, ...halo },
    },
  ];
}
