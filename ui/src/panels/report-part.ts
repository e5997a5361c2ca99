/** Which part of the panel for reports is open: the form for a new one, or the list of those that came. */

import { signal } from "@preact/signals";

export const reportPart = signal<"form" | "list">("form");
