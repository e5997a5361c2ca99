/** What the lists of the administration show: rows in order, and lines of the audit in words. */

import { en } from "../words/en";
import { type Key, t, tWord } from "../words/say";
import { type Account, type AuditLine, type OpenLink, type Role, ROLES } from "./accounts-server";

/** An account, or a link that will make one. */
export interface AccountRow {
  readonly name: string;
  readonly roles: readonly string[];
  readonly partner: string;
  readonly account: Account | null; // null: nobody has opened the link yet
  readonly linkEndsNs: number; // 0: no link is open
}

/** Who may come in first, then who waits for nothing but the link, then the disabled; each by name. */
export function accountRows(accounts: readonly Account[], links: readonly OpenLink[]): AccountRow[] {
  const ends = new Map(links.map((link) => [link.name, link.ends_ns]));
  const known = new Set(accounts.map((account) => account.name));
  const rows: AccountRow[] = accounts.map((account) => ({
    name: account.name,
    roles: account.roles,
    partner: account.clearance,
    account,
    linkEndsNs: ends.get(account.name) ?? 0,
  }));
  for (const link of links) {
    if (known.has(link.name)) continue;
    rows.push({ name: link.name, roles: link.roles, partner: link.clearance, account: null, linkEndsNs: link.ends_ns });
  }
  return rows.sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}

function rank(row: AccountRow): number {
  if (row.account === null) return 1;
  return row.account.disabled ? 2 : 0;
}

/** The ways in which an account signs in. */
export function waysOf(account: Account): string {
  const ways: string[] = [];
  if (account.password) ways.push(t("accounts.way.password"));
  if (account.passkeys > 0) ways.push(t("accounts.way.passkeys", { n: account.passkeys }));
  if (account.provider) ways.push(t("accounts.way.provider"));
  return ways.join(", ") || t("accounts.way.none");
}

export const rolesText = (roles: readonly string[]): string => roles.map((role) => tWord("role", role)).join(", ");

/** The roles after one was ticked or not: a partner has no other. */
export function withRole(roles: readonly Role[], role: Role, on: boolean): Role[] {
  const others = roles.filter((one) => one !== role);
  if (!on) return others;
  return role === "partner" ? ["partner"] : [...others.filter((one) => one !== "partner"), role];
}

/** The roles that an account of the own side may have. */
export const OWN_ROLES: readonly Role[] = ROLES.filter((role) => role !== "partner");

/** Why the roles of an account are not changed here; null when they may be. */
export function whyRolesStay(account: Account): string | null {
  if (account.provider) return t("accounts.set_roles.provider");
  return account.roles.includes("partner") ? t("accounts.set_roles.partner") : null;
}

/** What is missing before other roles are given; null when nothing is. */
export function lackOfRoles(had: readonly string[], chosen: readonly Role[]): string | null {
  if (chosen.length === 0) return t("why_not.role");
  const same = chosen.length === had.length && chosen.every((role) => had.includes(role));
  return same ? t("why_not.same_roles") : null;
}

/** What the server takes as the name of an account. */
export const NAME = "[A-Za-z][A-Za-z0-9._\\-]{0,39}";
export const isName = (name: string): boolean => new RegExp(`^${NAME}$`).test(name);

const PLAIN: Readonly<Record<string, Key>> = {
  "one-time link made": "audit.link",
  "account disabled": "audit.disabled",
  "account enabled": "audit.enabled",
  "signed out": "audit.out",
  "proven afresh": "audit.proven",
  "password set": "audit.password",
  "passkey added": "audit.passkey",
};
const ROLES_SAID = /^(account made|roles are now): ?(.*)$/;
const OPENED = /^session opened by (\w+)$/;
const TOKEN = /^token ([0-9a-f]+) (made|revoked)$/;

/** What a line of the audit says was done; what the page does not know stays as the server says it. */
export function auditText(what: string): string {
  const plain = PLAIN[what];
  if (plain !== undefined) return t(plain);
  const roles = ROLES_SAID.exec(what);
  if (roles !== null) {
    const key = roles[1] === "account made" ? "audit.made" : "audit.roles";
    return t(key, { roles: rolesText((roles[2] ?? "").split(" ").filter((one) => one !== "")) || "—" });
  }
  const opened = OPENED.exec(what);
  if (opened !== null && `audit.opened.${opened[1]}` in en) return tWord("audit.opened", opened[1] ?? "");
  const token = TOKEN.exec(what);
  if (token !== null) return t(token[2] === "made" ? "audit.token_made" : "audit.token_revoked", { id: token[1] ?? "" });
  return what;
}

/** Who did it: an account's name, or what stands for whoever holds the state folder. */
export function auditWho(line: AuditLine): string {
  const word = line.who.replaceAll(" ", "_");
  return `audit.who.${word}` in en ? tWord("audit.who", word) : line.who;
}
