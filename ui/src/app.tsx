/** What lies where: the header, the map, the alarms, and the open panel beside it. */

import type { ComponentType } from "preact";
import { Map } from "./map/map";
import { link, replay, session, view } from "./model/picture";
import type { Panel } from "./model/view";
import { AccountsPage } from "./panels/accounts";
import { AlarmPanel } from "./panels/alarms";
import { beginningOf } from "./panels/entering";
import { FirstStart } from "./panels/first-start";
import { Header } from "./panels/header";
import { IncidentPanel } from "./panels/incident";
import { KeysHelp } from "./panels/keys-help";
import { ReplayBar } from "./panels/replay";
import { ReportPanel } from "./panels/report";
import { Sensors } from "./panels/sensors";
import { SignIn } from "./panels/sign-in";
import { TrackDetail } from "./panels/track";
import { TrackTable } from "./panels/tracks";
import { Wall } from "./panels/wall";
import { t } from "./words/say";

/** Panels beside the alarms, which are always there. */
const PANELS: Readonly<Record<Exclude<Panel, "alarms">, ComponentType>> = {
  track: TrackDetail,
  tracks: TrackTable,
  sensors: Sensors,
  incident: IncidentPanel,
  report: ReportPanel,
  wall: Wall,
  replay: ReplayBar,
  keys: KeysHelp,
  accounts: AccountsPage,
};

export function App() {
  if (link.value.state === "signed_out") return <Framed with={SignIn} />;
  if (beginningOf(session.value) !== null) return <Framed with={FirstStart} />;
  return <Picture />;
}

/** A form alone: whoever is not known sees nothing of the picture. */
function Framed({ with: Form }: { with: ComponentType }) {
  return (
    <div class="page page-form">
      <Header />
      <Form />
    </div>
  );
}

function Picture() {
  const { panel } = view.value;
  const Open = panel === "alarms" ? null : PANELS[panel];
  const past = replay.value !== null && panel !== "replay";
  return (
    <div class="page" data-panel={panel} data-past={replay.value !== null || undefined}>
      <a class="skip" href="#alarms" onClick={skipToAlarms}>
        {t("app.skip")}
      </a>
      <Header />
      <main class="picture">
        <div class="picture-map">
          <Map />
          {past ? <ReplayBar /> : null}
        </div>
        <div class="rail">
          {Open === null ? null : (
            <div class="rail-panel">
              <Open />
            </div>
          )}
          <div class="rail-alarms" id="alarms" tabIndex={-1}>
            <AlarmPanel />
          </div>
        </div>
      </main>
    </div>
  );
}

/** The address holds the view, so that a link within the page must not change it. */
function skipToAlarms(event: Event): void {
  event.preventDefault();
  view.value = { ...view.peek(), panel: "alarms" };
  requestAnimationFrame(() => document.getElementById("alarms")?.focus());
}
