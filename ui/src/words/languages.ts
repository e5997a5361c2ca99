/** Languages of the page, and how each of them counts. */

export type PluralCategory = "zero" | "one" | "two" | "few" | "many" | "other";

export interface Language {
  /** BCP 47, as in the `lang` attribute and for Intl. */
  readonly code: string;
  /** In the language itself. */
  readonly name: string;
  readonly decimalMark: "." | ",";
  /** What `Intl.PluralRules` can answer: a counted message needs a text for each. */
  readonly plurals: readonly PluralCategory[];
  /** Whether its catalogue is complete; the others wait for their words. */
  readonly complete: boolean;
}

export const LANGUAGES = {
  en: { code: "en", name: "English", decimalMark: ".", plurals: ["one", "other"], complete: true },
  lt: {
    code: "lt",
    name: "Lietuvių",
    decimalMark: ",",
    plurals: ["one", "few", "many", "other"],
    complete: true,
  },
  lv: {
    code: "lv",
    name: "Latviešu",
    decimalMark: ",",
    plurals: ["zero", "one", "other"],
    complete: false,
  },
  et: { code: "et", name: "Eesti", decimalMark: ",", plurals: ["one", "other"], complete: false },
  pl: {
    code: "pl",
    name: "Polski",
    decimalMark: ",",
    plurals: ["one", "few", "many", "other"],
    complete: false,
  },
  uk: {
    code: "uk",
    name: "Українська",
    decimalMark: ",",
    plurals: ["one", "few", "many", "other"],
    complete: false,
  },
} as const satisfies Record<string, Language>;

export type LanguageCode = keyof typeof LANGUAGES;

/** The languages that can be chosen. */
export const OFFERED = (Object.keys(LANGUAGES) as LanguageCode[]).filter(
  (code) => LANGUAGES[code].complete,
);

const rules = new Map<LanguageCode, Intl.PluralRules>();

/** The plural category of a count in a language. */
export function categoryOf(code: LanguageCode, n: number): PluralCategory {
  let found = rules.get(code);
  if (found === undefined) {
    found = new Intl.PluralRules(code);
    rules.set(code, found);
  }
  return found.select(n);
}

/** The first offered language that the reader prefers, for instance of `navigator.languages`. */
export function preferred(wanted: readonly string[]): LanguageCode {
  for (const tag of wanted) {
    const code = tag.toLowerCase().split("-")[0] as LanguageCode;
    if (OFFERED.includes(code)) return code;
  }
  return "en";
}
