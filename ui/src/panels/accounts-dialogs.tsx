/** What an administrator does to accounts and tokens: each asks once, says what follows, then does it. */

import { useState } from "preact/hooks";
import { t } from "../words/say";
import { isName, NAME, rolesText, waysOf } from "./accounts-rows";
import {
  type Account,
  accessFault,
  disableAccount,
  enableAccount,
  makeAccount,
  makeLink,
  makeToken,
  type NewLink,
  revokeToken,
  type Role,
  ROLES,
  type Token,
} from "./accounts-server";
import { LinkOnce, TokenOnce } from "./accounts-once";
import { RoleChoice } from "./accounts-roles";
import { useSending } from "./accounts-sending";
import { type DoneProps, Sure } from "./accounts-sure";
import { say } from "./parts/asking";
import { Button } from "./parts/button";
import { Dialog } from "./parts/dialog";
import { whyNot } from "./parts/why-not";
import { withProof } from "./proving";

export function NewAccountDialog({ partners, onChange, onClose }: DoneProps & { partners: readonly string[] }) {
  const [made, setMade] = useState<NewLink | null>(null);
  return (
    <Dialog wide title={t("accounts.new.title")} onClose={onClose}>
      {made === null ? (
        <NewAccountForm
          partners={partners}
          onCancel={onClose}
          onMade={(link) => {
            setMade(link);
            onChange();
          }}
        />
      ) : (
        <LinkOnce link={made} onClose={onClose} />
      )}
    </Dialog>
  );
}

interface FormProps {
  readonly partners: readonly string[];
  readonly onMade: (link: NewLink) => void;
  readonly onCancel: () => void;
}

function NewAccountForm({ partners, onMade, onCancel }: FormProps) {
  const [name, setName] = useState("");
  const [roles, setRoles] = useState<readonly Role[]>(["operator"]);
  const [code, setCode] = useState(partners[0] ?? "");
  const { sending, fault, send } = useSending(accessFault);
  const partner = roles.includes("partner");
  const refused = whyNot("accounts.write");
  const lack = lackOfAccount(name, roles, partner ? code : null);
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        const form = { name, roles, clearance: partner ? code : "" };
        if (lack === null && refused === null) send(async () => onMade(await withProof(() => makeAccount(form))));
      }}
    >
      <p class="soft">{t("accounts.new.text")}</p>
      <label class="field">
        <span>{t("accounts.new.name")}</span>
        <input
          data-first
          type="text"
          name="account"
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          required
          maxLength={40}
          pattern={NAME}
          aria-describedby="account-name-rules"
          aria-invalid={name !== "" && !isName(name)}
          value={name}
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </label>
      <small id="account-name-rules" class="soft">
        {t("accounts.new.name_rules")}
      </small>
      <RoleChoice offered={ROLES} chosen={roles} onChoose={setRoles} />
      {partner ? <PartnerChoice codes={partners} chosen={code} onChoose={setCode} /> : null}
      {fault}
      {refused === null ? null : <p class="why-not">{refused}</p>}
      <div class="form-end">
        <button type="button" class="act" onClick={onCancel}>
          {t("say.cancel")}
        </button>
        <Button
          type="submit"
          class="act act-first"
          reason={refused ?? (sending ? t("say.sending") : lack)}
          shown={refused === null && !sending}
        >
          {sending ? t("say.sending") : t("accounts.new.send")}
        </Button>
      </div>
    </form>
  );
}

/** What is missing before an account is made; null when nothing is. `code` is null for the own side. */
export function lackOfAccount(name: string, roles: readonly Role[], code: string | null): string | null {
  if (!isName(name)) return t("why_not.name");
  if (roles.length === 0) return t("why_not.role");
  return code === "" ? t("why_not.code") : null;
}

interface PartnerProps {
  readonly codes: readonly string[];
  readonly chosen: string;
  readonly onChoose: (code: string) => void;
}

function PartnerChoice({ codes, chosen, onChoose }: PartnerProps) {
  if (codes.length === 0) return <p class="bad">{t("accounts.new.no_partners")}</p>;
  return (
    <label class="field">
      <span>{t("accounts.new.code")}</span>
      <select name="partner" value={chosen} onChange={(event) => onChoose(event.currentTarget.value)}>
        {codes.map((code) => (
          <option key={code} value={code} selected={code === chosen}>
            {code}
          </option>
        ))}
      </select>
    </label>
  );
}

export function AnotherLinkDialog({ name, onChange, onClose }: DoneProps & { name: string }) {
  const [made, setMade] = useState<NewLink | null>(null);
  const make = async (): Promise<void> => {
    setMade(await withProof(() => makeLink(name)));
    onChange();
  };
  return (
    <Dialog wide title={t("accounts.link.title", { name })} onClose={onClose}>
      {made === null ? (
        <Sure text={[t("accounts.link.text", { name })]} word={t("accounts.new.send")} act={make} onClose={onClose} />
      ) : (
        <LinkOnce link={made} onClose={onClose} />
      )}
    </Dialog>
  );
}

export function DisableDialog({ account, onChange, onClose }: DoneProps & { account: Account }) {
  const { name, sessions } = account;
  const disable = async (): Promise<void> => {
    await withProof(() => disableAccount(name));
    say(t("accounts.disable.done", { name }));
    onChange();
    onClose();
  };
  const first = sessions === 0 ? t("accounts.disable.no_session") : t("accounts.disable.sessions", { n: sessions });
  return (
    <Dialog title={t("accounts.disable.title", { name })} onClose={onClose}>
      <Sure
        text={[first, t("accounts.disable.text", { name })]}
        word={t("accounts.disable")}
        act={disable}
        onClose={onClose}
      />
    </Dialog>
  );
}

export function EnableDialog({ account, onChange, onClose }: DoneProps & { account: Account }) {
  const { name } = account;
  const enable = async (): Promise<void> => {
    await withProof(() => enableAccount(name));
    say(t("accounts.enable.done", { name }));
    onChange();
    onClose();
  };
  const known = account.password || account.passkeys > 0 || account.provider;
  const first = known ? t("accounts.enable.ways", { ways: waysOf(account) }) : t("accounts.enable.no_way");
  const roles = t("accounts.enable.roles", { roles: rolesText(account.roles) });
  return (
    <Dialog title={t("accounts.enable.title", { name })} onClose={onClose}>
      <Sure
        text={[first, roles, t("accounts.enable.text")]}
        word={t("accounts.enable")}
        act={enable}
        onClose={onClose}
      />
    </Dialog>
  );
}

export function NewTokenDialog({ sources, onChange, onClose }: DoneProps & { sources: readonly string[] }) {
  const [source, setSource] = useState(sources[0] ?? "");
  const [made, setMade] = useState<(Token & { secret: string }) | null>(null);
  const make = async (): Promise<void> => {
    setMade(await withProof(() => makeToken(source)));
    onChange();
  };
  return (
    <Dialog title={t("tokens.new.title")} onClose={onClose}>
      {made === null ? (
        <Sure text={[t("tokens.new.text")]} word={t("tokens.new.send")} act={make} onClose={onClose}>
          <label class="field">
            <span>{t("tokens.source")}</span>
            <select data-first name="source" value={source} onChange={(event) => setSource(event.currentTarget.value)}>
              {sources.map((one) => (
                <option key={one} value={one} selected={one === source}>
                  {one}
                </option>
              ))}
            </select>
          </label>
        </Sure>
      ) : (
        <TokenOnce source={made.source} secret={made.secret} onClose={onClose} />
      )}
    </Dialog>
  );
}

export function RevokeDialog({ token, onChange, onClose }: DoneProps & { token: Token }) {
  const { token_id: id, source } = token;
  const revoke = async (): Promise<void> => {
    await withProof(() => revokeToken(id));
    say(t("tokens.revoke.done", { id, source }));
    onChange();
    onClose();
  };
  return (
    <Dialog title={t("tokens.revoke.title", { id })} onClose={onClose}>
      <Sure text={[t("tokens.revoke.text", { source })]} word={t("tokens.revoke")} act={revoke} onClose={onClose} />
    </Dialog>
  );
}
