/** What is being asked of the person: the one open dialog of an action, and the last answer. */

import { signal } from "@preact/signals";
import type { Action, Outcome } from "../../model/nouns";

export interface Asked {
  readonly action: Action;
  /** Ids that the action is said of, one after the other: an alarm, or all of a fold. */
  readonly subjects: readonly string[];
  /** What the person sees of them. */
  readonly about: string;
  readonly outcome?: Outcome;
}

export const asked = signal<Asked | null>(null);

export function ask(action: Action, subjects: readonly string[], about: string): void {
  if (subjects.length > 0) asked.value = { action, subjects, about };
}

/** Other dialogs, of which one at most is open. */
export type OpenDialog =
  | { readonly kind: "why"; readonly alarmId: string; readonly title: string }
  | { readonly kind: "filters" }
  | { readonly kind: "looks" }
  | { readonly kind: "mute" }
  | { readonly kind: "account" };

export const opened = signal<OpenDialog | null>(null);

export interface Notice {
  readonly text: string;
  readonly bad: boolean;
}

/** The last thing that the page has to say of what was done; gone after a while. */
export const notice = signal<Notice | null>(null);

let timer: ReturnType<typeof setTimeout> | undefined;
const SHOWN_MS = 8_000;

export function say(text: string, bad = false): void {
  notice.value = { text, bad };
  clearTimeout(timer);
  timer = setTimeout(() => {
    notice.value = null;
  }, SHOWN_MS);
}
