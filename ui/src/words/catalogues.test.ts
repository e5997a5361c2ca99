import { describe, expect, test } from "vitest";
import { en } from "./en";
import { categoryOf, LANGUAGES, type LanguageCode, OFFERED, preferred } from "./languages";
import { fill, type Message, placeholdersOf } from "./message";
import { CATALOGUES, chooseLanguage, type Key, tIn } from "./say";

const KEYS = Object.keys(en) as Key[];
const textsOf = (message: Message): string[] => (typeof message === "string" ? [message] : Object.values(message));

describe("every language that is offered", () => {
  test.each(OFFERED)("%s has every key and none besides", (code) => {
    expect(Object.keys(CATALOGUES[code] ?? {}).sort()).toEqual([...KEYS].sort());
  });

  test.each(OFFERED)("%s has the placeholders of the English text", (code) => {
    for (const key of KEYS) {
      const message = CATALOGUES[code]?.[key] ?? "";
      expect(placeholdersOf(message), key).toEqual(placeholdersOf(en[key]));
    }
  });

  test.each(OFFERED)("%s has a text for each plural category wherever something is counted", (code) => {
    for (const key of KEYS) {
      const message = CATALOGUES[code]?.[key];
      expect(typeof message === "string", key).toBe(typeof en[key] === "string");
      if (typeof message === "string" || message === undefined) continue;
      expect(Object.keys(message).sort(), key).toEqual([...LANGUAGES[code].plurals].sort());
    }
  });

  test.each(OFFERED)("%s has no empty text, no blank at an end and no double blank", (code) => {
    for (const key of KEYS) {
      for (const text of textsOf(CATALOGUES[code]?.[key] ?? "")) {
        expect(text, key).not.toBe("");
        expect(text, key).toBe(text.trim());
        expect(text, key).not.toContain("  ");
      }
    }
  });
});

describe("Lithuanian", () => {
  test("is not English that was left over", () => {
    const same = KEYS.filter((key) => {
      const [english, lithuanian] = [en[key], CATALOGUES.lt?.[key]];
      return typeof english === "string" && english === lithuanian && /[a-z]{4}/i.test(english.replace(/\{\w+\}/g, ""));
    });
    expect(same).toEqual(["app.name", "clock.zulu", "profile.nato", "state.MDA", "report.where_example"]);
  });

  test("counts in its four forms", () => {
    const words = [1, 2, 10, 11, 21, 22, 1.5].map((n) => tIn("lt", "counts.warning", { n }));
    expect(words).toEqual(["1 pavojus", "2 pavojai", "10 pavojų", "11 pavojų", "21 pavojus", "22 pavojai", "1.5 pavojaus"]);
  });

  test("writes with Lithuanian letters and quotation marks only", () => {
    for (const key of KEYS) {
      for (const text of textsOf(CATALOGUES.lt?.[key] ?? "")) {
        expect(text, key).not.toMatch(/["“](?=\w)/);
        expect(text.normalize("NFC"), key).toBe(text);
      }
    }
  });
});

describe("languages to come", () => {
  const codes = Object.keys(LANGUAGES) as LanguageCode[];
  test("are those of the states around the Baltic Sea and of Ukraine", () => {
    expect(codes).toEqual(["en", "lt", "lv", "et", "pl", "uk"]);
  });

  test.each(codes)("%s counts in the categories that Intl knows", (code) => {
    const known = new Intl.PluralRules(code).resolvedOptions().pluralCategories;
    expect([...known].sort()).toEqual([...LANGUAGES[code].plurals].sort());
  });

  test("their counts fall into the categories that grammar books say", () => {
    expect([0, 1, 2, 11, 21].map((n) => categoryOf("lv", n))).toEqual(["zero", "one", "other", "zero", "one"]);
    expect([0, 1, 2].map((n) => categoryOf("et", n))).toEqual(["other", "one", "other"]);
    expect([1, 2, 5, 12, 22, 1.5].map((n) => categoryOf("pl", n))).toEqual(["one", "few", "many", "many", "few", "other"]);
    expect([1, 2, 5, 11, 21].map((n) => categoryOf("uk", n))).toEqual(["one", "few", "many", "many", "one"]);
  });

  test("are not offered before their catalogue is complete", () => {
    for (const code of codes) expect(OFFERED.includes(code)).toBe(CATALOGUES[code] !== undefined);
  });
});

describe("a message", () => {
  test("shows a field that was not given, instead of hiding the mistake", () => {
    expect(fill("at {time}", {}, "en")).toBe("at {time}");
    expect(fill("at {time}, {time}", { time: "04:56" }, "en")).toBe("at 04:56, 04:56");
  });

  test("does not read placeholders inside of what was filled in", () => {
    expect(fill("{name}: {comment}", { name: "{comment}", comment: "x" }, "en")).toBe("{comment}: x");
  });
});

describe("the language", () => {
  test("is the chosen one, else what the browser prefers of those of the system", () => {
    expect(chooseLanguage("lt", ["lt", "en"], ["en-GB"])).toBe("lt");
    expect(chooseLanguage("", ["lt", "en"], ["en-GB", "lt"])).toBe("en");
    expect(chooseLanguage("", ["lt", "en"], ["fr-FR", "lt-LT"])).toBe("lt");
    expect(chooseLanguage("", ["lt", "en"], ["fr-FR"])).toBe("lt");
    expect(chooseLanguage("", [], [])).toBe("en");
    expect(chooseLanguage("xx", [], ["lt"])).toBe("lt");
    expect(preferred(["pl", "lt"])).toBe("lt");
  });
});
