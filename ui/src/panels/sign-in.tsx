/** Signing in: password, passkey, or the organisation's own way where one is set up. */

import { useEffect, useState } from "preact/hooks";
import { t } from "../words/say";
import { useSending } from "./accounts-sending";
import { enter, entered, entryFault, hasEnded, type Ways, waysIn } from "./entering";
import { enterByPasskey, passkeyTrouble } from "./passkeys";
import { Button } from "./parts/button";
import "./access.css";

export function SignIn() {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [shown, setShown] = useState(false);
  const { sending: busy, fault, send } = useSending(entryFault);
  const [ways, setWays] = useState<Ways>({ oidc: false });
  useEffect(() => {
    void waysIn().then(setWays);
  }, []);
  return (
    <main class="access" aria-label={t("sign_in.title")}>
      <form
        class="form access-form"
        onSubmit={(event) => {
          event.preventDefault();
          send(() => enter(name, password));
        }}
      >
        <h2>{t("sign_in.title")}</h2>
        {hasEnded() ? <p class="stale">{t("sign_in.ended")}</p> : null}
        <label class="field">
          <span>{t("sign_in.name")}</span>
          <input
            type="text"
            name="name"
            autocomplete="username"
            required
            autofocus
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        </label>
        <label class="field">
          <span>{t("sign_in.password")}</span>
          <input
            {...(shown ? { type: "text" as const } : { type: "password" as const })}
            name="password"
            autocomplete="current-password"
            required
            value={password}
            onInput={(event) => setPassword(event.currentTarget.value)}
          />
        </label>
        <label class="pick">
          <input type="checkbox" checked={shown} onChange={(event) => setShown(event.currentTarget.checked)} />
          {t("sign_in.show")}
        </label>
        {fault}
        <Button type="submit" class="act act-first" reason={busy ? t("say.sending") : null}>
          {busy ? t("say.sending") : t("sign_in.send")}
        </Button>
        <PasskeyButton busy={busy} onPress={() => send(async () => entered(await enterByPasskey()))} />
        {ways.oidc ? (
          <a class="act" href="/api/v1/session/oidc/start">
            {t("sign_in.oidc")}
          </a>
        ) : null}
        <p class="soft">{t("sign_in.link")}</p>
      </form>
    </main>
  );
}

function PasskeyButton({ busy, onPress }: { busy: boolean; onPress: () => void }) {
  const trouble = passkeyTrouble(window);
  if (trouble === "number") return <p class="soft">{t("sign_in.passkey_number")}</p>;
  if (trouble === "browser") return <p class="soft">{t("sign_in.no_passkey")}</p>;
  return (
    <Button reason={busy ? t("say.sending") : null} onPress={onPress}>
      {t("sign_in.passkey")}
    </Button>
  );
}
