import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseAst } from "rolldown/parseAst";
import { describe, expect, test } from "vitest";
import { en } from "../words/en";

const SOURCES = fileURLToPath(new URL("..", import.meta.url));
const FILES = readdirSync(SOURCES, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".tsx"));
const SPOKEN = new Set(["title", "aria-label", "placeholder", "alt", "label", "aria-valuetext", "legend", "word"]);

interface Node {
  readonly type: string;
  readonly [field: string]: unknown;
}

function* nodesOf(node: unknown): Generator<Node> {
  if (Array.isArray(node)) {
    for (const one of node) yield* nodesOf(one);
  } else if (node !== null && typeof node === "object") {
    if ("type" in node && typeof node.type === "string") yield node as Node;
    for (const value of Object.values(node)) yield* nodesOf(value);
  }
}

/** Letters that a person would read, standing in the component itself. */
function* wordsIn(source: string): Generator<string> {
  for (const node of nodesOf(parseAst(source, { lang: "tsx" }))) {
    if (node.type === "JSXText" && /\p{L}{2}/u.test(String(node.value))) yield String(node.value).trim();
    if (node.type !== "JSXAttribute") continue;
    const name = (node.name as { name: unknown }).name;
    const value = node.value as Node | null;
    if (typeof name === "string" && SPOKEN.has(name) && value?.type === "Literal" && /\p{L}{2}/u.test(String(value.value))) {
      yield `${name}=${String(value.value)}`;
    }
  }
}

test("there are components to look at", () => {
  expect(FILES.length).toBeGreaterThan(20);
});

test.each(FILES)("%s has no words of its own: they are in the catalogue", (name) => {
  expect([...wordsIn(readFileSync(SOURCES + name, "utf8"))]).toEqual([]);
});

test("the test finds words that stand in a component", () => {
  expect([...wordsIn('const A = () => <p title="Old">Frozen <b>{1}</b></p>;')]).toEqual(["title=Old", "Frozen"]);
});

describe("the catalogue", () => {
  const all = readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name) && !name.includes(".test.") && !name.startsWith("words/en") && !name.startsWith("words/lt"))
    .map((name) => readFileSync(SOURCES + name, "utf8"))
    .join("\n");
  const patterns = [...all.matchAll(/[`"]([a-z_]+(?:\.(?:\$\{[^}]+\}|[\w ]+))+)[`"]/g)].map((m) => m[1] ?? "");
  const prefixes = [...all.matchAll(/tWord\("([a-z_.]+)"/g)].map((m) => `${m[1] ?? ""}.$\{}`);
  const used = new Set([...patterns, ...prefixes]);
  const asked = [...used].map((one) => new RegExp(`^${one.replace(/\$\{[^}]*\}/g, "#").replace(/\./g, "\\.").replace(/#/g, ".+")}$`));

  test("holds nothing that no component says", () => {
    const idle = Object.keys(en).filter((key) => !asked.some((pattern) => pattern.test(key)) && !key.startsWith("permission."));
    expect(idle).toEqual([]);
  });
});
