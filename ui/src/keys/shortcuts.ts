/** Every key that does something, in one list: the help shows it, the listener follows it. */

export type KeyAction =
  | "help"
  | "close"
  | "alarms"
  | "tracks"
  | "sensors"
  | "incidents"
  | "report"
  | "wall"
  | "replay"
  | "filters"
  | "map"
  | "acknowledge"
  | "shelve"
  | "escalate"
  | "clear"
  | "why"
  | "centre"
  | "own"
  | "note"
  | "decide"
  | "mute"
  | "theme"
  | "accounts"
  | "play"
  | "live";

export type KeySection = "go" | "alarm" | "object" | "page" | "replay";

export interface Shortcut {
  readonly key: string;
  readonly action: KeyAction;
  readonly section: KeySection;
}

const keys = (section: KeySection, pairs: readonly (readonly [string, KeyAction])[]): Shortcut[] =>
  pairs.map(([key, action]) => ({ key, action, section }));

export const SHORTCUTS: readonly Shortcut[] = [
  ...keys("page", [
    ["?", "help"],
    ["Escape", "close"],
    ["q", "mute"],
    ["d", "theme"],
    ["u", "accounts"],
  ]),
  ...keys("go", [
    ["a", "alarms"],
    ["t", "tracks"],
    ["s", "sensors"],
    ["i", "incidents"],
    ["r", "report"],
    ["w", "wall"],
    ["h", "replay"],
    ["f", "filters"],
    ["m", "map"],
  ]),
  ...keys("alarm", [
    ["k", "acknowledge"],
    ["z", "shelve"],
    ["e", "escalate"],
    ["x", "clear"],
    ["y", "why"],
  ]),
  ...keys("object", [
    ["c", "centre"],
    ["o", "own"],
    ["n", "note"],
    ["g", "decide"],
  ]),
  ...keys("replay", [
    ["p", "play"],
    ["l", "live"],
  ]),
];

/** What the listener needs to know of a keyboard event. */
export interface KeyPress {
  readonly key: string;
  readonly code?: string;
  readonly ctrlKey?: boolean;
  readonly altKey?: boolean;
  readonly metaKey?: boolean;
  readonly isComposing?: boolean;
  readonly repeat?: boolean;
}

/** Whether a shortcut is a single letter or sign, which may be switched off (WCAG 2.1.4). */
export function isSingle(shortcut: Shortcut): boolean {
  return shortcut.key.length === 1;
}

/** The shortcut of a key press; null if it means nothing here, or something is being typed. */
export function shortcutOf(press: KeyPress, typing: boolean, singles = true): Shortcut | null {
  if (press.ctrlKey || press.altKey || press.metaKey || press.isComposing) return null;
  const key = keyOf(press);
  const found = SHORTCUTS.find((shortcut) => shortcut.key === key);
  if (found === undefined) return null;
  if (isSingle(found) && (typing || press.repeat)) return null;
  if (isSingle(found) && !singles && found.action !== "help") return null;
  return found;
}

/** The key in Latin letters, also under a Cyrillic layout; capitals mean the same. */
function keyOf(press: KeyPress): string {
  if (press.key.length !== 1) return press.key;
  const latin = press.key.toLowerCase();
  if (/^[\x20-\x7e]$/.test(latin)) return latin;
  const code = /^Key([A-Z])$/.exec(press.code ?? "");
  return code?.[1] === undefined ? latin : code[1].toLowerCase();
}

const TYPING = new Set(["text", "search", "email", "password", "number", "tel", "url", "time", "date", "datetime-local"]);

/** Whether keys pressed on this element are text that somebody types. */
export function isTyping(element: { tagName: string; type?: string; isContentEditable?: boolean } | null): boolean {
  if (element === null) return false;
  if (element.isContentEditable === true) return true;
  const tag = element.tagName.toUpperCase();
  if (tag === "TEXTAREA" || tag === "SELECT") return true;
  return tag === "INPUT" && TYPING.has(element.type ?? "text");
}
