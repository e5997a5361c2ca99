/** Keys that were pressed before the page listened: kept by public/early-keys.js, done once it does. */

const MOST_KEYS = 8; // more were no orders
const OLD_MS = 10_000; // what was meant so long ago may be meant no more

declare global {
  /** Set by early-keys.js: gives the keys that wait, and keeps no more. */
  var skypicketEarlyKeys: (() => KeyboardEvent[]) | undefined;
}

/** Do what the keys that wait would have done, one in each frame, so that each finds the other's work. */
export function replayEarly(to: Window): void {
  const waiting = freshOf(globalThis.skypicketEarlyKeys?.() ?? [], to.performance.now());
  const next = (): void => {
    const key = waiting.shift();
    if (key === undefined) return;
    const from = to.document.activeElement ?? to.document.body;
    from.dispatchEvent(againOf(key));
    if (waiting.length > 0) to.requestAnimationFrame(next);
  };
  to.setTimeout(next, 0); // after the panels that are being mounted have said what they answer to
}

/** The newest keys that are not too old, in their order. */
export function freshOf<K extends { readonly timeStamp: number }>(keys: readonly K[], nowMs: number): K[] {
  return keys.filter((key) => nowMs - key.timeStamp <= OLD_MS).slice(-MOST_KEYS);
}

function againOf(key: KeyboardEvent): KeyboardEvent {
  const { code, ctrlKey, altKey, metaKey, shiftKey, isComposing } = key;
  const held = { ctrlKey, altKey, metaKey, shiftKey, isComposing };
  return new KeyboardEvent("keydown", { key: key.key, code, ...held, bubbles: true, cancelable: true });
}
