/** Saying again who one is: by password, passkey, or where an identity provider is set up, there. */

import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { session } from "../model/picture";
import { t } from "../words/say";
import { accessFault } from "./accounts-server";
import { prove, type Ways, waysIn } from "./entering";
import { Button } from "./parts/button";
import { Dialog } from "./parts/dialog";
import { passkeyTrouble, provePasskey } from "./passkeys";
import { proofAsked } from "./proving";
import { useSending } from "./accounts-sending";

/** The question that an act waits for; the act goes on by itself when it is answered. */
export function ProofDialog() {
  const asked = proofAsked.value;
  const signedOut = session.value === null;
  useEffect(() => {
    if (signedOut) asked?.givenUp();
  }, [signedOut]);
  if (asked === null || signedOut) return null;
  return (
    <Dialog title={t("proof.title")} onClose={asked.givenUp}>
      <ProofForm text={t("proof.text")} onProven={asked.given}>
        <button type="button" class="act" onClick={asked.givenUp}>
          {t("say.cancel")}
        </button>
      </ProofForm>
    </Dialog>
  );
}

interface ProofFormProps {
  readonly text: string;
  readonly onProven: () => void;
  readonly children?: ComponentChildren;
}

export function ProofForm({ text, onProven, children }: ProofFormProps) {
  const [password, setPassword] = useState("");
  const [ways, setWays] = useState<Ways>({ oidc: false });
  const { sending, fault, send } = useSending(accessFault);
  useEffect(() => {
    void waysIn().then(setWays);
  }, []);
  const lack = password === "" ? t("why_not.password") : null;
  const attempt = (way: () => Promise<void>): void =>
    send(async () => {
      await way();
      onProven();
    });
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (lack === null) attempt(() => prove({ password }));
      }}
    >
      <p class="soft">{text}</p>
      <label class="field">
        <span>{t("account.current")}</span>
        <input
          data-first
          type="password"
          name="password"
          autocomplete="current-password"
          value={password}
          onInput={(event) => setPassword(event.currentTarget.value)}
        />
      </label>
      {fault}
      <div class="form-end">
        {children}
        {passkeyTrouble(window) === null ? (
          <Button
            reason={sending ? t("say.sending") : null}
            onPress={() => attempt(async () => prove({ credential: await provePasskey() }))}
          >
            {t("proof.passkey")}
          </Button>
        ) : null}
        <Button type="submit" class="act act-first" reason={sending ? t("say.sending") : lack}>
          {sending ? t("say.sending") : t("account.step_up_button")}
        </Button>
      </div>
      {ways.oidc ? (
        <a class="link" href="/api/v1/session/oidc/start">
          {t("proof.oidc")}
        </a>
      ) : null}
    </form>
  );
}
