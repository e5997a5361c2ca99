/** Colours of the map by theme. Those of symbols are in symbols/themes.mjs. */

import type { Theme } from "../model/view";

export interface MapColours {
  sea: string;
  land: string;
  homeLand: string;
  lake: string;
  border: string;
  homeBorder: string;
  homeCasing: string;
  seaBorder: string;
  place: string;
  placeHalo: string;
  airport: string;
  zone: string;
  reach: string;
  silent: string;
  track: string;
  trail: string;
  label: string;
  labelSoft: string;
  halo: string;
  warning: string;
  caution: string;
  advisory: string;
}

export const MAP_COLOURS: Record<Theme, MapColours> = {
  day: {
    sea: "#cfdde6",
    land: "#f0efe8",
    homeLand: "#ffffff",
    lake: "#cfdde6",
    border: "#8a8f96",
    homeBorder: "#7a1f5c",
    homeCasing: "#e9c6dd",
    seaBorder: "#9aa7b4",
    place: "#3c444d",
    placeHalo: "#ffffff",
    airport: "#3a6a94",
    zone: "#5a5f9e",
    reach: "#2d7ab8",
    silent: "#8c2460",
    track: "#4f4700",
    trail: "#5f5600",
    label: "#14181d",
    labelSoft: "#48525c",
    halo: "#ffffff",
    warning: "#a80f3a",
    caution: "#7a5500",
    advisory: "#0b5a9c",
  },
  dim: {
    sea: "#0b1620",
    land: "#18222b",
    homeLand: "#1f2c35",
    lake: "#0f2230",
    border: "#5b6875",
    homeBorder: "#a98bd6",
    homeCasing: "#372a4d",
    seaBorder: "#3d4a58",
    place: "#9fb0bf",
    placeHalo: "#10181f",
    airport: "#6d92b0",
    zone: "#8d93d6",
    reach: "#5aa6dd",
    silent: "#f0a6c8",
    track: "#f3e35a",
    trail: "#d8ca62",
    label: "#e6ebf0",
    labelSoft: "#b3c0cc",
    halo: "#0b1016",
    warning: "#ff8a7a",
    caution: "#ffd34d",
    advisory: "#6cc0f5",
  },
  night: {
    sea: "#030303",
    land: "#0b0806",
    homeLand: "#120d09",
    lake: "#050505",
    border: "#4a382b",
    homeBorder: "#a07a52",
    homeCasing: "#2a1c12",
    seaBorder: "#2d221a",
    place: "#80664f",
    placeHalo: "#050403",
    airport: "#6a5440",
    zone: "#7d6a86",
    reach: "#80664f",
    silent: "#c27a98",
    track: "#a8933c",
    trail: "#8f7d36",
    label: "#c9ac8d",
    labelSoft: "#9c8268",
    halo: "#050403",
    warning: "#f0614d",
    caution: "#cf9f2e",
    advisory: "#6d9cb5",
  },
};
