/** Who is signed in, what that person may do, and the ways to prove it again or to leave. */

import { useState } from "preact/hooks";
import type { Session } from "../model/nouns";
import { session } from "../model/picture";
import { en } from "../words/en";
import { t, tWord, type Key } from "../words/say";
import { ProofForm } from "./accounts-proof";
import { useSending } from "./accounts-sending";
import { entered, entryFault, leave, LEAST_CHARACTERS, setPassword } from "./entering";
import { NewPassword, passwordTrouble } from "./new-password";
import { say } from "./parts/asking";
import { Button } from "./parts/button";
import { Dialog } from "./parts/dialog";
import { openPanel } from "./parts/go";
import { timeText } from "./parts/shown";
import { may, roleText } from "./parts/why-not";
import { passkeyTrouble, registerPasskey } from "./passkeys";

const NAMED = (Object.keys(en) as Key[]).filter((key) => key.startsWith("permission."));

export function AccountDialog({ onClose }: { onClose: () => void }) {
  const who = session.value;
  if (who === null) return null;
  return (
    <Dialog title={t("account.title")} onClose={onClose}>
      {may("accounts.read") ? (
        <div class="acts account-ways">
          <button
            type="button"
            class="act"
            data-first
            title={t("accounts.open_key")}
            onClick={() => {
              onClose();
              openPanel("accounts");
            }}
          >
            {t("accounts.open")}
          </button>
        </div>
      ) : null}
      <Facts who={who} />
      {who.kind === "person" ? <Proofs who={who} /> : null}
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

/** Saying again who one is opens the way to a new password or passkey; so does a fresh link. */
function Proofs({ who }: { who: Session }) {
  const nowNs = Date.now() * 1e6;
  const proven = (who.step_up_until_ns ?? 0) > nowNs;
  const byLink = (who.link_until_ns ?? 0) > nowNs;
  return (
    <div class="part">
      {who.has_credential ? null : <p class="bad">{t("account.credential_none")}</p>}
      {proven ? (
        <p class="good">{t("account.step_up_until", { time: timeText(who.step_up_until_ns, false) })}</p>
      ) : null}
      {!proven && byLink ? (
        <p class="good">{t("account.link_until", { time: timeText(who.link_until_ns, false) })}</p>
      ) : null}
      {proven || byLink || !who.has_credential ? <Change /> : <Again />}
    </div>
  );
}

function Again() {
  return (
    <>
      <h3>{t("account.step_up")}</h3>
      <ProofForm text={t("account.step_up_text")} onProven={() => undefined} />
    </>
  );
}

function Change() {
  const { sending, fault, send } = useSending(entryFault);
  const [password, setTyped] = useState("");
  const [again, setAgain] = useState("");
  const trouble = passwordTrouble(password, again, LEAST_CHARACTERS);
  const attempt = (way: () => Promise<void>, done: string): void =>
    send(async () => {
      await way();
      say(done);
    });
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (trouble === "") attempt(() => setPassword(password), t("account.password_set"));
      }}
    >
      <h3>{t("account.change_password")}</h3>
      <NewPassword password={password} again={again} onPassword={setTyped} onAgain={setAgain} />
      {fault}
      <div class="form-end">
        {passkeyTrouble(window) === null ? (
          <Button
            reason={sending ? t("say.sending") : null}
            onPress={() => attempt(async () => entered(await registerPasskey()), t("account.passkey_added"))}
          >
            {t("account.add_passkey")}
          </Button>
        ) : null}
        <Button type="submit" reason={sending ? t("say.sending") : trouble || null}>
          {sending ? t("say.sending") : t("account.change_password")}
        </Button>
      </div>
    </form>
  );
}
