import { describe, expect, test } from "vitest";
import { en } from "../words/en";
import { answer, perform } from "./listen";
import { nextRow, nextTab } from "./roving";
import { isTyping, SHORTCUTS, shortcutOf } from "./shortcuts";

describe("shortcuts", () => {
  test("no key means two things, and each action has its word in the help", () => {
    const keys = SHORTCUTS.map((one) => one.key);
    expect(new Set(keys).size).toBe(keys.length);
    for (const { action } of SHORTCUTS) expect(en).toHaveProperty([`key.${action}`]);
  });

  test("the gravest alarm is acknowledged in three keys", () => {
    const presses = ["a", "k"].map((key) => shortcutOf({ key }, false)?.action);
    expect(presses).toEqual(["alarms", "acknowledge"]); // then Enter sends the dialog
  });

  test("single letters do nothing while something is typed; Escape does", () => {
    expect(shortcutOf({ key: "k" }, true)).toBeNull();
    expect(shortcutOf({ key: "?" }, true)).toBeNull();
    expect(shortcutOf({ key: "Escape" }, true)?.action).toBe("close");
  });

  test("keys of the browser stay the browser's", () => {
    for (const held of [{ ctrlKey: true }, { altKey: true }, { metaKey: true }, { isComposing: true }]) {
      expect(shortcutOf({ key: "a", ...held }, false)).toBeNull();
    }
    expect(shortcutOf({ key: "a", repeat: true }, false)).toBeNull();
  });

  test("capitals and Cyrillic layouts mean the same key", () => {
    expect(shortcutOf({ key: "K" }, false)?.action).toBe("acknowledge");
    expect(shortcutOf({ key: "л", code: "KeyK" }, false)?.action).toBe("acknowledge");
    expect(shortcutOf({ key: "ф", code: "KeyA" }, false)?.action).toBe("alarms");
  });

  test("single letters can be switched off, and the help still opens", () => {
    expect(shortcutOf({ key: "k" }, false, false)).toBeNull();
    expect(shortcutOf({ key: "?" }, false, false)?.action).toBe("help");
  });
});

describe("typing", () => {
  test("is what fields for text are for", () => {
    expect(isTyping({ tagName: "INPUT", type: "text" })).toBe(true);
    expect(isTyping({ tagName: "textarea" })).toBe(true);
    expect(isTyping({ tagName: "SELECT" })).toBe(true);
    expect(isTyping({ tagName: "DIV", isContentEditable: true })).toBe(true);
    expect(isTyping({ tagName: "INPUT", type: "checkbox" })).toBe(false);
    expect(isTyping({ tagName: "BUTTON" })).toBe(false);
    expect(isTyping(null)).toBe(false);
  });
});

describe("answers", () => {
  test("the newest panel answers, unless it declines", () => {
    const said: string[] = [];
    const stopOld = answer("centre", () => void said.push("old"));
    const stopNew = answer("centre", () => {
      said.push("new");
      return false;
    });
    expect(perform("centre")).toBe(true);
    stopNew();
    perform("centre");
    stopOld();
    expect(perform("centre")).toBe(false);
    expect(said).toEqual(["new", "old", "old"]);
  });
});

describe("roving focus", () => {
  test("stays inside of a list", () => {
    expect(nextRow("ArrowDown", 2, 3)).toBe(2);
    expect(nextRow("ArrowUp", 0, 3)).toBe(0);
    expect(nextRow("End", 0, 30)).toBe(29);
    expect(nextRow("PageDown", 0, 30)).toBe(10);
    expect(nextRow("PageUp", 3, 30)).toBe(0);
    expect(nextRow("ArrowDown", 99, 3)).toBe(2);
    expect(nextRow("x", 0, 3)).toBeNull();
    expect(nextRow("ArrowDown", 0, 0)).toBeNull();
  });

  test("goes round over tabs", () => {
    expect(nextTab("ArrowRight", 2, 3)).toBe(0);
    expect(nextTab("ArrowLeft", 0, 3)).toBe(2);
    expect(nextTab("ArrowDown", 0, 3)).toBeNull();
  });
});
