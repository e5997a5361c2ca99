/** Who is signed in, what that person may do, and the ways to prove it again or to leave. */

import { useState } from "preact/hooks";
import type { Session } from "../model/nouns";
import { nowNs, session } from "../model/picture";
import { en } from "../words/en";
import { t, tWord, type Key } from "../words/say";
import { entered, entryFault, leave, LEAST_CHARACTERS, prove, setPassword } from "./entering";
import { NewPassword, passwordTrouble } from "./new-password";
import { say } from "./parts/asking";
import { Dialog } from "./parts/dialog";
import { timeText } from "./parts/shown";
import { roleText } from "./parts/why-not";
import { passkeyTrouble, provePasskey, registerPasskey } from "./passkeys";

const NAMED = (Object.keys(en) as Key[]).filter((key) => key.startsWith("permission."));

export function AccountDialog({ onClose }: { onClose: () => void }) {
  const who = session.value;
  if (who === null) return null;
  return (
    <Dialog title={t("account.title")} onClose={onClose}>
      <Facts who={who} />
      {who.kind === "person" && !who.demo ? <Proofs who={who} /> : null}
      <div class="form-end">
        <button
          type="button"
          class="act"
          data-first
          onClick={() => {
            onClose();
            void leave();
          }}
        >
          {t("account.sign_out")}
        </button>
        <button type="button" class="act act-first" onClick={onClose}>
          {t("say.close")}
        </button>
      </div>
    </Dialog>
  );
}

function Facts({ who }: { who: Session }) {
  const granted = (key: Key): boolean => who.permissions.includes(key.slice("permission.".length));
  const words = (keys: readonly Key[]): string => keys.map((key) => t(key)).join(", ");
  const not = NAMED.filter((key) => !granted(key));
  return (
    <dl class="facts">
      <dt>{t("account.name")}</dt>
      <dd>{who.name}</dd>
      <dt>{t("account.roles")}</dt>
      <dd>{roleText(who)}</dd>
      <dt>{t("account.kind")}</dt>
      <dd>{tWord("account.kind", who.kind)}</dd>
      <dt>{t("account.clearance")}</dt>
      <dd>{who.clearance === "" ? t("account.clearance_own") : who.clearance}</dd>
      <dt>{t("account.may")}</dt>
      <dd>{words(NAMED.filter(granted)) || "—"}</dd>
      {not.length === 0 ? null : (
        <>
          <dt>{t("account.may_not")}</dt>
          <dd>{words(not)}</dd>
        </>
      )}
    </dl>
  );
}

/** Saying again who one is opens the way to a new password or passkey. */
function Proofs({ who }: { who: Session }) {
  const [fault, setFault] = useState("");
  const until = who.step_up_until_ns ?? 0;
  const fresh = until > nowNs.value && until > Date.now() * 1e6;
  const attempt = async (way: () => Promise<void>, done = ""): Promise<void> => {
    setFault("");
    try {
      await way();
      if (done !== "") say(done);
    } catch (error) {
      setFault(entryFault(error));
    }
  };
  return (
    <div class="part">
      {who.has_credential ? null : <p class="bad">{t("account.credential_none")}</p>}
      {fault === "" ? null : (
        <p class="fault" role="alert">
          {fault}
        </p>
      )}
      {fresh ? (
        <p class="good">{t("account.step_up_until", { time: timeText(until, false) })}</p>
      ) : (
        <StepUp attempt={attempt} />
      )}
      {fresh || !who.has_credential ? <Change attempt={attempt} /> : null}
    </div>
  );
}

type Attempt = (way: () => Promise<void>, done?: string) => Promise<void>;

function StepUp({ attempt }: { attempt: Attempt }) {
  const [password, setTyped] = useState("");
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        void attempt(() => prove({ password }));
      }}
    >
      <h3>{t("account.step_up")}</h3>
      <p class="soft">{t("account.step_up_text")}</p>
      <label class="field">
        <span>{t("account.current")}</span>
        <input
          type="password"
          autocomplete="current-password"
          value={password}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
      </label>
      <div class="form-end">
        {passkeyTrouble(window) === null ? (
          <button
            type="button"
            class="act"
            onClick={() => void attempt(async () => prove({ credential: await provePasskey() }))}
          >
            {t("sign_in.passkey")}
          </button>
        ) : null}
        <button type="submit" class="act" disabled={password === ""}>
          {t("account.step_up_button")}
        </button>
      </div>
    </form>
  );
}

function Change({ attempt }: { attempt: Attempt }) {
  const [password, setTyped] = useState("");
  const [again, setAgain] = useState("");
  const trouble = passwordTrouble(password, again, LEAST_CHARACTERS);
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (trouble === "") void attempt(() => setPassword(password), t("account.password_set"));
      }}
    >
      <h3>{t("account.change_password")}</h3>
      <NewPassword password={password} again={again} onPassword={setTyped} onAgain={setAgain} />
      <div class="form-end">
        {passkeyTrouble(window) === null ? (
          <button
            type="button"
            class="act"
            onClick={() => void attempt(async () => entered(await registerPasskey()), t("account.passkey_added"))}
          >
            {t("account.add_passkey")}
          </button>
        ) : null}
        <button type="submit" class="act" disabled={trouble !== ""} title={trouble || undefined}>
          {t("account.change_password")}
        </button>
      </div>
    </form>
  );
}
