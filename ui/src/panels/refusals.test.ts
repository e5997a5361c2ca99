import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseAst } from "rolldown/parseAst";
import { expect, test } from "vitest";

const SOURCES = fileURLToPath(new URL("..", import.meta.url));
const FILES = readdirSync(SOURCES, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".tsx"));

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

/** How often a button is disabled without a word: by the attribute, which takes the focus away, too. */
function mute(source: string): number {
  let count = 0;
  for (const node of nodesOf(parseAst(source, { lang: "tsx" }))) {
    if (node.type === "JSXAttribute" && (node.name as { name: unknown }).name === "disabled") count += 1;
  }
  return count;
}

test.each(FILES)("%s disables nothing without saying why", (name) => {
  expect(mute(readFileSync(SOURCES + name, "utf8"))).toBe(0);
});

test("the test finds a button that is disabled without a word", () => {
  expect(mute('const A = () => <button disabled={x !== null} title="why">b</button>;')).toBe(1);
});
