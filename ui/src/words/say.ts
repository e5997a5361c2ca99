/** The page's words in the reader's language. Whoever calls `t` while rendering follows the choice. */

import { computed } from "@preact/signals";
import { system, view } from "../model/picture";
import { en } from "./en";
import { LANGUAGES, type LanguageCode, OFFERED, preferred } from "./languages";
import { lt } from "./lt";
import { fill, type Fields, type Message } from "./message";

export type Key = keyof typeof en;
export type Catalogue = Readonly<Record<Key, Message>>;

/** Complete catalogues. A language that is added here must be `complete` in `LANGUAGES`. */
export const CATALOGUES: Readonly<Partial<Record<LanguageCode, Catalogue>>> = { en, lt };

/** The language of the page: the chosen one, else of those of the system what the browser prefers. */
export const language = computed<LanguageCode>(() =>
  chooseLanguage(
    view.value.language,
    system.value?.profile.languages ?? [],
    typeof navigator === "undefined" ? [] : navigator.languages,
  ),
);

export function chooseLanguage(
  chosen: string,
  ofSystem: readonly string[],
  ofBrowser: readonly string[],
): LanguageCode {
  if (OFFERED.includes(chosen as LanguageCode)) return chosen as LanguageCode;
  const served = ofBrowser.filter(
    (tag) => ofSystem.length === 0 || ofSystem.includes(tag.toLowerCase().split("-")[0] ?? ""),
  );
  return preferred([...served, ...ofSystem]);
}

/** The text of a key with its fields. */
export function t(key: Key, fields: Fields = {}): string {
  return tIn(language.value, key, fields);
}

/** The same in a given language. */
export function tIn(code: LanguageCode, key: Key, fields: Fields = {}): string {
  return fill((CATALOGUES[code] ?? en)[key], fields, code);
}

/** The text of a key that is put together from a word of the server; the word itself if unknown. */
export function tWord(prefix: string, word: string): string {
  const key = `${prefix}.${word}`;
  return key in en ? t(key as Key) : word;
}

/** The decimal mark of the language. */
export function decimalMark(): "." | "," {
  return LANGUAGES[language.value].decimalMark;
}
