/** Entering and leaving: what the session routes are asked, and what the page does after. */

import { signal } from "@preact/signals";
import { mustBegin } from "../model/beginning";
import type { Session } from "../model/nouns";
import { link, session, system } from "../model/picture";
import { getUnlinked, postUnlinked, ServerError } from "../model/server";
import { reconnect, signedOut } from "../stream/link";
import { t } from "../words/say";
import { PasskeyGivenUp } from "./passkeys";

/** A new password has at least so many characters; the server says the same. */
export const LEAST_CHARACTERS = 12;

/** The account that the first start of a system makes. */
const FIRST = "admin";

/** Why a new password is asked for before the picture: nobody was here before, or one came by a link. */
export type Beginning = "first" | "invited" | "forgotten";

export function beginningOf(who: Session | null, nowMs: number = Date.now()): Beginning | null {
  if (who === null || who.kind !== "person") return null;
  if (mustBegin(who)) return who.name === FIRST ? "first" : "invited";
  const untilNs = who.link_until_ns ?? 0;
  return untilNs > nowMs * 1e6 && untilNs !== kept.value ? "forgotten" : null;
}

const KEPT = "skypicket.password-kept";

/** The link, named by its end, whose person goes on with the password that is there; also after a reload. */
const kept = signal(readKept());

function readKept(): number {
  try {
    return Number(sessionStorage.getItem(KEPT) ?? 0);
  } catch {
    return 0; // storage is forbidden, or there is none: a reload asks again
  }
}

export function keepPassword(who: Session): void {
  kept.value = who.link_until_ns ?? 0;
  try {
    sessionStorage.setItem(KEPT, String(kept.value));
  } catch {
    return; // as above
  }
}

/** What signing in answered: the page goes on with the new session. */
export function entered(who: Session): void {
  left.value = false;
  session.value = who;
  reconnect();
}

export async function enter(name: string, password: string): Promise<void> {
  entered(await postUnlinked<Session>("session/login", { name, password }));
}

export async function setPassword(password: string): Promise<void> {
  entered(await postUnlinked<Session>("session/password", { new: password }));
}

/** Whether the person signed out. */
const left = signal(false);

export async function leave(): Promise<void> {
  left.value = true;
  try {
    await postUnlinked("session/logout", {});
  } finally {
    signedOut(); // also when the server is not reached: nobody else shall read on
  }
}

/** Say again who one is; good for a few minutes. */
export async function prove(proof: { password: string } | { credential: unknown }): Promise<void> {
  session.value = await postUnlinked<Session>("session/step-up", proof);
}

export interface Ways {
  readonly oidc: boolean;
}

/** Which ways to sign in the server offers besides password and passkey. */
export async function waysIn(): Promise<Ways> {
  try {
    return await getUnlinked<Ways>("session/ways");
  } catch {
    return { oidc: false }; // not reached, or an older server: what it does not say is not offered
  }
}

/** What went wrong when signing in, in words for whoever stands before the page. */
export function entryFault(error: unknown): string {
  if (error instanceof PasskeyGivenUp) return t("sign_in.passkey_given_up");
  if (!(error instanceof ServerError)) return t("say.failed", { detail: String(error) });
  if (error.status === 401 || error.status === 403) return `${t("sign_in.refused")} (${error.detail})`;
  if (error.status === 429) return t("sign_in.too_often");
  return t("say.failed", { detail: error.detail });
}

/** Whether the page had a session that did not end by this person's own doing: that is worth a word. */
export function hasEnded(): boolean {
  return link.value.state === "signed_out" && system.value !== null && !left.value;
}
