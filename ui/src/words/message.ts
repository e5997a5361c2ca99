/** One message of a catalogue: a text, or one text for each plural category of its count `n`. */

import { categoryOf, type LanguageCode, type PluralCategory } from "./languages";

export type Counted = { readonly [category in PluralCategory]?: string } & {
  readonly other: string;
};
export type Message = string | Counted;
export type Fields = Readonly<Record<string, string | number>>;

const PLACEHOLDER = /\{([a-z_]+)\}/g;

/** The text of a message with its fields filled in; a field that is missing stays visible. */
export function fill(message: Message, fields: Fields, language: LanguageCode): string {
  return textOf(message, fields, language).replace(PLACEHOLDER, (whole, name: string) => {
    const value = fields[name];
    return value === undefined ? whole : String(value);
  });
}

function textOf(message: Message, fields: Fields, language: LanguageCode): string {
  if (typeof message === "string") return message;
  const n = Number(fields.n ?? 0);
  return message[categoryOf(language, n)] ?? message.other;
}

/** The names of the placeholders of a message, over all of its texts, sorted. */
export function placeholdersOf(message: Message): string[] {
  const texts = typeof message === "string" ? [message] : Object.values(message);
  const names = new Set<string>();
  for (const text of texts) for (const match of text.matchAll(PLACEHOLDER)) names.add(match[1] ?? "");
  return [...names].sort();
}
