/** Quantities and times as this reader sees them: by profile, zone and language. */

import { computed } from "@preact/signals";
import { nowNs, system, view } from "../../model/picture";
import { formatPosition } from "../../units/coordinates";
import { profileOf } from "../../units/profile";
import { formatClimb, formatDistance, formatHeight, formatSpeed, type HeightReference } from "../../units/quantities";
import {
  formatAge,
  formatDay,
  formatDuration,
  formatLocal,
  formatZulu,
  isTime,
  isZone,
  NS_PER_H,
} from "../../units/times";
import { decimalMark, t } from "../../words/say";

export const profile = computed(() => profileOf(view.value.profile));

/** The zone of the watch, not of the browser; UTC until the server has said it. */
export const zone = computed(() => {
  const said = system.value?.profile.time_zone ?? "";
  return isZone(said) ? said : "UTC";
});

/** The clock that this profile reads: "04:56:10", or "01:56:10Z". Other days are named. */
export function timeText(ns: number | null | undefined, seconds = true): string {
  if (!isTime(ns)) return t("say.unknown");
  const text =
    profile.value.clock === "zulu" ? formatZulu(ns, seconds) : formatLocal(ns, zone.value, seconds);
  return `${dayPrefix(ns)}${text}`;
}

/** The other clock of the two. */
export function otherTimeText(ns: number, seconds = true): string {
  return profile.value.clock === "zulu"
    ? `${formatLocal(ns, zone.value, seconds)} ${t("clock.local")}`
    : formatZulu(ns, seconds);
}

/** Both clocks, the profile's own first. */
export function bothTimes(ns: number, seconds = true): string {
  return `${timeText(ns, seconds)} (${otherTimeText(ns, seconds)})`;
}

function dayPrefix(ns: number): string {
  const now = nowNs.value;
  if (!isTime(now)) return "";
  const place = profile.value.clock === "zulu" ? "UTC" : zone.value;
  const day = formatDay(ns, place);
  if (day === formatDay(now, place)) return "";
  if (day === formatDay(now - 24 * NS_PER_H, place)) return `${t("say.yesterday")} `;
  return `${day} `;
}

/** How long ago that is on the clock of the picture. */
export function ageText(ns: number | null | undefined): string {
  return formatAge(ns, nowNs.value);
}

export const durationText = formatDuration;

export function heightText(m: number | null | undefined, reference: HeightReference = "ellipsoid"): string {
  const shown = formatHeight(m, reference, profile.value);
  return shown.reference === null ? shown.text : `${shown.text} ${t(`height.${shown.reference}`)}`;
}

/** The number alone, where the column's head names the reference. */
export function bareHeightText(m: number | null | undefined): string {
  return formatHeight(m, "ellipsoid", profile.value).text;
}

export const climbText = (upMps: number): string => formatClimb(upMps, profile.value, decimalMark());
export const speedText = (mps: number): string => formatSpeed(mps, profile.value);
export const distanceText = (m: number): string => formatDistance(m, profile.value, decimalMark());
export const positionText = (latDeg: number, lonDeg: number): string =>
  formatPosition(latDeg, lonDeg, profile.value.coordinates);
