/** What the administration is asked and told, and what it answers. */

import { type Key, t } from "../words/say";
import { get, post, remove, ServerError } from "../model/server";
import { PasskeyGivenUp } from "./passkeys";
import { ProofGivenUp } from "./proving";

export const ROLES = ["viewer", "operator", "supervisor", "search_leader", "planner", "admin", "partner"] as const;
export type Role = (typeof ROLES)[number];

export interface Account {
  readonly name: string;
  readonly roles: readonly string[];
  readonly clearance: string; // "" for the own side, else the partner's code
  readonly created_ns: number;
  readonly disabled: boolean;
  readonly password: boolean;
  readonly passkeys: number;
  readonly provider: boolean;
  readonly last_sign_in_ns: number; // 0 never
  readonly sessions: number;
}

/** A one-time link that nobody has used yet. */
export interface OpenLink {
  readonly name: string;
  readonly roles: readonly string[]; // empty if the account is there
  readonly clearance: string;
  readonly ends_ns: number;
}

export interface Accounts {
  readonly items: readonly Account[];
  readonly links: readonly OpenLink[];
  readonly partners: readonly string[];
}

export interface NewLink {
  readonly name: string;
  readonly path: string;
  readonly ends_ns: number;
}

export interface Token {
  readonly token_id: string;
  readonly source: string;
  readonly created_ns: number;
  readonly used_ns: number; // 0 never
}

export interface Tokens {
  readonly items: readonly Token[];
  readonly sources: readonly string[];
}

export interface AuditLine {
  readonly time_ns: number;
  readonly who: string;
  readonly what: string;
  readonly whom: string;
}

export interface AuditPage {
  readonly items: readonly AuditLine[];
  readonly total: number;
  readonly next: string | null;
}

export const AUDIT_LINES = 25; // of a page of it

export const firstAudit = (): Promise<AuditPage> => get<AuditPage>(`audit?limit=${AUDIT_LINES}`);
export const olderAudit = (from: number): Promise<AuditPage> =>
  get<AuditPage>(`audit?limit=${AUDIT_LINES}&offset=${from}`);

export interface NewAccount {
  readonly name: string;
  readonly roles: readonly Role[];
  readonly clearance: string;
}

export const makeAccount = (form: NewAccount): Promise<NewLink> => post<NewLink>("accounts", form);
export const makeLink = (name: string): Promise<NewLink> => post<NewLink>(`accounts/${encodeURIComponent(name)}/link`, {});
export const disableAccount = (name: string): Promise<Account> =>
  post<Account>(`accounts/${encodeURIComponent(name)}/disable`, {});
export const enableAccount = (name: string): Promise<Account> =>
  post<Account>(`accounts/${encodeURIComponent(name)}/enable`, {});
export const setRoles = (name: string, roles: readonly Role[]): Promise<Account> =>
  post<Account>(`accounts/${encodeURIComponent(name)}/roles`, { roles });
export const makeToken = (source: string): Promise<Token & { secret: string }> => post("tokens", { source });
export const revokeToken = (id: string): Promise<unknown> => remove(`tokens/${encodeURIComponent(id)}`);

/** What the server says of a conflict, and how the page says it. */
const CONFLICTS: readonly (readonly [RegExp, Key])[] = [
  [/^There is an account .* already/, "fault.taken"],
  [/is the last administrator/, "fault.last_admin"],
  [/^Nobody disables the account in use/, "accounts.disable.self"],
  [/^The account .* is disabled/, "fault.is_disabled"],
  [/^The account .* is not disabled/, "fault.not_disabled"],
  [/^The account .* gets its roles from the identity provider/, "accounts.set_roles.provider"],
  [/^A partner has that one role/, "accounts.set_roles.partner"],
];

/** What went wrong, in the words of whoever administers. */
export function accessFault(error: unknown): string {
  if (error instanceof ProofGivenUp) return t("fault.no_proof");
  if (error instanceof PasskeyGivenUp) return t("sign_in.passkey_given_up");
  if (!(error instanceof ServerError)) return t("say.failed", { detail: String(error) });
  if (error.status === 0) return t(error.reason === "unsent" ? "fault.unsent" : "fault.unreached");
  if (error.reason === "proof") return t("fault.wrong_proof");
  if (error.status === 403) return t("fault.forbidden");
  if (error.status === 404) return t("fault.gone");
  if (error.status === 429) return t("fault.often", { n: Math.max(1, error.retryS) });
  if (error.status === 503) return t("fault.busy");
  const known = error.status === 409 ? CONFLICTS.find(([said]) => said.test(error.detail)) : undefined;
  return known === undefined ? t("say.failed", { detail: error.detail }) : t(known[1]);
}
