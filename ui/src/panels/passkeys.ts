/** Passkeys: the browser's part of WebAuthn, between the server's options and its check. */

import { postUnlinked } from "../model/server";
import type { Session } from "../model/nouns";

/** Why there can be no passkey here; null if there can. */
export function passkeyTrouble(page: { PublicKeyCredential?: unknown; location: { hostname: string } }): "browser" | "number" | null {
  if (isNumber(page.location.hostname)) return "number";
  return page.PublicKeyCredential === undefined ? "browser" : null;
}

/** A passkey belongs to a host name; 127.0.0.1 and [::1] are none. */
function isNumber(hostname: string): boolean {
  return /^[\d.]+$/.test(hostname) || hostname.includes(":") || hostname.startsWith("[");
}

export class PasskeyGivenUp extends Error {}

/** Make a passkey for the account of this session. */
export async function registerPasskey(): Promise<Session> {
  const options = await postUnlinked<RegistrationOptions>("session/passkey/register/options", {});
  const made = await ask(() =>
    navigator.credentials.create({
      publicKey: {
        ...options,
        challenge: bytesOf(options.challenge),
        user: { ...options.user, id: bytesOf(options.user.id) },
        excludeCredentials: described(options.excludeCredentials),
      },
    }),
  );
  const answer = made.response as AuthenticatorAttestationResponse;
  return postUnlinked<Session>("session/passkey/register/verify", {
    ...named(made),
    response: {
      clientDataJSON: textOf(answer.clientDataJSON),
      attestationObject: textOf(answer.attestationObject),
    },
  });
}

/** Sign in with a passkey. */
export async function enterByPasskey(): Promise<Session> {
  return postUnlinked<Session>("session/passkey/login/verify", await provePasskey());
}

/** An answer of one of the passkeys of this host, as proof of who is asking. */
export async function provePasskey(): Promise<Record<string, unknown>> {
  const options = await postUnlinked<RequestOptions>("session/passkey/login/options", {});
  const given = await ask(() =>
    navigator.credentials.get({
      publicKey: {
        ...options,
        challenge: bytesOf(options.challenge),
        allowCredentials: described(options.allowCredentials),
      },
    }),
  );
  const answer = given.response as AuthenticatorAssertionResponse;
  return {
    ...named(given),
    response: {
      clientDataJSON: textOf(answer.clientDataJSON),
      authenticatorData: textOf(answer.authenticatorData),
      signature: textOf(answer.signature),
      userHandle: answer.userHandle === null ? null : textOf(answer.userHandle),
    },
  };
}

interface Described {
  id: string;
  type: "public-key";
}

interface RegistrationOptions extends Omit<PublicKeyCredentialCreationOptions, "challenge" | "user" | "excludeCredentials"> {
  challenge: string;
  user: { id: string; name: string; displayName: string };
  excludeCredentials?: Described[];
}

interface RequestOptions extends Omit<PublicKeyCredentialRequestOptions, "challenge" | "allowCredentials"> {
  challenge: string;
  allowCredentials?: Described[];
}

async function ask(question: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  let given: Credential | null;
  try {
    given = await question();
  } catch (error) {
    throw new PasskeyGivenUp(String(error)); // refused, timed out, or no authenticator
  }
  if (given === null) throw new PasskeyGivenUp();
  return given as PublicKeyCredential;
}

function named(made: PublicKeyCredential): { id: string; rawId: string; type: string } {
  return { id: made.id, rawId: textOf(made.rawId), type: made.type };
}

function described(known: readonly Described[] | undefined): PublicKeyCredentialDescriptor[] {
  return (known ?? []).map((one) => ({ type: one.type, id: bytesOf(one.id) }));
}

/** base64url without padding, as WebAuthn travels in JSON. */
export function textOf(bytes: ArrayBuffer): string {
  const plain = String.fromCharCode(...new Uint8Array(bytes));
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

export function bytesOf(text: string): ArrayBuffer {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  const bytes = new Uint8Array(new ArrayBuffer(plain.length));
  for (let i = 0; i < plain.length; i += 1) bytes[i] = plain.charCodeAt(i);
  return bytes.buffer;
}
