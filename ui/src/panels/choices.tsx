/** Language, brightness, units, filters, and who is signed in. */

import { session, view } from "../model/picture";
import { PROFILES, type Profile, THEMES, type Theme } from "../model/view";
import { trackCounts } from "../model/filters";
import { useKey } from "../keys/listen";
import { LANGUAGES, OFFERED } from "../words/languages";
import { language, t } from "../words/say";
import { opened } from "./parts/asking";
import { Dialog } from "./parts/dialog";
import { setLanguage, setProfile, setTheme } from "./parts/go";
import { roleText } from "./parts/why-not";

export function Choices() {
  return (
    <div class="choices">
      <span class="choices-wide">
        <LookChoices />
      </span>
      <button
        type="button"
        class="choice choices-narrow"
        onClick={() => {
          opened.value = { kind: "looks" };
        }}
      >
        {t("choose.looks")}
      </button>
      {session.value === null ? null : <FilterButton />}
      <Person />
    </div>
  );
}

/** Units, brightness and language: in the head where there is room, else in a dialog. */
export function LookChoices() {
  return (
    <>
      <Choice
        label={t("choose.profile")}
        value={view.value.profile}
        options={PROFILES.map((one) => [one, t(`profile.${one}`)])}
        onChoose={(value) => setProfile(value as Profile)}
      />
      <Choice
        label={t("choose.theme")}
        value={view.value.theme}
        options={THEMES.map((one) => [one, t(`theme.${one}`)])}
        onChoose={(value) => setTheme(value as Theme)}
      />
      <Choice
        label={t("choose.language")}
        value={language.value}
        options={OFFERED.map((code) => [code, LANGUAGES[code].name])}
        onChoose={setLanguage}
      />
    </>
  );
}

export function LooksDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={t("choose.looks")} onClose={onClose}>
      <div class="looks">
        <LookChoices />
      </div>
      <div class="form-end">
        <button type="button" class="act act-first" data-first onClick={onClose}>
          {t("say.close")}
        </button>
      </div>
    </Dialog>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [string, string])[];
  readonly onChoose: (value: string) => void;
}

function Choice({ label, value, options, onChoose }: ChoiceProps) {
  return (
    <select
      class="choice"
      aria-label={label}
      title={label}
      value={value}
      onChange={(event) => onChoose(event.currentTarget.value)}
    >
      {options.map(([code, name]) => (
        <option key={code} value={code} selected={code === value}>
          {name}
        </option>
      ))}
    </select>
  );
}

function FilterButton() {
  const open = (): void => {
    opened.value = { kind: "filters" };
  };
  useKey("filters", () => void open());
  const hidden = trackCounts.value.hidden;
  return (
    <button type="button" class={hidden > 0 ? "choice choice-on" : "choice"} onClick={open}>
      {hidden > 0 ? `${t("filters.on")}: ${t("filters.hidden", { n: hidden })}` : t("filters.title")}
    </button>
  );
}

function Person() {
  const who = session.value;
  if (who === null) return <span class="person">{t("person.nobody")}</span>;
  const role = who.demo ? t("role.demo") : roleText(who);
  return (
    <button
      type="button"
      class="choice person"
      title={t("person.account")}
      onClick={() => {
        opened.value = { kind: "account" };
      }}
    >
      <span class="unseen">{t("person.account")}: </span>
      {who.name} <small>{role}</small>
    </button>
  );
}
