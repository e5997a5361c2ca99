import { beforeEach, expect, it } from "vitest";
import type { Alarm } from "../model/nouns";
import { alarms, liveAlarms, replay, tracks } from "../model/picture";
import type { Frame } from "./frames";
import { expectFrames, forget, publish, takeFrame, takeMessage, upsert } from "./messages";

const alarm = (id: string, state: Alarm["state"] = "raised") => ({ alarm_id: id, state }) as Alarm;
const frame = (number: number) => ({ frame: number, n: 0 }) as Frame;
const PAST = { atNs: 1, playing: false, rate: 1, fromNs: 0, toNs: 2, marks: [] };

beforeEach(() => {
  forget();
  expectFrames();
});

it("a reset replaces all, later messages change and remove some", () => {
  takeMessage({ type: "alarms", items: [alarm("a"), alarm("b")], reset: true });
  takeMessage({ type: "alarms", items: [alarm("b", "acknowledged")], reset: false, removed: ["a"] });
  expect([...alarms.value.keys()]).toEqual(["b"]);
  expect(alarms.value.get("b")?.state).toBe("acknowledged");
});

it("a message that says nothing new leaves the very same map", () => {
  const known = new Map([["a", alarm("a")]]);
  expect(upsert(known, { items: [], reset: false }, (one) => one.alarm_id)).toBe(known);
});

it("a frame that was overtaken is not shown", () => {
  takeFrame(frame(8));
  takeFrame(frame(7));
  expect(tracks.value).toMatchObject({ frame: 8 });
  expectFrames();
  takeFrame(frame(1));
  expect(tracks.value).toMatchObject({ frame: 1 });
});

it("while the past is shown, alarms of now still come in beside it", () => {
  takeFrame(frame(3));
  replay.value = PAST;
  takeMessage({ type: "alarms", items: [alarm("new")], reset: false });
  takeFrame(frame(4));
  expect([alarms.value.has("new"), liveAlarms.value.has("new")]).toEqual([false, true]);
  expect(tracks.value).toMatchObject({ frame: 3 });
  replay.value = null;
  publish();
  expect(alarms.value.has("new")).toBe(true);
  expect(tracks.value).toMatchObject({ frame: 4 });
});

it("what a newer server says beside is left alone", () => {
  takeMessage({ type: "weather", items: [] } as never);
  expect(alarms.value.size).toBe(0);
});
