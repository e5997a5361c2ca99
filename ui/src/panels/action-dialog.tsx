/** One dialog for everything that an operator does: what it means, why, until when, and the answer. */

import { useState } from "preact/hooks";
import type { Action, Outcome } from "../model/nouns";
import { nowNs } from "../model/picture";
import { act } from "../model/server";
import { NS_PER_MIN } from "../units/times";
import { t } from "../words/say";
import {
  DECIDE_MINUTES,
  fieldsOf,
  HAS_COMMENT,
  lackOf,
  NEEDS_COMMENT,
  NEEDS_UNTIL,
  OUTCOMES,
  SHELVE_MINUTES,
} from "./action-fields";
import { type Asked, asked as askedNow, say } from "./parts/asking";
import { Button } from "./parts/button";
import { Dialog } from "./parts/dialog";
import { faultText } from "./parts/faults";
import { bothTimes } from "./parts/shown";
import { whyNot } from "./parts/why-not";

const LONGEST_COMMENT = 500;

export function ActionDialog({ asked }: { asked: Asked }) {
  const { action } = asked;
  const [comment, setComment] = useState("");
  const [minutes, setMinutes] = useState(action === "decide" ? 15 : 30);
  const [outcome, setOutcome] = useState<Outcome | null>(asked.outcome ?? null);
  const [sending, setSending] = useState(false);
  const [fault, setFault] = useState("");
  const close = (): void => {
    askedNow.value = null;
  };
  const refused = whyNot(`actions.${action}`);
  const given = { comment, minutes, outcome };
  const lack = lackOf(action, given);
  const fields = fieldsOf(action, given, nowNs.value);
  const send = async (): Promise<void> => {
    if (fields === null || refused !== null || sending) return;
    setSending(true);
    setFault("");
    try {
      let last = 0;
      for (const subject of asked.subjects) last = (await act(action, subject, fields)).sequence;
      say(t("act.done", { n: last }));
      close();
    } catch (error) {
      setFault(faultText(error)); // what was typed stays
    } finally {
      setSending(false);
    }
  };
  return (
    <Dialog title={t(`act.${action}.title`)} onClose={close}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <p class="about">{asked.about}</p>
        <p class="soft">{t(`act.${action}.text`)}</p>
        {action === "declare" ? <OutcomeChoice chosen={outcome} onChoose={setOutcome} /> : null}
        {HAS_COMMENT.has(action) ? <CommentField action={action} value={comment} onType={setComment} /> : null}
        {NEEDS_UNTIL.has(action) ? <UntilChoice action={action} minutes={minutes} onChoose={setMinutes} /> : null}
        {fault === "" ? null : (
          <p class="fault" role="alert">
            {fault}
          </p>
        )}
        {refused === null ? null : <p class="why-not">{refused}</p>}
        <div class="form-end">
          <button type="button" class="act" onClick={close}>
            {t("say.cancel")}
          </button>
          <Button
            type="submit"
            class="act act-first"
            reason={refused ?? (sending ? t("say.sending") : lack === null ? null : t(lack))}
            shown={refused === null && !sending}
          >
            {sending ? t("say.sending") : t(`act.${action}`)}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface CommentProps {
  readonly action: Action;
  readonly value: string;
  readonly onType: (text: string) => void;
}

function CommentField({ action, value, onType }: CommentProps) {
  const needed = NEEDS_COMMENT.has(action);
  const word =
    action === "decide" ? t("act.decide.what") : needed ? t("say.reason") : t("say.comment");
  return (
    <label class="field">
      <span>
        {word} <small>({t(needed ? "say.needed" : "say.optional")})</small>
      </span>
      <input
        data-first
        type="text"
        name="comment"
        autocomplete="off"
        maxLength={LONGEST_COMMENT}
        required={needed}
        value={value}
        onInput={(event) => onType(event.currentTarget.value)}
      />
    </label>
  );
}

interface UntilProps {
  readonly action: Action;
  readonly minutes: number;
  readonly onChoose: (minutes: number) => void;
}

function UntilChoice({ action, minutes, onChoose }: UntilProps) {
  const offered: readonly number[] = action === "decide" ? DECIDE_MINUTES : SHELVE_MINUTES;
  return (
    <fieldset class="choices-set">
      <legend>{t(action === "decide" ? "act.decide.next" : "act.shelve.for")}</legend>
      {offered.map((one) => (
        <label key={one} class="pick">
          <input type="radio" name="until" checked={one === minutes} onChange={() => onChoose(one)} />
          {one % 60 === 0 ? t("act.hours", { n: one / 60 }) : t("act.minutes", { n: one })}
        </label>
      ))}
      <p class="soft">
        {t("act.shelve.until")} {bothTimes(nowNs.value + minutes * NS_PER_MIN, false)}
      </p>
    </fieldset>
  );
}

interface OutcomeProps {
  readonly chosen: Outcome | null;
  readonly onChoose: (outcome: Outcome) => void;
}

function OutcomeChoice({ chosen, onChoose }: OutcomeProps) {
  return (
    <fieldset class="choices-set">
      <legend>{t("act.declare.outcome")}</legend>
      {OUTCOMES.map((one) => (
        <label key={one} class="pick">
          <input type="radio" name="outcome" checked={one === chosen} onChange={() => onChoose(one)} />
          {t(`outcome.${one}`)}
        </label>
      ))}
    </fieldset>
  );
}
