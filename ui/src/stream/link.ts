/** The link to the server: one WebSocket, a watchdog over it, and patience in coming back. */

import { mustBegin } from "../model/beginning";
import { getUnlinked, ServerError } from "../model/server";
import { measured } from "../model/measuring";
import { link, nowNs, replay, session, system, type Link } from "../model/picture";
import type { Session } from "../model/nouns";
import { EngineClock } from "./clock";
import { decodeFrame, FrameError, LAYOUT, type LayoutColumn } from "./frames";
import { expectFrames, forget, takeFrame, takeMessage, type Message } from "./messages";
import { instant, Watchdog } from "./watchdog";

const CHECK_EVERY_MS = 250; // also the beat of the shown clock
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 5_000;
const GREETING_MS = 5_000; // a socket that opens and says nothing is half open
const UNAUTHORIZED = 401;
const SIGNED_OUT = 4401; // how a stream is closed when its session is over, or may other things than before

const clock = new EngineClock();
const watchdog = new Watchdog();
const greeting = new Watchdog(GREETING_MS);

let socket: WebSocket | null = null;
let layout: readonly LayoutColumn[] = LAYOUT;
let waitMs = FIRST_WAIT_MS;
let retry: ReturnType<typeof setTimeout> | undefined;

/** Connect, and stay connected until the page is closed. Called once. */
export function startLink(): void {
  setInterval(beat, CHECK_EVERY_MS);
  // Timers rest in a sleeping tab: look before anything is painted, not a beat later.
  document.addEventListener("visibilitychange", wake);
  addEventListener("pageshow", wake);
  addEventListener("focus", wake);
  addEventListener("online", wake);
  addEventListener("offline", () => lose());
  void connect();
}

/** Try again now: after signing in, or when the machine woke. */
export function reconnect(): void {
  waitMs = FIRST_WAIT_MS;
  clearTimeout(retry);
  hangUp();
  void connect();
}

/** The session ended; nothing is shown to whoever sits down next. */
export function signedOut(): void {
  clearTimeout(retry);
  hangUp();
  session.value = null;
  forget();
  become("signed_out");
}

function wake(): void {
  beat();
  if (link.value.state === "lost" && socket === null) reconnect();
}

function beat(): void {
  const at = instant();
  if (watchdog.bites(at) || greeting.bites(at)) lose();
  const state = link.value.state;
  if (replay.value === null && state === "live") nowNs.value = clock.now(at.steadyMs);
}

async function connect(): Promise<void> {
  try {
    session.value = await getUnlinked<Session>("session");
  } catch (error) {
    if (error instanceof ServerError && error.status === UNAUTHORIZED) return signedOut();
    return lose();
  }
  if (mustBegin(session.value)) return waitForBeginning();
  listen();
}

/** Nothing is shown before there is a way to sign in again: no stream, and nothing is wrong. */
function waitForBeginning(): void {
  hangUp();
  become("not_begun");
  clearTimeout(retry);
  retry = setTimeout(() => void connect(), LONGEST_WAIT_MS); // whether the server is still there
}

function listen(): void {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const opened = new WebSocket(`${scheme}://${location.host}/api/v1/live`);
  opened.binaryType = "arraybuffer";
  socket = opened;
  greeting.feed(instant());
  let heard = false;
  opened.onmessage = (event: MessageEvent<string | ArrayBuffer>) => {
    if (socket !== opened) return;
    heard = true;
    take(event.data);
  };
  opened.onclose = (event) => {
    if (socket !== opened) return;
    if (heard && event.code === SIGNED_OUT) reconnect(); // nothing is lost: the session is asked anew at once
    else lose();
  };
}

function take(said: string | ArrayBuffer): void {
  try {
    if (typeof said === "string") hear(JSON.parse(said) as Message);
    else see(said);
  } catch (error) {
    if (!(error instanceof FrameError) && !(error instanceof SyntaxError)) throw error;
    // What cannot be read is as good as nothing said: the link starts afresh.
    console.error(error.message);
    lose();
  }
}

function see(bytes: ArrayBuffer): void {
  const startMs = performance.now();
  takeFrame(decodeFrame(bytes, layout));
  measured("update", startMs);
}

function hear(message: Message): void {
  takeMessage(message);
  if (message.type === "hello") {
    layout = message.layout;
    expectFrames();
  } else if (message.type === "system") {
    const at = instant();
    clock.heartbeat(message.time_ns, message.speed_factor, at.steadyMs);
    watchdog.feed(at);
    greeting.rest();
    waitMs = FIRST_WAIT_MS;
    if (link.value.state !== "live") become("live");
    if (replay.value === null) nowNs.value = clock.now(at.steadyMs);
  }
}

/** Everything stands still, at the engine time that was last heard of. */
function lose(): void {
  hangUp();
  if (link.value.state !== "signed_out") become("lost");
  clearTimeout(retry);
  retry = setTimeout(() => void connect(), waitMs * (0.75 + Math.random() / 2));
  waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
}

function hangUp(): void {
  watchdog.rest();
  greeting.rest();
  const left = socket;
  socket = null;
  left?.close();
}

function become(state: Link["state"]): void {
  if (link.value.state === state) return;
  const known = system.value !== null;
  const frozenAtNs = state === "lost" && known ? clock.now(performance.now()) : null;
  link.value = { state, sinceMs: Date.now(), frozenAtNs };
}
