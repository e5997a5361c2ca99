/** Who has access, for administrators: accounts, sensors' tokens, and who changed what. */

import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { session } from "../model/picture";
import { t } from "../words/say";
import { AccountTable } from "./accounts-table";
import { Audit } from "./accounts-audit";
import type { Accounts, Tokens } from "./accounts-server";
import { accessFault } from "./accounts-server";
import { TokenTable } from "./accounts-tokens";
import { type Answer, useAnswer } from "./parts/asking-server";
import { Stale } from "./parts/stale";
import { may } from "./parts/why-not";
import "./accounts.css";

const ASK_AGAIN_MS = 15_000; // others may change access at the same time

export function AccountsPage() {
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (document.activeElement === document.body) title.current?.focus();
  }, []);
  return (
    <section class="panel accounts" aria-label={t("accounts.title")}>
      <h2 ref={title} tabIndex={-1}>
        {t("accounts.title")}
      </h2>
      <Stale />
      {may("accounts.read") ? <Lists /> : <p class="empty">{t("accounts.not_yours")}</p>}
    </section>
  );
}

function Lists() {
  const [revision, change] = useRevision();
  const accounts = useAnswer<Accounts>("accounts", revision);
  const tokens = useAnswer<Tokens>("tokens", revision);
  return (
    <>
      {session.value?.demo ? <p class="soft">{t("accounts.demo")}</p> : null}
      <Told answer={accounts} show={(told) => <AccountTable told={told} onChange={change} />} />
      <Told answer={tokens} show={(told) => <TokenTable told={told} onChange={change} />} />
      <Audit revision={revision} />
    </>
  );
}

/** A list once it is told; what went wrong with asking stands above what was told before. */
function Told<T>({ answer, show }: { answer: Answer<T>; show: (told: T) => VNode }) {
  const { value, error } = answer;
  return (
    <>
      {error === null ? null : (
        <p class="fault" role="alert">
          {accessFault(error)}
        </p>
      )}
      {value === null ? error === null ? <p class="soft">{t("say.loading")}</p> : null : show(value)}
    </>
  );
}

/** A number that grows after each change, and now and then: the lists are asked anew with it. */
function useRevision(): readonly [number, () => void] {
  const [revision, setRevision] = useState(0);
  const next = (): void => setRevision((n) => n + 1);
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) next();
    }, ASK_AGAIN_MS);
    return () => clearInterval(timer);
  }, []);
  return [revision, next];
}
