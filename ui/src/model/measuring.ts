/** Times of the page's own work, for bench/bench_page.py: only with `?measure` in the address.
 *
 * Entries of the browser's performance time line, under these names:
 * `skypicket:update` bytes received to signals written and followed; `skypicket:render` JavaScript of
 * one drawing of the track layer; `skypicket:data-to-pixel` bytes received until the graphics card
 * has drawn them.
 */

export const measuring =
  typeof location !== "undefined" && new URLSearchParams(location.search).has("measure");

/** Note how long something took that began at `startMs` of performance.now(). */
export function measured(name: "update" | "render" | "data-to-pixel", startMs: number): void {
  if (measuring) performance.measure(`skypicket:${name}`, { start: startMs });
}
