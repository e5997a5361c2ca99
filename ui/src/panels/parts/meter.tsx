/** A probability as number and bar; the bar is drawn, never coloured alone. */

import { formatPercent } from "../../units/numbers";

export function Meter({ p, label }: { p: number; label: string }) {
  const held = Number.isFinite(p) ? Math.min(1, Math.max(0, p)) : 0;
  return (
    <span class="meter">
      <svg class="meter-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">
        <rect class="meter-ground" width="100" height="8" />
        <rect class="meter-part" width={held * 100} height="8" />
      </svg>
      <span class="meter-number">
        <span class="unseen">{label} </span>
        {formatPercent(p)}
      </span>
    </span>
  );
}
