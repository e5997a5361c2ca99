/** Which folded rows are open. Kept outside of the list, so that new alarms close nothing. */

import { signal } from "@preact/signals";

export const foldsOpen = signal<ReadonlySet<string>>(new Set());

export function toggleFold(id: string): void {
  const next = new Set(foldsOpen.value);
  if (!next.delete(id)) next.add(id);
  foldsOpen.value = next;
}
