/** What the server writes in English and the page can say by key: titles, states, places. */

import { en } from "./en";
import { type Key, t } from "./say";

const STATES = ["BLR", "EST", "FIN", "LTU", "LVA", "MDA", "POL", "ROU", "RUS", "UKR"] as const;
const TITLE = /^(Approach|Incursion|Lost abroad|Lost inside): (.+)$/;
const RAID = /^Raid of (\d+): (.+)$/;
const SEEN_AGAIN = /^Seen again: was declared (left|down|never real)$/;
const PLAIN_TITLES = ["Reports of one object", "Sensor silent", "Sensors silent"];
const OFF = /^(\d+) km (N|NE|E|SE|S|SW|W|NW) of (.+)$/;
const IN = /^in (.+)$/;

/** The name of a state by its code, or by its English name; what is unknown stays. */
export function stateName(codeOrName: string): string {
  const code =
    STATES.find((known) => known === codeOrName) ??
    STATES.find((known) => en[`state.${known}`] === codeOrName);
  return code === undefined ? codeOrName : t(`state.${code}`);
}

/** The title of an alarm or incident, such as "Lost inside: Lithuania". */
export function titleOf(title: string): string {
  const match = TITLE.exec(title);
  if (match !== null) {
    const key = `title.${(match[1] ?? "").replace(" ", "_")}` as Key;
    return t(key, { state: stateName(match[2] ?? "") });
  }
  const raid = RAID.exec(title);
  if (raid !== null) return t("title.Raid_of", { n: raid[1] ?? "", state: stateName(raid[2] ?? "") });
  const again = SEEN_AGAIN.exec(title);
  if (again !== null) {
    const outcome = (again[1] ?? "").replace(" ", "_");
    return t("title.Seen_again", { outcome: t(`track_state.${outcome}` as Key) });
  }
  if (PLAIN_TITLES.includes(title)) return t(`title.${title.replaceAll(" ", "_")}` as Key);
  return title;
}

/** A position as the gazetteer says it: "13 km SE of Vilnius", "in Vilnius". */
export function placeText(text: string): string {
  const off = OFF.exec(text);
  if (off !== null) {
    const compass = t(`compass.${off[2]}` as Key);
    return t("place.off", { km: off[1] ?? "", compass, place: off[3] ?? "" });
  }
  const inside = IN.exec(text);
  if (inside !== null) return t("place.in", { place: inside[1] ?? "" });
  return text === "an unknown place" ? t("place.unknown") : text;
}
