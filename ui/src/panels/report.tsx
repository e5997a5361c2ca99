/** The report of a caller, in the order in which one asks; sixty seconds are enough. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { Accepted } from "../model/nouns";
import { nowNs, reports } from "../model/picture";
import { useKey } from "../keys/listen";
import { post } from "../model/server";
import { COMPASS, type Compass } from "../units/quantities";
import { readTypedTime } from "../units/typed-time";
import { t } from "../words/say";
import { Button } from "./parts/button";
import { isUnsure } from "./parts/faults";
import { focusWanted, openPanel } from "./parts/go";
import { durationText, zone } from "./parts/shown";
import { Stale } from "./parts/stale";
import { whyNot } from "./parts/why-not";
import { PlaceField, type Spot } from "./place-field";
import { ReportList } from "./report-list";
import { reportPart } from "./report-part";
import { TimeField } from "./time-field";
import {
  missingOf,
  MOST_CHARACTERS,
  noteOf,
  payloadOf,
  PLACE_ERRORS_M,
  type ReportFields,
  type Sense,
  TIME_ERRORS_S,
} from "./report-payload";
import { ServerError } from "../model/server";
import "./report.css";

interface Draft {
  readonly where: string;
  readonly spot: Spot | null;
  readonly sigmaM: number;
  readonly when: string;
  readonly day: "auto" | "today" | "yesterday";
  readonly sigmaTimeS: number;
  readonly sense: Sense | null;
  readonly firstHand: boolean | null;
  readonly course: Compass | null;
  readonly text: string;
}

const EMPTY: Draft = {
  where: "",
  spot: null,
  sigmaM: 1_000,
  when: "",
  day: "auto",
  sigmaTimeS: 120,
  sense: "heard",
  firstHand: null,
  course: null,
  text: "",
};
/** The draft outlives the panel: whoever looks at the map meanwhile loses nothing. */
let kept: Draft = EMPTY;

type Outcome =
  | { readonly kind: "none" }
  | { readonly kind: "sending" }
  | { readonly kind: "saved"; readonly sequence: number; readonly tookS: number }
  | { readonly kind: "failed"; readonly detail: string; readonly unsure: boolean };

export function ReportPanel() {
  useKey("report", () => {
    reportPart.value = "form";
    openPanel("report");
  });
  useEffect(
    () => () => {
      reportPart.value = "form"; // whoever comes back, comes for a new call
    },
    [],
  );
  const form = reportPart.value === "form";
  return (
    <section class="panel report" aria-label={t("report.title")}>
      <div class="report-parts" role="group" aria-label={t("reports.parts")}>
        <button type="button" class="tab" aria-pressed={form} onClick={() => (reportPart.value = "form")}>
          {t("reports.new")}
        </button>
        <button type="button" class="tab" aria-pressed={!form} onClick={() => (reportPart.value = "list")}>
          {t("reports.title", { n: reports.value.size })}
        </button>
      </div>
      <Stale />
      {form ? <ReportForm /> : <ReportList />}
    </section>
  );
}

function ReportForm() {
  const [draft, setDraft] = useState<Draft>(kept);
  const [outcome, setOutcome] = useState<Outcome>({ kind: "none" });
  const began = useRef(Date.now());
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => focusWanted("report"), []);
  const change = (part: Partial<Draft>): void => {
    if (kept === EMPTY) began.current = Date.now();
    kept = { ...draft, ...part };
    setDraft(kept);
    if (outcome.kind !== "none") setOutcome({ kind: "none" });
  };
  const fields = fieldsOf(draft);
  const refused = whyNot("reports.write");
  const send = async (): Promise<void> => {
    const payload = payloadOf(fieldsOf(draft));
    if (payload === null || refused !== null || outcome.kind === "sending") return;
    setOutcome({ kind: "sending" });
    try {
      const { sequence } = await post<Accepted>("reports", payload);
      setOutcome({ kind: "saved", sequence, tookS: (Date.now() - began.current) / 1000 });
      kept = EMPTY;
      setDraft(EMPTY);
      form.current?.querySelector<HTMLElement>('[data-step="place"]')?.focus();
    } catch (error) {
      const detail = error instanceof ServerError ? error.detail : String(error);
      setOutcome({ kind: "failed", detail, unsure: isUnsure(error) });
    }
  };
  return (
    <>
      <h2 class="unseen">{t("report.title")}</h2>
      <p class="soft">{t("report.text")}</p>
      <form
        ref={form}
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          if (event.ctrlKey || event.metaKey) {
            event.preventDefault();
            void send();
          } else if (event.target instanceof HTMLInputElement) {
            event.preventDefault(); // Enter goes on; it does not send half a report
            goOn(form.current, event.target);
          }
        }}
      >
        <Fields draft={draft} fields={fields} onChange={change} />
        <Ending fields={fields} outcome={outcome} refused={refused} touched={draft !== EMPTY} />
      </form>
    </>
  );
}

function fieldsOf(draft: Draft): ReportFields {
  return {
    latDeg: draft.spot?.latDeg ?? null,
    lonDeg: draft.spot?.lonDeg ?? null,
    sigmaM: draft.sigmaM,
    time: readTypedTime(draft.when, nowNs.value, zone.value, draft.day),
    sigmaTimeS: draft.sigmaTimeS,
    firstHand: draft.firstHand,
    sense: draft.sense,
    course: draft.course,
    text: draft.text,
  };
}

/** The next field of the form takes the focus. */
function goOn(form: HTMLFormElement | null, from: HTMLElement): void {
  const all = [...(form?.querySelectorAll<HTMLElement>("input, textarea, select, button[type=submit]") ?? [])];
  const group = from instanceof HTMLInputElement && from.type === "radio" ? from.name : null;
  const next = all.slice(all.indexOf(from) + 1).find((one) => {
    if (one.tabIndex < 0 || one.hasAttribute("disabled")) return false;
    return group === null || !(one instanceof HTMLInputElement && one.name === group);
  });
  const checked = next instanceof HTMLInputElement && next.type === "radio"
    ? form?.querySelector<HTMLElement>(`input[name="${next.name}"]:checked`)
    : null;
  (checked ?? next)?.focus();
}

interface FieldsProps {
  readonly draft: Draft;
  readonly fields: ReportFields;
  readonly onChange: (part: Partial<Draft>) => void;
}

function Fields({ draft, fields, onChange }: FieldsProps) {
  const left = MOST_CHARACTERS - noteOf(draft).length;
  return (
    <>
      <PlaceField
        typed={draft.where}
        spot={draft.spot}
        onType={(where, spot) => onChange({ where, spot })}
      />
      <Picks
        name="place-error"
        legend={t("report.place_error")}
        options={PLACE_ERRORS_M.map((m) => [m, t(`report.place_error.${m}`)])}
        chosen={draft.sigmaM}
        onChoose={(sigmaM) => onChange({ sigmaM })}
      />
      <TimeField
        typed={draft.when}
        day={draft.day}
        read={fields.time}
        onType={(when) => onChange({ when, day: "auto" })}
        onDay={(day) => onChange({ day })}
      />
      <Picks
        name="time-error"
        legend={t("report.time_error")}
        options={TIME_ERRORS_S.map((s) => [s, t(`report.time_error.${s}`)])}
        chosen={draft.sigmaTimeS}
        onChoose={(sigmaTimeS) => onChange({ sigmaTimeS })}
      />
      <Picks
        name="hand"
        legend={t("report.hand")}
        options={[
          [true, t("report.hand.first")],
          [false, t("report.hand.relayed")],
        ]}
        chosen={draft.firstHand}
        onChoose={(firstHand) => onChange({ firstHand })}
      />
      <Picks
        name="sense"
        legend={t("report.sense")}
        options={(["heard", "seen", "both"] as const).map((one) => [one, t(`report.sense.${one}`)])}
        chosen={draft.sense}
        onChoose={(sense) => onChange({ sense })}
      />
      <label class="field">
        <span>{t("report.course")}</span>
        <select
          value={draft.course ?? ""}
          onChange={(event) => onChange({ course: (event.currentTarget.value || null) as Compass | null })}
        >
          <option value="">{t("report.course_none")}</option>
          {COMPASS.map((one) => (
            <option key={one} value={one} selected={one === draft.course}>
              {t("report.course_to", { compass: t(`compass.${one}`) })}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        <span>
          {t("report.words")} <small>{t("report.privacy")}</small>
        </span>
        <textarea
          rows={2}
          placeholder={t("report.words_hint")}
          value={draft.text}
          onInput={(event) => onChange({ text: event.currentTarget.value })}
        />
        <small class={left < 0 ? "bad" : "soft"}>
          {left < 0 ? t("report.words_over", { n: -left }) : t("report.words_left", { n: left })}
        </small>
      </label>
    </>
  );
}

interface PicksProps<T> {
  readonly name: string;
  readonly legend: string;
  readonly options: readonly (readonly [T, string])[];
  readonly chosen: T | null;
  readonly onChoose: (value: T) => void;
}

function Picks<T extends string | number | boolean>({ name, legend, options, chosen, onChoose }: PicksProps<T>) {
  return (
    <fieldset class="choices-set">
      <legend>{legend}</legend>
      {options.map(([value, word]) => (
        <label key={String(value)} class="pick">
          <input
            type="radio"
            name={name}
            checked={value === chosen}
            onChange={() => onChoose(value)}
          />
          {word}
        </label>
      ))}
    </fieldset>
  );
}

interface EndingProps {
  readonly fields: ReportFields;
  readonly outcome: Outcome;
  readonly refused: string | null;
  readonly touched: boolean;
}

/** What is missing, what came of it, and the button. */
function Ending({ fields, outcome, refused, touched }: EndingProps) {
  const missing = missingOf(fields);
  const list = missing.map((one) => t(`report.missing.${one}`)).join(", ");
  const reason = refused ?? (missing.length > 0 ? t("report.missing", { list }) : null);
  return (
    <div class="report-end">
      <div aria-live="assertive" role="status">
        {outcome.kind === "saved" ? (
          <p class="saved">
            <strong>{t("report.saved", { n: outcome.sequence })}</strong>{" "}
            {t("report.took", { age: durationText(outcome.tookS) })}
          </p>
        ) : null}
        {outcome.kind === "failed" ? (
          <p class="fault">
            {outcome.unsure && outcome.detail.includes("not known")
              ? t("report.failed_unknown")
              : t("report.failed", { detail: outcome.detail })}
          </p>
        ) : null}
      </div>
      <Button
        type="submit"
        class="act act-first"
        reason={outcome.kind === "sending" ? t("say.sending") : reason}
        shown={outcome.kind !== "sending" && (touched || refused !== null)}
      >
        {outcome.kind === "sending" ? t("say.sending") : t("report.send")}
      </Button>
    </div>
  );
}
