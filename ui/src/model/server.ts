/** Questions to the server and words to it: JSON over HTTP with the session's cookie. */

import type { Accepted, Action, ActionFields } from "./nouns";
import { link } from "./picture";

const ROOT = "/api/v1/";
const PATIENCE_MS = 15_000;

/** What the server, or the way to it, said instead of an answer. `status` 0: it was not reached. */
export class ServerError extends Error {
  constructor(
    readonly status: number,
    readonly detail: string,
    /** A word for programs: `step_up` asks for a fresh proof of who is asking, `unsent` is our own. */
    readonly reason = "",
    /** In how many seconds to try again, if the server said so; else 0. */
    readonly retryS = 0,
  ) {
    super(detail);
    this.name = "ServerError";
  }
}

/** GET of `tracks/00ff`, or of a whole path as the field `next` of a page holds it. */
export async function get<T>(path: string): Promise<T> {
  refuseWhenLost();
  return (await ask("GET", path)) as T;
}

/** POST of a body as JSON. */
export async function post<T>(path: string, body: unknown): Promise<T> {
  refuseWhenLost();
  return (await ask("POST", path, body)) as T;
}

/** DELETE of one thing. */
export async function remove<T>(path: string): Promise<T> {
  refuseWhenLost();
  return (await ask("DELETE", path)) as T;
}

/** What an operator does; answered only after it is safely on disk. */
export async function act(
  action: Action,
  subject: string,
  fields: ActionFields = {},
): Promise<Accepted> {
  return post<Accepted>("actions", { action, subject, ...fields });
}

/** GET and POST that are allowed before there is a link: signing in, and asking who one is. */
export async function getUnlinked<T>(path: string): Promise<T> {
  return (await ask("GET", path)) as T;
}

export async function postUnlinked<T>(path: string, body: unknown): Promise<T> {
  return (await ask("POST", path, body)) as T;
}

/** GET of bytes, such as a replay frame. */
export async function getBytes(path: string): Promise<ArrayBuffer> {
  refuseWhenLost();
  const answer = await fetchOrSay("GET", path);
  return answer.arrayBuffer();
}

function refuseWhenLost(): void {
  if (link.value.state !== "live") {
    throw new ServerError(0, "The server is not reached; nothing was sent.", "unsent");
  }
}

type Method = "GET" | "POST" | "DELETE";

async function ask(method: Method, path: string, body?: unknown): Promise<unknown> {
  const answer = await fetchOrSay(method, path, body);
  const text = await answer.text();
  return text === "" ? null : JSON.parse(text);
}

async function fetchOrSay(method: Method, path: string, body?: unknown): Promise<Response> {
  const request: RequestInit = {
    method,
    credentials: "same-origin",
    cache: "no-store",
    headers: { Accept: "application/json" },
    signal: AbortSignal.timeout(PATIENCE_MS),
  };
  if (body !== undefined) {
    request.body = JSON.stringify(body);
    request.headers = { ...request.headers, "Content-Type": "application/json" };
  }
  let answer: Response;
  try {
    answer = await fetch(path.startsWith("/") ? path : ROOT + path, request);
  } catch {
    throw new ServerError(0, "The server did not answer; whether it heard is not known.");
  }
  if (!answer.ok) throw await refusalOf(answer);
  return answer;
}

async function refusalOf(answer: Response): Promise<ServerError> {
  const retryS = Number(answer.headers.get("Retry-After") ?? 0) || 0;
  try {
    const said: unknown = await answer.json();
    if (said !== null && typeof said === "object" && "detail" in said) {
      const reason = "reason" in said ? String(said.reason) : "";
      return new ServerError(answer.status, String(said.detail), reason, retryS);
    }
  } catch {
    // Not JSON: a proxy in between may answer so; the status says enough.
  }
  return new ServerError(answer.status, `The server answered ${answer.status} ${answer.statusText}.`, "", retryS);
}
