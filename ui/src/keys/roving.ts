/** Roving focus: one stop of the Tab key for a whole list, arrows inside it. */

import type { TargetedKeyboardEvent } from "preact";
import { useRef, useState } from "preact/hooks";

const PAGE_ROWS = 10;

/** Which row has the focus after a key; null when the key does not move it. */
export function nextRow(key: string, row: number, count: number): number | null {
  if (count <= 0) return null;
  const last = count - 1;
  const held = Math.min(Math.max(row, 0), last);
  switch (key) {
    case "ArrowDown":
      return Math.min(held + 1, last);
    case "ArrowUp":
      return Math.max(held - 1, 0);
    case "PageDown":
      return Math.min(held + PAGE_ROWS, last);
    case "PageUp":
      return Math.max(held - PAGE_ROWS, 0);
    case "Home":
      return 0;
    case "End":
      return last;
    default:
      return null;
  }
}

/** The same for tabs, which lie side by side and go round. */
export function nextTab(key: string, tab: number, count: number): number | null {
  if (count <= 0) return null;
  if (key === "ArrowRight") return (tab + 1) % count;
  if (key === "ArrowLeft") return (tab - 1 + count) % count;
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  return null;
}

export interface Roving {
  /** Put these on the row's focusable element. */
  readonly row: (id: string) => {
    readonly tabIndex: 0 | -1;
    readonly "data-row": string;
    readonly onFocus: () => void;
  };
  readonly onKeyDown: (event: TargetedKeyboardEvent<HTMLElement>) => void;
  readonly list: { current: HTMLElement | null };
  readonly focus: (id: string) => boolean;
}

/** Roving focus over rows named `ids`; the list element takes `ref={roving.list}`. */
export function useRoving(ids: readonly string[]): Roving {
  const list = useRef<HTMLElement | null>(null);
  const [current, setCurrent] = useState<string | null>(null);
  const stop = current !== null && ids.includes(current) ? current : (ids[0] ?? null);
  const focus = (id: string): boolean => {
    const found = list.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"]`);
    found?.focus();
    return found !== null && found !== undefined && document.activeElement === found;
  };
  return {
    list,
    focus,
    row: (id) => ({
      tabIndex: id === stop ? 0 : -1,
      "data-row": id,
      onFocus: () => setCurrent(id),
    }),
    onKeyDown: (event) => {
      const from = (event.target as HTMLElement).dataset.row;
      if (from === undefined) return; // the focus is on a button or field inside a row
      const to = nextRow(event.key, ids.indexOf(from), ids.length);
      const id = to === null ? undefined : ids[to];
      if (id !== undefined && focus(id)) event.preventDefault();
    },
  };
}
