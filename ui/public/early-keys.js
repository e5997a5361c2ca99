/* Keys that are pressed while the page is still being loaded wait here; src/keys/early.ts takes them. */
(() => {
  const waiting = [];
  const keep = (event) => {
    if (!event.repeat) waiting.push(event);
  };
  addEventListener("keydown", keep, true);
  globalThis.skypicketEarlyKeys = () => {
    removeEventListener("keydown", keep, true);
    return waiting.splice(0);
  };
})();
