/** The panels, side by side; the open one is marked. */

import { alarms, incidents, objects, sensors, view } from "../model/picture";
import { type Panel, TABS } from "../model/view";
import { nextTab } from "../keys/roving";
import { SHORTCUTS } from "../keys/shortcuts";
import { t } from "../words/say";
import { countOpen } from "./alarm-rows";
import { openPanel } from "./parts/go";
import { countSensors } from "./sensor-rows";

const KEYS: Readonly<Partial<Record<Panel, string>>> = {
  alarms: "alarms",
  tracks: "tracks",
  sensors: "sensors",
  incident: "incidents",
  report: "report",
  wall: "wall",
  replay: "replay",
  keys: "help",
};

export function Tabs() {
  const open = view.value.panel;
  return (
    <nav class="tabs" aria-label={t("app.tabs")}>
      {TABS.map((panel) => (
        <button
          key={panel}
          type="button"
          class="tab"
          data-panel={panel}
          aria-current={panel === open ? "page" : undefined}
          title={keyHint(panel)}
          onClick={() => openPanel(panel)}
          onKeyDown={(event) => {
            const to = nextTab(event.key, TABS.indexOf(panel), TABS.length);
            const next = to === null ? undefined : TABS[to];
            if (next === undefined) return;
            event.preventDefault();
            event.currentTarget.parentElement?.querySelector<HTMLElement>(`[data-panel="${next}"]`)?.focus();
          }}
        >
          {t(`tab.${panel}`)}
          <Badge panel={panel} />
        </button>
      ))}
    </nav>
  );
}

function keyHint(panel: (typeof TABS)[number]): string {
  const shortcut = SHORTCUTS.find((one) => one.action === KEYS[panel]);
  return shortcut === undefined ? t(`tab.${panel}`) : `${t(`tab.${panel}`)} (${shortcut.key.toUpperCase()})`;
}

/** What waits behind a tab: only what a person has to look at, so that no badge is the rule. */
function Badge({ panel }: { panel: Panel }) {
  const count = waiting(panel);
  return count === 0 ? null : <span class="tab-badge">{count}</span>;
}

function waiting(panel: Panel): number {
  if (panel === "alarms") return countOpen(alarms.value.values()).waiting;
  if (panel === "sensors") return countSensors(sensors.value.values()).blind;
  if (panel === "wall") return [...objects.value.values()].filter((one) => one.owner === "").length;
  if (panel !== "incident") return 0;
  return [...incidents.value.values()].filter((one) => one.state === "open" && !one.owner).length;
}
