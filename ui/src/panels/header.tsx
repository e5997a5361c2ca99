/** The head of the page: what this is, what time it is, whether it is now, what is open, who reads. */

import { useEffect } from "preact/hooks";
import { liveAlarms, link, nowNs, replay, session, system } from "../model/picture";
import { listen, useKey } from "../keys/listen";
import { isTyping } from "../keys/shortcuts";
import { startSound } from "../sound/sound";
import { isTime } from "../units/times";
import { language, t } from "../words/say";
import { AlarmNews } from "./alarm-news";
import { countOpen } from "./alarm-rows";
import { Choices } from "./choices";
import { Clocks } from "./clocks";
import { Dialogs } from "./dialogs";
import { Modes } from "./modes";
import { nextTheme, openPanel } from "./parts/go";
import { LevelShape } from "./parts/level";
import { durationText, timeText } from "./parts/shown";
import { useSeconds } from "./parts/seconds";
import { SoundState } from "./sound-state";
import { Tabs } from "./tabs";
import type { Panel } from "../model/view";
import type { KeyAction } from "../keys/shortcuts";
import "./palette.css";
import "./parts/parts.css";
import "./parts/dialog.css";
import "./header.css";

const GO: readonly (readonly [KeyAction, Panel])[] = [
  ["tracks", "tracks"],
  ["sensors", "sensors"],
  ["incidents", "incident"],
  ["report", "report"],
  ["wall", "wall"],
  ["replay", "replay"],
  ["help", "keys"],
];

export function Header() {
  useEffect(() => listen(window), []);
  useEffect(() => startSound(window), []);
  useEffect(() => {
    document.documentElement.lang = language.value;
  }, [language.value]);
  useEffect(() => {
    document.documentElement.dataset.link = link.value.state; // so that old things look old
  }, [link.value.state]);
  useEffect(() => {
    document.title = titleText();
  });
  useKey("close", leaveField);
  for (const [action, panel] of GO) useKey(action, () => void openPanel(panel));
  useKey("theme", () => void nextTheme());
  return (
    <header class="head" data-link={link.value.state}>
      <Modes />
      <div class="head-bar">
        <Name />
        <Clocks />
        <LinkState />
        {system.value === null ? null : <OpenCounts />}
        <SoundState />
      </div>
      <div class="head-row">
        {session.value === null ? null : <Tabs />}
        <Choices />
      </div>
      <AlarmNews />
      <Dialogs />
    </header>
  );
}

/** Escape leaves the field that is typed in, then the panel, and then there are the alarms. */
function leaveField(): void {
  const focused = document.activeElement;
  if (focused instanceof HTMLElement && isTyping(focused as HTMLInputElement)) focused.blur();
  else openPanel("alarms");
}

function Name() {
  const name = system.value?.name ?? "";
  return (
    <h1 class="head-name">
      {t("app.name")}
      {name === "" || name === t("app.name") ? null : <small title={name}>{name}</small>}
    </h1>
  );
}

function LinkState() {
  const { state } = link.value;
  const said = system.value;
  const unwell = state === "live" && said !== null && !said.well;
  return (
    <div class="head-link" role="status" aria-live="polite">
      <strong class={`link-word link-${state}`} title={linkText()}>
        {linkWord()}
      </strong>
      {state === "lost" ? <FrozenAge /> : null}
      {unwell ? (
        <strong class="link-word link-unwell" title={said.text}>
          {t("link.unwell")}
        </strong>
      ) : null}
      {state === "live" && said !== null && said.behind > 1000 ? (
        <span class="link-behind">{t("link.behind", { n: said.behind })}</span>
      ) : null}
    </div>
  );
}

function linkWord(): string {
  const { state, frozenAtNs } = link.value;
  if (state !== "lost") return t(`link.${state}`);
  return isTime(frozenAtNs) ? t("link.lost", { time: timeText(frozenAtNs) }) : t("link.lost_never");
}

function linkText(): string {
  const { state, frozenAtNs, sinceMs } = link.value;
  if (state !== "lost") return t(`link.${state}.text`);
  if (!isTime(frozenAtNs)) return t("link.lost_never.text");
  const age = durationText((Date.now() - sinceMs) / 1000);
  return t("link.lost.text", { age, time: timeText(frozenAtNs) });
}

function FrozenAge() {
  useSeconds();
  const s = (Date.now() - link.value.sinceMs) / 1000;
  return <span class="link-age">{t("say.ago", { age: durationText(s) })}</span>;
}

function OpenCounts() {
  const counts = countOpen(liveAlarms.value.values());
  const none = counts.warning + counts.caution + counts.advisory === 0;
  return (
    <button
      type="button"
      class="head-counts"
      title={none ? t("counts.none") : t("counts.waiting.text", { n: counts.waiting })}
      onClick={() => openPanel("alarms")}
    >
      <span class="unseen">{t("counts.label")}: </span>
      {none ? <span class="head-counts-none">{t("counts.none")}</span> : null}
      {(["warning", "caution", "advisory"] as const).map((level) =>
        counts[level] === 0 ? null : (
          <span key={level} class={`count count-${level}`}>
            <LevelShape level={level} />
            <span aria-hidden="true">{counts[level]}</span>
            <span class="unseen">{t(`counts.${level}`, { n: counts[level] })} </span>
          </span>
        ),
      )}
      {counts.waiting > 0 ? (
        <span class="count-waiting">{t("counts.waiting", { n: counts.waiting })}</span>
      ) : null}
    </button>
  );
}

/** What the browser's tab says, so that a hidden page still tells. */
function titleText(): string {
  const counts = countOpen(liveAlarms.value.values());
  const name = t("app.name");
  if (link.value.state === "lost") return `${linkWord()} · ${name}`;
  const waiting = counts.waiting > 0 ? `(${counts.waiting}) ` : "";
  const past = replay.value === null ? "" : `${t("replay.banner")} · `;
  const time = isTime(nowNs.value) ? ` · ${timeText(nowNs.value, false)}` : "";
  return `${waiting}${past}${name}${time}`;
}
