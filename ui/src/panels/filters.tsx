/** What the map and the table leave out. Never an alarm, and never silently: the head says so. */

import { view } from "../model/picture";
import { trackCounts } from "../model/filters";
import { type Filters, NO_FILTERS } from "../model/view";
import { formatPercent } from "../units/numbers";
import { t } from "../words/say";
import { Dialog } from "./parts/dialog";
import { bareHeightText } from "./parts/shown";

const HEIGHTS_M = [500, 1_000, 3_000, 6_000] as const;
const EXISTENCES = [0, 0.2, 0.5, 0.8, 0.95] as const;
const SWITCHES = ["tentative", "claimed", "lost", "alarmed"] as const;

function set(change: Partial<Filters>): void {
  view.value = { ...view.value, filters: { ...view.value.filters, ...change } };
}

export function FilterDialog({ onClose }: { onClose: () => void }) {
  const filters = view.value.filters;
  return (
    <Dialog title={t("filters.title")} onClose={onClose}>
      <p class="soft">{t("filters.text")}</p>
      <div class="form">
        {SWITCHES.map((name, i) => (
          <label key={name} class="pick">
            <input
              type="checkbox"
              data-first={i === 0 ? true : undefined}
              checked={filters[name]}
              onChange={(event) => set({ [name]: event.currentTarget.checked })}
            />
            {t(`filters.${name}`)}
          </label>
        ))}
        <label class="field">
          <span>{t("filters.below")}</span>
          <select
            value={String(filters.belowM ?? "")}
            onChange={(event) => {
              const value = event.currentTarget.value;
              set({ belowM: value === "" ? null : Number(value) });
            }}
          >
            <option value="">{t("filters.below_any")}</option>
            {HEIGHTS_M.map((m) => (
              <option key={m} value={m} selected={m === filters.belowM}>
                {bareHeightText(m)} {t("height.ellipsoid")}
              </option>
            ))}
          </select>
          <small class="soft">{t("filters.below_text")}</small>
        </label>
        <label class="field">
          <span>{t("filters.existence")}</span>
          <select
            value={String(filters.minExistence)}
            onChange={(event) => set({ minExistence: Number(event.currentTarget.value) })}
          >
            {EXISTENCES.map((p) => (
              <option key={p} value={p} selected={p === filters.minExistence}>
                {formatPercent(p)}
              </option>
            ))}
          </select>
        </label>
        <p aria-live="polite">{t("filters.hidden", { n: trackCounts.value.hidden })}</p>
        <div class="form-end">
          <button type="button" class="act" onClick={() => set(NO_FILTERS)}>
            {t("filters.reset")}
          </button>
          <button type="button" class="act act-first" onClick={onClose}>
            {t("say.close")}
          </button>
        </div>
      </div>
    </Dialog>
  );
}
