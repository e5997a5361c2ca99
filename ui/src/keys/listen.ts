/** Follows the keyboard: the newest panel that knows an action answers to its key. */

import { signal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { replayEarly } from "./early";
import { isTyping, type KeyAction, shortcutOf } from "./shortcuts";

/** Returns false when it did nothing, so that an older panel may answer. */
export type Answer = () => boolean | void;

const answers = new Map<KeyAction, Answer[]>();
const STORED = "skypicket.single-keys";

/** Whether single letters act; a reader who dictates or uses a switch may turn them off. */
export const singleKeys = signal(readStored());

function readStored(): boolean {
  try {
    return localStorage.getItem(STORED) !== "off";
  } catch {
    return true; // storage is forbidden: keys work, and the choice lasts as long as the page
  }
}

export function setSingleKeys(on: boolean): void {
  singleKeys.value = on;
  try {
    localStorage.setItem(STORED, on ? "on" : "off");
  } catch {
    return; // as above
  }
}

/** Answer to an action until the returned function is called. */
export function answer(action: KeyAction, given: Answer): () => void {
  const known = answers.get(action) ?? [];
  known.push(given);
  answers.set(action, known);
  return () => {
    const at = known.indexOf(given);
    if (at >= 0) known.splice(at, 1);
  };
}

/** Do what a key would do; false when nobody answers. */
export function perform(action: KeyAction): boolean {
  const known = answers.get(action) ?? [];
  for (let i = known.length - 1; i >= 0; i -= 1) {
    if (known[i]?.() !== false) return true;
  }
  return false;
}

/** As a hook: the component answers while it is shown. */
export function useKey(action: KeyAction, given: Answer): void {
  const newest = useRef(given);
  newest.current = given;
  useLayoutEffect(() => answer(action, () => newest.current()), [action]); // no key falls between
}

/** Listen on a window until the returned function is called. */
export function listen(to: Window): () => void {
  const onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented) return;
    const typing = isTyping(event.target as HTMLElement | null);
    const shortcut = shortcutOf(event, typing, singleKeys.value);
    if (shortcut === null) return;
    // An open dialog keeps the keys to itself, except the one that closes it.
    if (shortcut.action !== "close" && to.document.querySelector("dialog[open]") !== null) return;
    if (perform(shortcut.action)) event.preventDefault();
  };
  to.addEventListener("keydown", onKey);
  replayEarly(to);
  return () => to.removeEventListener("keydown", onKey);
}
