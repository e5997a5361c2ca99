/** The mark of a level: its shape, its word and its colour say the same thing. */

import type { Level } from "../../model/nouns";
import { t } from "../../words/say";

const SHAPES: Readonly<Record<Level, string>> = {
  warning: "M10 1.5 19 18H1Z", // triangle
  caution: "M10 1 19 10 10 19 1 10Z", // diamond
  advisory: "M10 2a8 8 0 1 0 0 16 8 8 0 1 0 0-16Z", // circle
};

/** The shape alone; decoration for readers of screens, who hear the word. */
export function LevelShape({ level }: { level: Level }) {
  return (
    <svg class={`shape shape-${level}`} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={SHAPES[level]} />
      {level === "warning" ? <path class="shape-sign" d="M9 7h2v6H9Zm0 7h2v2H9Z" /> : null}
    </svg>
  );
}

/** Shape and word. */
export function LevelMark({ level }: { level: Level }) {
  return (
    <span class={`level level-${level}`} title={t(`level.${level}.text`)}>
      <LevelShape level={level} />
      <span class="level-word">{t(`level.${level}`)}</span>
    </span>
  );
}
