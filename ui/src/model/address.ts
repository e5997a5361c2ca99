/** The address bar holds the view: whoever opens the same address sees the same. */

import { effect } from "@preact/signals";
import { link, replay, selection, view, type Selection, type SelectionKind } from "./picture";
import { openReplay, replayTrouble } from "./replaying";
import { ServerError } from "./server";
import { readView, writeView } from "./view";

const REST_MS = 300; // browsers refuse an address that changes with every frame of a drag
const KINDS: readonly SelectionKind[] = ["track", "alarm", "incident", "object", "sensor", "report", "place"];

/** Keep view, selection, replay and address in step for as long as the page lives. Called once. */
export function startAddress(): void {
  selection.value = selectionOf(view.peek().selected);
  effect(() => {
    const chosen = selection.value;
    keep({ selected: chosen === null ? "" : `${chosen.kind}:${chosen.id}` });
  });
  followReplay();
  let timer: ReturnType<typeof setTimeout> | undefined;
  effect(() => {
    const hash = writeView(view.value);
    clearTimeout(timer);
    timer = setTimeout(() => write(hash), REST_MS);
  });
  addEventListener("hashchange", () => {
    const read = readView(location.hash);
    if (writeView(read) === writeView(view.peek())) return;
    view.value = read;
    selection.value = selectionOf(read.selected);
  });
}

/** The selection that `kind:id` names; null when it names none. */
export function selectionOf(said: string): Selection | null {
  const at = said.indexOf(":");
  const kind = KINDS.find((one) => one === said.slice(0, Math.max(at, 0)));
  return kind === undefined ? null : { kind, id: said.slice(at + 1) };
}

/** An address with a time opens the past once there is a link; leaving the past leaves the address. */
function followReplay(): void {
  let wanted = view.peek().replayAtNs;
  effect(() => {
    if (wanted === null || link.value.state !== "live") return;
    const atNs = wanted;
    wanted = null;
    openReplay(atNs).catch((error: unknown) => {
      if (!(error instanceof ServerError)) throw error;
      replayTrouble.value = error.detail;
    });
  });
  let shown = false;
  effect(() => {
    const past = replay.value;
    if (past !== null) keep({ replayAtNs: past.playing ? view.peek().replayAtNs : past.atNs });
    else if (shown) keep({ replayAtNs: null });
    shown = past !== null;
  });
}

function keep(change: { selected?: string; replayAtNs?: number | null }): void {
  const before = view.peek();
  const next = { ...before, ...change };
  if (next.selected !== before.selected || next.replayAtNs !== before.replayAtNs) view.value = next;
}

function write(hash: string): void {
  if (hash === location.hash) return;
  history.replaceState(history.state, "", `${location.pathname}${location.search}${hash}`);
}
